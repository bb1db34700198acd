#pragma once

#include "engine/core/result.h"

#include <string>

namespace querent::learn::detect {

/**
 * Checks the products of matrices on the processor (checkBlas()), then runs one forward pass, loss and backward pass of
 * the small detector on the processor and on `device` ("auto", "cpu", "cuda:0") and compares them. Returns a few lines
 * for people: versions, device, largest differences, seconds, the BLAS in use.
 * Fails with Internal when something is computed wrongly, Unsupported when there is no such device.
 */
Result<std::string> selftest(const std::string& device);

}  // namespace querent::learn::detect
