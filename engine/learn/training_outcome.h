#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

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

/** What a training has come to, whatever its network. */
struct TrainingOutcome {
    int steps = 0;  // those taken, earlier sessions of a resumed training included
    double finalLoss = 0.0;
    double seconds = 0.0;                // of this call
    int batch = 0;                       // smaller than asked for when memory ran out
    std::optional<double> holdoutMap50;  // of the saved model; empty without a holdout
    std::filesystem::path model;
    std::string device;              // "cpu", "cuda:0"
    std::vector<UnreadItem> unread;  // drawn, and left out because they could not be read
};

}  // namespace querent::learn
