#pragma once

// For this module: long sounds on their way through a detector.

#include "engine/learn/detect/predictor.h"
#include "engine/learn/training_outcome.h"
#include "engine/session/learning/sound_windows.h"

#include <vector>

namespace querent::session::learning {

/** The items that could not be read, each once, from the windows that could not. */
std::vector<learn::UnreadItem> unreadItems(const std::vector<learn::UnreadItem>& windows, const WindowedItems& shown,
                                           const ItemList& items);

/**
 * learn::detect::Predictor::predict() for items of which some are looked at in windows, as the model says. All others
 * go through it together, exactly as without windows; the windows of a long sound follow a few at a time, so that
 * memory does not grow with its length. A sound of which one window cannot be read is left out and named in `unread`.
 */
Result<std::vector<ItemPrediction>> predictInWindows(const learn::detect::Predictor& predictor, const ItemList& items,
                                                     const learn::detect::PredictOptions& options, const Job& job,
                                                     std::vector<learn::UnreadItem>& unread);

}  // namespace querent::session::learning
