#include "engine/learn/files/tensor_file.h"

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/learn/files/json.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace querent::learn::files {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLongestHeader = std::uint64_t{4} << 20;
constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30;
constexpr std::size_t kMostSides = 8;
constexpr std::size_t kPrefix = 8;  // bytes of the header's length; numbers begin at a multiple of it, too
constexpr const char* kTexts = "__metadata__";
constexpr const char* kChecksum = "querent.checksum";

const std::vector<std::pair<std::string, torch::ScalarType>> kTypes{
    {"F32", torch::kFloat}, {"F64", torch::kDouble}, {"F16", torch::kHalf},  {"BF16", torch::kBFloat16},
    {"I64", torch::kLong},  {"I32", torch::kInt},    {"I16", torch::kShort}, {"I8", torch::kChar},
    {"U8", torch::kByte},   {"BOOL", torch::kByte},  // whatever the bytes are, they are numbers
};

std::optional<torch::ScalarType> typeNamed(const std::string& name) {
    const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.first == name; });
    return found == kTypes.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> nameOf(torch::ScalarType type) {
    const auto found =
        std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& known) { return known.second == type; });
    return found == kTypes.end() ? std::nullopt : std::optional(found->first);
}

std::string_view bytesOf(const torch::Tensor& t) {
    return {static_cast<const char*>(t.data_ptr()), t.nbytes()};
}

std::string hexOf(std::uint64_t number) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
    return text;
}

/** One entry of a header. */
struct Entry {
    std::string name;
    torch::ScalarType type = torch::kFloat;
    std::vector<std::int64_t> sizes;
    std::uint64_t begin = 0, end = 0;  // bytes from where the numbers begin
};

/** Empty where something is missing, or bytes and shape differ. */
std::optional<Entry> entryOf(const std::string& name, const nlohmann::json& said) {
    const nlohmann::json* type = memberOf(said, "dtype");
    const nlohmann::json* shape = memberOf(said, "shape");
    const nlohmann::json* offsets = memberOf(said, "data_offsets");
    if (!type || !type->is_string() || !shape || !shape->is_array() || !offsets || !offsets->is_array() ||
        offsets->size() != 2 || shape->size() > kMostSides)
        return std::nullopt;
    const std::optional<torch::ScalarType> scalar = typeNamed(type->get<std::string>());
    if (!scalar) return std::nullopt;
    Entry entry{name, *scalar, {}, 0, 0};
    std::uint64_t bytes = c10::elementSize(*scalar);
    std::uint64_t extent = bytes;  // as if no side were 0: LibTorch multiplies them so
    for (const nlohmann::json& side : *shape) {
        const std::optional<std::int64_t> n = wholeNumber(side);
        if (!n || __builtin_mul_overflow(extent, static_cast<std::uint64_t>(std::max<std::int64_t>(1, *n)), &extent) ||
            extent > static_cast<std::uint64_t>(INT64_MAX))
            return std::nullopt;
        bytes *= static_cast<std::uint64_t>(*n);
        entry.sizes.push_back(*n);
    }
    const std::optional<std::int64_t> begin = wholeNumber((*offsets)[0]);
    const std::optional<std::int64_t> end = wholeNumber((*offsets)[1]);
    if (!begin || !end || *end < *begin || static_cast<std::uint64_t>(*end - *begin) != bytes) return std::nullopt;
    entry.begin = static_cast<std::uint64_t>(*begin);
    entry.end = static_cast<std::uint64_t>(*end);
    return entry;
}

/** Whether the entries, sorted by where they begin, lie one after the other and fill `bytes`. */
bool fill(const std::vector<Entry>& entries, std::uint64_t bytes) {
    std::uint64_t at = 0;
    for (const Entry& entry : entries) {
        if (entry.begin != at) return false;
        at = entry.end;
    }
    return at == bytes;
}

class Reading {
 public:
    explicit Reading(const fs::path& path) : m_path(path), m_in(path, std::ios::binary) {}

    Result<TensorFile> run() {
        std::error_code problem;
        m_left = fs::file_size(m_path, problem);
        if (problem || !m_in) return fail(ErrorCode::Io, "The file cannot be read.", m_path);
        if (m_left > kMostBytes) return fail(ErrorCode::Unsupported, "The file is larger than 4 GiB.", m_path);
        const Result<nlohmann::json> header = readHeader();
        if (!header) return header.error();
        if (const Result<void> good = takeEntries(*header); !good) return good.error();
        return readNumbers(*header);
    }

 private:
    Error malformed(const std::string& sentence) const { return fail(ErrorCode::Malformed, sentence, m_path); }

    bool read(char* to, std::uint64_t bytes) {
        m_left -= bytes;
        return static_cast<bool>(m_in.read(to, static_cast<std::streamsize>(bytes)));
    }

    Result<nlohmann::json> readHeader() {
        std::array<char, kPrefix> prefix{};
        if (m_left < kPrefix || !read(prefix.data(), kPrefix)) return malformed("The safetensors file has no header.");
        std::uint64_t length = 0;
        for (std::size_t i = kPrefix; i-- > 0;)
            length = length << 8 | static_cast<unsigned char>(prefix[i]);
        if (length > m_left) return malformed("The safetensors file is cut short within its header.");
        if (length > kLongestHeader)
            return fail(ErrorCode::Unsupported, "The header of the safetensors file is longer than 4 MiB.", m_path);
        std::string text(length, '\0');
        if (!read(text.data(), length)) return fail(ErrorCode::Io, "The file cannot be read.", m_path);
        std::optional<nlohmann::json> header = parseJson(text);
        if (!header || !header->is_object()) return malformed("The header of the safetensors file is not valid JSON.");
        return std::move(*header);
    }

    bool takeTexts(const nlohmann::json& said) {
        if (!said.is_object()) return false;
        for (const auto& [key, text] : said.items()) {
            if (!text.is_string()) return false;
            m_content.texts[key] = text;
        }
        return true;
    }

    Result<void> takeEntries(const nlohmann::json& header) {
        for (const auto& [name, said] : header.items()) {
            if (name == kTexts) {
                if (!takeTexts(said)) return malformed("The header of the safetensors file holds what is no text.");
                continue;
            }
            std::optional<Entry> entry = entryOf(name, said);
            if (!entry || entry->end > m_left)
                return malformed("The tensor \"" + name + "\" of the safetensors file does not fit its data.");
            m_entries.push_back(std::move(*entry));
        }
        std::sort(m_entries.begin(), m_entries.end(),
                  [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
        if (!fill(m_entries, m_left)) return malformed("The tensors of the safetensors file overlap, or leave gaps.");
        return {};
    }

    Result<TensorFile> readNumbers(nlohmann::json header) {
        const auto kept = m_content.texts.find(kChecksum);
        const bool checked = kept != m_content.texts.end();
        if (checked) header[kTexts].erase(kChecksum);
        std::uint64_t sum = checked ? fnv1a(jsonText(header)) : 0;
        try {
            for (const Entry& entry : m_entries) {
                torch::Tensor t = torch::empty(entry.sizes, entry.type);
                if (!read(static_cast<char*>(t.data_ptr()), entry.end - entry.begin))
                    return fail(ErrorCode::Io, "The file cannot be read.", m_path);
                if (checked) sum = fnv1a(bytesOf(t), sum);
                m_content.tensors[entry.name] = t;
            }
        } catch (const std::exception&) {
            return malformed("A tensor of the safetensors file cannot be built.");
        }
        if (checked && kept->second != hexOf(sum)) return fail(ErrorCode::Corrupt, "The file is damaged.", m_path);
        if (checked) m_content.texts.erase(kept);
        return std::move(m_content);
    }

    fs::path m_path;
    std::ifstream m_in;
    std::uint64_t m_left = 0;  // bytes
    TensorFile m_content;
    std::vector<Entry> m_entries;
};

}  // namespace

Result<void> writeTensors(const fs::path& path, const TensorFile& content) {
    try {
        nlohmann::json header = {{kTexts, content.texts}};
        std::vector<torch::Tensor> tensors;
        std::uint64_t bytes = 0;
        for (const auto& [name, given] : content.tensors) {
            tensors.push_back(given.detach().to(torch::kCPU).contiguous());
            const torch::Tensor& tensor = tensors.back();
            const std::optional<std::string> type = nameOf(tensor.scalar_type());
            if (!type)
                return fail(ErrorCode::Internal, "The tensor \"" + name + "\" is of a type without a name.", path);
            header[name] = {
                {"dtype", *type}, {"shape", tensor.sizes().vec()}, {"data_offsets", {bytes, bytes + tensor.nbytes()}}};
            bytes += tensor.nbytes();
        }
        std::uint64_t sum = fnv1a(jsonText(header));
        for (const torch::Tensor& tensor : tensors)
            sum = fnv1a(bytesOf(tensor), sum);
        header[kTexts][kChecksum] = hexOf(sum);
        std::string text = jsonText(header);
        text.append((kPrefix - text.size() % kPrefix) % kPrefix, ' ');
        std::string all;
        all.reserve(kPrefix + text.size() + bytes);
        for (std::size_t i = 0; i < kPrefix; ++i)
            all += static_cast<char>(static_cast<std::uint64_t>(text.size()) >> (8 * i) & 0xFFU);
        all += text;
        for (const torch::Tensor& tensor : tensors)
            all += bytesOf(tensor);
        return replaceWhole(path, all);
    } catch (const std::exception&) {
        return fail(ErrorCode::Internal, "The numbers cannot be packed.", path);
    }
}

Result<TensorFile> readTensors(const fs::path& path) {
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) return fail(ErrorCode::NotFound, "There is no such file.", path);
    return Reading(path).run();
}

}  // namespace querent::learn::files
