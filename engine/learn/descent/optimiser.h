#pragma once

// Internal: torch inside.

#include <torch/torch.h>

#include <vector>

namespace querent::learn::descent {

/**
 * All parameters of a module laid end to end in one tensor, their gradients in a second, its floating-point buffers in
 * a third; the module's own tensors become views of them. An optimiser step, an average or a copy of the whole network
 * is then one operation instead of hundreds. The module must be on its device, and must stay there.
 */
struct FlatModel {
    /**
     * Parameters without a gradient (frozen ones) are left out, and stay as they are.
     * @param slow  parameters that have learnt before: they take steps of `pace` of the others' length
     */
    explicit FlatModel(torch::nn::Module& module, const std::vector<torch::Tensor>& slow = {}, double pace = 1.0);

    torch::Tensor weights;     // [P], those that weight decay applies to first
    torch::Tensor gradients;   // [P]
    torch::Tensor statistics;  // [S] running means and variances
    torch::Tensor pace;        // [P] what to multiply each one's steps with; undefined where all take whole ones
    std::int64_t decayed = 0;  // how many of the weights decay: those of convolutions, not of norms and biases
};

/** AdamW (Loshchilov and Hutter 2019, Algorithm 2), beta 0.9 and 0.999. */
class AdamW {
 public:
    AdamW(FlatModel& model, double weightDecay);
    /** One step; step is 1-based. */
    void step(int step, double rate);

    torch::Tensor mean, square;  // [P] the moments: what a checkpoint has to keep

 private:
    FlatModel& m_model;
    double m_weightDecay;
};

/** Exponential moving average of weights and statistics; its decay rises from 0.1 so that early steps fade quickly. */
class WeightAverage {
 public:
    WeightAverage(const FlatModel& model, double decay);
    void update(const FlatModel& model, int step);

    torch::Tensor weights, statistics;

 private:
    double m_decay;
};

/** Linear warm-up over `warmupShare` of the training, then half a cosine down to a hundredth (SGDR, Eq. 5). */
double cosineRate(double peak, double warmupShare, double progress);

/** Scales the gradients down to a norm of at most `most`. */
void clipGradients(FlatModel& model, double most);

}  // namespace querent::learn::descent
