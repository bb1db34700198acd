#include "engine/formats/csv/csv_reader.h"

#include "engine/core/file_names.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>
#include <map>

namespace querent::formats::csv {
namespace {

namespace fs = std::filesystem;

// The columns under the names that other tools give them.
struct Columns {
    std::string path, label, status;
    std::array<std::string, 4> sides;                              // empty: no boxes of pictures in this file
    std::array<std::string, 4> region = {"t0", "t1", "f0", "f1"};  // of sounds: seconds and Hz
};

class BoxTable {
 public:
    BoxTable(const CsvInput& input, const ReadOptions& options, const Job& job, Complaints complaints)
        : m_input(input), m_options(options), m_job(job), m_complaints(std::move(complaints)) {}

    Result<Dataset> run() {
        if (Result<void> found = findColumns(); !found) return found.error();
        for (const std::string& name : readNameList(m_input.path.parent_path() / "classes.txt", m_complaints))
            m_classes.add(name);
        if (Result<void> collected = collect(); !collected) return collected.error();
        if (Result<void> indexed = findImages(); !indexed) return indexed.error();
        for (std::size_t i = 0; i < m_paths.size(); ++i) {
            if (m_job.cancelled()) return Job::stopped();
            takeItem(i);
        }
        m_data.classes = m_classes.names();
        return finish(std::move(m_data), std::move(m_complaints), m_options);
    }

 private:
    const text::CsvHeader& header() const { return m_input.header; }
    Where at(const text::CsvRow& row) const { return {m_input.path, row.line}; }

    Result<void> findColumns() {
        m_columns.path =
            header().anyOf({"path", "file", "filename", "file_name", "image", "image_path", "image_id", "id"});
        m_columns.label = header().anyOf({"class", "label", "class_name", "category"});
        m_columns.status = header().anyOf({"item_status", "status"});
        const auto missing = [&](const char* name) {
            return fail(ErrorCode::Malformed, "The header lacks the column '" + std::string(name) + "'.", m_input.path,
                        1);
        };
        if (m_columns.path.empty()) return missing("path");
        if (m_columns.label.empty()) return missing("class");
        const bool own = header().anyOf({"x0", "y0", "x1", "y1"}) != "";
        const bool voc = header().anyOf({"xmin", "ymin", "xmax", "ymax"}) != "";
        if (!own && !voc) return {};
        m_columns.sides = own ? std::array<std::string, 4>{"x0", "y0", "x1", "y1"}
                              : std::array<std::string, 4>{"xmin", "ymin", "xmax", "ymax"};
        for (const std::string& side : m_columns.sides) {
            if (!header().has(side)) return missing(side.c_str());
        }
        if (!own)
            m_complaints.note(
                {m_input.path, 1},
                "The columns xmin to ymax do not say where pixels are counted from; they were read from 0.");
        return {};
    }

    // First all rows of a file together, in the order of first appearance: they need not be neighbours.
    Result<void> collect() {
        text::CsvCursor cursor = m_input.rows;
        while (std::optional<text::CsvRow> row = cursor.next()) {
            if (m_job.cancelled()) return Job::stopped();
            if (row->openQuote) m_complaints.note(at(*row), "A quote is not closed before the file ends.");
            const std::string path = text::unguarded(header().cell(*row, m_columns.path));
            if (path.empty()) {
                m_complaints.drop(at(*row), "The row has no path.");
                continue;
            }
            const auto [place, isNew] = m_places.emplace(path, m_paths.size());
            if (isNew) {
                m_paths.push_back(path);
                m_rows.emplace_back();
            }
            m_rows[place->second].push_back(std::move(*row));
        }
        return {};
    }

    Result<void> findImages() {
        fs::path files = m_options.files;
        const fs::path folder = m_input.path.parent_path();
        if (files.empty()) files = firstFolder({folder / "images"});
        if (files.empty()) files = folder;
        Result<matching::MediaIndex> index =
            matching::MediaIndex::scan(files, m_job, header().has("t0") ? hasMediaExtension : hasImageExtension);
        if (!index) return index.error();
        m_index = std::move(*index);
        m_found = m_index.findAll(m_paths);
        return {};
    }

    // An id without an extension stands for the one image of that name.
    matching::MediaIndex::Found imageOf(std::size_t i) const {
        const matching::MediaIndex::Found& found = m_found[i];
        if (found.exists || !found.refusal.empty()) return found;
        const std::vector<std::string> named = m_index.byStem(found.name);
        return named.size() == 1 ? matching::MediaIndex::Found{named.front(), true, {}} : found;
    }

    void takeItem(std::size_t i) {
        const text::CsvRow& first = m_rows[i].front();
        const matching::MediaIndex::Found found = imageOf(i);
        if (!found.refusal.empty()) {
            for (const text::CsvRow& row : m_rows[i])
                m_complaints.drop(at(row), found.refusal);
            return;
        }
        if (!m_taken.insert(found.name).second)
            return m_complaints.drop(
                at(first), "The image " + text::inQuotes(found.name) + " is there under another path already.");
        if (!found.exists) m_complaints.note(at(first), "The image " + text::inQuotes(found.name) + " is missing.");
        DatasetItem item;
        item.name = found.name;
        item.file = m_index.fileOf(found.name);
        measure(first, found.exists, item);
        bool lost = false;
        for (const text::CsvRow& row : m_rows[i]) {
            readSplit(row, item);
            lost |= !readBox(row, item);
        }
        item.state = settledState(saidState(i), !item.boxes.empty(), lost, emptyState(m_options));
        m_data.items.push_back(std::move(item));
    }

    void measure(const text::CsvRow& row, bool exists, DatasetItem& item) {
        if (modalityOf(item) == Modality::Image) {
            item.size = trueSize(m_options, item.file, exists, saidSize(row), at(row), m_complaints);
        } else if (exists && m_options.soundShape) {
            const Result<SoundShape> shape = sounds::soundShapeOf(m_options, item.file);
            if (shape) item.sound = *shape;
            if (!shape) m_complaints.note({item.file, 0}, "The sound cannot be read: " + shape.error().sentence);
        }
    }

    Size saidSize(const text::CsvRow& row) const {
        const auto side = [&](const char* name) {
            const std::int64_t length = text::parseInteger(header().cell(row, name)).value_or(0);
            return length >= 1 && length <= 1000000000 ? static_cast<int>(length) : 0;
        };
        const Size size{side("width"), side("height")};
        return size.empty() ? Size{} : size;
    }

    std::optional<ItemState> saidState(std::size_t i) {
        std::optional<ItemState> said;
        if (m_columns.status.empty()) return said;
        for (const text::CsvRow& row : m_rows[i]) {
            const std::string_view word = header().cell(row, m_columns.status);
            if (word.empty()) continue;
            const std::optional<ItemState> state = itemStateFromText(word);
            if (!state)
                m_complaints.note(at(row), "There is no item status " + text::inQuotes(word) + "; it was passed over.");
            else if (said && *said != *state)
                m_complaints.note(at(row),
                                  "The rows of " + text::inQuotes(m_paths[i]) + " do not agree on its status.");
            else
                said = state;
        }
        return said;
    }

    void readSplit(const text::CsvRow& row, DatasetItem& item) {
        const std::string_view word = header().cell(row, "split");
        if (word.empty()) return;
        const std::optional<Split> split = splitFromFolder(word);
        if (!split)
            m_complaints.note(at(row), "There is no split " + text::inQuotes(word) + "; it was passed over.");
        else if (item.split && *item.split != *split)
            m_complaints.note(at(row), "The rows of " + text::inQuotes(item.name) + " do not agree on its split.");
        else
            item.split = split;
    }

    // False when the row had an annotation that was left out.
    bool readBox(const text::CsvRow& row, DatasetItem& item) {
        const bool isSound = modalityOf(item) == Modality::Audio;
        const std::array<std::string, 4>& sides = isSound ? m_columns.region : m_columns.sides;
        DatasetBox box;
        box.label = text::trimmed(text::unguarded(header().cell(row, m_columns.label)));
        const bool sided = std::any_of(sides.begin(), sides.end(),
                                       [&](const std::string& name) { return !header().cell(row, name).empty(); });
        if (box.label.empty()) {
            if (sided) m_complaints.drop(at(row), "The box has no class.");
            return !sided;
        }
        if (sided) {
            const auto n = numbers(row, sides, box.label, isSound ? 2 : 4);
            if (!n) return false;
            const std::string what = "The box of " + text::inQuotes(box.label);
            box.box = isSound
                          ? region(*n, item, at(row), what)
                          : acceptBox({*(*n)[0], *(*n)[1], *(*n)[2], *(*n)[3]}, item.size, at(row), what, m_complaints);
            if (!box.box) return false;
        }
        readFlags(row, box);
        m_classes.add(box.label);
        item.boxes.push_back(std::move(box));
        return true;
    }

    using Numbers = std::array<std::optional<double>, 4>;

    // The first `needed` of the columns must be numbers; the others may be empty.
    std::optional<Numbers> numbers(const text::CsvRow& row, const std::array<std::string, 4>& columns,
                                   const std::string& label, std::size_t needed) {
        Numbers n;
        for (std::size_t i = 0; i < n.size(); ++i) {
            const std::string_view cell = header().cell(row, columns[i]);
            n[i] = text::parseNumber(cell);
            if (n[i] || (i >= needed && cell.empty())) continue;
            m_complaints.drop(at(row), "The " + columns[i] + " of " + text::inQuotes(label) + ", " +
                                           text::inQuotes(cell) + ", is not a number.");
            return std::nullopt;
        }
        return n;
    }

    std::optional<Box> region(const Numbers& n, const DatasetItem& item, const Where& where, const std::string& what) {
        if (!item.sound.empty())
            return sounds::acceptRegion({*n[0], *n[1], n[2], n[3]}, item.sound, where, what, m_complaints);
        m_complaints.drop(where, what + " cannot be placed, because its sound is missing or cannot be read.");
        return std::nullopt;
    }

    void readFlags(const text::CsvRow& row, DatasetBox& box) {
        const auto flag = [&](const char* name) {
            const std::string word = text::lowered(header().cell(row, name));
            return word == "1" || word == "true" || word == "yes";
        };
        box.difficult = flag("difficult");
        box.crowd = flag("crowd");
        box.truncated = flag("truncated");
        box.occluded = flag("occluded");
        box.provenance = text::unguarded(header().cell(row, "provenance"));
        box.annotator = text::unguarded(header().cell(row, "annotator"));
        box.round = static_cast<int>(
            std::clamp<std::int64_t>(text::parseInteger(header().cell(row, "round")).value_or(0), 0, 1000000));
        const std::string_view score = header().cell(row, "score");
        if (score.empty()) return;
        box.score = text::parseNumber(score);
        if (box.score && *box.score >= 0.0 && *box.score <= 1.0) return;
        box.score.reset();
        m_complaints.note(at(row),
                          "The score " + text::inQuotes(score) + " is not between 0 and 1; the row was read without.");
    }

    const CsvInput& m_input;
    const ReadOptions& m_options;
    const Job& m_job;
    Complaints m_complaints;
    Columns m_columns;
    std::vector<std::string> m_paths;
    std::vector<std::vector<text::CsvRow>> m_rows;
    std::map<std::string, std::size_t> m_places;
    matching::MediaIndex m_index;
    std::vector<matching::MediaIndex::Found> m_found;
    std::unordered_set<std::string> m_taken;
    ClassList m_classes;
    Dataset m_data;
};

Result<fs::path> csvFile(const fs::path& from) {
    std::error_code problem;
    const fs::path path = fs::absolute(from, problem).lexically_normal();
    if (!fs::is_directory(path, problem)) return path;
    for (const char* name : {"annotations.csv", "manifest.csv"}) {
        if (fs::is_regular_file(path / name, problem)) return path / name;
    }
    return fail(ErrorCode::NotFound, "There is no annotations.csv or manifest.csv in this folder.", from);
}

}  // namespace

Result<Dataset> readCsv(const ReadOptions& options, const Job& job) {
    const Result<fs::path> path = csvFile(options.from);
    if (!path) return path.error();
    const Result<std::string> text = text::readText(*path, std::int64_t{1} << 30);
    if (!text) return text.error();
    text::CsvCursor rows(*text, text::separatorOf(*text));
    const std::optional<text::CsvRow> head = rows.next();
    if (!head) return fail(ErrorCode::Malformed, "The file is empty; a header is needed.", *path, 1);
    const CsvInput input{*path, text::CsvHeader(*head), rows};
    Complaints complaints;
    for (const std::string& name : input.header.twice())
        complaints.note({*path, head->line},
                        "The column " + text::inQuotes(name) + " is there twice; the first one counts.");
    const bool manifest = !input.header.has("path") && input.header.has("class") &&
                          !input.header.anyOf({"image", "audio", "text"}).empty() && !input.header.has("xmin");
    if (manifest) return readManifest(input, options, job, std::move(complaints));
    return BoxTable(input, options, job, std::move(complaints)).run();
}

}  // namespace querent::formats::csv
