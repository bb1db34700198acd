#pragma once

#include "engine/core/result.h"
#include "engine/formats/text/encoding.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace querent::formats::text {

/** Without blanks, tabs and line ends at both ends. */
std::string_view trimmed(std::string_view text);
std::string lowered(std::string_view text);  // ASCII letters only

/** The whole text as a finite number with '.', in any locale; nullopt for anything else, NaN and infinity included. */
std::optional<double> parseNumber(std::string_view text);
/** The same, and a whole number within int64; "3.0" counts. */
std::optional<std::int64_t> parseInteger(std::string_view text);
/** value as a whole number, when it is one and fits. */
std::optional<std::int64_t> wholeNumber(double value);
/** The shortest decimal text that reads back as exactly this (at most 17 significant digits). */
std::string numberText(double value);

/** 'text' in quotes for a sentence: one line, at most 60 bytes. */
std::string inQuotes(std::string_view text);
/** "1 box", "3 boxes". */
std::string counted(std::int64_t count, std::string_view one, std::string_view many);

/** The whole file as UTF-8 (see decoded()); refuses more than `limit` bytes, and what is no file (a pipe). */
Result<Decoded> readText(const std::filesystem::path& path, std::int64_t limit = 64 << 20);

struct TextLine {
    std::int64_t number = 0;  // 1-based
    std::string_view text;    // without its end
};
std::vector<TextLine> linesOf(std::string_view text);
/** The line in which the byte at `offset` lies, 1-based. Counts from the beginning: for many questions LineNumbers. */
std::int64_t lineAt(std::string_view text, std::int64_t offset);

/** Lines of many places of one text: the text is read once. */
class LineNumbers {
 public:
    LineNumbers() = default;
    explicit LineNumbers(std::string_view text);
    std::int64_t at(std::int64_t offset) const;  // 1-based

 private:
    std::vector<std::int64_t> m_ends;  // of lines, ascending
};

/** A path as a data file gives it, made safe: forward slashes, no "." and "..". */
struct SafeName {
    std::string name;       // for an absolute path: all of it, without its root
    bool absolute = false;  // "/x", "C:\x", "\\server\x"
    bool escapes = false;   // climbs out of its folder: not to be used
};
SafeName safeName(std::string_view raw);
/**
 * True for a name that could leave its folder here or on another system: absolute, with a part "..", or empty. Others
 * are to be used as they are: a backslash or a colon may be a part of them.
 */
bool leadsOut(std::string_view name);
/** The ways in which a path may be meant, the plainest first: as it is, without a query, percent-decoded. */
std::vector<std::string> spellingsOf(std::string_view raw);
/** "a b" of "a%20b"; what is no hexadecimal number behind a % stays. */
std::string percentDecoded(std::string_view text);

std::string_view baseName(std::string_view name);  // behind the last slash
std::string_view folderOf(std::string_view name);  // before the last slash, or empty
std::string_view withoutExtension(std::string_view name);
std::string joined(std::string_view folder, std::string_view name);

}  // namespace querent::formats::text
