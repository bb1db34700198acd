#pragma once

#include "engine/core/result.h"

#include <cstdint>

namespace querent::learn {

/** A picture that could not be read and was left out, and why. */
struct UnreadPicture {
    std::int64_t image = 0;  // ImageTruth::image
    Error error;
};

/** Whether one picture may be left out for this error; the others (a stop, no memory, wrong data) end the whole job. */
inline bool concernsOnePicture(const Error& error) {
    return error.code != ErrorCode::Cancelled && error.code != ErrorCode::OutOfMemory &&
           error.code != ErrorCode::InvalidArgument;
}

}  // namespace querent::learn
