#include "engine/select/boxes/ebal.h"

#include "engine/select/boxes/box_features.h"
#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/boxes/terms.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace querent::select::boxes {
namespace {

constexpr double kRepeated = 0.5;         // T_enms, a cosine
constexpr double kAlike = 0.7;            // T_intra, a cosine
constexpr double kSeen = 0.3;             // T_inter, a probability
constexpr double kMinorityShare = 0.5;    // alpha, of the classes
constexpr double kMinorityBudget = 0.75;  // beta, of the batch
constexpr std::size_t kItemsBetweenLooks = 64;

constexpr Term kLikeness{
    "likeness", translatable("Reasons", "Like a chosen one"),
    translatable("Reasons", "How much the item looks like one of the batch; below 0 where nothing compares.")};
constexpr Term kRareClass{"rare class", translatable("Reasons", "Rare class"),
                          translatable("Reasons", "How rare the classes are that the model sees here.")};

/** Classes with few answers, and how many pictures of each are still wanted. */
class Minority {
 public:
    Minority(std::vector<std::int64_t> answers, int classes, std::size_t batch) {
        const auto all = static_cast<std::size_t>(std::max(0, classes));
        answers.resize(all, 0);
        std::vector<std::size_t> order(all);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return answers[a] < answers[b]; });
        order.resize(static_cast<std::size_t>(std::ceil(kMinorityShare * static_cast<double>(all))));
        if (order.empty()) return;
        const double share = kMinorityBudget * static_cast<double>(batch) / static_cast<double>(order.size());
        for (const std::size_t label : order)
            m_wanted[label] = std::max<std::int64_t>(1, std::llround(share));
    }

    bool empty() const { return m_wanted.empty(); }

    /** The largest probability of one of these classes in the picture's boxes; M_p. */
    double seenIn(const ItemPrediction& prediction) const {
        double most = 0.0;
        for (const auto& [label, wanted] : m_wanted)
            most = std::max(most, probabilityOf(prediction, label));
        return most;
    }

    /** The picture was taken: it counts for each of these classes that it shows. */
    void take(const ItemPrediction& prediction) {
        for (auto& [label, wanted] : m_wanted) {
            if (probabilityOf(prediction, label) > kSeen) --wanted;
        }
        std::erase_if(m_wanted, [](const auto& entry) { return entry.second <= 0; });
    }

 private:
    static double probabilityOf(const ItemPrediction& prediction, std::size_t label) {
        double most = 0.0;
        for (const Detection& box : prediction.boxes) {
            if (label < box.classes.size()) {
                most = std::max(most, static_cast<double>(box.classes[label]));
            } else if (static_cast<std::size_t>(box.label) == label) {
                most = std::max(most, box.score);
            }
        }
        return most;
    }

    std::map<std::size_t, std::int64_t> m_wanted;
};

/** The prototypes of the pictures taken so far, by class. */
class Taken {
 public:
    void add(const std::vector<Prototype>& prototypes) {
        for (const Prototype& one : prototypes)
            m_byClass[one.label].push_back(one.features);
    }

    /**
     * M_g: for each class of the picture how much it looks like that class in the most similar picture taken, and of
     * these the smallest; -1 where no picture has shown one of its classes.
     */
    double likeness(const std::vector<Prototype>& prototypes) const {
        double least = prototypes.empty() ? -1.0 : 1.0;
        for (const Prototype& one : prototypes) {
            double most = -1.0;
            if (const auto same = m_byClass.find(one.label); same != m_byClass.end()) {
                for (const std::vector<float>& other : same->second)
                    most = std::max(most, geometry::cosine(one.features, other));
            }
            least = std::min(least, most);
        }
        return least;
    }

 private:
    std::map<int, std::vector<std::vector<float>>> m_byClass;
};

/**
 * EBAL: pictures are looked at from the most doubtful on. One is taken when it is unlike those taken before (in one of
 * its classes at least) and shows a class that has few answers and not yet got its share of the batch. Ours: what is
 * left of the batch then goes, from the most doubtful on again, to pictures that are unlike those taken, and at last to
 * any. Score and reason "doubt": the entropies that suppression leaves. Reasons "boxes" (left), "likeness" (see Taken)
 * and "rare class" (see Minority), as they were when the picture's turn came.
 */
class Ebal : public QueryStrategy {
 public:
    explicit Ebal(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPool(input); !checked) return checked.error();
        if (const auto checked = checkBoxes(input, m_info.name); !checked) return checked.error();
        Selection selection;
        std::vector<Pick> order;
        for (std::size_t i = 0; i < input.pool.size(); ++i) {
            if (i % kItemsBetweenLooks == 0 && job.cancelled()) return Job::stopped();
            const ItemPrediction& prediction = (*input.predictions)[i];
            if (!finiteBoxes(prediction)) {
                selection.leftOut.push_back(unusableAnswer(input, i));
                continue;
            }
            const DoubtfulBoxes boxes = suppressRepeatedDoubts(prediction, kRepeated);
            const auto left = static_cast<double>(boxes.kept.size());
            order.push_back(
                {i,
                 boxes.doubt,
                 {{kDoubt.name, boxes.doubt}, {kBoxes.name, left}, {kLikeness.name, -1.0}, {kRareClass.name, 0.0}},
                 false});
        }
        keepBest(order, input.pool, order.size(), seed);
        if (!scan(input, std::move(order), count, job, selection.picks)) return Job::stopped();
        return selection;
    }

 private:
    /** Twice from the most doubtful on: with both conditions while classes are wanted, then with likeness alone. */
    static bool scan(const SelectionInput& input, std::vector<Pick> order, std::size_t count, const Job& job,
                     std::vector<Pick>& picks) {
        Minority minority(input.labelledPerClass, input.classes, std::min(count, order.size()));
        Taken taken;
        for (const bool onlyRare : {true, false}) {
            std::vector<Pick> passed;
            for (std::size_t i = 0; i < order.size(); ++i) {
                if (i % kItemsBetweenLooks == 0 && job.cancelled()) return false;
                Pick& pick = order[i];
                const bool over = picks.size() == count || (onlyRare && minority.empty());
                if (!over && wanted(input, pick, onlyRare, minority, taken)) {
                    picks.push_back(std::move(pick));
                } else {
                    passed.push_back(std::move(pick));
                }
            }
            order = std::move(passed);
        }
        for (std::size_t i = 0; i < order.size() && picks.size() < count; ++i)
            picks.push_back(std::move(order[i]));
        return true;
    }

    /** Whether a picture is taken; if so, it counts from now on. */
    static bool wanted(const SelectionInput& input, Pick& pick, bool onlyRare, Minority& minority, Taken& taken) {
        const ItemPrediction& prediction = (*input.predictions)[pick.index];
        const double rare = minority.seenIn(prediction);
        const auto prototypes = prototypesOf(prediction, suppressRepeatedDoubts(prediction, kRepeated).kept);
        const double likeness = taken.likeness(prototypes);
        pick.reasons[2].value = likeness;
        if (onlyRare) pick.reasons[3].value = rare;
        if (likeness >= kAlike || (onlyRare && rare <= kSeen)) return false;
        taken.add(prototypes);
        minority.take(prediction);
        return true;
    }

    StrategyInfo m_info;
};

}  // namespace

DoubtfulBoxes suppressRepeatedDoubts(const ItemPrediction& prediction, double threshold) {
    std::vector<std::size_t> open;
    std::vector<double> entropies(prediction.boxes.size(), 0.0);
    std::vector<std::vector<float>> units(prediction.boxes.size());
    for (std::size_t k = 0; k < prediction.boxes.size(); ++k) {
        const Detection& box = prediction.boxes[k];
        if (box.score < kScoreFloor) continue;
        entropies[k] = labelEntropy(box);
        units[k] = geometry::unitVector(box.features);
        open.push_back(k);
    }
    DoubtfulBoxes left;
    if (open.empty()) left.doubt = emptyEntropy();
    std::stable_sort(open.begin(), open.end(),
                     [&](std::size_t a, std::size_t b) { return entropies[a] > entropies[b]; });
    for (const std::size_t k : open) {
        const int label = prediction.boxes[k].label;
        const bool repeated = std::any_of(left.kept.begin(), left.kept.end(), [&](std::size_t other) {
            return prediction.boxes[other].label == label && geometry::cosine(units[k], units[other]) > threshold;
        });
        if (repeated) continue;
        left.kept.push_back(k);
        left.doubt += entropies[k];
    }
    return left;
}

std::vector<Prototype> prototypesOf(const ItemPrediction& prediction, const std::vector<std::size_t>& kept) {
    std::map<int, std::vector<float>> sums;
    for (const std::size_t k : kept) {
        const Detection& box = prediction.boxes[k];
        std::vector<float>& sum = sums[box.label];
        sum.resize(std::max(sum.size(), box.features.size()));
        const auto weight = static_cast<float>(labelEntropy(box));
        for (std::size_t i = 0; i < box.features.size(); ++i)
            sum[i] += weight * box.features[i];
    }
    std::vector<Prototype> prototypes;
    for (const auto& [label, sum] : sums)
        prototypes.push_back({label, geometry::unitVector(sum)});
    return prototypes;
}

std::unique_ptr<QueryStrategy> makeEbal() {
    StrategyInfo info;
    info.name = "ebal";
    info.title = "EBAL";
    info.sentence =
        "Asks about the items with the most doubtful boxes, each kind of doubt counted once, that are unlike each "
        "other and show classes with few answers.";
    info.source =
        "Wu, Chen and Huang 2022, Entropy-based active learning for object detection with progressive "
        "diversity constraint, CVPR";
    info.needsModel = true;
    info.tasks = {TaskKind::Detect};
    info.reasons = {kDoubt, kBoxes, kLikeness, kRareClass};
    return std::make_unique<Ebal>(std::move(info));
}

}  // namespace querent::select::boxes
