#pragma once

#include "engine/core/result.h"
#include "engine/media/file_io.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace querent::media::sound {

/** Recognised by the first bytes of a file, never by its name: a decoder that goes by names plays noise. */
enum class SoundKind : std::uint8_t { Riff, Aiff, Flac, Ogg, Mpeg, Other, Mpeg4, Matroska, WindowsMedia, Aac, Amr };

/**
 * What kind of sound a file is; reads a few hundred bytes. Refuses what is empty, a film, a picture, or no sound at
 * all, each with its own sentence. Mpeg4, Matroska and WindowsMedia may still turn out to be films. Any thread.
 * @param path  for errors only
 */
Result<SoundKind> soundKind(const std::shared_ptr<const InputFile>& file, const std::filesystem::path& path);

}  // namespace querent::media::sound
