#include "engine/select/controls.h"

#include "engine/core/rng.h"
#include "engine/select/registry.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

namespace querent::select {
namespace {

// A part of the pool that owns what its SelectionInput points to.
struct PartOfPool {
    std::vector<ItemId> items;
    std::vector<ItemPrediction> predictions;
    Matrix features;
    Matrix labelled;
    SelectionInput input;
};

void appendRow(Matrix& matrix, std::span<const float> row) {
    matrix.values.insert(matrix.values.end(), row.begin(), row.end());
    matrix.cols = row.size();
    ++matrix.rows;
}

// The pool as it is for `places` alone when the picks that stay have been labelled.
PartOfPool afterBatch(const SelectionInput& whole, const std::vector<std::size_t>& places,
                      const std::vector<Pick>& staying) {
    PartOfPool part;
    if (whole.labelledFeatures) part.labelled = *whole.labelledFeatures;
    for (const std::size_t place : places) {
        part.items.push_back(whole.pool[place]);
        if (whole.predictions) part.predictions.push_back((*whole.predictions)[place]);
        if (whole.poolFeatures) appendRow(part.features, whole.poolFeatures->row(place));
    }
    for (const Pick& pick : staying) {
        if (whole.poolFeatures) appendRow(part.labelled, whole.poolFeatures->row(pick.index));
    }
    part.input = whole;
    part.input.pool = part.items;
    if (whole.predictions) part.input.predictions = &part.predictions;
    if (whole.poolFeatures) part.input.poolFeatures = &part.features;
    if (part.labelled.rows > 0) part.input.labelledFeatures = &part.labelled;
    return part;
}

std::vector<std::size_t> drawControls(const Selection& selection, std::span<const ItemId> pool, std::size_t count,
                                      Rng& rng) {
    std::vector<char> taken(pool.size(), 0);
    for (const Pick& pick : selection.picks)
        taken.at(pick.index) = 1;
    std::unordered_set<std::int64_t> left;
    for (const LeftOut& item : selection.leftOut)
        left.insert(item.item);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < pool.size(); ++i) {
        if (taken[i] == 0 && !left.contains(pool[i].value)) open.push_back(i);
    }
    std::vector<std::size_t> drawn;
    for (const std::size_t place : rng.sample(open.size(), count))
        drawn.push_back(open[place]);
    return drawn;
}

// Puts the controls at random ranks; everybody else keeps the order.
std::vector<Pick> mixed(std::vector<Pick> picks, std::vector<Pick> controls, Rng& rng) {
    std::vector<std::size_t> ranks = rng.sample(picks.size() + controls.size(), controls.size());
    rng.shuffle(controls);
    std::vector<Pick> batch(picks.size() + controls.size());
    std::vector<char> forControl(batch.size(), 0);
    for (const std::size_t rank : ranks)
        forControl[rank] = 1;
    auto pick = picks.begin();
    auto control = controls.begin();
    for (std::size_t rank = 0; rank < batch.size(); ++rank)
        batch[rank] = std::move(forControl[rank] != 0 ? *control++ : *pick++);
    return batch;
}

// The controls as the strategy that has asked sees them.
Result<std::vector<Pick>> scoredAfter(const QueryStrategy& strategy, const SelectionInput& input,
                                      const Selection& selection, const std::vector<std::size_t>& drawn,
                                      std::uint64_t seed, const Job& job) {
    std::unique_ptr<QueryStrategy> other;
    if (!selection.askedBy.empty()) {
        auto made = makeStrategy(selection.askedBy);
        if (!made) return made.error();
        other = std::move(made).value();
    }
    const QueryStrategy& asking = other ? *other : strategy;
    const bool judges = asking.info().judges;
    PartOfPool part = judges ? PartOfPool{{}, {}, {}, {}, input} : afterBatch(input, drawn, selection.picks);
    part.input.mayLearn = false;
    if (!selection.memory.empty()) part.input.memory = selection.memory;
    if (judges) part.input.judged = drawn;
    // Where items are judged, it is as members of the batch that has been chosen.
    auto scored = asking.select(part.input, judges ? selection.picks.size() : drawn.size(), seed, job);
    if (!scored) return scored.error();
    for (Pick& control : scored->picks) {
        if (!judges) control.index = drawn[control.index];
        control.control = true;
    }
    return std::move(scored->picks);
}

}  // namespace

Result<Selection> selectWithControls(const QueryStrategy& strategy, const SelectionInput& input, std::size_t count,
                                     double share, std::uint64_t seed, const Job& job) {
    const std::uint64_t strategySeed = deriveSeed(seed, "select");
    const double wanted = std::isnan(share) ? 0.0 : std::clamp(share, 0.0, 1.0);
    const std::size_t batch = std::min(count, input.pool.size());
    const auto controls = static_cast<std::size_t>(std::lround(wanted * static_cast<double>(batch)));
    if (controls == 0) return strategy.select(input, count, strategySeed, job);
    // What learns from its batch must not be asked for items that it will not get.
    auto selection = strategy.select(input, batch - controls, strategySeed, job);
    if (!selection || job.cancelled()) return selection;
    std::vector<Pick>& picks = selection->picks;

    Rng rng(deriveSeed(seed, "controls"), "controls");
    const std::vector<std::size_t> drawn = drawControls(*selection, input.pool, controls, rng);
    auto scored = scoredAfter(strategy, input, *selection, drawn, strategySeed, job);
    if (!scored && scored.error().code == ErrorCode::Cancelled && !selection->memory.empty()) {
        picks.clear();  // what was learnt on the way stays
        return selection;
    }
    if (!scored) return scored.error();
    picks = mixed(std::move(picks), std::move(scored).value(), rng);
    return selection;
}

}  // namespace querent::select
