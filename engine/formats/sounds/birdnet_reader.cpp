#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/sounds/raven_reader.h"
#include "engine/formats/text/csv_table.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>

namespace querent::formats::sounds {
namespace {

namespace fs = std::filesystem;

bool isResult(std::string_view name) {
    const std::string word = text::lowered(name);
    // Lists of what was analysed and how, which lie among the results.
    if (word.ends_with("analysis_params.csv") || word.ends_with(".list.txt")) return false;
    return word.ends_with(".txt") || word.ends_with(".csv") || hasSoundExtension(name);
}

// A class of this name says that nothing was heard.
bool isNoCall(std::string_view label) {
    return text::lowered(label) == "nocall";
}

// The columns of one of the tables with commas; empty where it has none.
struct Columns {
    std::string begin;
    std::string end;       // in seconds of the file, or
    std::string duration;  // from `begin`
    std::string label;
    std::string score;
    std::vector<std::string> file;  // joined by slashes
};

// The tables of the program itself, its form for R, and those for Kaleidoscope.
std::optional<Columns> columnsOf(const text::CsvHeader& header) {
    Columns columns;
    columns.begin = header.anyOf({"start (s)", "start", "offset"});
    columns.end = header.anyOf({"end (s)", "end"});
    if (columns.begin == "offset") columns.duration = header.anyOf({"duration"});
    columns.label = header.anyOf({"common name", "common_name", "top1match", "scientific name", "scientific_name"});
    columns.score = header.anyOf({"confidence", "top1dist"});
    if (header.has("in file")) columns.file = {"indir", "folder", "in file"};
    if (const std::string name = header.anyOf({"filepath", "file"}); columns.file.empty() && !name.empty())
        columns.file = {name};
    const bool placed = !columns.begin.empty() && !(columns.end.empty() && columns.duration.empty());
    return placed && !columns.label.empty() ? std::optional(columns) : std::nullopt;
}

// One line of the form for Audacity: begin, end, names, confidence.
struct TrackLine {
    std::optional<double> begin;
    std::optional<double> end;
    std::string_view names;
    std::optional<double> score;
};

std::optional<TrackLine> trackLineOf(std::string_view line) {
    std::array<std::string_view, 4> cells;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::size_t tab = line.find('\t');
        if ((tab == std::string_view::npos) != (i + 1 == cells.size())) return std::nullopt;
        cells[i] = text::trimmed(line.substr(0, tab));
        line.remove_prefix(i + 1 == cells.size() ? 0 : tab + 1);
    }
    return TrackLine{text::parseNumber(cells[0]), text::parseNumber(cells[1]), cells[2], text::parseNumber(cells[3])};
}

// "a" of "a.BirdNET.results.r.csv" and the like.
std::string soundNameOfResults(std::string_view table) {
    std::string_view name = text::withoutExtension(table);
    for (const std::string_view ending : {".results.r", ".results.kaleidoscope"}) {
        if (text::lowered(name).ends_with(ending)) name.remove_suffix(ending.size());
    }
    return soundNamesOfTable(name).back();
}

// "Turdus merula": a genus and what follows it in small letters.
bool isScientific(std::string_view name) {
    const auto small = [](std::string_view word) {
        return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    };
    const std::size_t blank = name.find(' ');
    if (blank == std::string_view::npos || name.front() < 'A' || name.front() > 'Z') return false;
    return small(name.substr(1, blank - 1)) && small(name.substr(blank + 1, name.find(' ', blank + 1) - blank - 1));
}

// The common name of "Turdus merula, Blackbird"; some releases have it in front.
std::string_view commonNameOf(std::string_view names) {
    const std::size_t first = names.find(", ");
    if (first == std::string_view::npos) return names;
    const std::size_t last = names.rfind(", ");
    const bool turned = !isScientific(names.substr(0, first)) && isScientific(names.substr(last + 2));
    return text::trimmed(turned ? names.substr(0, last) : names.substr(first + 2));
}

// What the name of a cut-out sound says: {confidence}_{number}_{file}_{start}s_{end}s.wav
struct Segment {
    std::string file;
    double begin = 0.0;
    double end = 0.0;
    double score = 0.0;
};

// Takes "_12.5s" off the end.
std::optional<double> takeSeconds(std::string_view& name) {
    const std::size_t at = name.rfind('_');
    if (at == std::string_view::npos || !name.ends_with('s')) return std::nullopt;
    const std::optional<double> seconds = text::parseNumber(name.substr(at + 1, name.size() - at - 2));
    if (seconds) name = name.substr(0, at);
    return seconds;
}

std::optional<Segment> segmentOf(std::string_view base) {
    std::string_view name = text::withoutExtension(base);
    const std::optional<double> end = takeSeconds(name);
    const std::optional<double> begin = end ? takeSeconds(name) : std::nullopt;
    const std::size_t first = name.find('_');
    const std::size_t second = first == std::string_view::npos ? first : name.find('_', first + 1);
    if (!begin || second == std::string_view::npos || second + 1 == name.size()) return std::nullopt;
    const std::optional<double> score = text::parseNumber(name.substr(0, first));
    if (!score || !text::parseInteger(name.substr(first + 1, second - first - 1))) return std::nullopt;
    return Segment{std::string(name.substr(second + 1)), *begin, *end, *score};
}

class BirdNetReader : private SoundLabelReader {
 public:
    using SoundLabelReader::SoundLabelReader;

    Result<Dataset> run() {
        const Result<std::vector<std::string>> names = begin(isResult);
        if (!names) return names.error();
        for (const std::string& name : *names) {
            if (m_job.cancelled()) return Job::stopped();
            if (hasSoundExtension(name)) {
                takeSegment(name);
            } else {
                takeResults(name);
            }
        }
        // That a program heard nothing does not make a sound empty.
        return m_sounds.finishWith(m_classes.names(), m_root, false);
    }

 private:
    void takeResults(const std::string& name) {
        const fs::path path = m_root / pathFromUtf8(name);
        const Result<std::string> text = readText(path, m_complaints, 1 << 30);
        if (!text) return m_complaints.drop(text.error().where, text.error().sentence);
        if (text::lowered(name).ends_with(".csv")) return takeCsv(path, name, *text);
        const std::vector<text::TextLine> lines = text::linesOf(*text);
        const auto first = std::find_if(lines.begin(), lines.end(),
                                        [](const text::TextLine& line) { return !text::trimmed(line.text).empty(); });
        // The form for Audacity has no header: of a sound in which nothing was heard it is empty.
        if (first == lines.end()) return;
        const std::optional<TrackLine> track = trackLineOf(first->text);
        if (track && track->begin && track->end) return takeTrack(path, name, lines);
        auto table =
            parseRavenTable(path, *text, {"common name", "scientific name", "species", "annotation"}, m_complaints);
        if (!table) return;
        const bool heard = std::erase_if(table->rows, [](const RavenRow& row) { return isNoCall(row.label); }) == 0;
        if (heard || !table->rows.empty()) RavenPlacer(m_sounds, m_classes, m_complaints).place(path, name, *table);
    }

    void takeTrack(const fs::path& path, const std::string& name, const std::vector<text::TextLine>& lines) {
        for (const text::TextLine& line : lines) {
            if (text::trimmed(line.text).empty()) continue;
            const std::optional<TrackLine> row = trackLineOf(line.text);
            add(name, {}, row ? std::string(commonNameOf(row->names)) : std::string(), row ? row->begin : std::nullopt,
                row ? row->end : std::nullopt, row ? row->score : std::nullopt, {path, line.number});
        }
    }

    void takeCsv(const fs::path& path, const std::string& name, std::string_view text) {
        text::CsvCursor rows(text, text::separatorOf(text));
        const std::optional<text::CsvRow> head = rows.next();
        if (!head) return m_complaints.drop({path, 1}, "The file is empty; a header is needed.");
        const text::CsvHeader header(*head);
        const std::optional<Columns> columns = columnsOf(header);
        if (!columns)
            return m_complaints.drop({path, 1},
                                     "The header is not that of BirdNET's results: its tables, and those for Raven, R, "
                                     "Kaleidoscope and Audacity are read.");
        const auto number = [&](const text::CsvRow& row, const std::string& column) {
            return column.empty() ? std::nullopt : text::parseNumber(header.cell(row, column));
        };
        while (const std::optional<text::CsvRow> row = rows.next()) {
            const std::optional<double> begin = number(*row, columns->begin);
            std::optional<double> end = number(*row, columns->end);
            if (const auto duration = number(*row, columns->duration); begin && duration) end = *begin + *duration;
            std::string file;
            for (const std::string& column : columns->file) {
                const std::string_view part = header.cell(*row, column);
                if (!part.empty()) file = text::joined(file, part);
            }
            add(name, file, std::string(header.cell(*row, columns->label)), begin, end, number(*row, columns->score),
                {path, row->line});
        }
    }

    void takeSegment(const std::string& name) {
        const std::optional<Segment> segment = segmentOf(text::baseName(name));
        if (!segment) return;  // an ordinary sound beside the results
        const Where where{m_root / pathFromUtf8(name), 0};
        const std::string label(text::trimmed(text::baseName(text::folderOf(name))));
        if (label.empty())
            return m_complaints.drop(where, "The segment lies in no folder that would be called as its class.");
        add({}, segment->file, label, segment->begin, segment->end, segment->score, where);
    }

    // The sound that a row names. Beside a table that is called like it there is no doubt; a table of many sounds names
    // them by their paths.
    matching::MediaIndex::Found soundOf(const std::string& table, const std::string& file) const {
        const std::string own = soundNameOfResults(table);
        if (file.empty()) return soundOfLabels(m_sounds.index(), own);
        const std::string base(text::baseName(text::safeName(file).name));
        const std::string_view about = text::baseName(own);
        if (!table.empty() && (about == base || about == text::withoutExtension(base))) {
            const auto beside = m_sounds.index().byName(text::joined(text::folderOf(table), base));
            if (beside.size() == 1) return {beside.front(), true, {}};
        }
        matching::MediaIndex::Found sound = m_sounds.index().find(file);
        return sound.exists || !sound.refusal.empty() ? sound : soundOfLabels(m_sounds.index(), sound.name);
    }

    // One detection of a table, or of the sound that was cut out for it (no table).
    void add(const std::string& table, const std::string& file, const std::string& label, std::optional<double> begin,
             std::optional<double> end, std::optional<double> score, const Where& where) {
        if (isNoCall(label)) return;
        const matching::MediaIndex::Found sound = soundOf(table, file);
        if (!sound.refusal.empty()) return m_complaints.drop(where, sound.refusal);
        if (!sound.exists)
            return m_complaints.drop(
                where, "The sound " + text::inQuotes(sound.name) + " is missing, so its labels have no place.");
        sayHowFound(sound, {where.path, 0}, m_complaints);
        const std::size_t item = m_sounds.itemOf(sound.name, sound.exists, where);
        const auto lose = [&](const char* sentence) {
            m_sounds.lose(item);
            m_complaints.drop(where, sentence);
        };
        if (!begin || !end) return lose("The start or the end of the detection is not a number.");
        if (label.empty()) return lose("The detection has no class.");
        if (score && (*score < 0.0 || *score > 1.0)) {
            m_complaints.note(where, "The confidence is not between 0 and 1; the row was read without.");
            score.reset();
        }
        DatasetBox box;
        box.label = label;
        box.score = score;
        if (m_sounds.add(item, std::move(box), {*begin, *end, {}, {}}, where)) m_classes.add(label);
    }
};

}  // namespace

Result<Dataset> readBirdNet(const ReadOptions& options, const Job& job) {
    return BirdNetReader(options, job).run();
}

}  // namespace querent::formats::sounds
