#include "engine/select/policy/number_file.h"

#include "engine/core/hash.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

namespace querent::select::policy {
namespace {

constexpr std::string_view kMagic = "querent-";
constexpr std::string_view kRow = "row";  // the line that says how long a row is: "row NAME COUNT"
constexpr std::size_t kWord = 8;          // bytes of a double and of the checksum

void appendWord(std::string& bytes, std::uint64_t word) {
    for (std::size_t i = 0; i < kWord; ++i)
        bytes.push_back(static_cast<char>(static_cast<unsigned char>(word >> (8 * i))));
}

std::uint64_t wordAt(std::string_view bytes, std::size_t at) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < kWord; ++i)
        word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return word;
}

template <typename Number>
std::optional<Number> numberOf(std::string_view text) {
    Number number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

std::pair<std::string_view, std::string_view> splitAtSpace(std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return {line, {}};
    return {line.substr(0, space), line.substr(space + 1)};
}

/** What stands above the numbers. */
struct Header {
    int version = 0;
    NumberFile file;                                        // rows are empty yet
    std::vector<std::pair<std::string, std::size_t>> rows;  // names and lengths, in the order of the numbers
    std::size_t size = 0;                                   // bytes, the empty line included
};

bool addLine(std::string_view text, Header& header) {
    const auto [key, value] = splitAtSpace(text);
    if (key != kRow) {
        header.file.lines.emplace_back(key, value);
        return true;
    }
    const auto [name, count] = splitAtSpace(value);
    const auto length = numberOf<std::size_t>(count);
    if (length) header.rows.emplace_back(name, *length);
    return length.has_value();
}

/** The version alone when it is another one: its other lines may mean anything. */
std::optional<Header> readHeader(std::string_view bytes, const std::string& magic, int version) {
    Header header;
    std::size_t at = bytes.find('\n');
    if (!bytes.starts_with(magic) || at == std::string_view::npos) return std::nullopt;
    const auto written = numberOf<int>(bytes.substr(magic.size(), at - magic.size()));
    if (!written) return std::nullopt;
    header.version = *written;
    if (header.version != version) return header;
    for (++at; at < bytes.size();) {
        const std::size_t end = bytes.find('\n', at);
        if (end == std::string_view::npos) return std::nullopt;
        if (end == at) {
            header.size = end + 1;
            return header;
        }
        if (!addLine(bytes.substr(at, end - at), header)) return std::nullopt;
        at = end + 1;
    }
    return std::nullopt;
}

/** Whether as many numbers follow as the header says, and the checksum. */
bool whole(std::string_view bytes, const Header& header) {
    std::size_t left = bytes.size() - std::min(bytes.size(), header.size);
    for (const auto& [name, count] : header.rows) {
        if (count > left / kWord) return false;
        left -= count * kWord;
    }
    return left == kWord && wordAt(bytes, bytes.size() - kWord) == fnv1a(bytes.substr(0, bytes.size() - kWord));
}

}  // namespace

std::string NumberFile::line(std::string_view key) const {
    const auto found = std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.first == key; });
    return found == lines.end() ? std::string() : found->second;
}

const std::vector<double>& NumberFile::row(const std::string& name) const {
    static const std::vector<double> kNone;
    const auto found = rows.find(name);
    return found == rows.end() ? kNone : found->second;
}

std::string packNumbers(const NumberFile& file, std::string_view kind, int version) {
    std::string bytes(kMagic);
    bytes.append(kind).append(" ").append(std::to_string(version)).append("\n");
    for (const auto& [key, value] : file.lines)
        bytes.append(key).append(" ").append(value).append("\n");
    for (const auto& [name, values] : file.rows)
        bytes.append(kRow).append(" ").append(name).append(" ").append(std::to_string(values.size())).append("\n");
    bytes.push_back('\n');
    for (const auto& [name, values] : file.rows) {
        for (const double value : values)
            appendWord(bytes, std::bit_cast<std::uint64_t>(value));
    }
    appendWord(bytes, fnv1a(bytes));
    return bytes;
}

Result<NumberFile> unpackNumbers(std::string_view bytes, std::string_view kind, int version,
                                 const std::filesystem::path& path) {
    const std::string what(kind);
    const auto refuse = [&path](ErrorCode code, const std::string& sentence) { return fail(code, sentence, path); };
    const std::string magic = std::string(kMagic) + what + " ";
    std::optional<Header> header = readHeader(bytes, magic, version);
    if (!bytes.starts_with(magic)) return refuse(ErrorCode::Malformed, "This is not a " + what + " file.");
    // Before the checksum, which another version may put elsewhere.
    if (header && header->version > version) {
        return refuse(ErrorCode::NewerVersion, "The " + what + " file was written by a later version of the program.");
    }
    if (header && header->version < version) {
        return refuse(ErrorCode::Unsupported, "The " + what + " file was written by a version that is no longer read.");
    }
    if (!header || !whole(bytes, *header)) return refuse(ErrorCode::Corrupt, "The " + what + " file is damaged.");
    std::size_t at = header->size;
    for (const auto& [name, count] : header->rows) {
        std::vector<double>& values = header->file.rows[name];
        for (std::size_t i = 0; i < count; ++i, at += kWord)
            values.push_back(std::bit_cast<double>(wordAt(bytes, at)));
        if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); })) {
            return refuse(ErrorCode::Corrupt, "The " + what + " file holds a number that is not finite.");
        }
    }
    return std::move(header->file);
}

}  // namespace querent::select::policy
