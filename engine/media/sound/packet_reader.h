#pragma once

#include "engine/media/file_io.h"
#include "engine/media/sound/sound_kind.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace querent::media::sound {

/** What came out of one packet, not yet cut. */
struct PacketSound {
    std::vector<float> samples;  // interleaved
    std::int64_t frames = 0;
    std::int64_t skip = 0;   // frames at the beginning that are no sound
    std::int64_t spare = 0;  // the same at the end
    bool damaged = false;
};

/**
 * The packets of the one sound in a file, in their order, and their decoder. Takes sound decoders from a short list
 * only, and reads nothing but the file that it is given. One thread.
 */
class PacketReader {
 public:
    static Result<std::unique_ptr<PacketReader>> open(SoundKind kind, std::shared_ptr<const InputFile> file,
                                                      const std::filesystem::path& path);
    ~PacketReader();

    const std::filesystem::path& path() const;
    const std::string& stamp() const;
    /** Of the first sound that came out of the decoder; 0 before that. */
    int rate() const;
    int channels() const;
    /** Seconds as the file says, 0 where it says nothing. */
    double promisedSeconds() const;
    /** Frames as an MPEG-4 file says that it plays, which leaves out the padding at its end; 0 for other kinds. */
    std::int64_t playedFrames() const;
    /** Whether every packet has as many frames as the first, so that they need not be decoded to be counted. */
    bool packetsAreEqual() const;

    /** The next packet; false at the end. */
    bool next();
    std::int64_t time() const;
    /** What the packet itself says: how many frames at both ends are padding, or that all of it is. */
    struct Padding {
        std::int64_t skip = 0;
        std::int64_t spare = 0;
        bool all = false;
    };
    Padding padding() const;
    /** Decodes the packet. */
    PacketSound decode();
    /** What the decoder still holds after the last packet. */
    PacketSound drain();

    /** Makes the packet with this time and number the next one. False where it cannot be found. */
    bool seek(std::int64_t time, std::size_t number);

    /** Of packets whose times nobody knows. */
    static constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

 private:
    struct Parts;
    explicit PacketReader(std::unique_ptr<Parts> parts);
    void receive(PacketSound& sound);
    Result<void> begin();

    std::unique_ptr<Parts> m_parts;
};

}  // namespace querent::media::sound
