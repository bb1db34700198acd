#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace querent::learn::metrics {

/**
 * What every evaluation below refuses with InvalidArgument: classes < 1, two entries of one list for the same image, a
 * prediction for an image that has no truth entry, a class outside [0, classes), a score or a coordinate that is not
 * finite. An image without a prediction entry has no detections; no images at all is no fault.
 * The order of the lists does not matter (images are taken by ascending id, which decides between equal scores of
 * different images); within an image, equal scores keep their order. A number that is not defined, because there is no
 * truth for it, is -1. Any thread.
 */

/** The numbers of the COCO detection challenge, each in [0, 1] or -1. */
struct CocoSummary {
    double ap = -1.0;    // mean over IoU .50:.05:.95, "mAP"
    double ap50 = -1.0;  // at IoU .50, "mAP@.5"
    double ap75 = -1.0;
    double apSmall = -1.0;   // truth of area <= 32^2 pixels
    double apMedium = -1.0;  // 32^2 to 96^2
    double apLarge = -1.0;   // >= 96^2
    double ar1 = -1.0;       // recall with the best detection of each class of each image only, mean over the IoUs
    double ar10 = -1.0;
    double ar100 = -1.0;
    double arSmall = -1.0;
    double arMedium = -1.0;
    double arLarge = -1.0;
    std::vector<double> classAp;           // [classes]
    std::vector<double> classAp50;         // [classes]
    std::vector<std::int64_t> classTruth;  // [classes], boxes that count (crowd boxes do not)

    /** The twelve in pycocotools' order. */
    std::array<double, 12> values() const {
        return {ap, ap50, ap75, apSmall, apMedium, apLarge, ar1, ar10, ar100, arSmall, arMedium, arLarge};
    }
};

/**
 * COCO's evaluation, as pycocotools' COCOeval does it for boxes (cocoapi PythonAPI/pycocotools/cocoeval.py): 101 recall
 * points, at most 100 detections of a class in an image, crowd boxes as ignored regions. The area of a truth box is its
 * width times its height. COCO knows no difficult boxes: they count like all others.
 */
Result<CocoSummary> evaluateCoco(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                 int classes);

/** CocoSummary::ap50 alone, several times faster: for rewards. */
Result<double> map50(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions, int classes);

enum class VocForm {
    ElevenPoint,  // VOC 2007
    AllPoints,    // VOC 2010 and later
};

struct VocSummary {
    double map = -1.0;                     // mean over the classes that have truth
    std::vector<double> classAp;           // [classes]
    std::vector<std::int64_t> classTruth;  // [classes], boxes that are not difficult
};

/**
 * Pascal VOC's evaluation, as the development kit does it (py-faster-rcnn lib/datasets/voc_eval.py): a detection takes
 * the truth box of largest overlap and is right when the overlap is greater than `iou`, in (0, 1), and nobody took the
 * box before; a detection on a difficult box is neither right nor wrong. Crowd boxes, which VOC does not know, are
 * treated as difficult ones. The kit's inclusive corners with "+1" on every side are our half-open boxes without it:
 * both measure the same pixels.
 */
Result<VocSummary> evaluateVoc(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                               int classes, VocForm form, double iou = 0.5);

/** A value of the whole set with the bounds of its 95 % percentile interval; all three -1 where there is no truth. */
struct Interval {
    double value = -1.0;
    double low = -1.0;
    double high = -1.0;
};

struct BootstrapSummary {
    Interval map50;
    Interval map;
    std::vector<Interval> classAp50;  // [classes]
};

/**
 * Percentile bootstrap over images (Efron 1979): draws as many images as there are, with replacement, `replicates`
 * (>= 1, 200 to 1000 are usual) times, and takes the 2.5 % and 97.5 % quantiles (linear between order statistics) of
 * what came out. Replicates in which a number is not defined are left out of its quantiles. Detections are matched once
 * for all replicates; one replicate then costs about a tenth of an evaluation. Same seed, same result.
 * @return additionally Cancelled.
 */
Result<BootstrapSummary> bootstrap(std::span<const ItemTruth> truth, std::span<const ItemPrediction> predictions,
                                   int classes, int replicates, std::uint64_t seed, const Job& job = {});

}  // namespace querent::learn::metrics
