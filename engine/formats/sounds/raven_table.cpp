#include "engine/formats/sounds/raven_table.h"

#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace querent::formats::sounds {
namespace {

std::vector<std::string_view> cellsOf(std::string_view line) {
    std::vector<std::string_view> cells;
    while (true) {
        const std::size_t end = std::min(line.find('\t'), line.size());
        cells.push_back(text::trimmed(line.substr(0, end)));
        if (end == line.size()) return cells;
        line.remove_prefix(end + 1);
    }
}

// Raven's own columns that this reader uses, or knows to be no class; measurements end in a unit.
bool isRavens(const std::string& name) {
    static constexpr std::array<std::string_view, 22> kOwn = {"selection",
                                                              "view",
                                                              "channel",
                                                              "begin path",
                                                              "begin file",
                                                              "end path",
                                                              "end file",
                                                              "confidence",
                                                              "score",
                                                              "begin date",
                                                              "end date",
                                                              "begin date time",
                                                              "begin clock time",
                                                              "end clock time",
                                                              "notes",
                                                              "begin hour",
                                                              "channels",
                                                              "high channel",
                                                              "species code",
                                                              "length (frames)",
                                                              "inband power",
                                                              "occupancy"};
    return name.ends_with(')') || std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end();
}

class TableParser {
 public:
    TableParser(const std::filesystem::path& path, std::string_view text, const std::vector<std::string>& labels,
                Complaints& complaints)
        : m_path(path), m_lines(text::linesOf(text)), m_labels(labels), m_complaints(complaints) {}

    std::optional<RavenTable> run() {
        std::size_t first = 0;
        while (first < m_lines.size() && text::trimmed(m_lines[first].text).empty())
            ++first;
        if (first == m_lines.size() || !isRavenHeader(m_lines[first].text)) {
            m_complaints.drop({m_path, 1}, "The file has no header of a selection table.");
            return std::nullopt;
        }
        m_lines.erase(m_lines.begin(), m_lines.begin() + static_cast<std::ptrdiff_t>(first));
        std::erase_if(m_lines, [](const text::TextLine& line) { return text::trimmed(line.text).empty(); });
        readHeader();
        std::vector<bool> kept = onePerSelection();
        for (std::size_t i = 1; i < m_lines.size(); ++i) {
            if (kept[i]) takeRow(m_lines[i]);
        }
        return std::move(m_table);
    }

 private:
    void readHeader() {
        const std::vector<std::string_view> names = cellsOf(m_lines.front().text);
        for (std::size_t i = 0; i < names.size(); ++i)
            m_columns.emplace(text::lowered(names[i]), i);
        m_label = labelColumn(names);
        std::vector<std::string> unknown;
        for (const std::string_view name : names) {
            const std::string word = text::lowered(name);
            static constexpr std::array<std::string_view, 6> kRead = {"begin time (s)",  "end time (s)",
                                                                      "low freq (hz)",   "high freq (hz)",
                                                                      "file offset (s)", "delta time (s)"};
            const bool read = std::find(kRead.begin(), kRead.end(), word) != kRead.end() || word == m_label ||
                              (isRavens(word) && !word.ends_with(')')) || word.ends_with("freq (khz)");
            if (!read && !word.empty()) unknown.emplace_back(name);
        }
        if (!unknown.empty())
            m_complaints.note({m_path, m_lines.front().number},
                              text::counted(static_cast<std::int64_t>(unknown.size()), "column is", "columns are") +
                                  " not kept: " + listed(unknown) + ".");
        if (m_columns.contains("low freq (khz)") || m_columns.contains("high freq (khz)"))
            m_complaints.note({m_path, m_lines.front().number},
                              "The frequencies are in kHz; they were read as 1,000 Hz each.");
        if (m_label.empty() && m_lines.size() > 1)
            m_complaints.drop({m_path, m_lines.front().number}, "The table has no column that could hold classes.");
    }

    static std::string listed(const std::vector<std::string>& names) {
        std::string text;
        for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 5); ++i)
            text.append(i == 0 ? "" : ", ").append(text::inQuotes(names[i]));
        return names.size() > 5 ? text.append(" and more") : text;
    }

    std::string labelColumn(const std::vector<std::string_view>& names) const {
        for (const std::string& label : m_labels) {
            if (m_columns.contains(label)) return label;
        }
        for (const std::string_view name : names) {
            const std::string word = text::lowered(name);
            if (word.empty() || isRavens(word)) continue;
            for (std::size_t i = 1; i < m_lines.size(); ++i) {
                const std::string_view text = cell(m_lines[i], word);
                if (!text.empty() && !text::parseNumber(text)) return word;
            }
        }
        return {};
    }

    std::string_view cell(const text::TextLine& line, const std::string& name) const {
        const auto column = m_columns.find(name);
        if (column == m_columns.end()) return {};
        const std::vector<std::string_view> cells = cellsOf(line.text);
        return column->second < cells.size() ? cells[column->second] : std::string_view();
    }

    // Raven lists a selection once for each view. The row of the spectrogram is the one with the frequencies; rows of
    // one view that look the same are different selections.
    std::vector<bool> onePerSelection() const {
        std::vector<bool> kept(m_lines.size(), true);
        std::map<std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>, std::string> views;
        const auto keyOf = [&](const text::TextLine& line) {
            return std::tuple(cell(line, "selection"), cell(line, "begin time (s)"), cell(line, "end time (s)"),
                              fileOf(line));
        };
        for (std::size_t i = 1; i < m_lines.size(); ++i) {
            const std::string view = text::lowered(cell(m_lines[i], "view"));
            const auto [entry, isNew] = views.emplace(keyOf(m_lines[i]), view);
            if (!isNew && !entry->second.starts_with("spectrogram") && view.starts_with("spectrogram"))
                entry->second = view;
        }
        for (std::size_t i = 1; i < m_lines.size(); ++i) {
            if (!cell(m_lines[i], "selection").empty())
                kept[i] = views.at(keyOf(m_lines[i])) == text::lowered(cell(m_lines[i], "view"));
        }
        return kept;
    }

    std::string_view fileOf(const text::TextLine& line) const {
        const std::string_view path = cell(line, "begin path");
        return path.empty() ? cell(line, "begin file") : path;
    }

    std::optional<double> number(const text::TextLine& line, const std::string& column) {
        const std::string_view text = cell(line, column);
        return text.empty() ? std::nullopt : localNumber(text, {m_path, line.number}, m_complaints);
    }

    std::optional<double> frequency(const text::TextLine& line, const std::string& name) {
        if (m_columns.contains(name + " (hz)")) return number(line, name + " (hz)");
        const std::optional<double> kilo = number(line, name + " (khz)");
        return kilo ? std::optional(*kilo * 1000.0) : std::nullopt;
    }

    void takeRow(const text::TextLine& line) {
        const Where where{m_path, line.number};
        const auto lose = [&](const char* sentence) {
            ++m_table.lost[std::string(fileOf(line))];
            m_complaints.drop(where, sentence);
        };
        const std::optional<double> begin = number(line, "begin time (s)");
        const std::optional<double> end = number(line, "end time (s)");
        if (!begin || !end) return lose("The begin or the end of the selection is not a number.");
        RavenRow row{line.number,
                     std::string(fileOf(line)),
                     *begin,
                     *end,
                     number(line, "file offset (s)"),
                     frequency(line, "low freq"),
                     frequency(line, "high freq"),
                     {},
                     {}};
        if (m_label.empty()) return void(++m_table.lost[std::string(fileOf(line))]);
        row.label = cell(line, m_label);
        if (row.label.empty()) return lose("The selection has no class.");
        row.score = number(line, m_columns.contains("confidence") ? "confidence" : "score");
        if (row.score && (*row.score < 0.0 || *row.score > 1.0)) {
            m_complaints.note(where, "The confidence is not between 0 and 1; the row was read without.");
            row.score.reset();
        }
        m_table.rows.push_back(std::move(row));
    }

    const std::filesystem::path& m_path;
    std::vector<text::TextLine> m_lines;
    const std::vector<std::string>& m_labels;
    Complaints& m_complaints;
    std::map<std::string, std::size_t> m_columns;
    std::string m_label;
    RavenTable m_table;
};

}  // namespace

bool isRavenHeader(std::string_view line) {
    const std::vector<std::string_view> cells = cellsOf(line);
    const auto has = [&](const char* name) {
        return std::any_of(cells.begin(), cells.end(),
                           [&](std::string_view cell) { return text::lowered(cell) == name; });
    };
    return has("begin time (s)") && has("end time (s)");
}

std::optional<RavenTable> parseRavenTable(const std::filesystem::path& path, std::string_view text,
                                          const std::vector<std::string>& labels, Complaints& complaints) {
    return TableParser(path, text, labels, complaints).run();
}

}  // namespace querent::formats::sounds
