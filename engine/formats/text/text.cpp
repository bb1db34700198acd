#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <system_error>

namespace querent::formats::text {
namespace {

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string lowered(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::optional<double> parseNumber(std::string_view text) {
    text = trimmed(text);
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<std::int64_t> wholeNumber(double value) {
    constexpr double kLimit = 9223372036854775808.0;  // 2^63
    if (!(value >= -kLimit && value < kLimit) || std::trunc(value) != value) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> parseInteger(std::string_view text) {
    text = trimmed(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) return value;
    const std::optional<double> number = parseNumber(text);
    return number ? wholeNumber(*number) : std::nullopt;
}

std::string numberText(double value) {
    std::array<char, 64> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return error == std::errc() ? std::string(buffer.data(), end) : std::string("0");
}

std::string inQuotes(std::string_view text) {
    constexpr std::size_t kLongest = 60;
    std::string shown(text.substr(0, kLongest));
    // A cut in the middle of a UTF-8 sequence would leave half a letter behind.
    if (text.size() > kLongest) {
        while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xC0U) == 0x80U)
            shown.pop_back();
        if (!shown.empty() && static_cast<unsigned char>(shown.back()) >= 0xC0U) shown.pop_back();
        shown += "...";
    }
    for (char& c : shown) {
        if (static_cast<unsigned char>(c) < 0x20U) c = ' ';
    }
    return "'" + shown + "'";
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

Result<Decoded> readText(const std::filesystem::path& path, std::int64_t limit) {
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (std::filesystem::is_directory(status)) return fail(ErrorCode::Io, "This is a folder, not a file.", path);
    // A pipe or a device has no end.
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        return fail(ErrorCode::Io, "This is not a file.", path);
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::Io, "The file cannot be opened.", path);
    std::string bytes;
    std::array<char, 65536> block{};
    while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
        bytes.append(block.data(), static_cast<std::size_t>(file.gcount()));
        if (static_cast<std::int64_t>(bytes.size()) > limit)
            return fail(ErrorCode::Unsupported, "The file is larger than such a file can sensibly be.", path);
    }
    if (file.bad()) return fail(ErrorCode::Io, "The file cannot be read to its end.", path);
    return decoded(std::move(bytes), path);
}

std::vector<TextLine> linesOf(std::string_view text) {
    std::vector<TextLine> lines;
    std::int64_t number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back({++number, line});
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::int64_t lineAt(std::string_view text, std::int64_t offset) {
    const auto end =
        static_cast<std::size_t>(std::clamp<std::int64_t>(offset, 0, static_cast<std::int64_t>(text.size())));
    const std::string_view before = text.substr(0, end);
    return 1 + std::count(before.begin(), before.end(), '\n');
}

LineNumbers::LineNumbers(std::string_view text) {
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
        m_ends.push_back(static_cast<std::int64_t>(at));
}

std::int64_t LineNumbers::at(std::int64_t offset) const {
    return 1 + (std::lower_bound(m_ends.begin(), m_ends.end(), offset) - m_ends.begin());
}

SafeName safeName(std::string_view raw) {
    std::string path(raw);
    std::replace(path.begin(), path.end(), '\\', '/');
    SafeName result;
    std::string_view rest = path;
    // "C:\x" and "C:", but not "a:b.jpg", which is a name where such names are allowed.
    if (rest.size() >= 2 && isLetter(rest[0]) && rest[1] == ':' && (rest.size() == 2 || rest[2] == '/')) {
        result.absolute = true;
        rest.remove_prefix(2);
    }
    if (rest.starts_with('/')) result.absolute = true;
    std::vector<std::string_view> parts;
    while (!rest.empty()) {
        const std::size_t slash = rest.find('/');
        const std::string_view part = rest.substr(0, slash);
        rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
        if (part.empty() || part == ".") continue;
        if (part != "..") {
            parts.push_back(part);
        } else if (parts.empty()) {
            result.escapes = true;
        } else {
            parts.pop_back();
        }
    }
    for (const std::string_view part : parts)
        result.name = joined(result.name, part);
    return result;
}

bool leadsOut(std::string_view name) {
    const SafeName safe = safeName(name);
    std::string_view rest = name;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find_first_of("/\\"), rest.size());
        if (rest.substr(0, end) == "..") return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return safe.absolute || safe.name.empty();
}

std::string percentDecoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
        if (low < 0) {
            result.push_back(text[i]);
            continue;
        }
        result.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return result;
}

std::vector<std::string> spellingsOf(std::string_view raw) {
    std::vector<std::string> spellings = {std::string(raw)};
    const auto add = [&](std::string spelling) {
        const bool known = std::find(spellings.begin(), spellings.end(), spelling) != spellings.end();
        if (!known && !spelling.empty() && isUtf8(spelling)) spellings.push_back(std::move(spelling));
    };
    const std::string bare(raw.substr(0, raw.find('?')));
    add(bare);
    add(percentDecoded(bare));
    add(percentDecoded(raw));
    return spellings;
}

std::string_view baseName(std::string_view name) {
    const std::size_t slash = name.rfind('/');
    return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

std::string_view folderOf(std::string_view name) {
    const std::size_t slash = name.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
}

std::string_view withoutExtension(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    const std::size_t slash = name.rfind('/');
    const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
    return dot == std::string_view::npos || dot <= begin ? name : name.substr(0, dot);
}

std::string joined(std::string_view folder, std::string_view name) {
    if (folder.empty()) return std::string(name);
    return std::string(folder) + "/" + std::string(name);
}

}  // namespace querent::formats::text
