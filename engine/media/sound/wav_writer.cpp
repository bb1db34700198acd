#include "engine/media/sound/wav_writer.h"

#include "engine/core/files.h"
#include "engine/media/sound/sound_file.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <new>
#include <sndfile.h>
#include <vector>

namespace querent::media::sound {

namespace {

/** A file in memory, as libsndfile wants to see it. */
struct MemoryFile {
    std::vector<std::uint8_t> bytes;
    std::size_t at = 0;
};

MemoryFile& memory(void* user) {
    return *static_cast<MemoryFile*>(user);
}

sf_count_t lengthOf(void* user) {
    return static_cast<sf_count_t>(memory(user).bytes.size());
}

sf_count_t seekIn(sf_count_t offset, int whence, void* user) {
    MemoryFile& file = memory(user);
    const auto base = static_cast<sf_count_t>(whence == SEEK_CUR   ? file.at
                                              : whence == SEEK_END ? file.bytes.size()
                                                                   : 0);
    file.at = static_cast<std::size_t>(std::max<sf_count_t>(0, base + offset));
    return static_cast<sf_count_t>(file.at);
}

sf_count_t readFrom(void* to, sf_count_t count, void* user) {
    MemoryFile& file = memory(user);
    const std::size_t there = file.bytes.size() - std::min(file.at, file.bytes.size());
    const std::size_t taken = std::min(there, static_cast<std::size_t>(count));
    std::memcpy(to, file.bytes.data() + file.at, taken);
    file.at += taken;
    return static_cast<sf_count_t>(taken);
}

sf_count_t writeTo(const void* from, sf_count_t count, void* user) {
    MemoryFile& file = memory(user);
    const auto size = static_cast<std::size_t>(count);
    if (file.at + size > file.bytes.size()) file.bytes.resize(file.at + size);
    std::memcpy(file.bytes.data() + file.at, from, size);
    file.at += size;
    return count;
}

sf_count_t tellOf(void* user) {
    return static_cast<sf_count_t>(memory(user).at);
}

/** False when the library refused. */
bool encode(MemoryFile& file, std::span<const float> samples, int rate, int channels) {
    SF_VIRTUAL_IO io{lengthOf, seekIn, readFrom, writeTo, tellOf};
    SF_INFO info{};
    info.samplerate = rate;
    info.channels = channels;
    info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    SNDFILE* sound = sf_open_virtual(&io, SFM_WRITE, &info, &file);
    if (sound == nullptr) return false;
    sf_command(sound, SFC_SET_CLIPPING, nullptr, SF_TRUE);
    const auto count = static_cast<sf_count_t>(samples.size());
    const bool whole = sf_write_float(sound, samples.data(), count) == count;
    return sf_close(sound) == 0 && whole;
}

}  // namespace

Result<void> writeWav(const std::filesystem::path& path, std::span<const float> samples, int rate, int channels) {
    constexpr std::size_t kMostSamples = 1'000'000'000;
    const bool good = rate >= SoundFile::kLowestRate && rate <= SoundFile::kHighestRate && channels >= 1 &&
                      channels <= SoundFile::kMostChannels && !samples.empty() && samples.size() <= kMostSamples &&
                      samples.size() % static_cast<std::size_t>(channels) == 0;
    if (!good) return fail(ErrorCode::InvalidArgument, "A sound of this size or rate cannot be written.", path);
    try {
        MemoryFile file;
        file.bytes.reserve(samples.size() * 2 + 64);
        if (!encode(file, samples, rate, channels)) {
            return fail(ErrorCode::Internal, "The sound could not be encoded.", path);
        }
        return replaceWhole(path, file.bytes);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "The sound does not fit into memory.", path);
    }
}

}  // namespace querent::media::sound
