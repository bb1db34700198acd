#include "engine/formats/csv_reader.h"
#include "engine/formats/text.h"

#include <algorithm>

namespace querent::formats {
namespace {

namespace fs = std::filesystem;

class ManifestReader {
 public:
    ManifestReader(const CsvInput& input, const ReadOptions& options, const Job& job, Complaints complaints)
        : m_input(input), m_options(options), m_job(job), m_complaints(std::move(complaints)) {
        std::error_code problem;
        m_folder =
            options.files.empty() ? input.path.parent_path() : fs::absolute(options.files, problem).lexically_normal();
    }

    Result<Dataset> run() {
        for (const std::string& name : readNameList(m_input.path.parent_path() / "classes.txt", m_complaints))
            m_classes.add(name);
        CsvCursor cursor = m_input.rows;
        while (const std::optional<CsvRow> row = cursor.next()) {
            if (m_job.cancelled()) return Job::stopped();
            takeRow(*row);
        }
        m_data.classes = m_classes.names();
        return finish(std::move(m_data), std::move(m_complaints), m_options);
    }

 private:
    Where at(const CsvRow& row) const { return {m_input.path, row.line}; }
    std::string cell(const CsvRow& row, const char* name) const { return unguarded(m_input.header.cell(row, name)); }

    void takeRow(const CsvRow& row) {
        DatasetItem item;
        item.key = cell(row, "id");
        if (!addFile(row, "image", Modality::Image, item) || !addFile(row, "audio", Modality::Audio, item)) return;
        if (std::string text = cell(row, "text"); !text.empty())
            item.media.push_back({Modality::Text, {}, {}, std::move(text)});
        if (item.media.empty()) return m_complaints.drop(at(row), "The row has no image, no audio and no text.");
        if (!item.key.empty() && !m_keys.insert(item.key).second)
            return m_complaints.drop(at(row), "The id " + inQuotes(item.key) + " is there already.");
        item.name = nameOf(item, row);
        if (!m_names.insert(item.name).second)
            return m_complaints.drop(at(row), "The item " + inQuotes(item.name) + " is there already.");
        item.file = item.media.front().file;
        sizeOf(item, row);
        readSplit(row, item);
        readClasses(row, item);
        item.state = settledState({}, !item.boxes.empty(), false, emptyState(m_options));
        m_data.items.push_back(std::move(item));
    }

    // The first file's path; items that share it (several questions about one picture) are told apart by their ids.
    std::string nameOf(const DatasetItem& item, const CsvRow& row) const {
        const std::string& path = item.media.front().path;
        if (path.empty()) return item.key.empty() ? "row " + std::to_string(row.line) : item.key;
        if (!m_names.contains(path)) return path;
        return path + "#" + (item.key.empty() ? std::to_string(row.line) : item.key);
    }

    bool addFile(const CsvRow& row, const char* column, Modality modality, DatasetItem& item) {
        const std::string raw = cell(row, column);
        if (raw.empty()) return true;
        const SafeName safe = safeName(raw);
        const std::string name = safe.absolute ? std::string(baseName(safe.name)) : safe.name;
        if ((safe.escapes && !safe.absolute) || name.empty()) {
            m_complaints.drop(at(row), "The path " + inQuotes(raw) + " leads out of the folder of the files.");
            return false;
        }
        DatasetMedium medium{modality, name, m_folder / pathFromUtf8(name), {}};
        std::error_code problem;
        if (!fs::is_regular_file(medium.file, problem))
            m_complaints.note(at(row), "The file " + inQuotes(name) + " is missing.");
        item.media.push_back(std::move(medium));
        return true;
    }

    void sizeOf(DatasetItem& item, const CsvRow& row) {
        if (item.media.front().modality != Modality::Image) return;
        std::error_code problem;
        const bool exists = fs::is_regular_file(item.file, problem);
        item.size = trueSize(m_options, item.file, exists, {}, at(row), m_complaints);
    }

    void readSplit(const CsvRow& row, DatasetItem& item) {
        const std::string word = cell(row, "split");
        if (word.empty()) return;
        item.split = splitFromFolder(word);
        if (!item.split) m_complaints.note(at(row), "There is no split " + inQuotes(word) + "; it was passed over.");
    }

    void readClasses(const CsvRow& row, DatasetItem& item) {
        const std::string joinedNames = cell(row, "class");
        std::string_view rest = joinedNames;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('|'), rest.size());
            const std::string name(trimmed(rest.substr(0, end)));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            const bool twice = std::any_of(item.boxes.begin(), item.boxes.end(),
                                           [&](const DatasetBox& box) { return box.label == name; });
            if (name.empty() || twice) continue;
            m_classes.add(name);
            DatasetBox answer;
            answer.label = name;
            answer.score = parseNumber(m_input.header.cell(row, "score"));
            item.boxes.push_back(std::move(answer));
        }
    }

    const CsvInput& m_input;
    const ReadOptions& m_options;
    const Job& m_job;
    Complaints m_complaints;
    fs::path m_folder;
    ClassList m_classes;
    std::unordered_set<std::string> m_names;
    std::unordered_set<std::string> m_keys;
    Dataset m_data;
};

}  // namespace

Result<Dataset> readManifest(const CsvInput& input, const ReadOptions& options, const Job& job, Complaints complaints) {
    return ManifestReader(input, options, job, std::move(complaints)).run();
}

}  // namespace querent::formats
