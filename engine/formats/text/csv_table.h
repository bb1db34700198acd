#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace querent::formats::text {

/** The fields of one record of a CSV text, and the line it begins in (quoted fields may hold line ends). */
struct CsvRow {
    std::int64_t line = 0;
    std::vector<std::string> fields;
    bool openQuote = false;  // the text ended inside quotes
};

/** Records of a CSV text after RFC 4180, with LF or CRLF, and quotes in the middle of a bare field taken as they are.
 */
class CsvCursor {
 public:
    CsvCursor(std::string_view text, char separator) : m_text(text), m_separator(separator) {}
    /** The next record that is not blank; nullopt at the end. */
    std::optional<CsvRow> next();

 private:
    std::string field(bool& open);
    bool atEnd() const { return m_at >= m_text.size(); }

    std::string_view m_text;
    char m_separator;
    std::size_t m_at = 0;
    std::int64_t m_line = 1;
};

/** ',' or, where the first line has none, ';' or tab. */
char separatorOf(std::string_view text);

/**
 * Spreadsheets run cells that begin with = + - @ as formulas. Such text goes out with a leading ' and comes in without
 * it; text that has one of its own gets a second, so that every text comes back as it was.
 */
std::string guarded(std::string_view cell);
std::string unguarded(std::string_view cell);
/** The cell in quotes where it needs them. */
std::string csvField(std::string_view cell);

/** The columns of a header by their names, lower case. */
class CsvHeader {
 public:
    explicit CsvHeader(const CsvRow& row);
    bool has(const std::string& name) const { return m_columns.contains(name); }
    /** The first of the names that exists. */
    std::string anyOf(std::initializer_list<const char*> names) const;
    const std::vector<std::string>& twice() const { return m_twice; }
    /** The trimmed cell; empty when the row ends before it or there is no such column. */
    std::string_view cell(const CsvRow& row, const std::string& name) const;
    /** The same with the blanks at its ends. */
    std::string_view whole(const CsvRow& row, const std::string& name) const;

 private:
    std::unordered_map<std::string, std::size_t> m_columns;
    std::vector<std::string> m_twice;
};

}  // namespace querent::formats::text
