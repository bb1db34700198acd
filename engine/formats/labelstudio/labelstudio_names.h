#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace querent::formats::labelstudio {

/**
 * What a file may be called in its folder when Label Studio calls it by `url`, the likeliest first: without server and
 * /data/local-files/?d=, with %20 and the like decoded, without the eight hex digits in front of uploaded files.
 */
std::vector<std::string> namesOfUrl(std::string_view url);

/** The address under which Label Studio serves a file below its local folder. */
std::string localFileUrl(std::string_view name);

}  // namespace querent::formats::labelstudio
