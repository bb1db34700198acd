#pragma once

#include "engine/core/matrix.h"
#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace querent::learn::instant {

/** Features of some items as they lie in a cache. */
struct StoredFeatures {
    std::vector<std::int64_t> keys;  // [N], what each row belongs to
    Matrix values;                   // [N, D]; may be NaN
};

/** One whole file, with 16 bits a number (about three digits; up to 65,504, larger ones become that). */
Result<void> writeFeatures(const std::filesystem::path& path, const StoredFeatures& features);

/** What writeFeatures() wrote, or the errors of files::readTensors(); Malformed for other tensors. */
Result<StoredFeatures> readFeatures(const std::filesystem::path& path);

}  // namespace querent::learn::instant
