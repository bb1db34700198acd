#pragma once

#include "engine/core/result.h"

#include <string>

namespace querent::learn {

/**
 * The library that multiplies matrices for LibTorch on the processor, for people: its name and version, where it knows
 * them the kernels it has chosen for this processor, and the file it was loaded from, links followed. Any thread.
 */
std::string blasInUse();

/** "LibTorch 1.13.0". */
std::string torchInUse();

/**
 * Compares products of matrices with a plain loop (see compareProducts()), on one thread and on several. Returns a line
 * for people; fails with Internal and says which library is at fault and how to change it. Not while another thread
 * computes: it changes the number of LibTorch's threads for as long as it runs.
 */
Result<std::string> checkBlas();

}  // namespace querent::learn
