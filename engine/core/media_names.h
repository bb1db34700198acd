#pragma once

#include <string_view>

namespace querent {

/**
 * What kind of medium a file is by its name alone ("A.WAV", "b.jpeg", any case); says nothing about the content.
 * Endings of kinds that nobody here decodes count too, so that such files are named instead of being passed over.
 */
bool hasImageExtension(std::string_view name);
bool hasSoundExtension(std::string_view name);
bool hasMediaExtension(std::string_view name);  // either

/** True for endings of pictures and sounds that cannot be decoded here (gif, heic, m4a, ...). */
bool hasForeignExtension(std::string_view name);

}  // namespace querent
