#pragma once

#include "engine/core/result.h"

#include <cstdint>

namespace querent::learn {

/** An item that could not be read and was left out, and why. */
struct UnreadItem {
    std::int64_t item = 0;  // ItemTruth::item
    Error error;
};

/** Whether one item may be left out for this error; the others (a stop, no memory, wrong data) end the whole job. */
inline bool concernsOneItem(const Error& error) {
    return error.code != ErrorCode::Cancelled && error.code != ErrorCode::OutOfMemory &&
           error.code != ErrorCode::InvalidArgument;
}

}  // namespace querent::learn
