#pragma once

#include "engine/core/result.h"

#include <string>

namespace querent::session {

/** Sets how many threads training may use; once, before anything else, for the whole program. 0 = all cores. */
void setComputeThreads(int threads);

/** "cpu" or "cuda:0": what `wish` comes to here. */
std::string computeDevice(const std::string& wish);

/** The library that multiplies matrices on the processor: name, version and file, for people. */
std::string blasInUse();

/**
 * What computes, decodes and stores here, with versions, and the device that "auto" comes to: a line for people. Looks
 * for graphics cards, which may take a second.
 */
std::string softwareInUse();

/** Checks products of matrices, and compares the processor and `device` on one training step; lines for people. */
Result<std::string> selftest(const std::string& device);

}  // namespace querent::session
