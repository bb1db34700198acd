#include "engine/session/learning/long_sounds_internal.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace querent::session::learning {
namespace {

constexpr std::size_t kWindowsAtOnce = 64;

/** What can be seen of these items: nothing, rather than an error, when none of them can be read. */
Result<std::vector<ItemPrediction>> look(const learn::detect::Predictor& predictor, const ItemList& items,
                                         const learn::detect::PredictOptions& options, const Job& job,
                                         std::vector<learn::UnreadItem>& unread) {
    auto seen = predictor.predict(items, options, job, &unread);
    if (!seen && !unread.empty() && learn::concernsOneItem(seen.error())) return std::vector<ItemPrediction>();
    return seen;
}

/** One long sound; nothing when it cannot be read. */
Result<std::optional<ItemPrediction>> listen(const learn::detect::Predictor& predictor, const ItemList& items,
                                             std::size_t index, const learn::detect::PredictOptions& options,
                                             const Job& job, std::vector<learn::UnreadItem>& unread) {
    const ListedItem& item = items.items()[index];
    const std::vector<SoundWindow> windows = windowsOf(item, predictor.config().windowSeconds);
    WindowMerger merger(item.truth);
    for (std::size_t begin = 0; begin < windows.size(); begin += kWindowsAtOnce) {
        const std::size_t end = std::min(windows.size(), begin + kWindowsAtOnce);
        std::vector<ListedItem> parts;
        for (std::size_t w = begin; w < end; ++w)
            parts.push_back(windowOf(item, windows[w]));
        std::vector<learn::UnreadItem> failed;
        const auto seen = look(predictor, items.derived(std::move(parts)), options, job, failed);
        if (!seen) return seen.error();
        if (!failed.empty()) {
            unread.push_back(failed.front());
            return std::optional<ItemPrediction>();
        }
        for (std::size_t w = begin; w < end; ++w)
            merger.add(windows[w], (*seen)[w - begin]);
    }
    return std::optional(merger.finish());
}

}  // namespace

std::vector<learn::UnreadItem> unreadItems(const std::vector<learn::UnreadItem>& windows, const WindowedItems& shown,
                                           const ItemList& items) {
    std::vector<learn::UnreadItem> unread;
    std::unordered_set<std::int64_t> named;
    for (const learn::UnreadItem& window : windows) {
        const std::int64_t item = items.truth(shown.parts[static_cast<std::size_t>(window.item)]).item;
        if (named.insert(item).second) unread.push_back({item, window.error});
    }
    return unread;
}

Result<std::vector<ItemPrediction>> predictInWindows(const learn::detect::Predictor& predictor, const ItemList& items,
                                                     const learn::detect::PredictOptions& options, const Job& job,
                                                     std::vector<learn::UnreadItem>& unread) {
    std::vector<std::size_t> shortOnes, longOnes;
    for (std::size_t i = 0; i < items.count(); ++i)
        (needsWindows(items.items()[i], predictor.config().windowSeconds) ? longOnes : shortOnes).push_back(i);
    if (longOnes.empty()) return predictor.predict(items, options, job, &unread);

    std::unordered_map<std::int64_t, ItemPrediction> byItem;
    auto together = look(predictor, items.subset(shortOnes), options, job, unread);
    if (!together) return together;
    for (ItemPrediction& seen : *together)
        byItem.emplace(seen.item, std::move(seen));
    const Job quiet(job.token());
    for (std::size_t i = 0; i < longOnes.size(); ++i) {
        job.report("Predicting", static_cast<std::int64_t>(shortOnes.size() + i),
                   static_cast<std::int64_t>(items.count()));
        auto heard = listen(predictor, items, longOnes[i], options, quiet, unread);
        if (!heard) return heard.error();
        if (*heard) byItem.emplace((*heard)->item, std::move(**heard));
    }
    if (byItem.empty() && !unread.empty()) return unread.front().error;
    std::vector<ItemPrediction> all;
    for (std::size_t i = 0; i < items.count(); ++i) {
        if (auto found = byItem.find(items.truth(i).item); found != byItem.end())
            all.push_back(std::move(found->second));
    }
    return all;
}

}  // namespace querent::session::learning
