#pragma once

#include "engine/formats/format.h"
#include "engine/formats/writing.h"

#include <set>
#include <string>

namespace querent::formats::csv {

/** True when the CSV of this data is a manifest, one row an item, and not a table of boxes. */
bool isManifest(const Dataset& dataset, CsvLayout layout);
/** Tells what becomes of the classes when there is no list of them beside the table. */
void sayNoClassList(const ExportView& view, const std::set<std::string>& used, LossReport& report);
Result<LossReport> writeManifest(const Dataset& dataset, const WriteOptions& options, const Job& job);

}  // namespace querent::formats::csv
