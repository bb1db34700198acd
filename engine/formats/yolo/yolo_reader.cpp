#include "engine/core/paths.h"
#include "engine/formats/reading.h"
#include "engine/formats/text/text.h"
#include "engine/formats/yolo/yolo_names.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <unordered_map>

namespace querent::formats::yolo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnassigned = "unassigned";  // the writer's folder for items of no split

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

// Without the leading folder that only says the split; equal to the key where there is none.
std::string withoutSplit(const std::string& key) {
    const std::size_t slash = key.find('/');
    if (slash == std::string::npos) return key;
    const bool isSplit = splitFromPath(key.substr(0, slash + 1)) || key.starts_with(std::string(kUnassigned) + "/");
    return isSplit ? key.substr(slash + 1) : key;
}

std::vector<std::string_view> columnsOf(std::string_view line) {
    std::vector<std::string_view> columns;
    while (!(line = text::trimmed(line)).empty()) {
        const std::size_t end = std::min(line.find_first_of(" \t\v\f"), line.size());
        columns.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
    return columns;
}

bool isTextFile(std::string_view name) {
    return text::lowered(name).ends_with(".txt");
}

// The first line is a class and four numbers: prose and lists of files are not so.
bool looksLikeLabels(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string line;
    while (line.empty() && std::getline(file, line) && line.size() < 65536)
        line = text::trimmed(line);
    const std::vector<std::string_view> columns = columnsOf(line);
    return columns.size() >= 5 && std::all_of(columns.begin() + 1, columns.begin() + 5,
                                              [](std::string_view column) { return text::parseNumber(column); });
}

struct LabelFile {
    fs::path path;
    std::string stem;  // its name in the folder of the labels, without .txt
    std::string key;
    std::vector<std::string> images = {};  // the images it may belong to
    std::vector<std::string> asIs = {};    // of that name
    std::vector<std::string> bare = {};    // of that name without the folder of the split
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
        Result<YoloLayout> layout = findYoloLayout(m_options, m_root, m_complaints);
        if (!layout) return layout.error();
        m_layout = std::move(*layout);
        if (Result<void> moved = findRoot(); !moved) return moved.error();
        if (Result<void> scanned = scanImages(); !scanned) return scanned.error();
        if (Result<void> found = findLabels(); !found) return found.error();
        match();
        if (Result<void> taken = takeAll(); !taken) return taken.error();
        if (Result<void> dealt = deal(); !dealt) return dealt.error();
        ClassList classes;
        for (const auto& [index, name] : m_layout.names)
            if (!m_layout.gaps.contains(index) || m_used.contains(index)) classes.add(name);
        m_data.classes = classes.names();
        return finish(std::move(m_data), std::move(m_complaints), m_options);
    }

 private:
    // data.yaml may lie elsewhere and say where the data is.
    Result<void> findRoot() {
        if (m_layout.path.empty() || !m_options.files.empty()) return {};
        const fs::path base = m_layout.config.parent_path();
        std::error_code problem;
        const fs::path said = (base / pathFromUtf8(m_layout.path)).lexically_normal();
        const fs::path root = said.has_filename() ? said : said.parent_path();
        if (root == m_root) return {};
        const auto holdsPart = [&](const fs::path& folder) {
            return std::any_of(m_layout.parts.begin(), m_layout.parts.end(), [&](const auto& part) {
                return std::any_of(part.second.begin(), part.second.end(), [&](const std::string& entry) {
                    return fs::exists(folder / pathFromUtf8(entry), problem);
                });
            });
        };
        if (holdsPart(root)) {
            m_root = root;
            return {};
        }
        if (holdsPart(m_root) || fs::is_directory(m_root / "images", problem)) return {};
        if (fs::is_directory(root, problem)) {
            m_root = root;
            return {};
        }
        m_complaints.note({m_layout.config, 0}, "The file says that the data is in " + text::inQuotes(utf8(root)) +
                                                    ", which is not there; it was looked for beside the file.");
        return {};
    }

    Result<void> scanImages() {
        fs::path folder = m_options.files;
        // Given the folder labels/ itself, the images are beside it.
        const bool isLabels = m_root.filename() == "labels";
        std::error_code problem;
        if (folder.empty() && isLabels) folder = firstFolder({m_root.parent_path() / "images"});
        if (folder.empty() && fs::is_directory(m_root / "labels", problem)) folder = firstFolder({m_root / "images"});
        Result<matching::MediaIndex> index = scanMedia(folder.empty() ? m_root : folder, m_job, m_complaints);
        const auto inImages = [](const std::string& name) { return name.starts_with("images/"); };
        if (index && folder.empty() && !index->names().empty() &&
            std::all_of(index->names().begin(), index->names().end(), inImages))
            index = scanMedia(m_root / "images", m_job, m_complaints);
        if (!index) return index.error();
        m_index = std::move(*index);
        return {};
    }

    Result<void> findLabels() {
        const fs::path folder = fs::is_directory(m_root / "labels") ? m_root / "labels" : m_root;
        Result<std::vector<std::string>> names = matching::filesBelow(folder, isTextFile, m_job);
        if (!names) return names.error();
        for (const std::string& name : *names)
            m_labels.push_back(
                {folder / pathFromUtf8(name), std::string(text::withoutExtension(name)), keyOf(name, "labels")});
        if (m_labels.empty() && m_index.names().empty())
            return fail(ErrorCode::NotFound, "There are neither label files nor images in this folder.",
                        m_options.from);
        return {};
    }

    // The images of a label file by where both lie: beside it, or where `images` stands for `labels`.
    std::vector<std::string> imagesNear(const LabelFile& label) const {
        const std::string folder = m_index.folderIn(label.path);
        const bool inside = !folder.empty() || label.path.parent_path() == m_index.folder();
        if (!inside) return {};
        const std::string stem = text::joined(folder, text::withoutExtension(utf8(label.path.filename())));
        std::vector<std::string> near = m_index.byStem(stem);
        if (!near.empty()) return near;
        const std::string swapped = std::string(1, '/').append(stem);
        const std::size_t at = swapped.rfind("/labels/");
        if (at == std::string::npos) return {};
        return m_index.byStem((swapped.substr(0, at) + "/images/" + swapped.substr(at + 8)).substr(1));
    }

    // The folder of the images may repeat the splits (images/train/a.jpg) or not know of them (a.jpg): which of the two
    // is decided once, by what fits more files.
    void match() {
        std::unordered_map<std::string, std::vector<std::string>> images;
        for (const std::string& name : m_index.names()) {
            images[std::string(text::withoutExtension(name))].push_back(name);
            images[likeOthers(keyOf(name, "images"))].push_back(name);
        }
        const auto imagesOf = [&](const std::string& stem, const std::string& key) -> const std::vector<std::string>& {
            static const std::vector<std::string> kNone;
            auto found = images.find(stem);  // called so to the last letter
            if (found == images.end()) found = images.find(likeOthers(key));
            return found == images.end() ? kNone : found->second;
        };
        std::int64_t plain = 0;
        std::int64_t stripped = 0;
        for (LabelFile& label : m_labels) {
            label.asIs = imagesOf(label.stem, label.key);
            label.bare = imagesOf(withoutSplit(label.stem), withoutSplit(label.key));
            plain += label.asIs.empty() ? 0 : 1;
            stripped += label.bare.empty() ? 0 : 1;
        }
        for (LabelFile& label : m_labels) {
            label.images = imagesNear(label);
            if (!label.images.empty()) continue;
            const bool bareFirst = stripped > plain;
            label.images = bareFirst ? label.bare : label.asIs;
            if (label.images.empty()) label.images = bareFirst ? label.asIs : label.bare;
            // Nothing says which of two images is meant, so that it is neither.
            if (stripped == plain && !label.asIs.empty() && !label.bare.empty() && label.asIs != label.bare)
                label.images.insert(label.images.end(), label.bare.begin(), label.bare.end());
        }
        // What has no image and does not look like labels is somebody's notes, a list of files or of classes. Without a
        // line it is the label file of an empty image.
        std::erase_if(m_labels, [](const LabelFile& label) {
            const std::string name = text::lowered(utf8(label.path.filename()));
            const bool list = name == "classes.txt" || name == "predefined_classes.txt";
            std::error_code problem;
            const bool empty = fs::file_size(label.path, problem) == 0 && !problem;
            return (label.images.empty() || (list && !empty)) && !looksLikeLabels(label.path);
        });
    }

    // A key for names that programs write in other ways; no file's own name is like it.
    static std::string likeOthers(const std::string& key) { return std::string(1, '/') + text::composed(key); }

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
            DatasetItem item = itemOf(name);
            item.split = splitFromPath(keyOf(name, "images"));
            m_data.items.push_back(std::move(item));
        }
        return {};
    }

    DatasetItem itemOf(const std::string& name) {
        DatasetItem item;
        item.name = name;
        item.file = m_index.fileOf(name);
        item.size = trueSize(m_options, item.file, true, {item.file, 0}, m_complaints);
        return item;
    }

    void takeLabel(const LabelFile& label, std::set<std::string>& labelled) {
        const Where where{label.path, 0};
        if (label.images.size() > 1)
            return m_complaints.drop(where,
                                     "Several images share the name of this label file, so it cannot be told which one "
                                     "it is about; it was left out.");
        if (label.images.empty())
            return m_complaints.drop(where, "There is no image to this label file; it was left out.");
        const std::string& name = label.images.front();
        if (!labelled.insert(name).second)
            return m_complaints.drop(where, "The image " + text::inQuotes(name) + " has a label file already.");
        DatasetItem item = itemOf(name);
        item.split = splitFromPath(label.key);
        if (!item.split && !label.key.starts_with(kUnassigned)) item.split = splitFromPath(keyOf(name, "images"));
        std::int64_t lost = 0;
        if (item.size.empty()) {
            m_complaints.drop(where, "The size of the image is not known, so the boxes cannot be placed.");
            lost = 1;
        } else {
            lost = readLines(label.path, item);
        }
        settle(item, {}, lost, ItemState::ConfirmedEmpty);
        m_data.items.push_back(std::move(item));
    }

    // How many lines were left out.
    std::int64_t readLines(const fs::path& path, DatasetItem& item) {
        const Result<std::string> text = readText(path, m_complaints);
        if (!text) {
            m_complaints.drop(text.error().where, text.error().sentence);
            return 1;
        }
        std::int64_t lost = 0;
        for (const text::TextLine& line : text::linesOf(*text)) {
            if (!text::trimmed(line.text).empty()) lost += readLine({path, line.number}, line.text, item) ? 0 : 1;
        }
        return lost;
    }

    // The file or folder that an entry of data.yaml means; Roboflow writes "../train/images" for "train/images".
    fs::path placeOf(const std::string& entry) const {
        std::error_code problem;
        const fs::path path = pathFromUtf8(entry);
        const std::string bare = text::safeName(entry).name;
        for (const fs::path& place : {m_root / path, m_layout.config.parent_path() / path, m_root / pathFromUtf8(bare),
                                      m_root / pathFromUtf8(text::baseName(bare))}) {
            if (fs::exists(place, problem)) return place.lexically_normal();
        }
        return {};
    }

    // The data's own split: what data.yaml or obj.data names, else lists beside the data, else the folders' names.
    Result<void> deal() {
        std::map<Split, std::set<std::string>> said;
        for (const auto& [split, entries] : m_layout.parts) {
            for (const std::string& entry : entries) {
                const std::size_t before = said[split].size();
                if (Result<void> read = readPart(placeOf(entry), said[split]); !read) return read;
                const bool known =
                    std::any_of(m_data.items.begin(), m_data.items.end(),
                                [split = split](const DatasetItem& item) { return item.split == split; });
                if (said[split].size() == before && !known && m_options.files.empty())
                    m_complaints.note({m_layout.config, 0}, "The data names " + text::inQuotes(entry) + " for its " +
                                                                std::string(toText(split)) +
                                                                " split, but nothing was found there.");
            }
        }
        if (m_layout.parts.empty()) {
            for (const char* word : {"train", "val", "valid", "test"}) {
                const fs::path list = m_root / (std::string(word) + ".txt");
                std::error_code problem;
                if (fs::is_regular_file(list, problem) && !looksLikeLabels(list)) {
                    if (Result<void> read = readPart(list, said[*splitFromFolder(word)]); !read) return read;
                }
            }
        }
        if (said[Split::Val] == said[Split::Train] && !said[Split::Val].empty()) {
            m_complaints.note({m_layout.config, 0},
                              "The data names the same images for train and for val, so its split was not used.");
            said[Split::Val].clear();
            said[Split::Train].clear();
        }
        for (DatasetItem& item : m_data.items) {
            for (const Split split : {Split::Test, Split::Val, Split::Train}) {
                if (said[split].contains(item.name)) item.split = split;
            }
            if (said[Split::Train].contains(item.name) &&
                (said[Split::Val].contains(item.name) || said[Split::Test].contains(item.name)))
                m_complaints.tally({m_layout.config, 0}, "image is in two splits; it stays in train.",
                                   "images are in two splits; they stay in train.");
        }
        return {};
    }

    // The images of a folder, or of a list of files.
    Result<void> readPart(const fs::path& place, std::set<std::string>& names) {
        std::error_code problem;
        if (place.empty()) return {};
        if (fs::is_directory(place, problem)) {
            const std::string folder = text::joined(m_index.folderIn(place / "x"), "");
            const bool all = place == m_index.folder() || !folder.empty();
            for (const std::string& name : m_index.names()) {
                if (all && (folder.empty() || folder == "/" || name.starts_with(folder))) names.insert(name);
            }
            return {};
        }
        const Result<std::string> text = readText(place, m_complaints, 256 << 20);
        if (!text) return text.error();
        for (const text::TextLine& line : text::linesOf(*text)) {
            const std::string_view word = text::trimmed(line.text);
            if (word.empty()) continue;
            const matching::MediaIndex::Found found = m_index.find(word, m_index.folderIn(place));
            if (found.exists) {
                names.insert(found.name);
            } else {
                m_complaints.tally({place, line.number}, "image of the list is not there.",
                                   "images of the list are not there.");
            }
        }
        return {};
    }

    enum class Shape { Box, Outline, Keypoints };

    // Points behind a box, as pose trackers write them: by data.yaml's word, or by their visibility of 0, 1 or 2.
    bool hasKeypoints(const std::vector<std::string_view>& columns) const {
        const std::size_t rest = columns.size() - 5;
        if (const auto& shape = m_layout.keypoints; shape.size() == 2)
            return shape[0] > 0 && shape[1] > 0 &&
                   rest == static_cast<std::size_t>(shape[0]) * static_cast<std::size_t>(shape[1]);
        if (rest % 3 != 0) return false;
        for (std::size_t i = 7; i < columns.size(); i += 3) {
            const auto flag = text::parseNumber(columns[i]);
            if (!flag || (*flag != 0.0 && *flag != 1.0 && *flag != 2.0)) return false;
        }
        return true;
    }

    // What a line is, or why it is nothing that is read.
    Result<Shape> shapeOf(const std::vector<std::string_view>& columns) const {
        const std::size_t count = columns.size();
        const auto refuse = [](std::string sentence) { return fail(ErrorCode::Malformed, std::move(sentence)); };
        if (!text::parseNumber(columns.front()))
            return refuse("The line begins with " + text::inQuotes(columns.front()) + " where a class number belongs.");
        if (count == 5 || (count == 6 && m_options.asPredictions)) return Shape::Box;
        if (count == 6)
            return refuse(
                "The line has six columns; the last may be a confidence or a track, so it is not read as a label. "
                "Results of a model can be imported as predictions.");
        if (count > 7 && hasKeypoints(columns)) return Shape::Keypoints;
        if (count >= 7 && count % 2 == 1) return Shape::Outline;
        return refuse("The line has " + text::counted(static_cast<std::int64_t>(count), "column", "columns") +
                      " where a box has five.");
    }

    // The box around the points of a polygon or of a turned box, as shares of the image.
    static Box aroundPoints(const std::vector<double>& n) {
        Box box{n[0], n[1], n[0], n[1]};
        for (std::size_t i = 0; i + 1 < n.size(); i += 2) {
            box = {std::min(box.left, n[i]), std::min(box.top, n[i + 1]), std::max(box.right, n[i]),
                   std::max(box.bottom, n[i + 1])};
        }
        return box;
    }

    void sayShape(Shape shape, std::size_t columns, const Where& where) {
        if (shape == Shape::Keypoints)
            m_complaints.tally({where.path.parent_path(), 0},
                               "box has keypoints; the box was read, the points were not.",
                               "boxes have keypoints; the boxes were read, the points were not.");
        if (shape == Shape::Outline && columns == 9)
            m_complaints.tally({where.path.parent_path(), 0},
                               "turned box (four corners) was read as the upright box around it.",
                               "turned boxes (four corners) were read as the upright boxes around them.");
        if (shape == Shape::Outline && columns != 9)
            m_complaints.tally({where.path.parent_path(), 0}, "polygon was read as the box around it.",
                               "polygons were read as the boxes around them.");
    }

    bool readLine(const Where& where, std::string_view line, DatasetItem& item) {
        const std::vector<std::string_view> columns = columnsOf(line);
        const auto lose = [&](std::string sentence) {
            m_complaints.drop(where, std::move(sentence));
            return false;
        };
        const Result<Shape> shape = shapeOf(columns);
        if (!shape) return lose(shape.error().sentence);
        const std::optional<std::int64_t> index = text::parseInteger(columns[0]);
        const auto name = index ? m_layout.names.find(*index) : m_layout.names.end();
        if (name == m_layout.names.end())
            return lose("There is no class " + text::inQuotes(columns[0]) + "; the names end at " +
                        std::to_string(m_layout.names.rbegin()->first) + ".");
        std::vector<double> n;
        for (std::size_t i = 1; i < (*shape == Shape::Outline ? columns.size() : 5); ++i) {
            const std::optional<double> number = text::parseNumber(columns[i]);
            if (!number) return lose("The number " + text::inQuotes(columns[i]) + " is not a number.");
            n.push_back(*number);
        }
        constexpr double kHair = 1e-4;  // rounding may put a number that far outside
        const bool outline = *shape == Shape::Outline;
        const bool shares = std::all_of(n.begin(), n.end(), [](double x) { return x >= -kHair && x <= 1.0 + kHair; });
        const bool largeSides = !outline && n[0] <= 1.0 + kHair && n[1] <= 1.0 + kHair && n[2] <= 2.0 && n[3] <= 2.0 &&
                                n[0] >= -kHair && n[1] >= -kHair;
        if (!shares && !largeSides && !(!outline && (n[2] <= 0.0 || n[3] <= 0.0)))
            return lose("The numbers are not shares of the image between 0 and 1.");
        if (!outline && (n[2] <= 0.0 || n[3] <= 0.0)) return lose("The box has no area.");
        const Box part =
            outline ? aroundPoints(n) : Box{n[0] - n[2] / 2, n[1] - n[3] / 2, n[0] + n[2] / 2, n[1] + n[3] / 2};
        DatasetBox box;
        box.label = name->second;
        const double width = item.size.width;
        const double height = item.size.height;
        const Box raw{part.left * width, part.top * height, part.right * width, part.bottom * height};
        // Six decimals may put an edge a millionth of the image outside.
        box.box = acceptBox(raw, item.size, where, "The box of " + text::inQuotes(box.label), m_complaints,
                            2e-6 * std::max(width, height));
        if (!box.box) return false;
        sayShape(*shape, columns.size(), where);
        if (columns.size() == 6) {
            box.score = text::parseNumber(columns[5]);
            if (!box.score || *box.score < 0.0 || *box.score > 1.0)
                return lose("The confidence " + text::inQuotes(columns[5]) + " is not between 0 and 1.");
        }
        item.boxes.push_back(std::move(box));
        m_used.insert(name->first);
        return true;
    }

    const ReadOptions& m_options;
    const Job& m_job;
    fs::path m_root;
    YoloLayout m_layout;
    matching::MediaIndex m_index;
    std::vector<LabelFile> m_labels;
    std::set<std::int64_t> m_used;  // class numbers
    Complaints m_complaints;
    Dataset m_data;
};

}  // namespace

Result<Dataset> readYolo(const ReadOptions& options, const Job& job) {
    return YoloReader(options, job).run();
}

}  // namespace querent::formats::yolo
