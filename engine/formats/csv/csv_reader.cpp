#include "engine/formats/csv/csv_reader.h"

#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

namespace querent::formats::csv {
namespace {

namespace fs = std::filesystem;

// How the four columns of a box are meant.
enum class Sides { None, Edges, CornerAndSize, List };

// The columns under the names that other tools give them.
struct Columns {
    std::string path, label, status;
    Sides kind = Sides::None;  // of pictures
    std::array<std::string, 4>
        sides;  // left, top, and right, bottom or width, height; for a list the first is its column
    std::array<std::string, 4> region = {"t0", "t1", "f0", "f1"};  // of sounds: seconds and Hz
};

using FourNames = std::array<const char*, 4>;
constexpr std::array<FourNames, 7> kEdges = {{{"x0", "y0", "x1", "y1"},
                                              {"xmin", "ymin", "xmax", "ymax"},
                                              {"x_min", "y_min", "x_max", "y_max"},
                                              {"x1", "y1", "x2", "y2"},
                                              {"xtl", "ytl", "xbr", "ybr"},
                                              {"bbox_xmin", "bbox_ymin", "bbox_xmax", "bbox_ymax"},
                                              {"left", "top", "right", "bottom"}}};
constexpr std::array<FourNames, 4> kSizes = {{{"x", "y", "width", "height"},
                                              {"x", "y", "w", "h"},
                                              {"bbox_x", "bbox_y", "bbox_width", "bbox_height"},
                                              {"left", "top", "width", "height"}}};
constexpr const char* kWouldDo = "x0, y0, x1, y1 or xmin, ymin, xmax, ymax or x, y, width, height";

constexpr std::initializer_list<const char*> kPathColumns = {
    "path",       "file",       "filename", "file_name", "fname", "filepath", "file_path", "image",
    "image_path", "image_name", "image_id", "imageid",   "img",   "audio",    "sound",     "id"};
constexpr std::initializer_list<const char*> kLabelColumns = {"class",    "label",     "class_name", "classname",
                                                              "category", "labelname", "label_name", "species"};

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
        lookForShares();
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
        m_columns.path = header().anyOf(kPathColumns);
        m_columns.label = header().anyOf(kLabelColumns);
        m_columns.status = header().anyOf({"item_status", "status"});
        const auto missing = [&](const std::string& sentence) {
            return fail(ErrorCode::Malformed, sentence, m_input.path, 1);
        };
        if (m_columns.path.empty())
            return missing("The header has no column of file names; path, file, filename or image would do.");
        if (m_columns.label.empty())
            return missing("The header has no column of classes; class, label or category would do.");
        if (Result<void> found = findSides(); !found) return found;
        const bool wantsBoxes = m_options.task == TaskKind::Detect && m_columns.kind == Sides::None;
        if (wantsBoxes && !header().has("t0"))
            return missing(
                "The table has classes of whole items and no columns of boxes, which this project is about; " +
                std::string(kWouldDo) + " would do, or t0, t1 for sounds.");
        return {};
    }

    Result<void> findSides() {
        const auto whole = [&](const FourNames& names) {
            return std::all_of(names.begin(), names.end(), [&](const char* name) { return header().has(name); });
        };
        const auto take = [&](const FourNames& names, Sides kind) {
            m_columns.kind = kind;
            for (std::size_t i = 0; i < names.size(); ++i)
                m_columns.sides[i] = names[i];
        };
        for (const FourNames& names : kEdges) {
            if (m_columns.kind == Sides::None && whole(names)) take(names, Sides::Edges);
        }
        for (const FourNames& names : kSizes) {
            if (m_columns.kind == Sides::None && whole(names)) take(names, Sides::CornerAndSize);
        }
        for (const char* list : {"bbox", "bounding_box", "box"}) {
            if (m_columns.kind == Sides::None && header().has(list)) take({list, list, list, list}, Sides::List);
        }
        if (m_columns.kind == Sides::List)
            m_complaints.note({m_input.path, 1},
                              "The column '" + m_columns.sides[0] +
                                  "' does not say what its four numbers are; they were read as left, "
                                  "top, width and height.");
        if (m_columns.kind == Sides::Edges && m_columns.sides[0] == "xmin")
            m_complaints.note(
                {m_input.path, 1},
                "The columns xmin to ymax do not say where pixels are counted from; they were read from 0.");
        if (m_columns.kind != Sides::None) return {};
        // A part of a box is no table of classes.
        for (const FourNames& names : kEdges) {
            const auto has = [&](const char* name) { return header().has(name); };
            const auto lacking = std::find_if_not(names.begin(), names.end(), has);
            if (std::count_if(names.begin(), names.end(), has) >= 2)
                return fail(ErrorCode::Malformed, "The header lacks the column '" + std::string(*lacking) + "'.",
                            m_input.path, 1);
        }
        return {};
    }

    // First all rows of a file together, in the order of first appearance: they need not be neighbours.
    Result<void> collect() {
        text::CsvCursor cursor = m_input.rows;
        while (std::optional<text::CsvRow> row = cursor.next()) {
            if (m_job.cancelled()) return Job::stopped();
            if (row->openQuote) m_complaints.note(at(*row), "A quote is not closed before the file ends.");
            const std::string path = text::unguarded(header().whole(*row, m_columns.path));
            if (text::trimmed(path).empty()) {
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
        Result<matching::MediaIndex> index = scanMedia(mediaFolder(), m_job, m_complaints, hasMediaExtension);
        if (!index) return index.error();
        m_index = std::move(*index);
        trimPaths();
        m_found = m_index.findAll(m_paths, m_index.folderIn(m_input.path));
        return {};
    }

    // Blanks around a path are the table's, unless a file is called so.
    void trimPaths() {
        std::vector<std::string> paths;
        std::vector<std::vector<text::CsvRow>> rows;
        m_places.clear();
        for (std::size_t i = 0; i < m_paths.size(); ++i) {
            std::string path(text::trimmed(m_paths[i]));
            if (path != m_paths[i] && m_index.find(m_paths[i]).exists) path = m_paths[i];
            const auto [place, isNew] = m_places.emplace(path, paths.size());
            if (isNew) {
                paths.push_back(std::move(path));
                rows.emplace_back();
            }
            std::vector<text::CsvRow>& all = rows[place->second];
            all.insert(all.end(), std::make_move_iterator(m_rows[i].begin()), std::make_move_iterator(m_rows[i].end()));
        }
        m_paths = std::move(paths);
        m_rows = std::move(rows);
    }

    // Where the most of the names lead to a file; beside the table comes first.
    fs::path mediaFolder() const {
        if (!m_options.files.empty()) return m_options.files;
        constexpr std::size_t kEnough = 200;
        const fs::path folder = m_input.path.parent_path();
        fs::path best = folder;
        std::size_t most = 0;
        for (const fs::path& candidate : {folder, folder / "images", folder / "audio", folder.parent_path(),
                                          folder.parent_path() / "images", folder.parent_path() / "audio"}) {
            std::size_t hits = 0;
            for (std::size_t i = 0; i < std::min(kEnough, m_paths.size()); ++i) {
                std::error_code problem;
                const std::string bare = text::safeName(text::trimmed(m_paths[i])).name;
                hits += fs::is_regular_file(candidate / pathFromUtf8(bare), problem) ? 1 : 0;
            }
            if (hits > most) best = candidate;
            most = std::max(most, hits);
        }
        if (most > 0) return best;
        const fs::path images = firstFolder({folder / "images"});
        return images.empty() ? folder : images;
    }

    // An id without an extension stands for the one image of that name.
    matching::MediaIndex::Found imageOf(std::size_t i) const {
        const matching::MediaIndex::Found& found = m_found[i];
        if (found.exists || !found.refusal.empty()) return found;
        const std::vector<std::string> named = m_index.byStem(found.name);
        return named.size() == 1 ? matching::MediaIndex::Found{named.front(), true} : found;
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
        sayHowFound(found, {m_input.path, 0}, m_complaints);
        DatasetItem item;
        item.name = found.name;
        item.file = m_index.fileOf(found.name);
        const Plane plane = measure(first, found.exists, item);
        std::int64_t lost = 0;
        for (const text::CsvRow& row : m_rows[i]) {
            readSplit(row, item);
            lost += readBox(row, plane, item) ? 0 : 1;
        }
        settle(item, saidState(i), lost, emptyState(m_options));
        m_data.items.push_back(std::move(item));
        m_rows[i] = {};
    }

    Plane measure(const text::CsvRow& row, bool exists, DatasetItem& item) {
        if (modalityOf(item) == Modality::Image) {
            const Plane plane = planeOf(m_options, item.file, exists, saidSize(row), at(row), m_complaints);
            item.size = plane.size;
            return plane;
        }
        if (exists && m_options.soundShape) {
            const Result<SoundShape> shape = sounds::soundShapeOf(m_options, item.file);
            if (shape) item.sound = *shape;
            if (!shape) m_complaints.note({item.file, 0}, "The sound cannot be read: " + shape.error().sentence);
        }
        return {};
    }

    Size saidSize(const text::CsvRow& row) const {
        if (m_columns.kind == Sides::CornerAndSize && m_columns.sides[2] == "width") return {};  // of the box
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
    bool readBox(const text::CsvRow& row, const Plane& plane, DatasetItem& item) {
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
            const bool isList = !isSound && m_columns.kind == Sides::List;
            const auto n = isList ? listedNumbers(row) : numbers(row, sides, box.label, isSound ? 2 : 4);
            if (!n) return false;
            const std::string what = "The box of " + text::inQuotes(box.label);
            box.box = isSound
                          ? region(*n, item, at(row), what)
                          : acceptBox(plane.upright(edgesOf(*n, item.size)), item.size, at(row), what, m_complaints);
            if (!box.box) return false;
        }
        readFlags(row, box);
        m_classes.add(box.label);
        item.boxes.push_back(std::move(box));
        return true;
    }

    using Numbers = std::array<std::optional<double>, 4>;

    Box edgesOf(const Numbers& n, Size size) const {
        Box box{*n[0], *n[1], *n[2], *n[3]};
        if (m_columns.kind != Sides::Edges) box = {box.left, box.top, box.left + box.right, box.top + box.bottom};
        if (m_relative)
            box = {box.left * size.width, box.top * size.height, box.right * size.width, box.bottom * size.height};
        return box;
    }

    // Boxes of which no number is above 1 are shares of the picture: as pixels all of them would lie in one.
    void lookForShares() {
        if (header().has("item_status") && header().has("t0")) return;  // our own tables have pixels
        std::int64_t boxes = 0;
        for (const auto& rows : m_rows) {
            for (const text::CsvRow& row : rows) {
                if (m_columns.kind == Sides::None || header().cell(row, m_columns.sides[0]).empty()) continue;
                const auto n = m_columns.kind == Sides::List ? listedNumbers(row) : sideNumbers(row);
                if (!n) continue;
                const auto isShare = [](const std::optional<double>& x) { return x && *x >= 0.0 && *x <= 1.0; };
                if (!std::all_of(n->begin(), n->end(), isShare)) return;
                boxes += *(*n)[2] > 0.0 && *(*n)[3] > 0.0 ? 1 : 0;
            }
        }
        m_relative = boxes > 0;
        if (m_relative)
            m_complaints.note({m_input.path, 1},
                              "All numbers of boxes lie between 0 and 1; they were read as shares of the picture.");
    }

    std::optional<Numbers> sideNumbers(const text::CsvRow& row) const {
        Numbers n;
        for (std::size_t i = 0; i < n.size(); ++i) {
            n[i] = text::parseNumber(header().cell(row, m_columns.sides[i]));
            if (!n[i]) return std::nullopt;
        }
        return n;
    }

    // "[10, 10, 30, 30]", with any brackets or none.
    std::optional<Numbers> listedNumbers(const text::CsvRow& row) {
        const std::string_view cell = header().cell(row, m_columns.sides[0]);
        Numbers n;
        std::size_t count = 0;
        std::string_view rest = cell;
        while (!rest.empty()) {
            const std::size_t begin = std::min(rest.find_first_not_of("[](){} ,;"), rest.size());
            const std::size_t end = std::min(rest.find_first_of("[](){} ,;", begin), rest.size());
            if (begin < end && count < n.size()) n[count] = text::parseNumber(rest.substr(begin, end - begin));
            count += begin < end ? 1 : 0;
            rest.remove_prefix(end);
        }
        if (count == n.size() && std::all_of(n.begin(), n.end(), [](const auto& x) { return x.has_value(); })) return n;
        m_complaints.drop(at(row), "The box " + text::inQuotes(cell) + " is not four numbers.");
        return std::nullopt;
    }

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
        box.score = readScore(m_input, row, m_complaints);
    }

    const CsvInput& m_input;
    const ReadOptions& m_options;
    const Job& m_job;
    Complaints m_complaints;
    Columns m_columns;
    bool m_relative = false;  // boxes are shares of the picture
    std::vector<std::string> m_paths;
    std::vector<std::vector<text::CsvRow>> m_rows;
    std::map<std::string, std::size_t> m_places;
    matching::MediaIndex m_index;
    std::vector<matching::MediaIndex::Found> m_found;
    std::unordered_set<std::string> m_taken;
    ClassList m_classes;
    Dataset m_data;
};

bool isTable(std::string_view name) {
    const std::string lower = text::lowered(name);
    return lower.ends_with(".csv") || lower.ends_with(".tsv");
}

// The table itself, or of a folder the one that is called so, or the only one.
Result<fs::path> csvFile(const fs::path& from) {
    std::error_code problem;
    const fs::path path = fs::absolute(from, problem).lexically_normal();
    if (!fs::is_directory(path, problem)) return path;
    for (const char* name : {"annotations.csv", "manifest.csv"}) {
        if (fs::is_regular_file(path / name, problem)) return path / name;
    }
    std::vector<fs::path> tables;
    for (const auto& entry : fs::directory_iterator(path, problem)) {
        if (isTable(utf8(entry.path().filename()))) tables.push_back(entry.path());
    }
    if (tables.size() == 1) return tables.front();
    return fail(ErrorCode::NotFound,
                tables.empty() ? "There is no table (.csv) in this folder."
                               : "There are several tables in this folder and none is called annotations.csv; name the "
                                 "one that is meant.",
                from);
}

// keras-retinanet's table has no header: path, four numbers (or nothing), class.
bool lacksHeader(const text::CsvRow& row) {
    if (row.fields.size() != 6 || !hasMediaExtension(row.fields.front())) return false;
    return std::all_of(row.fields.begin() + 1, row.fields.begin() + 5,
                       [](const std::string& cell) { return text::trimmed(cell).empty() || text::parseNumber(cell); });
}

}  // namespace

std::optional<double> readScore(const CsvInput& input, const text::CsvRow& row, Complaints& complaints) {
    const std::string_view cell = input.header.cell(row, "score");
    if (cell.empty()) return std::nullopt;
    const std::optional<double> score = text::parseNumber(cell);
    if (score && *score >= 0.0 && *score <= 1.0) return score;
    complaints.note({input.path, row.line},
                    "The score " + text::inQuotes(cell) + " is not between 0 and 1; the row was read without.");
    return std::nullopt;
}

Result<Dataset> readCsv(const ReadOptions& options, const Job& job) {
    const Result<fs::path> path = csvFile(options.from);
    if (!path) return path.error();
    Complaints complaints;
    const Result<std::string> text = readText(*path, complaints, std::int64_t{1} << 30);
    if (!text) return text.error();
    text::CsvCursor rows(*text, text::separatorOf(*text));
    std::optional<text::CsvRow> head = rows.next();
    if (!head) return fail(ErrorCode::Malformed, "The file is empty; a header is needed.", *path, 1);
    if (lacksHeader(*head)) {
        complaints.note({*path, 1}, "The table has no header; it was read as path, x1, y1, x2, y2, class.");
        rows = text::CsvCursor(*text, text::separatorOf(*text));
        head->fields = {"path", "x1", "y1", "x2", "y2", "class"};
    }
    const CsvInput input{*path, text::CsvHeader(*head), rows};
    for (const std::string& name : input.header.twice())
        complaints.note({*path, head->line},
                        "The column " + text::inQuotes(name) + " is there twice; the first one counts.");
    const bool manifest = !input.header.has("path") && input.header.has("class") &&
                          !input.header.anyOf({"image", "audio", "text"}).empty() && !input.header.has("xmin");
    if (manifest) return readManifest(input, options, job, std::move(complaints));
    return BoxTable(input, options, job, std::move(complaints)).run();
}

}  // namespace querent::formats::csv
