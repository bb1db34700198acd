#pragma once

#include "engine/formats/format.h"

namespace querent::formats::csv {

/** True when the CSV of this data is a manifest, one row an item, and not a table of boxes. */
bool isManifest(const Dataset& dataset, CsvLayout layout);
Result<LossReport> writeManifest(const Dataset& dataset, const WriteOptions& options, const Job& job);

}  // namespace querent::formats::csv
