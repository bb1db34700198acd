#include "engine/media/sound/decoder.h"

#include <vector>

namespace querent::media::sound {

namespace {

bool hasFrame(Decoder& decoder, std::int64_t frame) {
    std::vector<float> one(static_cast<std::size_t>(decoder.shape().channels));
    return decoder.read(frame, one) == 1;
}

/** In steps that grow, then by halving. Frames that exist form an unbroken stretch. */
std::int64_t searchEnd(Decoder& decoder, std::int64_t promised) {
    bool alive = decoder.restart().ok();
    const auto reaches = [&](std::int64_t frame) {
        if (hasFrame(decoder, frame)) return true;
        // A decoder that failed, rather than found nothing, need not recover.
        alive = decoder.restart().ok();
        return false;
    };
    std::int64_t there = -1;
    std::int64_t missing = promised - 1;
    for (std::int64_t step = 1 << 16; there + step < missing && alive; step *= 2) {
        if (reaches(there + step)) {
            there += step;
        } else {
            missing = there + step;
        }
    }
    while (missing - there > 1 && alive) {
        const std::int64_t middle = there + (missing - there) / 2;
        (reaches(middle) ? there : missing) = middle;
    }
    return there + 1;
}

}  // namespace

std::int64_t framesThere(Decoder& decoder) {
    const std::int64_t promised = decoder.shape().frames;
    if (promised < 1 || !decoder.lengthIsPromise() || hasFrame(decoder, promised - 1)) return promised;
    return searchEnd(decoder, promised);
}

}  // namespace querent::media::sound
