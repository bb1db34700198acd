#pragma once

namespace querent::select::bralt {

/**
 * Lambert's W, principal branch: the w >= -1 with w e^w = x, for x >= -1/e; -1 below. Halley's iteration, to about
 * 1e-15.
 */
double lambertW(double x);

/**
 * How much an example counts in a curriculum that believes easy examples sooner than hard ones (Castells et al. 2020,
 * SuperLoss): the weight s in (0, e] that minimises (loss - tau) s + lambda (ln s)^2,
 *     s(loss) = exp(-W(max(-2/e, (loss - tau) / lambda) / 2)).
 * 1 at loss = tau, larger below it (e at most), smaller above it.
 * @param loss    nats, finite
 * @param tau     the loss at which an example counts once
 * @param lambda  > 0; the smaller, the more losses matter
 */
double superLossWeight(double loss, double tau, double lambda);

}  // namespace querent::select::bralt
