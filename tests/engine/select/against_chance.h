#pragma once

#include <QString>

namespace querent::select {

/** How a strategy did beside chance, game by game. */
struct AgainstChance {
    double own = 0.0;  // means
    double chance = 0.0;
    int games = 0;
    int better = 0;

    void add(double reached, double byChance) {
        own += (reached - own) / (games + 1);
        chance += (byChance - chance) / (games + 1);
        better += reached > byChance ? 1 : 0;
        ++games;
    }

    QString text() const {
        return QString("%1, %2 by chance, better in %3 of %4")
            .arg(own, 0, 'f', 3)
            .arg(chance, 0, 'f', 3)
            .arg(better)
            .arg(games);
    }
};

}  // namespace querent::select
