#include "engine/core/paths.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace querent::formats::sounds {
namespace {

namespace fs = std::filesystem;

// One label as its line and the line of frequencies below it say, before anybody has asked whether it fits.
struct Label {
    std::int64_t line = 0;
    std::string text;
    TimeRegion region;
    bool continued = false;  // has had its line of frequencies
};

// The columns of a line; Audacity knows no delimiter but the tab.
std::vector<std::string_view> columnsOf(std::string_view line) {
    std::vector<std::string_view> columns;
    while (true) {
        const std::size_t end = std::min(line.find('\t'), line.size());
        columns.push_back(text::trimmed(line.substr(0, end)));
        if (end == line.size()) return columns;
        line.remove_prefix(end + 1);
    }
}

class AudacityReader : private SoundLabelReader {
 public:
    using SoundLabelReader::SoundLabelReader;

    Result<Dataset> run() {
        const Result<std::vector<std::string>> labels = begin(hasTextExtension);
        if (!labels) return labels.error();
        addListedClasses();
        for (const std::string& name : *labels) {
            if (m_job.cancelled()) return Job::stopped();
            takeFile(name);
        }
        return m_sounds.finishWith(m_classes.sorted(), m_root, true);
    }

 private:
    void takeFile(const std::string& name) {
        const fs::path path = m_root / pathFromUtf8(name);
        const Result<std::string> text = readText(path, m_complaints);
        if (!text) return m_complaints.drop(text.error().where, text.error().sentence);
        matching::MediaIndex::Found sound = soundOfLabels(m_sounds.index(), text::withoutExtension(name));
        if (!sound.refusal.empty()) return m_complaints.drop({path, 0}, sound.refusal);
        if (!sound.exists && !isLabelTrack(*text))
            return m_complaints.note({path, 0}, "This is no label track; it was passed over.");
        if (!sound.exists && !onlySoundBeside(name, path, sound))
            return m_complaints.drop({path, 0},
                                     "There is no sound to which this file could belong: a label track is called like "
                                     "its sound, rec.txt for rec.wav.");
        m_lost = 0;
        const std::vector<Label> labels = parse(path, *text);
        const std::size_t item = m_sounds.itemOf(sound.name, true, {path, 0});
        if (m_sounds.isMentioned(item))
            return m_complaints.drop({path, 0},
                                     "The sound " + text::inQuotes(sound.name) + " has a label track already.");
        m_sounds.mention(item);
        if (m_lost > 0) m_sounds.lose(item, m_lost);
        for (const Label& label : labels)
            takeLabel(item, label, {path, label.line});
    }

    // A line of two numbers, or of one and a text, with a tab between.
    static bool isLabelTrack(std::string_view text) {
        for (const text::TextLine& line : text::linesOf(text)) {
            if (text::trimmed(line.text).empty()) continue;
            const std::vector<std::string_view> columns = columnsOf(line.text);
            return columns.size() > 1 && text::parseNumber(columns.front());
        }
        return true;
    }

    // Audacity proposes "Label Track.txt": where one sound and one label file lie together, they belong together.
    bool onlySoundBeside(const std::string& name, const fs::path& path, matching::MediaIndex::Found& sound) {
        const std::string beside = text::joined(m_sounds.index().folderIn(path), text::baseName(name));
        const auto inFolder = [&](const std::string& other) { return text::folderOf(other) == text::folderOf(beside); };
        const std::vector<std::string>& sounds = m_sounds.index().names();
        if (std::count_if(sounds.begin(), sounds.end(), inFolder) != 1) return false;
        std::int64_t labelFiles = 0;
        std::error_code problem;
        for (const auto& entry : fs::directory_iterator(path.parent_path(), problem))
            labelFiles += hasTextExtension(utf8(entry.path().filename())) ? 1 : 0;
        if (labelFiles != 1) return false;
        sound = {*std::find_if(sounds.begin(), sounds.end(), inFolder), true};
        m_complaints.note({path, 0},
                          "The file was taken for " + text::inQuotes(sound.name) + ", the only sound beside it.");
        return true;
    }

    void takeLabel(std::size_t item, const Label& label, const Where& where) {
        if (label.text.empty()) {
            m_complaints.drop(where, "The label has no text, so it has no class.");
            return m_sounds.lose(item);
        }
        DatasetBox box;
        box.label = label.text;
        if (m_sounds.add(item, std::move(box), label.region, where)) m_classes.add(label.text);
    }

    std::vector<Label> parse(const fs::path& path, std::string_view text) {
        std::vector<Label> labels;
        bool owned = false;  // whether a continuation has a label to belong to
        for (const text::TextLine& line : text::linesOf(text)) {
            if (text::trimmed(line.text).empty()) continue;
            const Where where{path, line.number};
            const std::vector<std::string_view> columns = columnsOf(line.text);
            if (columns.front().starts_with('\\')) {
                if (owned) readFrequencies(columns, where, labels.back());
                continue;
            }
            std::optional<Label> label = labelOf(columns, where);
            owned = label.has_value();
            m_lost += owned ? 0 : 1;
            if (label) labels.push_back(std::move(*label));
        }
        return labels;
    }

    std::optional<Label> labelOf(const std::vector<std::string_view>& columns, const Where& where) {
        const std::optional<double> begin = localNumber(columns.front(), where, m_complaints);
        if (!begin) {
            m_complaints.drop(where, "The line begins with " + text::inQuotes(columns.front()) +
                                         " where the time of a label belongs.");
            return std::nullopt;
        }
        Label label{where.line, {}, {*begin, *begin, {}, {}}};
        const std::optional<double> end =
            columns.size() > 1 ? localNumber(columns[1], where, m_complaints) : std::nullopt;
        // A second column that is no number is the text of a label with one side.
        const std::size_t text = end ? 2 : 1;
        label.region.end = end.value_or(*begin);
        if (columns.size() > text) label.text = columns[text];
        if (columns.size() > text + 1)
            m_complaints.tally(where, "label has more columns than a label track has; they were passed over.",
                               "labels have more columns than a label track has; they were passed over.");
        return label;
    }

    // Only the first line that begins with a backslash is about frequencies; -1 stands for none.
    void readFrequencies(const std::vector<std::string_view>& columns, const Where& where, Label& label) {
        if (std::exchange(label.continued, true)) return;
        const auto frequency = [&](std::size_t i) -> std::optional<double> {
            if (i >= columns.size() || columns[i].empty()) return std::nullopt;
            const std::optional<double> hertz = localNumber(columns[i], where, m_complaints);
            if (!hertz) m_complaints.note(where, "The frequency " + text::inQuotes(columns[i]) + " is not a number.");
            return hertz && *hertz >= 0.0 ? hertz : std::nullopt;
        };
        label.region.low = frequency(1);
        label.region.high = frequency(2);
    }

    std::int64_t m_lost = 0;  // lines of the file at hand that were left out
};

}  // namespace

Result<Dataset> readAudacity(const ReadOptions& options, const Job& job) {
    return AudacityReader(options, job).run();
}

}  // namespace querent::formats::sounds
