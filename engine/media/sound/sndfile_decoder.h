#pragma once

#include "engine/media/sound/decoder.h"
#include "engine/media/sound/sound_bytes.h"

#include <cstdint>
#include <filesystem>
#include <memory>

struct sf_private_tag;  // libsndfile's handle

namespace querent::media::sound {

/** libsndfile: wav, aiff, flac, Ogg, mp3, au, caf. */
class SndfileDecoder : public Decoder {
 public:
    /** @param path  for errors only */
    static Result<std::unique_ptr<Decoder>> open(SoundBytes bytes, const std::filesystem::path& path);

    std::int64_t read(std::int64_t first, std::span<float> interleaved) override;
    Result<void> restart() override;

 private:
    struct Closer {
        void operator()(sf_private_tag* file) const;
    };
    SndfileDecoder(SoundBytes bytes, std::filesystem::path path) : m_bytes(std::move(bytes)), m_path(std::move(path)) {}
    bool moveTo(std::int64_t frame);

    SoundBytes m_bytes;
    std::filesystem::path m_path;
    std::int64_t m_byte = 0;  // where libsndfile reads next
    std::unique_ptr<sf_private_tag, Closer> m_file;
    std::int64_t m_position = 0;  // the frame that libsndfile gives next; -1 = unknown
    std::int64_t m_preRoll = 0;   // frames that are decoded and dropped after a seek
};

}  // namespace querent::media::sound
