#pragma once

#include "engine/media/sound/decoder.h"
#include "engine/media/sound/sound_kind.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace querent::media::sound {

struct PacketIndex;
class PacketReader;

/**
 * libavformat and libavcodec, for the kinds that libsndfile does not know: sounds in packets, whose lengths nobody
 * knows before they are decoded. Opening a file for the first time therefore goes through all of it, and decodes it
 * where a packet may have any length (some seconds for an hour); what was found is remembered while the program runs.
 *
 * Positions are exact: the sound is decoded in stretches of some seconds that always begin at the same packets, with a
 * run-up that is dropped, so that each sample has one value, however one comes to it. Opens no file but the given one.
 */
class PacketDecoder : public Decoder {
 public:
    /** Refuses films, and kinds of packing that are no sound. @param path  for errors only */
    static Result<std::unique_ptr<Decoder>> open(SoundKind kind, std::shared_ptr<const InputFile> file,
                                                 const std::filesystem::path& path);
    ~PacketDecoder() override;

    bool lengthIsPromise() const override { return false; }
    std::int64_t read(std::int64_t first, std::span<float> interleaved) override;
    Result<void> restart() override;

 private:
    explicit PacketDecoder(std::unique_ptr<PacketReader> reader);
    bool load(std::size_t stretch);

    std::unique_ptr<PacketReader> m_reader;
    std::shared_ptr<const PacketIndex> m_index;
    std::vector<float> m_stretch;                         // what was decoded last
    std::size_t m_loaded = static_cast<std::size_t>(-1);  // and which it is
};

}  // namespace querent::media::sound
