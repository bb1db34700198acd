#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace querent::formats::text {

/** Text as UTF-8, and one sentence on how it was read where it was anything else; empty where it was not. */
struct Decoded {
    std::string text;
    std::string remark;
};

/**
 * The door for every text that comes from outside: bytes of a file as UTF-8 without a byte order mark. UTF-16 is known
 * by its mark or by its zero bytes, XML by what it declares; valid UTF-8 stays as it is; of the rest it is guessed
 * whether it is GBK, Shift-JIS or Latin-1, with a remark. Unsupported when it is none of these. `path` is for the
 * error alone.
 */
Result<Decoded> decoded(std::string bytes, const std::filesystem::path& path);

bool isUtf8(std::string_view text);
/** The text with U+FFFD in place of each byte that is no part of UTF-8: names of files may hold such bytes. */
std::string readable(std::string text);
/** True for the first bytes of a text in UTF-16, with or without its mark. */
bool looksLikeUtf16(std::string_view beginning);

/** The text with letters and accents composed (NFC), so that names written by a Mac and by others compare equal. */
std::string composed(std::string_view text);

}  // namespace querent::formats::text
