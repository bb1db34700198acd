#pragma once

// Internal: torch inside.

#include "engine/core/proxy.h"
#include "engine/learn/detect/proxy_parts.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace querent::learn::detect {

/**
 * What the proxies of all tasks have in common: which items train and measure. `Known` is what is kept of an item of
 * the holdout, to measure on it or to learn from it.
 */
template <typename Known>
class ProxyBase {
 public:
    virtual ~ProxyBase() = default;

    /** Proxy::ofPool */
    Result<double> score(std::span<const std::size_t> batch, const Job& job) {
        return withoutExceptions([&]() -> Result<double> {
            const auto loss = [&](int step) {
                return lossOf(drawnFrom(batch, step, m_settings.unlabelled, m_settings.seed), step, job);
            };
            return scoreAfter(trainingOf(m_settings), loss, m_sample, job);
        });
    }

    /** Proxy::ofAnswered */
    Result<double> scoreAnswered(std::span<const std::size_t> learnt, std::span<const std::size_t> measured,
                                 const Job& job) {
        return withoutExceptions([&]() -> Result<double> {
            const auto readable = readableOf(learnt, job);
            if (!readable) return readable.error();
            const auto loss = [&](int step) -> Result<torch::Tensor> {
                std::vector<const Known*> drawn;
                for (const std::size_t place : drawnFrom(*readable, step, m_settings.unlabelled, m_settings.seed))
                    drawn.push_back(&m_known.at(place));
                return answeredLossOf(drawn, step);
            };
            return scoreAfter(answeredTrainingOf(m_settings), loss, measured, job);
        });
    }

 protected:
    /** @param holdout  outlives the proxy */
    ProxyBase(torch::nn::Module& network, const std::vector<std::shared_ptr<torch::nn::Module>>& trained,
              const ItemSource& holdout, const ProxySettings& settings)
        : m_settings(settings),
          m_holdout(holdout),
          m_training(network, trained),
          m_sample(somePlaces(holdout, settings.holdoutItems, settings.seed)) {}

    /** Looks at what score() measures on; fails without any item that can be read. */
    Result<void> readHoldout(const Job& job) {
        const auto readable = readableOf(m_sample, job);
        if (!readable) return readable.error();
        if (!readable->empty()) return {};
        return fail(ErrorCode::InvalidArgument, "There are no validation items to measure on.");
    }

    const ProxySettings m_settings;
    const ItemSource& m_holdout;

 private:
    /** An item of the holdout; nothing when it cannot be read. */
    virtual Result<std::optional<Known>> look(std::size_t place, const Job& job) = 0;
    /** Of a step on what is labelled and on these items of the pool, without answers. */
    virtual Result<torch::Tensor> lossOf(const std::vector<std::size_t>& places, int step, const Job& job) = 0;
    /** Of a step on what is labelled and on these items with their answers; steps may be more than settings.steps. */
    virtual torch::Tensor answeredLossOf(const std::vector<const Known*>& items, int step) = 0;
    /** The headline metric on these items, at least one. */
    virtual Result<double> measure(const std::vector<const Known*>& items, const Job& job) = 0;

    Result<double> scoreAfter(const TrainingSettings& training,
                              const std::function<Result<torch::Tensor>(int step)>& loss,
                              std::span<const std::size_t> measured, const Job& job) {
        if (const auto trained = m_training.run(training, loss, job); !trained) return trained.error();
        const auto readable = readableOf(measured, job);
        if (!readable) return readable.error();
        if (readable->empty()) {
            return fail(ErrorCode::InvalidArgument, "There are no validation items to measure on.");
        }
        std::vector<const Known*> items;
        for (const std::size_t place : *readable)
            items.push_back(&m_known.at(place));
        const torch::NoGradGuard noGrad;
        return measure(items, job);
    }

    /** Those of these places of the holdout that can be read; they are known from then on. */
    Result<std::vector<std::size_t>> readableOf(std::span<const std::size_t> places, const Job& job) {
        std::vector<std::size_t> readable;
        for (const std::size_t place : places) {
            if (job.cancelled()) return Job::stopped();
            if (!m_known.contains(place)) {
                job.report("Looking at validation", static_cast<std::int64_t>(readable.size()),
                           static_cast<std::int64_t>(places.size()));
                auto seen = look(place, job);
                if (!seen) return seen.error();
                if (!seen->has_value()) continue;
                m_known.emplace(place, std::move(**seen));
            }
            readable.push_back(place);
        }
        return readable;
    }

    ShortTraining m_training;
    std::vector<std::size_t> m_sample;  // of the holdout, what score() measures on
    std::map<std::size_t, Known> m_known;
};

/** The proxy that others see; it owns what it asks. */
template <typename Known>
Proxy proxyOf(std::shared_ptr<ProxyBase<Known>> base) {
    return {[base](std::span<const std::size_t> batch, const Job& job) { return base->score(batch, job); },
            [base](std::span<const std::size_t> learnt, std::span<const std::size_t> measured, const Job& job) {
                return base->scoreAnswered(learnt, measured, job);
            }};
}

}  // namespace querent::learn::detect
