#pragma once

#include "engine/media/byte_window.h"

#include <cstdint>

namespace querent::media::sound {

/** What the frames of an MPEG sound (mp3) say about its length. */
struct MpegLength {
    bool indexed = false;     // the first frame holds the length (Xing, Info or VBRI); decoders go by it
    std::int64_t frames = 0;  // samples of a channel that the file holds; counted only where there is no index
};

/**
 * Walks over the frame headers of a file without an index: a decoder guesses its length from the first frame, and is
 * wrong where the bit rate varies. Some 50 ms for an hour; a file with an index costs one look. Any thread.
 */
MpegLength mpegLength(ByteWindow& file);

/** Where the sound begins behind the ID3 tags in front of it; 0 where there are none. */
std::uint64_t behindTags(ByteWindow& file);

}  // namespace querent::media::sound
