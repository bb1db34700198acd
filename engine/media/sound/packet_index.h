#pragma once

#include "engine/core/result.h"
#include "engine/core/sound.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace querent::media::sound {

class PacketReader;

/** What is known of the packets of a sound. Immutable once it is made. */
struct PacketIndex {
    /** Of the `frames` that come out of a packet, `keep` from `skip` on are sound: encoders pad both ends. */
    struct Packet {
        std::int64_t time = 0;  // in the file's own unit
        std::int32_t frames = 0;
        std::int32_t skip = 0;
        std::int32_t keep = 0;
    };
    /** Packets that are decoded together. */
    struct Stretch {
        std::size_t packet = 0;  // the first
        std::int64_t frame = 0;  // where it begins
    };

    SoundShape shape;
    std::vector<Packet> packets;  // and one for what the decoder gives after the last, which may be nothing
    std::vector<Stretch> stretches;
    std::string problem;

    /** The packet at which decoding has to begin for that of `packet` to come out right. */
    std::size_t runUp(std::size_t packet) const;
};

/**
 * The index of the reader's file: made, or remembered from another time that the same unchanged file was opened. The
 * reader has not been read from before, and stands anywhere afterwards.
 */
Result<std::shared_ptr<const PacketIndex>> packetIndex(PacketReader& reader);

}  // namespace querent::media::sound
