#pragma once

// Internal: torch inside.

#include "engine/core/result.h"

#include <torch/torch.h>

#include <string>

namespace querent::learn {

/** "auto", "cpu", "cuda" or "cuda:N". InvalidArgument for other words, Unsupported for a device that is not there. */
Result<torch::Device> deviceFor(const std::string& wish);

/** "cpu", "cuda:0". */
std::string nameOf(const torch::Device& device);

/** An exception that stands for memory that has run out, on the processor or on the device. */
bool isOutOfMemory(const std::exception& problem);

/** `problem` as an Error: OutOfMemory, or Internal with the first line of its text. */
Error errorOf(const std::exception& problem);

}  // namespace querent::learn
