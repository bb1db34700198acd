#pragma once

#include <QString>
#include <QVector>

#include <optional>

namespace querent::widgets::common {

/** How well a text answers to what was typed: a higher score is better; the positions are those to set in bold. */
struct FuzzyMatch {
    int score = 0;
    QVector<int> positions;
};

/**
 * The letters of `typed` must occur in `text` in their order, in any case, blanks in `typed` ignored. Starts of words,
 * runs of letters and early hits count more. An empty `typed` matches with score 0. No match: nullopt.
 */
std::optional<FuzzyMatch> fuzzyMatch(const QString& typed, const QString& text);

}  // namespace querent::widgets::common
