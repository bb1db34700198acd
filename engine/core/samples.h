#pragma once

#include "engine/core/detection.h"
#include "engine/core/matrix.h"
#include "engine/core/raster.h"
#include "engine/core/records.h"
#include "engine/core/result.h"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace querent {

/** What is known of one item. `item` names it in both lists of an evaluation. */
struct ItemTruth {
    std::int64_t item = 0;
    Size size;                        // of the plane of its boxes: pixels, or frames x Hz of a sound
    std::vector<TrueBox> boxes = {};  // detection
    std::vector<int> labels = {};     // classification: class numbers, ascending; one unless the task is multi-label
};

/** What a model says about one item: the part that belongs to its task is filled. */
struct ItemPrediction {
    std::int64_t item = 0;
    std::vector<Detection> boxes = {};  // detection: in the plane's own units, best first
    /**
     * Classification, [C]: what all modalities say together. They add up to 1; in a multi-label task each is a
     * probability by itself.
     */
    std::vector<float> probabilities = {};
    /**
     * Classification, [M][C]: the Dirichlet parameters (each > 1) that each modality's own head answers with (multi-
     * label: evidence for yes, against 1); empty for a modality that the item does not have.
     */
    std::vector<std::vector<float>> evidence = {};
    /** [D], what the last layer sees: of pictures with boxes the global average of the last neck map. */
    std::vector<float> embedding = {};
    std::vector<std::vector<float>> features = {};  // [M][D], each modality's share of it; empty where it is missing
    /** Classification, where asked for, [T][C]: `probabilities` of T networks with features dropped at random. */
    std::vector<std::vector<float>> samples = {};
    /**
     * Classification, where asked for, [2^M][C]: `probabilities` when the joint head gets only some modalities,
     * modality m where bit m of the row's number is set. The last row is all of them.
     */
    std::vector<std::vector<float>> coalitions = {};
    /** Classification: how far `embedding` would have to move for another answer; < 0 where it is not known. */
    double toBorder = -1.0;
    /** What the loss-prediction head expects the loss to be, on its own scale; NaN where there is no such head. */
    double expectedLoss = std::numeric_limits<double>::quiet_NaN();
    /** Boxes: how much two class heads differ, >= 0 (MI-AOD's discrepancy); < 0 where there are not two. */
    double discrepancy = -1.0;
};

/** One medium as a network reads it. Nothing: the item does not have it. */
using Content = std::variant<std::monostate, Raster, Matrix, std::string>;

/**
 * Items with their truth, as training and prediction read them. Implementations are thread-safe: what loads may be
 * called from several threads at once.
 */
class ItemSource {
 public:
    virtual ~ItemSource() = default;
    virtual std::size_t count() const = 0;
    /** Id, size and answers (empty where nothing is known). */
    virtual ItemTruth truth(std::size_t index) const = 0;
    /**
     * The plane that boxes lie on as a picture, at least as large as `wanted` would need: implementations may decode at
     * a reduced scale, and keep the aspect ratio of pictures. Coordinates scale by raster.size / truth().size, each
     * axis by itself.
     */
    virtual Result<Raster> load(std::size_t index, Size wanted) const = 0;
    /**
     * One medium of the item: a picture (as load()), a sound as log-mel features [columns, bands], a text in UTF-8; the
     * first of several of one kind, and nothing where there is none. A medium that should be there and cannot be read
     * is an error. A source of pictures alone need not say more than load() does.
     */
    virtual Result<Content> content(std::size_t index, Modality modality, Size wanted) const {
        if (modality != Modality::Image) return Content();
        Result<Raster> picture = load(index, wanted);
        if (!picture) return picture.error();
        return Content(std::move(picture).value());
    }
};

}  // namespace querent
