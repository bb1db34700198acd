#include "engine/formats/text/encoding.h"

#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iconv.h>
#include <memory>
#include <optional>
#include <utf8proc.h>

namespace querent::formats::text {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kLittleMark = "\xFF\xFE";
constexpr std::string_view kBigMark = "\xFE\xFF";

unsigned char byteAt(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

// The whole text from `encoding`; nullopt when a byte of it is none there.
std::optional<std::string> converted(std::string_view bytes, const char* encoding) {
    const iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
    std::string text;
    std::array<char, 16384> block{};
    char* in = const_cast<char*>(bytes.data());  // iconv's interface; it does not write there
    std::size_t left = bytes.size();
    bool good = true;
    while (left > 0 && good) {
        char* out = block.data();
        std::size_t room = block.size();
        const std::size_t before = left;
        const bool whole = iconv(converter, &in, &left, &out, &room) != static_cast<std::size_t>(-1);
        good = whole || left < before || room < block.size();
        text.append(block.data(), block.size() - room);
    }
    iconv_close(converter);
    return good ? std::optional(std::move(text)) : std::nullopt;
}

// Which bytes beyond ASCII there are, as far as it tells the encodings of East Asia from those of Europe.
struct Shape {
    std::size_t high = 0;      // bytes beyond ASCII
    std::size_t paired = 0;    // of them in pairs of which both are beyond ASCII
    std::size_t common = 0;    // pairs that are one of the 3,755 usual characters of GB 2312
    std::size_t kana = 0;      // pairs that are a kana of Shift-JIS
    std::size_t controls = 0;  // 0x80 to 0x9F, which no letter of Latin-1 has
};

Shape shapeOf(std::string_view bytes) {
    Shape shape;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned char c = byteAt(bytes, i);
        if (c < 0x80) continue;
        ++shape.high;
        shape.controls += c < 0xA0 ? 1 : 0;
        const unsigned char next = i + 1 < bytes.size() ? byteAt(bytes, i + 1) : 0;
        shape.kana +=
            (c == 0x82 && next >= 0x9F && next <= 0xF1) || (c == 0x83 && next >= 0x40 && next <= 0x96) ? 1 : 0;
        if (next < 0x80) continue;
        shape.high += 1;
        shape.paired += 2;
        shape.controls += next < 0xA0 ? 1 : 0;
        shape.common += c >= 0xB0 && c <= 0xD7 && next >= 0xA1 ? 1 : 0;
        ++i;
    }
    return shape;
}

// Bytes that are not UTF-8: pairs of usual characters are Chinese, kana are Japanese, single letters European.
std::optional<Decoded> guessed(std::string_view bytes) {
    const Shape shape = shapeOf(bytes);
    const auto as = [&](const char* encoding, const char* name) -> std::optional<Decoded> {
        std::optional<std::string> text = converted(bytes, encoding);
        if (!text) return std::nullopt;
        return Decoded{std::move(*text),
                       "The text is not UTF-8; it was read as " + std::string(name) + ". Please look at its names."};
    };
    const bool chinese = shape.paired == shape.high && shape.common * 4 >= shape.high;
    if (shape.kana > 0 && shape.controls > 0 && !chinese) {
        if (auto text = as("CP932", "Shift-JIS")) return text;
    }
    if (chinese || shape.controls > 0) {
        if (auto text = as("GB18030", "GBK")) return text;
        if (auto text = as("CP932", "Shift-JIS")) return text;
        if (auto text = as("CP1252", "Windows-1252")) return text;
    }
    return shape.controls > 0 ? std::nullopt : as("ISO-8859-1", "Latin-1");
}

// What an XML file declares itself to be, upper case; empty where it does not.
std::string declaredEncoding(std::string_view bytes) {
    const std::string_view head = bytes.substr(0, std::min<std::size_t>(bytes.size(), 200));
    if (!head.starts_with("<?xml")) return {};
    const std::string_view line = head.substr(0, head.find("?>"));
    const std::size_t at = line.find("encoding");
    if (at == std::string_view::npos) return {};
    const std::size_t begin = line.find_first_of("\"'", at);
    if (begin == std::string_view::npos) return {};
    const std::size_t end = line.find(line[begin], begin + 1);
    if (end == std::string_view::npos) return {};
    return lowered(line.substr(begin + 1, end - begin - 1));
}

// Little (0) or big (1) endian by where the zero bytes of ASCII letters are; nullopt when this is not UTF-16.
std::optional<int> utf16Order(std::string_view beginning) {
    if (beginning.starts_with(kLittleMark)) return 0;
    if (beginning.starts_with(kBigMark)) return 1;
    const std::size_t count = std::min<std::size_t>(beginning.size(), 512) / 2 * 2;
    if (count < 8) return std::nullopt;
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < count; ++i)
        zeros[i % 2] += beginning[i] == '\0' ? 1 : 0;
    for (const std::size_t odd : {std::size_t{1}, std::size_t{0}}) {
        if (zeros[odd] * 4 >= count && zeros[1 - odd] == 0) return odd == 1 ? 0 : 1;
    }
    return std::nullopt;
}

// How many bytes from the beginning on are UTF-8.
std::size_t validLength(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
            continue;
        }
        utf8proc_int32_t character = 0;
        const utf8proc_ssize_t length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                                         static_cast<utf8proc_ssize_t>(text.size() - at), &character);
        if (length <= 0) break;
        at += static_cast<std::size_t>(length);
    }
    return at;
}

}  // namespace

bool isUtf8(std::string_view text) {
    return validLength(text) == text.size();
}

std::string readable(std::string text) {
    constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    for (std::size_t at = validLength(text); at < text.size();
         at += kReplacement.size(), at += validLength(std::string_view(text).substr(at)))
        text.replace(at, 1, kReplacement);
    return text;
}

bool looksLikeUtf16(std::string_view beginning) {
    return utf16Order(beginning).has_value();
}

std::string composed(std::string_view text) {
    const bool ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) return std::string(text);
    utf8proc_uint8_t* result = nullptr;
    const utf8proc_ssize_t length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &result, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
    if (length < 0) return std::string(text);
    return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(length)};
}

Result<Decoded> decoded(std::string bytes, const std::filesystem::path& path) {
    if (const std::optional<int> order = utf16Order(bytes)) {
        std::string_view body = bytes;
        if (body.starts_with(kLittleMark) || body.starts_with(kBigMark)) body.remove_prefix(2);
        std::optional<std::string> text = converted(body, *order == 0 ? "UTF-16LE" : "UTF-16BE");
        if (text) return Decoded{std::move(*text), "The file is in UTF-16, as Windows writes it; it was read as such."};
        return fail(ErrorCode::Unsupported, "The file is in UTF-16, but is damaged; save it as UTF-8.", path);
    }
    if (bytes.starts_with(kUtf8Mark)) bytes.erase(0, kUtf8Mark.size());
    if (const std::string name = declaredEncoding(bytes); !name.empty() && name != "utf-8" && name != "utf8") {
        if (std::optional<std::string> text = converted(bytes, name.c_str())) return Decoded{std::move(*text), {}};
    }
    if (isUtf8(bytes)) return Decoded{std::move(bytes), {}};
    if (std::optional<Decoded> text = guessed(bytes); text && isUtf8(text->text)) return std::move(*text);
    return fail(ErrorCode::Unsupported,
                "The text is not UTF-8, and its encoding could not be guessed; save it as UTF-8.", path);
}

}  // namespace querent::formats::text
