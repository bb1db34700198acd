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
        const Result<std::string> text = text::readText(path);
        if (!text) return m_complaints.drop(text.error().where, text.error().sentence);
        const matching::MediaIndex::Found sound = soundOfLabels(m_sounds.index(), text::withoutExtension(name));
        if (!sound.refusal.empty()) return m_complaints.drop({path, 0}, sound.refusal);
        m_lost = false;
        const std::vector<Label> labels = parse(path, *text);
        if (!sound.exists && labels.empty())
            return m_complaints.drop({path, 0}, "There is no sound to which this file could belong.");
        const std::size_t item = m_sounds.itemOf(sound.name, sound.exists, {path, 0});
        if (m_sounds.isMentioned(item))
            return m_complaints.drop({path, 0},
                                     "The sound " + text::inQuotes(sound.name) + " has a label track already.");
        m_sounds.mention(item);
        if (m_lost) m_sounds.lose(item);
        for (const Label& label : labels)
            takeLabel(item, label, {path, label.line});
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
            m_lost |= !owned;
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

    bool m_lost = false;  // a line of the file at hand was left out
};

}  // namespace

Result<Dataset> readAudacity(const ReadOptions& options, const Job& job) {
    return AudacityReader(options, job).run();
}

}  // namespace querent::formats::sounds
