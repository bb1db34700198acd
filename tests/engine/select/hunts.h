#pragma once

#include "tests/engine/select/boxes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace querent::select {

/** A pool in which some things are worth finding. */
struct Hunt {
    Pool pool;
    std::vector<int> things;  // [pool], which of them an item shows; -1 = none
    std::size_t batch = 0;
    std::vector<std::int64_t> answers = {};  // a class, where that matters

    SelectionInput input() const {
        SelectionInput input = pool.input();
        if (!answers.empty()) input.labelledPerClass = answers;
        return input;
    }
};

/** How many different things a batch shows, of as many as it could show. */
inline double shareFound(const std::string& strategy, const Hunt& hunt, std::uint64_t seed) {
    std::set<int> all(hunt.things.begin(), hunt.things.end());
    all.erase(-1);
    std::set<int> found;
    for (const Pick& pick : run(strategy, hunt.input(), hunt.batch, seed).picks)
        found.insert(hunt.things[pick.index]);
    found.erase(-1);
    return static_cast<double>(found.size()) / static_cast<double>(std::min(hunt.batch, all.size()));
}

/**
 * Items on both sides of a border that the model sees dimly: those are worth finding that it takes for being on the
 * other side. All that a model can say of its doubts is said, each with a dimness of its own.
 */
inline Hunt wrongAnswers(std::uint64_t seed) {
    Rng rng(seed, "border");
    Hunt hunt{randomClassPool(200, 0, seed, 4, 2), std::vector<int>(200, -1), 20};
    const auto chance = [](double place) { return 1.0 / (1.0 + std::exp(-4.0 * place)); };
    const auto answer = [&](double place) {
        const double p = chance(place);
        return std::vector<float>{static_cast<float>(1.0 - p), static_cast<float>(p)};
    };
    const auto dim = [&](double place) { return place + 0.5 * rng.normal(); };
    for (std::size_t i = 0; i < 200; ++i) {
        const double place = 2.0 * rng.normal();
        const double seen = dim(place);
        ItemPrediction& item = hunt.pool.predictions[i];
        item.probabilities = answer(seen);
        for (auto& sample : item.samples)
            sample = answer(dim(seen));
        item.toBorder = std::abs(seen);
        item.expectedLoss = -std::log(chance(place > 0 ? seen : -seen)) + 0.5 * rng.normal();
        item.discrepancy = std::abs(chance(dim(seen)) - chance(dim(seen)));
        if ((place > 0) != (seen > 0)) hunt.things[i] = static_cast<int>(i);
    }
    return hunt;
}

/** The same with a box in each picture. */
inline Hunt wrongBoxes(std::uint64_t seed) {
    Hunt hunt = wrongAnswers(seed);
    hunt.pool.task = TaskKind::Detect;
    for (ItemPrediction& item : hunt.pool.predictions) {
        const int label = item.probabilities[0] > item.probabilities[1] ? 0 : 1;
        ItemPrediction picture{item.item, {boxOf(label, item.probabilities)}};
        picture.discrepancy = item.discrepancy;
        item = std::move(picture);
    }
    return hunt;
}

/** A hundred pictures, each tenth of which shows what is worth finding. */
template <typename Sought, typename Other>
Hunt eachTenth(Sought sought, Other other) {
    std::vector<std::vector<Detection>> pictures;
    std::vector<int> things;
    for (int i = 0; i < 100; ++i) {
        things.push_back(i % 10 == 0 ? i : -1);
        pictures.push_back(i % 10 == 0 ? sought() : other());
    }
    return {poolOf(pictures, 1), std::move(things), 10};
}

/** `count` boxes with scores between those given. */
inline void addBoxes(std::vector<Detection>& boxes, int count, double low, double high, Rng& rng) {
    for (int b = 0; b < count; ++b)
        boxes.push_back(boxOf(0, {static_cast<float>(rng.uniform(low, high))}));
}

/** One or two doubtful boxes each, among crowds of sure boxes with one that is still more doubtful. */
inline Hunt doubtfulPictures(std::uint64_t seed) {
    Rng rng(seed, "doubtful pictures");
    const auto picture = [&](int doubtful, double low, double high, int sure) {
        std::vector<Detection> boxes;
        addBoxes(boxes, doubtful, low, high, rng);
        addBoxes(boxes, sure, 0.95, 0.98, rng);
        return boxes;
    };
    return eachTenth([&] { return picture(rng.integer(1, 2), 0.6, 0.7, 0); },
                     [&] { return picture(1, 0.48, 0.52, rng.integer(5, 9)); });
}

/** One box between yes and no among sure ones, between pictures of many boxes that are rather doubtful. */
inline Hunt doubtfulBoxes(std::uint64_t seed) {
    Rng rng(seed, "doubtful boxes");
    const auto sought = [&] {
        std::vector<Detection> boxes;
        addBoxes(boxes, 1, 0.47, 0.53, rng);
        addBoxes(boxes, rng.integer(3, 6), 0.97, 0.99, rng);
        return boxes;
    };
    const auto other = [&] {
        std::vector<Detection> boxes;
        addBoxes(boxes, rng.integer(3, 6), 0.65, 0.75, rng);
        return boxes;
    };
    return eachTenth(sought, other);
}

/** Twelve looks, six of which, a quarter of the items, nobody has answered. */
inline Hunt unknownLooks(std::uint64_t seed) {
    Rng rng(seed, "unknown looks");
    Hunt hunt{randomPool(160, 60, seed, 16), {}, 6};
    const auto show = [&](std::span<float> row, std::size_t look) {
        for (std::size_t d = 0; d < row.size(); ++d)
            row[d] = static_cast<float>((d == look ? 3.0 : 0.0) + 0.2 * rng.normal());
    };
    for (std::size_t i = 0; i < 160; ++i) {
        const std::size_t look = i < 120 ? i % 6 : 6 + i % 6;
        show(hunt.pool.features.row(i), look);
        hunt.things.push_back(look < 6 ? -1 : static_cast<int>(i));
    }
    for (std::size_t i = 0; i < 60; ++i)
        show(hunt.pool.labelled.row(i), i % 6);
    return hunt;
}

/**
 * Nothing is labelled yet: twelve groups of alike items, the largest four times the smallest, and as many items again
 * of which none is like another. A group is worth meeting once.
 */
inline Hunt kindsAmongOddOnes(std::uint64_t seed) {
    Rng rng(seed, "kinds");
    constexpr std::size_t kKinds = 12;
    std::vector<int> kinds;
    for (std::size_t kind = 0; kind < kKinds; ++kind)
        kinds.insert(kinds.end(), 8 + 2 * kind, static_cast<int>(kind));
    kinds.insert(kinds.end(), kinds.size(), -1);
    Hunt hunt{randomPool(kinds.size(), 0, seed, 24), kinds, kKinds};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const std::span<float> row = hunt.pool.features.row(i);
        for (std::size_t d = 0; d < row.size(); ++d) {
            const bool own = kinds[i] == static_cast<int>(d);
            row[d] = static_cast<float>(kinds[i] < 0 ? 1.5 * rng.normal() : (own ? 6.0 : 0.0) + 0.2 * rng.normal());
        }
    }
    return hunt;
}

/** Ten common looks that the model is sure of, and ten rare ones that it doubts, which are worth finding. */
inline Hunt doubtfulLooks(std::uint64_t seed) {
    Rng rng(seed, "doubtful looks");
    Hunt hunt{randomClassPool(300, 0, seed, 24, 2), {}, 15};
    for (std::size_t i = 0; i < 300; ++i) {
        const bool rare = i >= 240;
        const std::size_t look = i % 10 + (rare ? 10 : 0);
        for (std::size_t d = 0; d < 24; ++d)
            hunt.pool.features.at(i, d) = static_cast<float>((d == look ? 5.0 : 0.0) + 0.1 * rng.normal());
        const auto p = static_cast<float>(rare ? rng.uniform(0.5, 0.6) : rng.uniform(0.98, 1.0));
        hunt.pool.predictions[i].probabilities = {p, 1.0F - p};
        hunt.things.push_back(rare ? static_cast<int>(look) : -1);
    }
    return hunt;
}

/** Every item is as doubtful, but most are answered from one medium alone; ten looks of the others. */
inline Hunt doubtfulLooksInBothMedia(std::uint64_t seed) {
    Rng rng(seed, "both media");
    Hunt hunt{randomClassPool(300, 0, seed, 24, 2), {}, 15};
    for (std::size_t i = 0; i < 300; ++i) {
        const bool both = i >= 240;
        const std::size_t look = i % 10;
        ItemPrediction& item = hunt.pool.predictions[i];
        for (std::vector<float>& features : item.features) {
            features.assign(12, 0.0F);
            for (float& value : features)
                value = static_cast<float>(0.1 * rng.normal());
            features[look] += 3.0F;
        }
        const float first = both ? 0.55F : 0.6F;
        const float second = both ? 0.55F : 0.5F;
        item.probabilities = {0.6F, 0.4F};
        item.coalitions = {{0.5F, 0.5F}, {first, 1.0F - first}, {second, 1.0F - second}, item.probabilities};
        hunt.things.push_back(both ? static_cast<int>(look) : -1);
    }
    return hunt;
}

/** Pictures in which the model takes two of four classes for each other, mostly the same two. */
inline Hunt kindsOfConfusion(std::uint64_t seed) {
    constexpr std::array<std::pair<int, int>, 6> kPairs = {{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}};
    Rng rng(seed, "confusion");
    std::vector<std::vector<Detection>> pictures;
    std::vector<int> things;
    for (int i = 0; i < 120; ++i) {
        const int kind = i < 110 ? 0 : 1 + i % 5;
        const auto [one, other] = kPairs[static_cast<std::size_t>(kind)];
        std::vector<float> scores(4, 0.02F);
        for (const int label : {one, other})
            scores[static_cast<std::size_t>(label)] = static_cast<float>(rng.uniform(0.45, 0.55));
        pictures.push_back({boxOf(one, scores)});
        things.push_back(kind);
    }
    return {poolOf(pictures, 4), std::move(things), 6};
}

/** Four classes of three looks, all as doubtful; two classes are rare, have few answers and are not recognised. */
inline Hunt looksOfRareClasses(std::uint64_t seed) {
    Rng rng(seed, "rare classes");
    std::vector<std::vector<Detection>> pictures;
    std::vector<int> things;
    for (int i = 0; i < 150; ++i) {
        const int label = i < 120 ? i % 2 : 2 + i % 2;
        const int look = 3 * label + i / 2 % 3;
        std::vector<float> features(12);
        for (float& value : features)
            value = static_cast<float>(0.05 * rng.normal());
        features[static_cast<std::size_t>(look)] += 1.0F;
        std::vector<float> scores(4, 0.01F);
        scores[static_cast<std::size_t>(label)] = static_cast<float>(rng.uniform(0.4, 0.6));
        pictures.push_back({boxOf(label, scores, features)});
        things.push_back(label < 2 ? -1 : look);
    }
    Hunt hunt{poolOf(pictures, 4), std::move(things), 8, {90, 80, 4, 7}};
    for (int label = 0; label < 4; ++label) {
        ItemPrediction seen{9001 + label, {boxOf(label, std::vector<float>(4, label < 2 ? 0.95F : 0.02F))}};
        hunt.pool.labelledTruth.push_back(truthAsPredicted(seen));
        hunt.pool.labelledPredictions.push_back(std::move(seen));
    }
    return hunt;
}

}  // namespace querent::select
