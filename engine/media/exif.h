#pragma once

#include "engine/media/byte_window.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace querent::media {

/** One entry of a TIFF directory; EXIF is one as well. */
struct TiffEntry {
    std::uint16_t tag = 0;
    std::uint16_t type = 0;
    std::uint64_t count = 0;
    std::uint64_t valueAt = 0;  // absolute place of the first value in the file
};

/** The first directory of a TIFF structure that begins at `base`. */
struct TiffDirectory {
    Endian endian = Endian::Little;
    std::vector<TiffEntry> entries;

    const TiffEntry* find(std::uint16_t tag) const;
};

constexpr std::uint16_t kTagOrientation = 274;

/** How many pages a TIFF that begins with the file has, at most `most`; 0 when there is no such structure. */
int tiffPages(ByteWindow& bytes, int most);

/** Reads classic TIFF and BigTIFF. Nothing when there is no such structure or it leads out of the file. */
std::optional<TiffDirectory> readTiffDirectory(ByteWindow& bytes, std::uint64_t base);

/** Value `index` of an entry of an unsigned integer type (1, 2, 4 or 8 bytes); 0 for other types. */
std::uint64_t tiffValue(ByteWindow& bytes, const TiffDirectory& directory, const TiffEntry& entry,
                        std::uint64_t index = 0);

/** The orientation 1..8 in the EXIF data at `base`; 1 when it says nothing sensible. */
int exifOrientation(ByteWindow& bytes, std::uint64_t base);

}  // namespace querent::media
