#pragma once

#include "engine/core/result.h"
#include "engine/core/sound.h"

#include <cstdint>
#include <span>
#include <string>

namespace querent::media::sound {

/**
 * What makes samples of the bytes of a sound: one for each library. What is read at a frame does not depend on what was
 * read before. One thread at a time.
 */
class Decoder {
 public:
    virtual ~Decoder() = default;

    /** As the header has it: there may be fewer frames. */
    const SoundShape& shape() const { return m_shape; }
    /** Whether the length comes from the header alone, so that somebody should look whether it is true. */
    virtual bool lengthIsPromise() const { return true; }
    /** One sentence about what is wrong with a sound that can be used all the same; empty when all is well. */
    const std::string& problem() const { return m_problem; }

    /**
     * Samples from frame `first` on into `interleaved`, a multiple of the channels. Returns the frames read: fewer than
     * asked for at the end, and where the sound is damaged.
     */
    virtual std::int64_t read(std::int64_t first, std::span<float> interleaved) = 0;
    /** After a read that failed: begins anew. */
    virtual Result<void> restart() = 0;

 protected:
    SoundShape m_shape;
    std::string m_problem;
};

/**
 * How many frames can be read, whatever the header says: tries the last that it promises, and searches for the real end
 * where that one is missing. No memory grows with the promise.
 */
std::int64_t framesThere(Decoder& decoder);

}  // namespace querent::media::sound
