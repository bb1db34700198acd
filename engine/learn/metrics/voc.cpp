#include "engine/learn/metrics/evaluator.h"
#include "engine/learn/metrics/image_pairs.h"
#include "engine/learn/metrics/precision_curve.h"

#include <algorithm>
#include <cstddef>

namespace querent::learn::metrics {
namespace {

bool ignored(const TrueBox& box) {
    return box.difficult || box.crowd;
}

/** A detection with the truth box it overlaps most: the choice does not depend on what others have taken. */
struct Claim {
    double score = 0.0;
    double overlap = 0.0;
    std::size_t truth = 0;  // number of the box in the class; meaningless when overlap is 0
    bool ignored = false;
};

struct VocClass {
    std::vector<Claim> claims;
    std::size_t truths = 0;
    std::int64_t positives = 0;
};

struct NumberedBox {
    const TrueBox* box = nullptr;
    std::size_t number = 0;  // in its class, over all images
};

Claim claimOf(const Detection& found, std::span<const NumberedBox> truth) {
    Claim claim{found.score, 0.0, 0, false};
    for (const NumberedBox& candidate : truth) {
        const double overlap = candidate.box->label == found.label ? iou(found.box, candidate.box->box) : 0.0;
        if (overlap <= claim.overlap) continue;  // of equal ones the first
        claim = {found.score, overlap, candidate.number, ignored(*candidate.box)};
    }
    return claim;
}

std::vector<VocClass> claimsByClass(std::span<const ImagePair> pairs, int classes) {
    std::vector<VocClass> result(static_cast<std::size_t>(classes));
    std::vector<NumberedBox> truth;
    for (const ImagePair& pair : pairs) {
        truth.clear();
        for (const TrueBox& box : pair.truth) {
            VocClass& one = result[static_cast<std::size_t>(box.label)];
            truth.push_back({&box, one.truths++});
            one.positives += ignored(box) ? 0 : 1;
        }
        for (const Detection& box : pair.found) {
            result[static_cast<std::size_t>(box.label)].claims.push_back(claimOf(box, truth));
        }
    }
    return result;
}

double averagePrecision(VocClass& one, VocForm form, double iou) {
    std::stable_sort(one.claims.begin(), one.claims.end(),
                     [](const Claim& a, const Claim& b) { return a.score > b.score; });
    std::vector<char> taken(one.truths, 0);
    PrecisionCurve curve;
    for (const Claim& claim : one.claims) {
        if (!(claim.overlap > iou)) {
            curve.addMiss();
        } else if (claim.ignored) {
            continue;
        } else if (taken[claim.truth] != 0) {
            curve.addMiss();
        } else {
            taken[claim.truth] = 1;
            curve.addHit();
        }
    }
    const auto positives = static_cast<double>(one.positives);
    return form == VocForm::ElevenPoint ? curve.averageAt11(positives) : curve.area(positives);
}

}  // namespace

Result<VocSummary> evaluateVoc(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                               int classes, VocForm form, double iou) {
    if (!(iou > 0.0 && iou < 1.0)) {
        return fail(ErrorCode::InvalidArgument, "The overlap that counts as a hit must lie between 0 and 1.");
    }
    const auto pairs = pairImages(truth, predictions, classes);
    if (!pairs) return pairs.error();
    VocSummary summary;
    double sum = 0.0;
    int counted = 0;
    for (VocClass& one : claimsByClass(*pairs, classes)) {
        const double ap = one.positives > 0 ? averagePrecision(one, form, iou) : -1.0;
        summary.classAp.push_back(ap);
        summary.classTruth.push_back(one.positives);
        if (one.positives == 0) continue;
        sum += ap;
        ++counted;
    }
    if (counted > 0) summary.map = sum / counted;
    return summary;
}

}  // namespace querent::learn::metrics
