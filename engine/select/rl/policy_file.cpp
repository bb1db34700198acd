#include "engine/select/rl/policy_file.h"

#include "engine/learn/files.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

namespace querent::select {
namespace {

constexpr std::string_view kMagic = "querent-policy ";
constexpr std::size_t kWord = 8;  // bytes of a double and of the checksum

std::uint64_t checksum(std::string_view bytes) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash;
}

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

void appendLine(std::string& bytes, std::string_view key, std::string_view value) {
    bytes.append(key);
    bytes.push_back(' ');
    bytes.append(value);
    bytes.push_back('\n');
}

/** The lines above the numbers. */
struct Header {
    int version = 0;
    PolicyLayout layout;
    PolicyHistory history;
    std::int64_t steps = 0;
    std::size_t size = 0;  // bytes, the empty line included
};

template <typename Number>
bool readNumber(std::string_view text, Number& number) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size() && number >= 0;
}

bool readLine(std::string_view line, Header& header) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return false;
    const std::string_view key = line.substr(0, space);
    const std::string_view value = line.substr(space + 1);
    if (key == "start") {
        header.history.startVersion = value;
    } else if (key == "rounds") {
        return readNumber(value, header.history.rounds);
    } else if (key == "rehearsed") {
        return readNumber(value, header.history.rehearsedEpisodes);
    } else if (key == "steps") {
        return readNumber(value, header.steps);
    } else if (key == "feature") {
        header.layout.features.emplace_back(value);
    } else if (key == "state") {
        header.layout.states.emplace_back(value);
    } else {
        return false;
    }
    return true;
}

/** Version alone when it is another one: its other lines may mean anything. */
std::optional<Header> readHeader(std::string_view bytes) {
    Header header;
    std::size_t at = bytes.find('\n');
    if (!bytes.starts_with(kMagic) || at == std::string_view::npos) return std::nullopt;
    if (!readNumber(bytes.substr(kMagic.size(), at - kMagic.size()), header.version)) return std::nullopt;
    if (header.version != kPolicyVersion) return header;
    for (++at; at < bytes.size();) {
        const std::size_t end = bytes.find('\n', at);
        if (end == std::string_view::npos) return std::nullopt;
        if (end == at) {
            header.size = end + 1;
            return header;
        }
        if (!readLine(bytes.substr(at, end - at), header)) return std::nullopt;
        at = end + 1;
    }
    return std::nullopt;
}

std::vector<double> readDoubles(std::string_view bytes, std::size_t& at, std::size_t count) {
    std::vector<double> values(count);
    for (double& value : values) {
        value = std::bit_cast<double>(wordAt(bytes, at));
        at += kWord;
    }
    return values;
}

bool allFinite(std::span<const double> values) {
    return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

Result<Header> checkedHeader(std::string_view bytes, const PolicyLayout& expected, const std::filesystem::path& path) {
    const auto refuse = [&path](ErrorCode code, const char* sentence) { return fail(code, sentence, path); };
    const std::optional<Header> header = readHeader(bytes);
    if (!bytes.starts_with(kMagic)) return refuse(ErrorCode::Malformed, "This is not a policy file.");
    // Before the checksum, which another version may put elsewhere.
    if (header && header->version > kPolicyVersion) {
        return refuse(ErrorCode::NewerVersion, "The policy file was written by a later version of the program.");
    }
    if (header && header->version < kPolicyVersion) {
        return refuse(ErrorCode::Unsupported, "The policy file was written by a version that is no longer read.");
    }
    const std::size_t end = bytes.size() < kWord ? 0 : bytes.size() - kWord;
    if (!header || header->size > end || wordAt(bytes, end) != checksum(bytes.substr(0, end))) {
        return refuse(ErrorCode::Corrupt, "The policy file is damaged.");
    }
    if (header->layout != expected) {
        return refuse(ErrorCode::InvalidArgument, "The policy looks at other features than this program offers.");
    }
    return *header;
}

}  // namespace

Policy::Policy(PolicyLayout names, std::uint64_t seed)
    : layout(std::move(names)),
      net(layout.features.size(), layout.states.size(), seed),
      adam(net.parameters().size()) {}

std::string packPolicy(const Policy& policy) {
    std::string bytes(kMagic);
    bytes += std::to_string(kPolicyVersion) + '\n';
    appendLine(bytes, "start", policy.history.startVersion);
    appendLine(bytes, "rounds", std::to_string(policy.history.rounds));
    appendLine(bytes, "rehearsed", std::to_string(policy.history.rehearsedEpisodes));
    appendLine(bytes, "steps", std::to_string(policy.adam.steps()));
    for (const std::string& name : policy.layout.features)
        appendLine(bytes, "feature", name);
    for (const std::string& name : policy.layout.states)
        appendLine(bytes, "state", name);
    bytes.push_back('\n');
    for (const std::span<const double> values : {policy.net.parameters(), std::span<const double>(policy.adam.mean()),
                                                 std::span<const double>(policy.adam.square())}) {
        for (const double value : values)
            appendWord(bytes, std::bit_cast<std::uint64_t>(value));
    }
    appendWord(bytes, checksum(bytes));
    return bytes;
}

Result<Policy> unpackPolicy(std::string_view bytes, const PolicyLayout& expected, const std::filesystem::path& path) {
    Result<Header> header = checkedHeader(bytes, expected, path);
    if (!header) return header.error();
    Policy policy(header->layout, 0);
    const std::size_t count = policy.net.parameters().size();
    if (bytes.size() != header->size + 3 * count * kWord + kWord) {
        return fail(ErrorCode::Corrupt, "The policy file does not have the length that it should.", path);
    }
    std::size_t at = header->size;
    const std::vector<double> parameters = readDoubles(bytes, at, count);
    std::vector<double> mean = readDoubles(bytes, at, count);
    std::vector<double> square = readDoubles(bytes, at, count);
    const bool squares = std::all_of(square.begin(), square.end(), [](double value) { return value >= 0.0; });
    if (!allFinite(parameters) || !allFinite(mean) || !allFinite(square) || !squares) {
        return fail(ErrorCode::Corrupt, "The policy file holds a number that no policy has.", path);
    }
    std::copy(parameters.begin(), parameters.end(), policy.net.parameters().begin());
    policy.adam = Adam(std::move(mean), std::move(square), header->steps);
    policy.history = header->history;
    return policy;
}

Result<void> savePolicy(const Policy& policy, const std::filesystem::path& path) {
    return learn::replaceWhole(path, packPolicy(policy));
}

Result<Policy> loadPolicy(const std::filesystem::path& path, const PolicyLayout& expected) {
    const Result<std::string> bytes = learn::readWhole(path);
    if (!bytes) return bytes.error();
    return unpackPolicy(*bytes, expected, path);
}

}  // namespace querent::select
