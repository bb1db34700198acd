#pragma once

#include <string>
#include <string_view>

// What the name of a file or a folder says by itself; nothing here looks at the disk.

namespace querent {

/**
 * What kind of medium a file is by its name alone ("A.WAV", "b.jpeg", any case); says nothing about the content.
 * Endings of some kinds that nobody here decodes count too (jp2, ape), so that such files are named instead of being
 * passed over.
 */
bool hasImageExtension(std::string_view name);
bool hasSoundExtension(std::string_view name);
bool hasMediaExtension(std::string_view name);  // either

/** True for endings of pictures and sounds that cannot be decoded here (jp2, pgm, ape, ...). */
bool hasForeignExtension(std::string_view name);

/**
 * True for the name of a file or a folder that programs keep for themselves: it begins with a dot (".git", "._a.jpg",
 * ".ipynb_checkpoints"), or is one of a few that systems make ("__MACOSX", "@eaDir"). Nothing that looks for data takes
 * such files or goes into such folders.
 * @param name  the last part of a path
 */
bool isHiddenName(std::string_view name);

/** True when a comes before b as people sort file names: "img2" before "img10"; ties by bytes, so it is a strict order.
 */
bool naturalLess(std::string_view a, std::string_view b);

/**
 * Bytes whose order (memcmp, ties by the name itself) is the order of naturalLess(): letters without case, runs of
 * digits as numbers. So an index can hold the natural order.
 */
std::string naturalSortKey(std::string_view name);

}  // namespace querent
