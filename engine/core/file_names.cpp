#include "engine/core/file_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace querent {
namespace {

// What media/header and media/sound/sound_kind recognise.
constexpr auto kImages = std::to_array<std::string_view>({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".tif",
                                                          ".tiff", ".webp", ".gif", ".heic", ".heif", ".hif", ".avif"});
constexpr auto kSounds = std::to_array<std::string_view>(
    {".wav", ".wave", ".w64", ".rf64", ".flac", ".ogg", ".oga",  ".opus", ".mp3", ".aif", ".aiff", ".aifc",
     ".au",  ".caf",  ".m4a", ".m4b",  ".aac",  ".mka", ".webm", ".weba", ".wma", ".amr", ".awb"});
// Media that nobody here decodes, and that data sets are made of.
constexpr auto kForeignImages = std::to_array<std::string_view>({".jp2", ".jxl", ".pgm", ".ppm", ".pnm"});
constexpr auto kForeignSounds = std::to_array<std::string_view>({".ape", ".wv", ".mpc", ".spx", ".ac3", ".ra"});
// Folders that systems and programs keep beside people's files.
constexpr auto kKept =
    std::to_array<std::string_view>({"__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found"});

template <std::size_t N>
bool endsInOneOf(std::string_view name, const std::array<std::string_view, N>& endings) {
    const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
        return name.size() >= ending.size() &&
               std::equal(name.end() - static_cast<std::ptrdiff_t>(ending.size()), name.end(), ending.begin(), same);
    });
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The run of digits that begins at `at`, without its leading zeros; `at` moves behind it.
std::string_view digitRun(std::string_view text, std::size_t& at) {
    std::size_t begin = at;
    while (at < text.size() && isDigit(text[at]))
        ++at;
    while (begin + 1 < at && text[begin] == '0')
        ++begin;
    return text.substr(begin, at - begin);
}

// < 0, 0 or > 0, as numbers of any length and letters without case compare.
int compareNaturally(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const std::string_view x = digitRun(a, i);
            const std::string_view y = digitRun(b, j);
            if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
            if (const int order = x.compare(y); order != 0) return order;
            continue;
        }
        const auto x = static_cast<unsigned char>(lower(a[i++]));
        const auto y = static_cast<unsigned char>(lower(b[j++]));
        if (x != y) return x < y ? -1 : 1;
    }
    if (i == a.size() && j == b.size()) return 0;
    return i == a.size() ? -1 : 1;
}

// '0' as the mark of a number (it sorts against other characters as any digit does), its length, its digits.
void appendNumber(std::string& key, std::string_view digits) {
    constexpr std::size_t kMore = 255;
    key += '0';
    std::size_t length = digits.size();
    for (; length >= kMore; length -= kMore)
        key += static_cast<char>(kMore);
    key += static_cast<char>(length);
    key += digits;
}

}  // namespace

bool hasImageExtension(std::string_view name) {
    return endsInOneOf(name, kImages) || endsInOneOf(name, kForeignImages);
}

bool hasSoundExtension(std::string_view name) {
    return endsInOneOf(name, kSounds) || endsInOneOf(name, kForeignSounds);
}

bool hasMediaExtension(std::string_view name) {
    return hasImageExtension(name) || hasSoundExtension(name);
}

bool hasForeignExtension(std::string_view name) {
    return endsInOneOf(name, kForeignImages) || endsInOneOf(name, kForeignSounds);
}

bool isHiddenName(std::string_view name) {
    return name.starts_with('.') || std::find(kKept.begin(), kKept.end(), name) != kKept.end();
}

bool naturalLess(std::string_view a, std::string_view b) {
    const int order = compareNaturally(a, b);
    return order != 0 ? order < 0 : a < b;
}

std::string naturalSortKey(std::string_view name) {
    std::string key;
    key.reserve(name.size() + 8);
    for (std::size_t i = 0; i < name.size();) {
        if (isDigit(name[i]))
            appendNumber(key, digitRun(name, i));
        else
            key += lower(name[i++]);
    }
    return key;
}

}  // namespace querent
