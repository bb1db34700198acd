#include "engine/learn/classify/classifier_proxy.h"

#include "engine/core/rng.h"
#include "engine/learn/classify/classifier_file.h"
#include "engine/learn/classify/item_bank.h"
#include "engine/learn/detect/proxy_base.h"
#include "engine/learn/devices.h"
#include "engine/learn/losses/consistency.h"
#include "engine/learn/metrics/classification.h"

#include <algorithm>
#include <map>
#include <utility>

namespace querent::learn::classify {
namespace {

/** What is learnt from with its answers. */
struct Answered {
    torch::Tensor fused;    // [N, F]
    torch::Tensor targets;  // [N, C]
};

/** An item of the holdout, to measure on or to learn from: a row for each window of a long sound. */
struct Measured {
    Answered answered;
    ItemTruth truth;
};

class ClassifierProxy : public detect::ProxyBase<Measured> {
 public:
    ClassifierProxy(SavedClassifier saved, const std::shared_ptr<ClassifierNet>& net, const torch::Device& device,
                    const ItemSource& pool, const ItemSource& holdout, const detect::ProxySettings& settings)
        : ProxyBase(*net, {net->hidden().ptr(), net->joint().ptr()}, holdout, settings),
          m_saved(std::move(saved)),
          m_net(net),
          m_device(device),
          m_pool(pool, m_saved.config, m_saved.subwords, 0),
          m_holdoutBank(holdout, m_saved.config, m_saved.subwords, 0) {}

    Result<void> prepare(const ItemSource& labelled, const Job& job) {
        if (const auto read = readHoldout(job); !read) return read;
        return readLabelled(labelled, job);
    }

 private:
    Result<torch::Tensor> lossOf(const std::vector<std::size_t>& places, int step, const Job& job) override {
        const auto looks = looksAt(places, job);
        if (!looks) return looks.error();
        return lossWith(m_steps[static_cast<std::size_t>(step)], *looks, step);
    }

    torch::Tensor answeredLossOf(const std::vector<const Measured*>& items, int step) override {
        const Answered& labelled = m_steps[static_cast<std::size_t>(step) % m_steps.size()];
        std::vector<torch::Tensor> fused{labelled.fused}, targets{labelled.targets};
        for (const Measured* item : items) {
            fused.push_back(item->answered.fused);
            targets.push_back(item->answered.targets);
        }
        return lossWith({torch::cat(fused), torch::cat(targets)}, {}, step);
    }

    torch::Tensor fusedOf(const ItemBatch& batch) {
        const torch::NoGradGuard noGrad;
        ItemBatch given;
        for (const torch::Tensor& media : batch.media)
            given.media.push_back(media.to(m_device));
        given.present = batch.present.to(m_device);
        return m_net->forward(given).fused;
    }

    torch::Tensor logitsOf(const torch::Tensor& fused) { return m_net->joint()(m_net->hiddenOf(fused)); }

    Result<std::optional<Measured>> look(std::size_t place, const Job& job) override {
        std::vector<UnreadItem> unread;
        const auto batch = m_holdoutBank.plain(std::array{place}, &unread, job);
        if (!batch) return batch.error();
        if (batch->items.empty()) return std::optional<Measured>();
        return std::optional(Measured{{fusedOf(*batch), batch->targets.to(m_device)}, m_holdout.truth(place)});
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
        for (int step = 0; step < std::max(1, m_settings.steps); ++step) {
            const std::uint64_t seed = deriveSeed(m_settings.seed, "step " + std::to_string(step));
            const auto batch =
                bank.changed(detect::drawnFrom(places, step, std::max(1, m_settings.labelled), m_settings.seed),
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

    torch::Tensor lossWith(const Answered& labelled, const std::pair<torch::Tensor, torch::Tensor>& looks, int step) {
        const bool multi = m_saved.config.multiLabel;
        const torch::Tensor logits = logitsOf(labelled.fused);
        const torch::Tensor loss = multi ? torch::binary_cross_entropy_with_logits(logits, labelled.targets)
                                         : -(labelled.targets * torch::log_softmax(logits, 1)).sum(1).mean();
        if (!looks.first.defined()) return loss;
        const double weight = m_settings.consistency * losses::consistencyWeight(step, std::max(1, m_settings.steps));
        return loss + weight * losses::consistencyLoss(logitsOf(looks.first), logitsOf(looks.second), multi);
    }

    Result<double> measure(const std::vector<const Measured*>& items, const Job&) override {
        const bool multi = m_saved.config.multiLabel;
        std::vector<torch::Tensor> fused;
        for (const Measured* item : items)
            fused.push_back(item->answered.fused);
        const torch::Tensor logits = logitsOf(torch::cat(fused));
        const torch::Tensor rows = (multi ? torch::sigmoid(logits) : torch::softmax(logits, 1)).to(torch::kCPU);
        std::vector<ItemTruth> truths;
        std::vector<ItemPrediction> predictions;
        std::int64_t at = 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const torch::Tensor mean = rows.narrow(0, at, fused[i].size(0)).mean(0).contiguous();
            at += fused[i].size(0);
            truths.push_back(items[i]->truth);
            ItemPrediction seen;
            seen.item = truths.back().item;
            seen.probabilities.assign(mean.data_ptr<float>(), mean.data_ptr<float>() + mean.numel());
            predictions.push_back(std::move(seen));
        }
        const auto summary = metrics::evaluateClasses(truths, predictions, m_saved.config.classes, multi);
        if (!summary) return summary.error();
        return std::max(0.0, multi ? summary->figures.map : summary->figures.top1);
    }

    SavedClassifier m_saved;
    std::shared_ptr<ClassifierNet> m_net;
    torch::Device m_device;
    ItemBank m_pool;
    ItemBank m_holdoutBank;
    std::vector<Answered> m_steps;
    std::map<std::size_t, torch::Tensor> m_seen;
};

}  // namespace

Result<Proxy> makeClassifierProxy(const std::filesystem::path& model, const ItemSource& labelled,
                                  const ItemSource& pool, const ItemSource& holdout,
                                  const detect::ProxySettings& settings, const Job& job) {
    const Result<torch::Device> device = deviceFor(settings.device);
    if (!device) return device.error();
    Result<SavedClassifier> saved = loadClassifier(model);
    if (!saved) return saved.error();
    Result<std::shared_ptr<ClassifierNet>> net = revive(*saved);
    if (!net) return fail(net.error().code, net.error().sentence, model);
    try {
        (*net)->to(*device);
        auto proxy = std::make_shared<ClassifierProxy>(std::move(*saved), *net, *device, pool, holdout, settings);
        if (const auto ready = proxy->prepare(labelled, job); !ready) return ready.error();
        return detect::proxyOf<Measured>(std::move(proxy));
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

}  // namespace querent::learn::classify
