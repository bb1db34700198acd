#include "engine/core/paths.h"
#include "engine/formats/reading.h"
#include "engine/formats/text/text.h"
#include "engine/formats/yolo/yolo_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace querent::formats::yolo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnassigned = "unassigned";  // the writer's folder for items of no split

// Text files that lie beside labels and are none.
bool isLabelFile(std::string_view name) {
    const std::string lower = text::lowered(text::baseName(name));
    static constexpr std::array<std::string_view, 8> kOthers = {"classes.txt", "train.txt",       "val.txt",
                                                                "valid.txt",   "test.txt",        "readme.txt",
                                                                "license.txt", "requirements.txt"};
    return lower.ends_with(".txt") && std::find(kOthers.begin(), kOthers.end(), lower) == kOthers.end();
}

// "labels/train/a.txt" and "images/train/a.jpg" both become "train/a": trainers find one from the other by swapping the
// last folder of that name.
std::string keyOf(std::string_view name, std::string_view folder) {
    const std::string stem(text::withoutExtension(name));
    const std::string first = text::joined(folder, "");
    const std::string inner = std::string(1, '/').append(first);
    if (const std::size_t at = stem.rfind(inner); at != std::string::npos)
        return stem.substr(0, at) + "/" + stem.substr(at + inner.size());
    return stem.starts_with(first) ? stem.substr(first.size()) : stem;
}

// darknet's folders: obj_train_data
std::string withoutDarknet(std::string_view part) {
    std::string word = text::lowered(part);
    if (word.starts_with("obj_") && word.ends_with("_data") && word.size() > 9) word = word.substr(4, word.size() - 9);
    return word;
}

// The outermost folder that names a split decides; below "unassigned" there is none.
std::optional<Split> splitOfKey(std::string_view key) {
    for (std::size_t slash = key.find('/'); slash != std::string_view::npos; slash = key.find('/')) {
        const std::string part = withoutDarknet(key.substr(0, slash));
        if (part == kUnassigned) return std::nullopt;
        if (const auto split = splitFromFolder(part)) return split;
        key.remove_prefix(slash + 1);
    }
    return std::nullopt;
}

// Without the leading folder that only says the split; equal to the key where there is none.
std::string withoutSplit(const std::string& key) {
    const std::size_t slash = key.find('/');
    if (slash == std::string::npos) return key;
    const std::string first = withoutDarknet(key.substr(0, slash));
    const bool isSplit = splitFromFolder(first) || first == kUnassigned;
    return isSplit ? key.substr(slash + 1) : key;
}

struct LabelFile {
    fs::path path;
    std::string key;
    std::vector<std::string> images;  // the images it may belong to
};

class YoloReader {
 public:
    YoloReader(const ReadOptions& options, const Job& job) : m_options(options), m_job(job) {
        std::error_code problem;
        m_root = fs::absolute(options.from, problem).lexically_normal();
        if (fs::is_regular_file(m_root, problem)) m_root = m_root.parent_path();
        if (!m_root.has_filename()) m_root = m_root.parent_path();
    }

    Result<Dataset> run() {
        if (!m_options.imageSize)
            return fail(ErrorCode::InvalidArgument, "YOLO's boxes cannot be read without the sizes of the images.",
                        m_options.from);
        Result<YoloNames> names = findYoloNames(m_options, m_root, m_complaints);
        if (!names) return names.error();
        m_names = std::move(*names);
        ClassList classes;
        for (const auto& [index, name] : m_names.names)
            classes.add(name);
        m_data.classes = classes.names();
        Result<matching::MediaIndex> index = matching::MediaIndex::scan(imageFolder(), m_job);
        if (!index) return index.error();
        m_index = std::move(*index);
        if (Result<void> found = findLabels(); !found) return found.error();
        match();
        if (Result<void> taken = takeAll(); !taken) return taken.error();
        return finish(std::move(m_data), std::move(m_complaints), m_options);
    }

 private:
    fs::path imageFolder() const {
        if (!m_options.files.empty()) return m_options.files;
        // Given the folder labels/ itself, the images are beside it.
        const bool isLabels = m_root.filename() == "labels";
        const fs::path images = firstFolder({isLabels ? m_root.parent_path() / "images" : m_root / "images"});
        return images.empty() ? m_root : images;
    }

    Result<void> findLabels() {
        const fs::path folder = fs::is_directory(m_root / "labels") ? m_root / "labels" : m_root;
        Result<std::vector<std::string>> names = matching::filesBelow(folder, isLabelFile, m_job);
        if (!names) return names.error();
        for (const std::string& name : *names)
            m_labels.push_back({folder / pathFromUtf8(name), keyOf(name, "labels"), {}});
        if (m_labels.empty() && m_index.names().empty())
            return fail(ErrorCode::NotFound, "There are neither label files nor images in this folder.",
                        m_options.from);
        return {};
    }

    // The folder of the images may repeat the splits (images/train/a.jpg) or not know of them (a.jpg): which of the two
    // is decided once, by what fits more files.
    void match() {
        std::unordered_map<std::string, std::vector<std::string>> images;
        for (const std::string& name : m_index.names())
            images[keyOf(name, "images")].push_back(name);
        const auto fits = [&](const std::string& key) { return images.contains(key) ? 1 : 0; };
        std::int64_t plain = 0;
        std::int64_t stripped = 0;
        for (const LabelFile& label : m_labels) {
            plain += fits(label.key);
            stripped += fits(withoutSplit(label.key));
        }
        for (LabelFile& label : m_labels) {
            const std::string bare = withoutSplit(label.key);
            const bool bareFirst = stripped > plain;
            std::string key = bareFirst ? bare : label.key;
            if (!images.contains(key)) key = bareFirst ? label.key : bare;
            if (const auto found = images.find(key); found != images.end()) label.images = found->second;
        }
    }

    Result<void> takeAll() {
        std::set<std::string> labelled;
        for (std::size_t i = 0; i < m_labels.size(); ++i) {
            if (m_job.cancelled()) return Job::stopped();
            if (i % 64 == 0)
                m_job.report("Reading", static_cast<std::int64_t>(i), static_cast<std::int64_t>(m_labels.size()));
            takeLabel(m_labels[i], labelled);
        }
        for (const std::string& name : m_index.names()) {
            if (m_job.cancelled()) return Job::stopped();
            if (labelled.contains(name)) continue;
            DatasetItem item = itemOf(name, true);
            item.split = splitOfKey(keyOf(name, "images"));
            m_data.items.push_back(std::move(item));
        }
        return {};
    }

    DatasetItem itemOf(const std::string& name, bool exists) {
        DatasetItem item;
        item.name = name;
        item.file = m_index.fileOf(name);
        item.size = trueSize(m_options, item.file, exists, {}, {item.file, 0}, m_complaints);
        return item;
    }

    void takeLabel(const LabelFile& label, std::set<std::string>& labelled) {
        const Where where{label.path, 0};
        if (label.images.size() > 1)
            return m_complaints.drop(where,
                                     "Several images share the name of this label file, so it cannot be told which one "
                                     "it is about; it was left out.");
        const bool exists = !label.images.empty();
        const std::string name = exists ? label.images.front() : label.key;
        if (!labelled.insert(name).second)
            return m_complaints.drop(where, "The image " + text::inQuotes(name) + " has a label file already.");
        DatasetItem item = itemOf(name, exists);
        item.split = splitOfKey(label.key);
        if (!item.split && exists && !label.key.starts_with(kUnassigned))
            item.split = splitOfKey(keyOf(name, "images"));
        bool lost = false;
        if (!exists) {
            m_complaints.drop(where,
                              "The image of this label file is missing; without its size the boxes cannot be placed.");
            lost = true;
        } else if (item.size.empty()) {
            m_complaints.drop(where, "The size of the image is not known, so the boxes cannot be placed.");
            lost = true;
        } else {
            lost = !readLines(label.path, item);
        }
        item.state = settledState({}, !item.boxes.empty(), lost, ItemState::ConfirmedEmpty);
        m_data.items.push_back(std::move(item));
    }

    // False when a line was left out.
    bool readLines(const fs::path& path, DatasetItem& item) {
        const Result<std::string> text = text::readText(path);
        if (!text) {
            m_complaints.drop(text.error().where, text.error().sentence);
            return false;
        }
        bool all = true;
        for (const text::TextLine& line : text::linesOf(*text)) {
            if (!text::trimmed(line.text).empty()) all &= readLine({path, line.number}, line.text, item);
        }
        return all;
    }

    static std::vector<std::string_view> columnsOf(std::string_view line) {
        std::vector<std::string_view> columns;
        while (!(line = text::trimmed(line)).empty()) {
            const std::size_t end = std::min(line.find_first_of(" \t\v\f"), line.size());
            columns.push_back(line.substr(0, end));
            line.remove_prefix(end);
        }
        return columns;
    }

    // Why a line is not a box, or empty when it can be one.
    std::string shapeProblem(const std::vector<std::string_view>& columns) const {
        const std::size_t count = columns.size();
        if (!text::parseNumber(columns.front()))
            return "The line begins with " + text::inQuotes(columns.front()) + " where a class number belongs.";
        if (count == 5 || (count == 6 && m_options.asPredictions)) return {};
        if (count == 6)
            return "The line has six columns; the last may be a confidence or a track, so it is not read as a label.";
        if (count == 9) return "The line has nine columns: it is a rotated box, which is not read.";
        if (count >= 7 && count % 2 == 1)
            return "The line has " + std::to_string(count) + " columns: it is a polygon, which is not read.";
        return "The line has " + text::counted(static_cast<std::int64_t>(count), "column", "columns") +
               " where a box has five.";
    }

    bool readLine(const Where& where, std::string_view line, DatasetItem& item) {
        const std::vector<std::string_view> columns = columnsOf(line);
        const auto lose = [&](std::string sentence) {
            m_complaints.drop(where, std::move(sentence));
            return false;
        };
        if (std::string problem = shapeProblem(columns); !problem.empty()) return lose(std::move(problem));
        const std::optional<std::int64_t> index = text::parseInteger(columns[0]);
        const auto name = index ? m_names.names.find(*index) : m_names.names.end();
        if (name == m_names.names.end())
            return lose("There is no class " + text::inQuotes(columns[0]) + "; the names end at " +
                        std::to_string(m_names.names.rbegin()->first) + ".");
        std::array<double, 4> n{};
        for (std::size_t i = 0; i < 4; ++i) {
            const std::optional<double> number = text::parseNumber(columns[i + 1]);
            if (!number) return lose("The number " + text::inQuotes(columns[i + 1]) + " is not a number.");
            n[i] = *number;
        }
        const auto [cx, cy, w, h] = n;
        if (cx < 0.0 || cx > 1.0 || cy < 0.0 || cy > 1.0 || w > 2.0 || h > 2.0)
            return lose("The numbers are not shares of the image between 0 and 1.");
        if (w <= 0.0 || h <= 0.0) return lose("The box has no area.");
        DatasetBox box;
        box.label = name->second;
        const double width = item.size.width;
        const double height = item.size.height;
        const Box raw{(cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height};
        // Six decimals may put an edge a millionth of the image outside.
        box.box = acceptBox(raw, item.size, where, "The box of " + text::inQuotes(box.label), m_complaints,
                            2e-6 * std::max(width, height));
        if (!box.box) return false;
        if (columns.size() == 6) {
            box.score = text::parseNumber(columns[5]);
            if (!box.score || *box.score < 0.0 || *box.score > 1.0)
                return lose("The confidence " + text::inQuotes(columns[5]) + " is not between 0 and 1.");
        }
        item.boxes.push_back(std::move(box));
        return true;
    }

    const ReadOptions& m_options;
    const Job& m_job;
    fs::path m_root;
    YoloNames m_names;
    matching::MediaIndex m_index;
    std::vector<LabelFile> m_labels;
    Complaints m_complaints;
    Dataset m_data;
};

}  // namespace

Result<Dataset> readYolo(const ReadOptions& options, const Job& job) {
    return YoloReader(options, job).run();
}

}  // namespace querent::formats::yolo
