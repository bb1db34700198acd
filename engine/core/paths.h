#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace querent {

/** A path as UTF-8 with forward slashes: how paths are stored, compared with names in data files, and shown. */
inline std::string utf8(const std::filesystem::path& path) {
    const std::u8string text = path.generic_u8string();
    return {reinterpret_cast<const char*>(text.data()), text.size()};
}

/** The way back. */
inline std::filesystem::path pathFromUtf8(std::string_view text) {
    return std::filesystem::path(std::u8string(reinterpret_cast<const char8_t*>(text.data()), text.size()));
}

}  // namespace querent
