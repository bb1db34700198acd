#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/sounds/raven_reader.h"
#include "engine/formats/text/csv_table.h"
#include "engine/formats/text/text.h"

#include <algorithm>

namespace querent::formats::sounds {
namespace {

namespace fs = std::filesystem;

bool isResult(std::string_view name) {
    return hasTextExtension(name) || text::lowered(name).ends_with(".csv") || hasSoundExtension(name);
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
    void takeSegment(const std::string& name) {
        const std::optional<Segment> segment = segmentOf(text::baseName(name));
        if (!segment) return;  // an ordinary sound beside the results
        const Where where{m_root / pathFromUtf8(name), 0};
        const std::string label(text::trimmed(text::baseName(text::folderOf(name))));
        if (label.empty())
            return m_complaints.drop(where, "The segment lies in no folder that would be called as its class.");
        add(segment->file, label, {segment->begin, segment->end, {}, {}}, segment->score, where);
    }

    void takeResults(const std::string& name) {
        const fs::path path = m_root / pathFromUtf8(name);
        const Result<std::string> text = readText(path, m_complaints, 1 << 30);
        if (!text) return m_complaints.drop(text.error().where, text.error().sentence);
        if (text::lowered(name).ends_with(".csv")) return takeCsv(path, name, *text);
        const auto table =
            parseRavenTable(path, *text, {"common name", "scientific name", "species", "annotation"}, m_complaints);
        if (table) RavenPlacer(m_sounds, m_classes, m_complaints).place(path, name, *table);
    }

    void takeCsv(const fs::path& path, const std::string& name, std::string_view text) {
        text::CsvCursor rows(text, text::separatorOf(text));
        const std::optional<text::CsvRow> head = rows.next();
        if (!head) return m_complaints.drop({path, 1}, "The file is empty; a header is needed.");
        const text::CsvHeader header(*head);
        const std::string label = header.anyOf({"common name", "scientific name"});
        if (!header.has("start (s)") || !header.has("end (s)") || label.empty())
            return m_complaints.drop({path, 1}, "The header is not that of BirdNET's results.");
        std::string table(text::withoutExtension(name));
        while (const std::optional<text::CsvRow> row = rows.next()) {
            const Where where{path, row->line};
            const std::optional<double> begin = text::parseNumber(header.cell(*row, "start (s)"));
            const std::optional<double> end = text::parseNumber(header.cell(*row, "end (s)"));
            if (!begin || !end) {
                m_complaints.drop(where, "The start or the end of the detection is not a number.");
                continue;
            }
            const std::string file(header.cell(*row, "file"));
            add(file.empty() ? soundNameOfTable(table) : file, std::string(header.cell(*row, label)),
                {*begin, *end, {}, {}}, text::parseNumber(header.cell(*row, "confidence")), where);
        }
    }

    void add(const std::string& file, const std::string& label, const TimeRegion& region, std::optional<double> score,
             const Where& where) {
        if (label.empty()) return m_complaints.drop(where, "The detection has no class.");
        if (score && (*score < 0.0 || *score > 1.0)) {
            m_complaints.note(where, "The confidence is not between 0 and 1; the row was read without.");
            score.reset();
        }
        matching::MediaIndex::Found sound = m_sounds.index().find(file);
        if (!sound.exists && sound.refusal.empty()) sound = soundOfLabels(m_sounds.index(), sound.name);
        if (!sound.refusal.empty()) return m_complaints.drop(where, sound.refusal);
        DatasetBox box;
        box.label = label;
        box.score = score;
        const std::size_t item = m_sounds.itemOf(sound.name, sound.exists, where);
        if (m_sounds.add(item, std::move(box), region, where)) m_classes.add(label);
    }
};

}  // namespace

Result<Dataset> readBirdNet(const ReadOptions& options, const Job& job) {
    return BirdNetReader(options, job).run();
}

}  // namespace querent::formats::sounds
