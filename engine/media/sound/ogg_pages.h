#pragma once

#include "engine/media/file_io.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace querent::media::sound {

/**
 * Whether the last whole page of an Ogg file is the last page of its stream (RFC 3533, section 6: the "end of stream"
 * flag), so that nothing has been cut off behind it. A page counts when its checksum is right; of streams that are
 * chained the last one is asked, and what stands behind the last page (tags, padding) is passed over. False also for a
 * file that cannot be read. Reads the last 128 KiB, and more only where there is no page in them. Any thread.
 */
bool endsWithLastPage(const InputFile& file);

/**
 * Where the streams of an Ogg file begin that follow one another (RFC 3533, section 4: a chain): a first page behind
 * others that are none. One place, 0, for nearly every file. Walks over the headers of all pages, some 20 ms for an
 * hour; where there is no page, it goes on at the next one. Any thread.
 */
std::vector<std::uint64_t> oggStreams(const std::shared_ptr<const InputFile>& file);

}  // namespace querent::media::sound
