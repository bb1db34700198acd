#pragma once

#include "engine/core/job.h"
#include "engine/core/matrix.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/core/samples.h"
#include "engine/learn/training_outcome.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace querent::learn::instant {

/**
 * What can be seen in items before anything has been learnt of the project: features that never change, so that a head
 * on them is fitted in milliseconds. Immutable; calls from several threads wait for one another.
 *
 * Pictures: NanoDet's maps of strides 16 and 32 (the start weights that come with the program): mean and maximum over
 * the plane, and the means of the four quarters. A picture is looked at at 224 x 224 pixels, squeezed, and once more in
 * its own shape and mirrored; the mean of both counts. A small one is looked at once, at 96 x 96. Sounds: of each mel
 * band the mean, deviation and maximum over time, and the means of four stretches of equal length, in loudness that is
 * the same for all. Texts: which words and pairs of neighbours there are, told apart by a hash.
 */
class FrozenEncoder {
 public:
    /**
     * @param media  at least one; of several of one kind an item's first counts
     * @param bands  of log-mel features
     * @return the errors of the start weights where there are pictures
     */
    static Result<std::shared_ptr<const FrozenEncoder>> make(const std::vector<Modality>& media, int bands);
    /** What name() and the length of a row would be, without loading anything. */
    static std::string nameOf(const std::vector<Modality>& media, int bands);
    static std::size_t featuresOf(const std::vector<Modality>& media, int bands);
    ~FrozenEncoder();
    FrozenEncoder(const FrozenEncoder&) = delete;
    FrozenEncoder& operator=(const FrozenEncoder&) = delete;

    /** [M], how many features each medium has; D, the length of a row, is their sum. */
    const std::vector<std::size_t>& sizes() const;
    /** What the numbers depend on, fit for the name of a folder: features of different names are not comparable. */
    const std::string& name() const;

    /**
     * [N, D], a row an item in the source's order. NaN where an item has not the medium, and all along the row of one
     * that cannot be read, which is named in `unread`.
     * @return OutOfMemory, Cancelled
     */
    Result<Matrix> encode(const ItemSource& source, std::vector<UnreadItem>& unread, const Job& job) const;

 private:
    struct Impl;
    explicit FrozenEncoder(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace querent::learn::instant
