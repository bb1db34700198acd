#include "engine/select/boxes/ppal.h"

#include "engine/select/boxes/box_features.h"
#include "engine/select/boxes/box_uncertainty.h"
#include "engine/select/boxes/class_difficulty.h"
#include "engine/select/boxes/terms.h"
#include "engine/select/geometry/medoids.h"
#include "engine/select/geometry/rows.h"
#include "engine/select/input_check.h"
#include "engine/select/strategy.h"
#include "engine/select/tie_keys.h"

#include <algorithm>
#include <map>
#include <utility>

namespace querent::select::boxes {
namespace {

constexpr std::size_t kMostBoxes = 100;
constexpr double kNoPartner = 2.0;
constexpr std::size_t kCandidatesAPick = 4;
constexpr std::size_t kMostCandidates = 2000;  // ours: distances of all pairs grow with its square
constexpr std::size_t kItemsBetweenLooks = 256;

constexpr Term kStandsFor{"stands for", translatable("Reasons", "Stands for"),
                          translatable("Reasons", "How many items of the pool this one stands for."), 0};

struct SeenBox {
    double score = 0.0;
    std::vector<float> unit;
};

/** A picture's boxes by class. */
struct SeenPicture {
    std::map<int, std::vector<SeenBox>> classes;
    double scores = 0.0;  // sum
};

SeenPicture seenIn(const ItemPrediction& prediction) {
    std::vector<const Detection*> boxes;
    for (const Detection& box : prediction.boxes) {
        if (box.score >= kScoreFloor) boxes.push_back(&box);
    }
    std::stable_sort(boxes.begin(), boxes.end(),
                     [](const Detection* a, const Detection* b) { return a->score > b->score; });
    boxes.resize(std::min(boxes.size(), kMostBoxes));
    SeenPicture seen;
    for (const Detection* box : boxes) {
        seen.classes[box->label].push_back({box->score, geometry::unitVector(box->features)});
        seen.scores += box->score;
    }
    return seen;
}

/** Of the boxes of a class in two pictures: each one's most similar partner in the other, both ways. */
void compareClass(const std::vector<SeenBox>& a, const std::vector<SeenBox>& b, double& fromA, double& fromB) {
    std::vector<double> nearestB(b.size(), kNoPartner);
    for (const SeenBox& one : a) {
        double nearestA = kNoPartner;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const double apart = std::max(0.0, 1.0 - geometry::cosine(one.unit, b[j].unit));
            nearestA = std::min(nearestA, apart);
            nearestB[j] = std::min(nearestB[j], apart);
        }
        fromA += one.score * nearestA;
    }
    for (std::size_t j = 0; j < b.size(); ++j)
        fromB += b[j].score * nearestB[j];
}

double distanceOf(const SeenPicture& a, const SeenPicture& b) {
    if (a.classes.empty() && b.classes.empty()) return 0.0;
    if (a.classes.empty() || b.classes.empty()) return kNoPartner;
    double fromA = kNoPartner * a.scores;
    double fromB = kNoPartner * b.scores;
    const auto lonely = [](const std::vector<SeenBox>& boxes) {
        double sum = 0.0;
        for (const SeenBox& box : boxes)
            sum += kNoPartner * box.score;
        return sum;
    };
    for (const auto& [label, boxes] : a.classes) {
        const auto same = b.classes.find(label);
        if (same == b.classes.end()) continue;
        fromA -= lonely(boxes);
        fromB -= lonely(same->second);
        compareClass(boxes, same->second, fromA, fromB);
    }
    return std::clamp(0.5 * (fromA / a.scores + fromB / b.scores), 0.0, kNoPartner);
}

/**
 * PPAL in its two steps: the most doubtful pictures, doubts about classes that the model knows badly counting more,
 * four for each that is wanted; of these the ones that stand for the others (k-medoids on the class-wise distance).
 * Score and reason "doubt": the weighted entropies of the boxes. Reasons: "boxes", "stands for" (pictures, itself
 * among them; 1 where no choice was left).
 */
class Ppal : public QueryStrategy {
 public:
    explicit Ppal(StrategyInfo info) : m_info(std::move(info)) {}

    const StrategyInfo& info() const override { return m_info; }

    Result<Selection> select(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                             const Job& job) const override {
        if (const auto checked = checkPool(input); !checked) return checked.error();
        if (const auto checked = checkBoxes(input, m_info.name); !checked) return checked.error();
        std::vector<double> weights;
        for (const double quality : classQuality(input.labelled, input.classes))
            weights.push_back(difficultyWeight(quality));
        Selection selection;
        for (std::size_t i = 0; i < input.pool.size(); ++i) {
            if (i % kItemsBetweenLooks == 0 && job.cancelled()) return Job::stopped();
            const ItemPrediction& prediction = (*input.predictions)[i];
            if (finiteBoxes(prediction)) {
                selection.picks.push_back(judge(i, prediction, weights));
            } else {
                selection.leftOut.push_back(unusableAnswer(input, i));
            }
        }
        const std::size_t most = std::max(count, std::min(count * kCandidatesAPick, kMostCandidates));
        keepBest(selection.picks, input.pool, most, seed);
        if (count == 0 || selection.picks.size() <= count) return selection;
        return standingForOthers(input, count, seed, job, std::move(selection));
    }

 private:
    static Pick judge(std::size_t index, const ItemPrediction& prediction, const std::vector<double>& weights) {
        double doubt = 0.0;
        double boxes = 0.0;
        for (const Detection& box : prediction.boxes) {
            if (box.score < kScoreFloor) continue;
            doubt += weights[static_cast<std::size_t>(box.label)] * labelEntropy(box);
            boxes += 1.0;
        }
        if (boxes == 0.0) doubt = emptyEntropy();
        return {index, doubt, {{kDoubt.name, doubt}, {kBoxes.name, boxes}, {kStandsFor.name, 1.0}}, false};
    }

    static Result<Selection> standingForOthers(const SelectionInput& input, std::size_t count, std::uint64_t seed,
                                               const Job& job, Selection selection) {
        std::vector<const ItemPrediction*> pictures;
        for (const Pick& pick : selection.picks)
            pictures.push_back(&(*input.predictions)[pick.index]);
        const auto distances = classwiseDistances(pictures, job);
        if (!distances) return Job::stopped();
        const auto medoids = geometry::kMedoids(*distances, count, job);
        if (!medoids) return Job::stopped();
        std::vector<Pick> chosen;
        for (std::size_t c = 0; c < medoids->centres.size(); ++c) {
            chosen.push_back(selection.picks[medoids->centres[c]]);
            chosen.back().reasons.back().value = static_cast<double>(medoids->sizes[c]);
        }
        selection.picks = std::move(chosen);
        keepBest(selection.picks, input.pool, count, seed);
        return selection;
    }

    StrategyInfo m_info;
};

}  // namespace

std::optional<Matrix> classwiseDistances(std::span<const ItemPrediction* const> pictures, const Job& job) {
    std::vector<SeenPicture> seen;
    for (const ItemPrediction* picture : pictures)
        seen.push_back(seenIn(*picture));
    Matrix distances(seen.size(), seen.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (job.cancelled()) return std::nullopt;
        for (std::size_t j = 0; j < i; ++j)
            distances.at(i, j) = distances.at(j, i) = static_cast<float>(distanceOf(seen[i], seen[j]));
        job.report("Comparing", static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(seen.size()));
    }
    return distances;
}

std::unique_ptr<QueryStrategy> makePpal() {
    StrategyInfo info;
    info.name = "ppal";
    info.title = "PPAL";
    info.sentence =
        "Asks about items with doubtful boxes, above all of classes that are learnt badly, and among these about the "
        "ones that stand for the others.";
    info.source = "Yang, Huang and Crowley 2024, Plug and play active learning for object detection, CVPR";
    info.needsModel = true;
    info.needsLabelled = true;
    info.tasks = {TaskKind::Detect};
    info.reasons = {kDoubt, kBoxes, kStandsFor};
    return std::make_unique<Ppal>(std::move(info));
}

}  // namespace querent::select::boxes
