#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <filesystem>
#include <map>
#include <string>

namespace querent::session::bench {

/** What a benchmark measured: named figures, times in milliseconds. */
using BenchFigures = std::map<std::string, double>;

/** Evaluates generated detections of `images` pictures. */
Result<BenchFigures> benchEvaluation(int images, int classes);
/** A generated project of `items` items in `folder`: open, first page, one durable edit, next item. */
Result<BenchFigures> benchStore(const std::filesystem::path& folder, int items, const Job& job);
/** Decodes a generated 12-megapixel JPEG, whole and for a window, beside one pass over its pixels. */
Result<BenchFigures> benchDecode(const std::filesystem::path& folder);

/**
 * Trains detectors of all three sizes on generated pictures, 8 a step: the time of a step, and the longest of four
 * times from the wish to stop somewhere within a step until the training has ended.
 */
Result<BenchFigures> benchTraining(const std::filesystem::path& folder, const Job& job);

/**
 * BADGE, CoreSet, BMMAL and RL-MBA on generated features [items, dimensions] in groups, each also as a multiple of one
 * product of the features with a vector in the same run: "passes a pick". "memory" is how far a selection raises the
 * process's peak, as a multiple of the features.
 */
Result<BenchFigures> benchSelection(int items, int dimensions, int batch, const Job& job);

/**
 * The head that learns each answer at once, on generated features: the median time from an answer to what it says of
 * the next item, and of the whole pool, after a few hundred answers.
 */
Result<BenchFigures> benchHead(int items, int dimensions, int classes);

/** Makes a project of `items` items that share a few small pictures, every third one labelled: for measurements. */
Result<void> generateProject(const std::filesystem::path& file, int items, const Job& job);

}  // namespace querent::session::bench
