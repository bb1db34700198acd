#pragma once

#include "engine/formats/csv_table.h"
#include "engine/formats/reading.h"

#include <filesystem>

namespace querent::formats {

/** An opened CSV file: its header, and a cursor behind it. */
struct CsvInput {
    std::filesystem::path path;
    CsvHeader header;
    CsvCursor rows;
};

/**
 * A classification manifest: columns id, split, class, image, audio, text; one row an item, paths relative to the files
 * folder or else the manifest's own; several classes joined by '|', each a DatasetBox without a box.
 */
Result<Dataset> readManifest(const CsvInput& input, const ReadOptions& options, const Job& job, Complaints complaints);

}  // namespace querent::formats
