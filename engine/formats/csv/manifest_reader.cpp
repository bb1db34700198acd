#include "engine/core/paths.h"
#include "engine/formats/csv/csv_reader.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <utility>

namespace querent::formats::csv {
namespace {

namespace fs = std::filesystem;

bool isFile(const fs::path& path) {
    std::error_code problem;
    return fs::is_regular_file(path, problem);
}

// The path relative to the folder; empty when it does not lie below it.
std::string below(const fs::path& path, const fs::path& folder) {
    const std::string name = utf8(path.lexically_normal().lexically_relative(folder));
    return name.empty() || name == "." || name.starts_with("..") ? std::string() : name;
}

// The longest folder that holds both.
fs::path commonFolder(const fs::path& a, const fs::path& b) {
    fs::path common;
    for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end() && *left == *right;
         ++left, ++right)
        common /= *left;
    return common;
}

class ManifestReader {
 public:
    ManifestReader(const CsvInput& input, const ReadOptions& options, const Job& job, Complaints complaints)
        : m_input(input), m_options(options), m_job(job), m_complaints(std::move(complaints)) {
        std::error_code problem;
        m_own = input.path.parent_path();
        m_folder = options.files.empty() ? m_own : fs::absolute(options.files, problem).lexically_normal();
    }

    Result<Dataset> run() {
        m_classes.addListed({m_own / "classes.txt"}, m_complaints);
        text::CsvCursor cursor = m_input.rows;
        while (const std::optional<text::CsvRow> row = cursor.next()) {
            if (m_job.cancelled()) return Job::stopped();
            takeRow(*row);
        }
        // Only now is it known which folder the files outside of the manifest's share.
        for (auto& [item, line] : m_rows) {
            if (m_job.cancelled()) return Job::stopped();
            m_job.report("Reading files", static_cast<std::int64_t>(m_data.items.size()),
                         static_cast<std::int64_t>(m_rows.size()));
            finishItem(std::move(item), line);
        }
        m_data.classes = m_classes.sorted();
        return finish(std::move(m_data), std::move(m_complaints), m_options);
    }

 private:
    Where at(std::int64_t line) const { return {m_input.path, line}; }
    std::string cell(const text::CsvRow& row, const char* name) const {
        return text::unguarded(m_input.header.cell(row, name));
    }

    void takeRow(const text::CsvRow& row) {
        if (row.openQuote) m_complaints.note(at(row.line), "A quote is not closed before the file ends.");
        DatasetItem item;
        item.key = cell(row, "id");
        if (!addFile(row, "image", Modality::Image, item) || !addFile(row, "audio", Modality::Audio, item)) return;
        std::string text = text::unguarded(m_input.header.whole(row, "text"));
        if (!text::trimmed(text).empty()) item.media.push_back({Modality::Text, {}, {}, std::move(text)});
        if (item.media.empty()) return m_complaints.drop(at(row.line), "The row has no image, no audio and no text.");
        if (!item.key.empty() && !m_keys.insert(item.key).second)
            return m_complaints.drop(at(row.line), "The id " + text::inQuotes(item.key) + " is there already.");
        readSplit(row, item);
        readClasses(row, item);
        settle(item, {}, 0, emptyState(m_options));
        m_rows.emplace_back(std::move(item), row.line);
    }

    void finishItem(DatasetItem item, std::int64_t line) {
        for (DatasetMedium& medium : item.media) {
            if (medium.path.empty() && !medium.file.empty()) medium.path = below(medium.file, m_outside);
        }
        item.name = nameOf(item, line);
        if (!m_names.insert(item.name).second)
            return m_complaints.drop(at(line), "The item " + text::inQuotes(item.name) + " is there already.");
        item.file = item.media.front().file;
        measure(item, line);
        m_data.items.push_back(std::move(item));
    }

    // The first file's path; items that share it (several questions about one picture) are told apart by their ids.
    std::string nameOf(const DatasetItem& item, std::int64_t line) const {
        const std::string number = std::to_string(line);
        const std::string& path = item.media.front().path;
        const bool plain = !item.key.empty() && text::safeName(item.key).name == item.key;
        if (path.empty()) return plain ? item.key : "row " + number;
        if (!m_names.contains(path)) return path;
        return path + "#" + (plain && item.key.find('/') == std::string::npos ? item.key : number);
    }

    bool addFile(const text::CsvRow& row, const char* column, Modality modality, DatasetItem& item) {
        const std::string whole = text::unguarded(m_input.header.whole(row, column));
        const std::string raw(text::trimmed(whole));
        if (raw.empty()) return true;
        if (std::optional<fs::path> exact = exactFile(whole)) {
            item.media.push_back({modality, below(*exact, m_folder), *exact, {}});
            if (item.media.back().path.empty()) item.media.back().path = below(*exact, m_own);
            return true;
        }
        const text::SafeName safe = text::safeName(raw);
        if ((safe.escapes && !safe.absolute) || safe.name.empty()) {
            m_complaints.drop(at(row.line),
                              "The path " + text::inQuotes(raw) + " leads out of the folder of the files.");
            return false;
        }
        const fs::path file = safe.absolute ? absoluteFile(raw, safe.name) : relativeFile(safe.name);
        DatasetMedium medium{modality, below(file, m_folder), file, {}};
        if (medium.path.empty()) medium.path = below(file, m_own);
        if (!isFile(file)) {
            m_complaints.note(at(row.line), "The file " + text::inQuotes(medium.path) + " is missing.");
        } else if (medium.path.empty()) {
            const fs::path folder = file.parent_path();
            m_outside = m_outside.empty() ? folder : commonFolder(m_outside, folder);
        }
        item.media.push_back(std::move(medium));
        return true;
    }

    // The file that is called so to the last blank and backslash.
    std::optional<fs::path> exactFile(const std::string& path) const {
        if (text::leadsOut(path)) return std::nullopt;
        for (const fs::path& folder : {m_folder, m_own})
            if (isFile(folder / pathFromUtf8(path))) return folder / pathFromUtf8(path);
        return std::nullopt;
    }

    fs::path relativeFile(const std::string& name) const {
        const fs::path path = pathFromUtf8(name);
        return !isFile(m_folder / path) && isFile(m_own / path) ? m_own / path : m_folder / path;
    }

    // An absolute path of this machine, or one of another machine whose end is known here.
    fs::path absoluteFile(const std::string& raw, const std::string& name) const {
        const fs::path here = pathFromUtf8(raw).lexically_normal();
        if (here.is_absolute() && isFile(here)) return here;
        std::string_view rest = name;
        while (true) {
            const fs::path path = m_folder / pathFromUtf8(rest);
            const std::size_t slash = rest.find('/');
            if (isFile(path) || slash == std::string_view::npos) return path;
            rest.remove_prefix(slash + 1);
        }
    }

    // Several items may be about one file, which is opened once.
    void measure(DatasetItem& item, std::int64_t line) {
        const Modality modality = item.media.front().modality;
        if (modality == Modality::Image) {
            const auto [size, isNew] = m_sizes.emplace(item.file.native(), Size());
            if (isNew) size->second = trueSize(m_options, item.file, isFile(item.file), at(line), m_complaints);
            item.size = size->second;
        } else if (modality == Modality::Audio && m_options.soundShape && isFile(item.file)) {
            const auto [known, isNew] = m_shapes.emplace(item.file.native(), SoundShape());
            if (isNew) {
                const Result<SoundShape> shape = sounds::soundShapeOf(m_options, item.file);
                if (shape) known->second = *shape;
                if (!shape) m_complaints.note({item.file, 0}, "The sound cannot be read: " + shape.error().sentence);
            }
            item.sound = known->second;
        }
    }

    void readSplit(const text::CsvRow& row, DatasetItem& item) {
        const std::string word = cell(row, "split");
        if (word.empty()) return;
        item.split = splitFromFolder(word);
        if (!item.split)
            m_complaints.note(at(row.line), "There is no split " + text::inQuotes(word) + "; it was passed over.");
    }

    void readClasses(const text::CsvRow& row, DatasetItem& item) {
        const std::string joinedNames = cell(row, "class");
        const std::optional<double> score = readScore(m_input, row, m_complaints);
        std::string_view rest = joinedNames;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('|'), rest.size());
            const std::string name(text::trimmed(rest.substr(0, end)));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (name.empty()) continue;
            m_classes.add(name);
            DatasetBox answer;
            answer.label = name;
            answer.score = score;
            item.boxes.push_back(std::move(answer));
        }
    }

    const CsvInput& m_input;
    const ReadOptions& m_options;
    const Job& m_job;
    Complaints m_complaints;
    fs::path m_own;      // the manifest's folder
    fs::path m_folder;   // that of the files
    fs::path m_outside;  // what the files in neither of them have in common
    ClassList m_classes;
    std::vector<std::pair<DatasetItem, std::int64_t>> m_rows;
    std::unordered_map<fs::path::string_type, Size> m_sizes;
    std::unordered_map<fs::path::string_type, SoundShape> m_shapes;
    std::unordered_set<std::string> m_names;
    std::unordered_set<std::string> m_keys;
    Dataset m_data;
};

}  // namespace

Result<Dataset> readManifest(const CsvInput& input, const ReadOptions& options, const Job& job, Complaints complaints) {
    return ManifestReader(input, options, job, std::move(complaints)).run();
}

}  // namespace querent::formats::csv
