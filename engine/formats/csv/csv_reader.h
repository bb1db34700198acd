#pragma once

#include "engine/formats/reading.h"
#include "engine/formats/text/csv_table.h"

#include <filesystem>
#include <optional>

namespace querent::formats::csv {

/** An opened CSV file: its header, and a cursor behind it. */
struct CsvInput {
    std::filesystem::path path;
    text::CsvHeader header;
    text::CsvCursor rows;
};

/** The row's "score"; nothing where it has none, or one that is not between 0 and 1, which is said. */
std::optional<double> readScore(const CsvInput& input, const text::CsvRow& row, Complaints& complaints);

/**
 * A classification manifest: columns id, split, class, image, audio, text; one row an item; several classes joined by
 * '|', each a DatasetBox without a box. Paths are relative to the files folder or else the manifest's own, and never
 * lead out of it by ".."; absolute paths are taken where the file exists, else by their last parts. The paths of media
 * outside of both folders are relative to the longest folder that all of these have in common.
 */
Result<Dataset> readManifest(const CsvInput& input, const ReadOptions& options, const Job& job, Complaints complaints);

}  // namespace querent::formats::csv
