#pragma once

#include <filesystem>
#include <vector>

/** Sounds and films that libavformat writes, made while the test runs. */
namespace fixtures {

/** How a sound is packed. `format` is libavutil's name of what the encoder takes: "fltp", "flt" or "s16p". */
struct Packing {
    const char* name;     // of the file
    const char* muxer;    // as libavformat calls it
    const char* encoder;  // as libavcodec calls it
    const char* format;
    int rate;
    int channels;
};

/** False where this machine has no such encoder. */
bool writePacked(const std::filesystem::path& path, const Packing& packing, const std::vector<float>& interleaved);
/** A film of a few grey frames without sound. False where this machine cannot write one. */
bool writeFilm(const std::filesystem::path& path, const char* muxer);

}  // namespace fixtures
