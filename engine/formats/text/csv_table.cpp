#include "engine/formats/text/csv_table.h"

#include "engine/formats/text/text.h"

namespace querent::formats::text {
namespace {

// True for ''=x as well as for =x: any number of quotes before a character that starts a formula.
bool startsFormula(std::string_view cell) {
    const std::size_t at = cell.find_first_not_of('\'');
    return at != std::string_view::npos && std::string_view("=+-@\t\r").find(cell[at]) != std::string_view::npos;
}

}  // namespace

std::string guarded(std::string_view cell) {
    std::string result;
    if (startsFormula(cell)) result.push_back('\'');
    return result.append(cell);
}

std::string unguarded(std::string_view cell) {
    return std::string(cell.starts_with('\'') && startsFormula(cell) ? cell.substr(1) : cell);
}

std::string csvField(std::string_view cell) {
    const bool padded = !cell.empty() && trimmed(cell).size() != cell.size();
    if (!padded && cell.find_first_of(",;\"\r\n\t") == std::string_view::npos) return std::string(cell);
    std::string field(1, '"');
    for (const char c : cell) {
        if (c == '"') field += '"';
        field += c;
    }
    field += '"';
    return field;
}

char separatorOf(std::string_view text) {
    const std::string_view head = text.substr(0, text.find('\n'));
    for (const char separator : {',', ';', '\t'}) {
        if (head.find(separator) != std::string_view::npos) return separator;
    }
    return ',';
}

// Reads up to, not over, the separator or line end behind the field.
std::string CsvCursor::field(bool& open) {
    std::string value;
    bool quoted = false;
    if (!atEnd() && m_text[m_at] == '"') {
        quoted = true;
        ++m_at;
    }
    while (!atEnd()) {
        const char c = m_text[m_at];
        if (quoted && c == '"') {
            if (m_at + 1 < m_text.size() && m_text[m_at + 1] == '"') {
                value += '"';
                m_at += 2;
                continue;
            }
            quoted = false;
            ++m_at;
            continue;
        }
        const bool lineEnd = c == '\n' || (c == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n');
        if (!quoted && (c == m_separator || lineEnd)) return value;
        if (c == '\n') ++m_line;
        value += c;
        ++m_at;
    }
    open = quoted;
    return value;
}

std::optional<CsvRow> CsvCursor::next() {
    while (!atEnd()) {
        CsvRow row;
        row.line = m_line;
        while (true) {
            row.fields.push_back(field(row.openQuote));
            if (atEnd() || m_text[m_at] != m_separator) break;
            ++m_at;
        }
        if (!atEnd() && m_text[m_at] == '\r') ++m_at;
        if (!atEnd() && m_text[m_at] == '\n') {
            ++m_at;
            ++m_line;
        }
        if (row.fields.size() > 1 || !trimmed(row.fields.front()).empty()) return row;
    }
    return std::nullopt;
}

CsvHeader::CsvHeader(const CsvRow& row) {
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
        std::string name = lowered(trimmed(row.fields[i]));
        if (!name.empty() && !m_columns.emplace(name, i).second) m_twice.push_back(std::move(name));
    }
}

std::string CsvHeader::anyOf(std::initializer_list<const char*> names) const {
    for (const char* name : names) {
        if (has(name)) return name;
    }
    return {};
}

std::string_view CsvHeader::whole(const CsvRow& row, const std::string& name) const {
    const auto column = m_columns.find(name);
    if (column == m_columns.end() || column->second >= row.fields.size()) return {};
    return row.fields[column->second];
}

std::string_view CsvHeader::cell(const CsvRow& row, const std::string& name) const {
    return trimmed(whole(row, name));
}

}  // namespace querent::formats::text
