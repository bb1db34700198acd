#include "engine/core/media_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace querent {
namespace {

// What media/header and media/sound/sound_kind recognise.
constexpr std::array<std::string_view, 8> kImages = {".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".tif", ".tiff", ".webp"};
constexpr std::array<std::string_view, 14> kSounds = {".wav",  ".wave", ".w64", ".rf64", ".flac", ".ogg", ".oga",
                                                      ".opus", ".mp3",  ".aif", ".aiff", ".aifc", ".au",  ".caf"};
constexpr std::array<std::string_view, 7> kForeignImages = {".gif", ".jp2", ".pgm", ".ppm", ".pnm", ".heic", ".avif"};
constexpr std::array<std::string_view, 3> kForeignSounds = {".m4a", ".aac", ".wma"};

template <std::size_t N>
bool endsInOneOf(std::string_view name, const std::array<std::string_view, N>& endings) {
    const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
        return name.size() >= ending.size() &&
               std::equal(name.end() - static_cast<std::ptrdiff_t>(ending.size()), name.end(), ending.begin(), same);
    });
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

}  // namespace querent
