#include "widgets/common/fuzzy_match.h"

#include <algorithm>

namespace querent::widgets::common {

namespace {

bool startsWord(const QString& text, qsizetype at) {
    if (at == 0 || !text[at - 1].isLetterOrNumber()) return true;
    return text[at].isUpper() && text[at - 1].isLower();
}

int pointsFor(const QString& text, qsizetype at, qsizetype last) {
    int points = 1;
    if (startsWord(text, at)) points += 8;
    if (last >= 0 && at == last + 1) points += 6;
    if (at == 0) points += 4;
    return points;
}

/** Greedy from one start. Trying each start for the first letter finds "cell" in "C. elegans cell" as a run. */
std::optional<FuzzyMatch> matchFrom(const QString& typed, const QString& text, qsizetype start) {
    FuzzyMatch match;
    qsizetype at = start;
    qsizetype last = -1;
    for (const QChar letter : typed) {
        while (at < text.size() && text[at].toLower() != letter)
            ++at;
        if (at == text.size()) return std::nullopt;
        match.score += pointsFor(text, at, last);
        match.positions << static_cast<int>(at);
        last = at++;
    }
    match.score -= static_cast<int>(std::min<qsizetype>(match.positions.front(), 10));
    match.score -= static_cast<int>(std::min<qsizetype>(text.size() - typed.size(), 20)) / 4;
    return match;
}

}  // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& typed, const QString& text) {
    QString letters;
    for (const QChar c : typed) {
        if (!c.isSpace()) letters += c.toLower();
    }
    if (letters.isEmpty()) return FuzzyMatch{};
    std::optional<FuzzyMatch> best;
    for (qsizetype start = 0; start < text.size(); ++start) {
        if (text[start].toLower() != letters.front()) continue;
        auto match = matchFrom(letters, text, start);
        if (!match) break;
        if (!best || match->score > best->score) best = std::move(match);
    }
    return best;
}

}  // namespace querent::widgets::common
