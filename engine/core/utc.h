#pragma once

#include <string>

namespace querent {

/**
 * "2026-11-21T02:32:12.123Z": the form of every time that is stored. Rows of older projects may lack the milliseconds
 * ("2026-11-21T02:32:12Z"); both are ISO 8601, and their first ten characters are the day.
 */
std::string utcNow();

/** "20261121T023212123Z": the same for file names. */
std::string utcForFileName();

}  // namespace querent
