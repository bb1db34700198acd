#include "engine/formats/sounds/raven_reader.h"

#include "engine/core/paths.h"
#include "engine/formats/text/text.h"

#include <algorithm>

namespace querent::formats::sounds {
namespace {

namespace fs = std::filesystem;

// Takes `ending`, in any case, off the end of `name`.
bool takeEnding(std::string_view& name, std::string_view ending) {
    if (!text::lowered(name).ends_with(ending) || name.size() == ending.size()) return false;
    name.remove_suffix(ending.size());
    return true;
}

// Takes ".Table.1" off the end.
void takeTableNumber(std::string_view& name) {
    const std::size_t last = name.rfind('.');
    if (last == std::string_view::npos || !text::parseInteger(name.substr(last + 1))) return;
    std::string_view before = name.substr(0, last);
    if (takeEnding(before, ".table")) name = before;
}

class RavenReader : private SoundLabelReader {
 public:
    using SoundLabelReader::SoundLabelReader;

    Result<Dataset> run() {
        const Result<std::vector<std::string>> names = begin(hasTextExtension);
        if (!names) return names.error();
        addListedClasses();
        RavenPlacer placer(m_sounds, m_classes, m_complaints);
        for (const std::string& name : *names) {
            if (m_job.cancelled()) return Job::stopped();
            const fs::path path = m_root / pathFromUtf8(name);
            const Result<std::string> text = readText(path, m_complaints, 1 << 30);
            if (!text) {
                m_complaints.drop(text.error().where, text.error().sentence);
            } else if (const auto table =
                           parseRavenTable(path, *text, {"annotation", "species", "label", "class"}, m_complaints)) {
                placer.place(path, name, *table);
            }
        }
        return m_sounds.finishWith(m_classes.sorted(), m_root, true);
    }
};

}  // namespace

std::vector<std::string> soundNamesOfTable(std::string_view file) {
    std::string_view name = file;
    takeEnding(name, ".txt");
    if (takeEnding(name, ".selections")) takeTableNumber(name);
    std::vector<std::string> names = {std::string(name)};
    for (const char* ending : {".selection.table", ".results", ".birdnet"})
        if (takeEnding(name, ending)) names.emplace_back(name);
    return names;
}

// A sound may be called rec.results.wav itself, so what is there decides how much of the table's name is its ending.
matching::MediaIndex::Found RavenPlacer::soundOfTable(const std::string& name) const {
    const std::vector<std::string> names = soundNamesOfTable(name);
    for (const std::string& stem : names)
        if (std::string exact = m_sounds.index().exactly(stem); !exact.empty()) return {std::move(exact), true, {}};
    for (const std::string& stem : names)
        if (matching::MediaIndex::Found found = soundOfLabels(m_sounds.index(), stem);
            found.exists || !found.refusal.empty())
            return found;
    return soundOfLabels(m_sounds.index(), names.back());
}

// The sound that a row names, or (where the table is about one sound only) the one that the table's own name means.
matching::MediaIndex::Found RavenPlacer::soundOf(const std::string& file, const std::string& name, bool only) const {
    if (file.empty()) return soundOfTable(name);
    matching::MediaIndex::Found found = m_sounds.index().find(file);
    if (found.exists || !only) return found;
    matching::MediaIndex::Found byTable = soundOfTable(name);
    return byTable.exists ? byTable : found;
}

RavenPlacer::Targets RavenPlacer::targetsOf(const fs::path& path, const std::string& name, const RavenTable& table) {
    std::unordered_map<std::string, std::int64_t> files;
    for (const RavenRow& row : table.rows)
        files.emplace(row.file, row.line);
    for (const auto& [file, count] : table.lost)
        files.emplace(file, 0);
    if (files.empty()) files.emplace(std::string(), 0);
    Targets targets;
    for (const auto& [file, line] : files) {
        Target target{soundOf(file, name, files.size() == 1), 0};
        const Where where{path, line};
        if (file.empty() && files.size() > 1) {
            target.found.refusal = "The selection names no file, as the others of its table do.";
        } else if (!target.found.exists && target.found.refusal.empty()) {
            target.found.refusal =
                file.empty()
                    ? "There is no sound to which this table could belong: a table is called "
                      "like its sound, rec.Table.1.selections.txt for rec.wav."
                    : "The sound " + text::inQuotes(target.found.name) + " is missing, so its labels have no place.";
        }
        if (target.found.refusal.empty()) {
            target.item = m_sounds.itemOf(target.found.name, target.found.exists, where);
            m_sounds.mention(target.item);
            if (const auto lost = table.lost.find(file); lost != table.lost.end())
                m_sounds.lose(target.item, lost->second);
            sayHowFound(target.found, where, m_complaints);
        } else {
            m_complaints.drop(where, target.found.refusal);
        }
        targets.emplace(file, std::move(target));
    }
    return targets;
}

void RavenPlacer::place(const fs::path& path, const std::string& name, const RavenTable& table) {
    const Targets targets = targetsOf(path, name, table);
    for (const RavenRow& row : table.rows) {
        const Target& target = targets.at(row.file);
        if (!target.found.refusal.empty()) continue;
        const Where where{path, row.line};
        const std::optional<double> begin = beginOf(row, targets, where);
        if (!begin) {
            m_sounds.lose(target.item);
            continue;
        }
        DatasetBox box;
        box.label = row.label;
        box.score = row.score;
        // Without a sum where there is nothing to add: it could cost the last bit.
        const double end = *begin == row.begin ? row.end : *begin + (row.end - row.begin);
        if (m_sounds.add(target.item, std::move(box), {*begin, end, row.low, row.high}, where))
            m_classes.add(row.label);
    }
}

// Seconds from the beginning of the row's own file; nullopt and a complaint when that cannot be known.
std::optional<double> RavenPlacer::beginOf(const RavenRow& row, const Targets& targets, const Where& where) {
    if (row.offset) return row.offset;
    if (targets.size() == 1) return row.begin;
    const Target& target = targets.at(row.file);
    const std::optional<double> start = startOf(target.found.name);
    constexpr double kDrift = 0.05;  // seconds: programs add up rounded lengths
    if (start && row.begin >= *start - kDrift && row.begin <= *start + m_sounds.shape(target.item).seconds() + kDrift)
        return row.begin - *start;
    m_complaints.drop(where,
                      "The times of the table run over several files, there is no column 'File Offset (s)', and the "
                      "lengths of the files of the folder do not lead to the place of this selection.");
    return std::nullopt;
}

// Where a sound begins when all sounds of its folder are played one after the other.
std::optional<double> RavenPlacer::startOf(const std::string& sound) const {
    double start = 0.0;
    for (const std::string& name : m_sounds.index().names()) {
        if (text::folderOf(name) != text::folderOf(sound)) continue;
        if (name == sound) return start;
        const auto shape = m_sounds.shapeOf(name);
        if (!shape || shape->empty()) return std::nullopt;
        start += shape->seconds();
    }
    return std::nullopt;
}

Result<Dataset> readRaven(const ReadOptions& options, const Job& job) {
    return RavenReader(options, job).run();
}

}  // namespace querent::formats::sounds
