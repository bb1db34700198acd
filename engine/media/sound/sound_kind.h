#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>

namespace querent::media::sound {

/** Recognised by the first bytes of a file, never by its name: a decoder that goes by names plays noise. */
enum class SoundKind : std::uint8_t { Riff, Aiff, Flac, Ogg, Mpeg, Other };

/**
 * What kind of sound a file is; reads a few hundred bytes. Refuses what is missing, empty, a video, a picture, a sound
 * of a kind that is not read, or no sound at all, each with its own sentence. Any thread.
 */
Result<SoundKind> soundKind(const std::filesystem::path& path);

/**
 * The share in [0, 1] of the samples that the header of a wav or aiff file promises and that the file really holds;
 * 1 where nothing is missing, where the header leaves the length open (a stream), and for every other kind.
 */
double presentShare(const std::filesystem::path& path);

}  // namespace querent::media::sound
