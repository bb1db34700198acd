#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/session/project.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace querent::session {

/** Sets how many threads training may use; once, before anything else, for the whole program. 0 = all cores. */
void setComputeThreads(int threads);

/** "cpu" or "cuda:0": what `wish` comes to here. */
std::string computeDevice(const std::string& wish);

/** Compares the processor and `device` on one training step; lines for people. */
Result<std::string> selftest(const std::string& device);

/** The labelled items of the train split at network size in one file, for a machine with LibTorch only. */
Result<std::int64_t> packShard(const Project& project, const std::filesystem::path& file, const Job& job);

/** What a benchmark measured: named figures, times in milliseconds. */
using BenchFigures = std::map<std::string, double>;

/** Evaluates generated detections of `images` pictures. */
Result<BenchFigures> benchEvaluation(int images, int classes);
/** A generated project of `items` items in `folder`: open, first page, one durable edit, next item. */
Result<BenchFigures> benchStore(const std::filesystem::path& folder, int items, const Job& job);
/** Decodes a generated 12-megapixel JPEG, whole and for a window, beside one pass over its pixels. */
Result<BenchFigures> benchDecode(const std::filesystem::path& folder);

/** Makes a project of `items` items that share a few small pictures, every third one labelled: for measurements. */
Result<void> generateProject(const std::filesystem::path& file, int items, const Job& job);

}  // namespace querent::session
