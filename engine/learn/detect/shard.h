#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/learn/detector_config.h"

#include <filesystem>
#include <memory>

namespace querent::learn::detect {

/**
 * A packed `.shard` file: pictures at network size with their boxes, so that a machine with LibTorch and nothing else
 * can train. Little-endian; layout in shard.cpp. A checksum over the whole file is verified when it is opened.
 */
struct Shard {
    DetectorConfig detector;  // backboneWeights is empty
    std::shared_ptr<const ItemSource> images;
};

/** Packs all of `source` at detector.input. Written under a temporary name, then renamed. */
Result<void> writeShard(const std::filesystem::path& path, const DetectorConfig& detector, const ItemSource& source,
                        const Job& job);

/** NotFound, Corrupt (damaged or cut short), NewerVersion or Malformed (no shard at all). All of it is read into
 * memory. */
Result<Shard> readShard(const std::filesystem::path& path);

}  // namespace querent::learn::detect
