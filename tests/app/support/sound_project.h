#pragma once

#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <QString>

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace querent::app::test {

/** A sweep that swells, different in each channel: [frames, channels], within [-0.8, 0.8]. */
std::vector<float> sweep(int rate, int channels, std::int64_t frames);

/** Writes a sweep as a wav of 16 bits below `folder`; fails the test when it cannot. */
void writeSweep(const std::filesystem::path& file, int rate, int channels, std::int64_t frames);

/**
 * Writes an RF64 wav of 16 bits of any length, a second at a time: `second` fills [rate, channels] and returns true, or
 * returns false for a hole of silence that takes no room on the disk.
 */
void writeLong(const std::filesystem::path& file, int rate, int channels, std::int64_t seconds,
               const std::function<bool(std::int64_t, std::vector<std::int16_t>&)>& second);

/** A project at `folder`/test.querent of the sounds below `folder`/sounds. */
std::unique_ptr<session::Project> soundProject(const std::filesystem::path& folder, TaskKind task = TaskKind::Detect,
                                               std::vector<Modality> media = {Modality::Audio});

/** The item whose name holds the text; fails the test when there is none. */
Item itemOf(const session::Project& project, const char* text);

}  // namespace querent::app::test
