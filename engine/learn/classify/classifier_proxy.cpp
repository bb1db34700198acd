#include "engine/core/rng.h"
#include "engine/learn/classify/classifier_file.h"
#include "engine/learn/classify/item_bank.h"
#include "engine/learn/descent.h"
#include "engine/learn/devices.h"
#include "engine/learn/losses/consistency.h"
#include "engine/learn/metrics/classification.h"
#include "engine/learn/proxy_parts.h"
#include "engine/learn/proxy_trainer.h"

#include <algorithm>
#include <map>
#include <utility>

namespace querent::learn {

namespace {

/** What a step learns from with its answers. */
struct LabelledStep {
    torch::Tensor fused;    // [N, F]
    torch::Tensor targets;  // [N, C]
};

class ClassifierProxy : public ProxyTrainer {
 public:
    ClassifierProxy(SavedClassifier saved, std::shared_ptr<ClassifierNet> net, const torch::Device& device,
                    const ItemSource& pool, const ProxySettings& settings)
        : m_saved(std::move(saved)),
          m_net(std::move(net)),
          m_device(device),
          m_settings(settings),
          m_training(trainingOf(settings)),
          m_trained({m_net->hidden().ptr(), m_net->joint().ptr()}),
          m_pool(pool, m_saved.config, m_saved.subwords, 0) {}

    Result<void> prepare(const ItemSource& labelled, const ItemSource& holdout, const Job& job) {
        for (torch::Tensor& parameter : m_net->parameters())
            parameter.set_requires_grad(false);
        for (torch::Tensor& parameter : m_trained.parameters())
            parameter.set_requires_grad(true);
        m_start = FlatModel(m_trained).weights.clone();
        if (const auto read = readHoldout(holdout, job); !read) return read;
        return readLabelled(labelled, job);
    }

    Result<double> score(std::span<const std::size_t> batch, const Job& job) override {
        try {
            const Job quiet(job.token());
            Descent descent(m_trained, m_training, m_training.batch, quiet);
            descent.model.weights.copy_(m_start);
            while (!descent.finished()) {
                if (job.cancelled()) return Job::stopped();
                const int step = descent.state.step;
                auto looks = looksAt(drawnFrom(batch, step, m_settings.unlabelled, m_settings.seed), job);
                if (!looks) return looks.error();
                TrainingStep told;
                descent.step(lossOf(m_steps[static_cast<std::size_t>(step)], *looks, step), told);
            }
            return measure();
        } catch (const std::exception& problem) {
            return errorOf(problem);
        }
    }

 private:
    torch::Tensor fusedOf(const ItemBatch& batch) {
        const torch::NoGradGuard noGrad;
        ItemBatch given;
        for (const torch::Tensor& media : batch.media)
            given.media.push_back(media.to(m_device));
        given.present = batch.present.to(m_device);
        return m_net->forward(given).fused;
    }

    torch::Tensor logitsOf(const torch::Tensor& fused) { return m_net->joint()(m_net->hiddenOf(fused)); }

    Result<void> readHoldout(const ItemSource& holdout, const Job& job) {
        ItemBank bank(holdout, m_saved.config, m_saved.subwords, 0);
        std::vector<UnreadItem> unread;
        std::vector<torch::Tensor> fused;
        for (const std::size_t place : somePlaces(holdout, m_settings.holdoutItems, m_settings.seed)) {
            if (job.cancelled()) return Job::stopped();
            const auto batch = bank.plain(std::array{place}, &unread, job);
            if (!batch) return batch.error();
            if (batch->items.empty()) continue;
            fused.push_back(fusedOf(*batch));
            m_truths.push_back(holdout.truth(place));
            m_rows.push_back(fused.back().size(0));
        }
        if (fused.empty()) return fail(ErrorCode::InvalidArgument, "There are no validation items to measure on.");
        m_holdout = torch::cat(fused);
        return {};
    }

    Result<void> readLabelled(const ItemSource& labelled, const Job& job) {
        ItemBank bank(labelled, m_saved.config, m_saved.subwords, m_settings.cacheBytes);
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < labelled.count(); ++i) {
            if (job.cancelled()) return Job::stopped();
            if (labelled.truth(i).labels.empty() && !m_saved.config.multiLabel) continue;
            const auto item = bank.item(i);
            if (item) places.push_back(i);
            if (!item && !concernsOneItem(item.error())) return item.error();
        }
        if (places.empty()) {
            return fail(ErrorCode::InvalidArgument, "There are no labelled items to learn from.");
        }
        for (int step = 0; step < m_training.steps; ++step) {
            const std::uint64_t seed = deriveSeed(m_settings.seed, "step " + std::to_string(step));
            const auto batch = bank.changed(drawnFrom(places, step, std::max(1, m_settings.labelled), m_settings.seed),
                                            ItemAugmentation(), seed, job);
            if (!batch) return batch.error();
            m_steps.push_back({fusedOf(*batch), batch->targets.to(m_device)});
        }
        return {};
    }

    /** Two looks at each item, [N, F] each; items that cannot be read are left out. */
    Result<std::pair<torch::Tensor, torch::Tensor>> looksAt(const std::vector<std::size_t>& places, const Job& job) {
        std::vector<torch::Tensor> first, second;
        for (const std::size_t place : places) {
            auto known = m_seen.find(place);
            if (known == m_seen.end()) {
                const std::uint64_t seed = deriveSeed(m_settings.seed, "looks " + std::to_string(place));
                const auto looks = m_pool.changed(std::array{place, place}, ItemAugmentation(), seed, job);
                if (!looks && concernsOneItem(looks.error())) continue;
                if (!looks) return looks.error();
                known = m_seen.emplace(place, fusedOf(*looks)).first;
            }
            first.push_back(known->second.narrow(0, 0, 1));
            second.push_back(known->second.narrow(0, 1, 1));
        }
        if (first.empty()) return std::pair<torch::Tensor, torch::Tensor>();
        return std::pair(torch::cat(first), torch::cat(second));
    }

    torch::Tensor lossOf(const LabelledStep& labelled, const std::pair<torch::Tensor, torch::Tensor>& looks, int step) {
        const bool multi = m_saved.config.multiLabel;
        const torch::Tensor logits = logitsOf(labelled.fused);
        const torch::Tensor loss = multi ? torch::binary_cross_entropy_with_logits(logits, labelled.targets)
                                         : -(labelled.targets * torch::log_softmax(logits, 1)).sum(1).mean();
        if (!looks.first.defined()) return loss;
        const double weight = m_settings.consistency * consistencyWeight(step, m_training.steps);
        return loss + weight * consistencyLoss(logitsOf(looks.first), logitsOf(looks.second), multi);
    }

    Result<double> measure() {
        const torch::NoGradGuard noGrad;
        const bool multi = m_saved.config.multiLabel;
        const torch::Tensor logits = logitsOf(m_holdout);
        const torch::Tensor rows = (multi ? torch::sigmoid(logits) : torch::softmax(logits, 1)).to(torch::kCPU);
        std::vector<ItemPrediction> predictions;
        std::int64_t at = 0;
        for (std::size_t i = 0; i < m_truths.size(); ++i) {
            const torch::Tensor mean = rows.narrow(0, at, m_rows[i]).mean(0).contiguous();
            at += m_rows[i];
            ItemPrediction seen;
            seen.item = m_truths[i].item;
            seen.probabilities.assign(mean.data_ptr<float>(), mean.data_ptr<float>() + mean.numel());
            predictions.push_back(std::move(seen));
        }
        const auto summary = metrics::evaluateClasses(m_truths, predictions, m_saved.config.classes, multi);
        if (!summary) return summary.error();
        return std::max(0.0, multi ? summary->figures.map : summary->figures.top1);
    }

    SavedClassifier m_saved;
    std::shared_ptr<ClassifierNet> m_net;
    torch::Device m_device;
    ProxySettings m_settings;
    TrainingSettings m_training;
    TrainedPart m_trained;
    ItemBank m_pool;
    torch::Tensor m_start;  // weights of the trained part
    std::vector<LabelledStep> m_steps;
    torch::Tensor m_holdout;           // [rows, F]
    std::vector<std::int64_t> m_rows;  // of each item of the holdout
    std::vector<ItemTruth> m_truths;   // of the holdout
    std::map<std::size_t, torch::Tensor> m_seen;
};

}  // namespace

Result<std::unique_ptr<ProxyTrainer>> makeClassifierProxy(const std::filesystem::path& model,
                                                          const ItemSource& labelled, const ItemSource& pool,
                                                          const ItemSource& holdout, const ProxySettings& settings,
                                                          const Job& job) {
    const Result<torch::Device> device = deviceFor(settings.device);
    if (!device) return device.error();
    Result<SavedClassifier> saved = loadClassifier(model);
    if (!saved) return saved.error();
    Result<std::shared_ptr<ClassifierNet>> net = revive(*saved);
    if (!net) return fail(net.error().code, net.error().sentence, model);
    try {
        (*net)->to(*device);
        auto proxy = std::make_unique<ClassifierProxy>(std::move(*saved), *net, *device, pool, settings);
        if (const auto ready = proxy->prepare(labelled, holdout, job); !ready) return ready.error();
        return std::unique_ptr<ProxyTrainer>(std::move(proxy));
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

}  // namespace querent::learn
