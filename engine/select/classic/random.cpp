#include "engine/select/input_check.h"
#include "engine/select/strategy.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <utility>

namespace querent::select::classic {
namespace {

constexpr Term kRandom{"random", translatable("Reasons", "Drawn by chance"),
                       translatable("Reasons", "A random number: every item had the same chance.")};

/** Uniform without replacement: the items of the largest keys. The score is the key. */
class RandomStrategy : public QueryStrategy {
 public:
    explicit RandomStrategy(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPool(input); !checked) return checked.error();
        if (job.cancelled()) return Job::stopped();
        const std::vector<double> keys = tieKeys(input.pool, seed);
        Selection selection;
        for (std::size_t i = 0; i < keys.size(); ++i)
            selection.picks.push_back({i, keys[i], {{kRandom.name, keys[i]}}, false});
        std::sort(selection.picks.begin(), selection.picks.end(),
                  [](const Pick& a, const Pick& b) { return a.score > b.score; });
        if (selection.picks.size() > count) selection.picks.resize(count);
        return selection;
    }

 private:
    StrategyInfo m_info;
};

}  // namespace

std::unique_ptr<QueryStrategy> makeRandom() {
    StrategyInfo info;
    info.name = "random";
    info.title = "Random";
    info.sentence =
        "Asks about items drawn by chance, all equally likely: what every other strategy is measured against.";
    info.source = "Uniform sampling without replacement";
    info.tasks = {TaskKind::Detect, TaskKind::Classify};
    info.reasons = {kRandom};
    return std::make_unique<RandomStrategy>(std::move(info));
}

}  // namespace querent::select::classic
