#include "engine/select/classic/gradient_seeding.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"

#include <utility>

namespace querent::select::classic {
namespace {

/** Gradients are long where the model is in doubt and differ where items differ: their seeding mixes both. */
class Badge : public QueryStrategy {
 public:
    explicit Badge(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkClassFeatures(input, m_info.name); !checked) return checked.error();
        Selection selection;
        const Gradients gradients = embeddingGradients(input, selection.leftOut);
        const auto seeded = seedByGradients(input, gradients, count, seed, job, selection);
        if (!seeded) return seeded.error();
        return selection;
    }

 private:
    StrategyInfo m_info;
};

}  // namespace

std::unique_ptr<QueryStrategy> makeBadge() {
    StrategyInfo info;
    info.name = "badge";
    info.title = "BADGE";
    info.sentence =
        "Draws items by chance, the more likely the more the model doubts them and the less they are like "
        "those already drawn.";
    info.source = "Ash et al. 2020, Deep batch active learning by diverse, uncertain gradient lower bounds";
    info.needsModel = true;
    info.needsFeatures = true;
    info.tasks = {TaskKind::Classify};
    info.reasons = gradientReasons();
    return std::make_unique<Badge>(std::move(info));
}

}  // namespace querent::select::classic
