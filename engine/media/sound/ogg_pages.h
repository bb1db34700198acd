#pragma once

#include <filesystem>

namespace querent::media::sound {

/**
 * Whether the last whole page of an Ogg file is the last page of its stream (RFC 3533, section 6: the "end of stream"
 * flag), so that nothing has been cut off behind it. A page counts when its checksum is right; of streams that are
 * chained the last one is asked, and what stands behind the last page (tags, padding) is passed over. False also for a
 * file that cannot be read. Reads the last 128 KiB, and more only where there is no page in them. Any thread.
 */
bool endsWithLastPage(const std::filesystem::path& path);

}  // namespace querent::media::sound
