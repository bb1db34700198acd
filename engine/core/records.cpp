#include "engine/core/records.h"

#include <array>
#include <string_view>
#include <utility>

namespace querent {
namespace {

template <typename Enum, std::size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

constexpr Names<Split, 3> kSplits = {{{Split::Train, "train"}, {Split::Val, "val"}, {Split::Test, "test"}}};
constexpr Names<TaskKind, 2> kTasks = {{{TaskKind::Detect, "detect"}, {TaskKind::Classify, "classify"}}};
constexpr Names<Modality, 3> kModalities = {
    {{Modality::Image, "image"}, {Modality::Audio, "audio"}, {Modality::Text, "text"}}};
constexpr Names<ItemState, 5> kStates = {{{ItemState::Unlabelled, "unlabelled"},
                                          {ItemState::Labelled, "labelled"},
                                          {ItemState::ConfirmedEmpty, "empty"},
                                          {ItemState::Skipped, "skipped"},
                                          {ItemState::Unsure, "unsure"}}};
constexpr Names<Provenance, 4> kProvenances = {{{Provenance::Human, "human"},
                                                {Provenance::ModelAccepted, "model-accepted"},
                                                {Provenance::ModelCorrected, "model-corrected"},
                                                {Provenance::Import, "import"}}};
constexpr Names<RoundStep, 5> kSteps = {{{RoundStep::Labelling, "labelling"},
                                         {RoundStep::Training, "training"},
                                         {RoundStep::Evaluating, "evaluating"},
                                         {RoundStep::Rewarding, "rewarding"},
                                         {RoundStep::Done, "done"}}};

template <typename Enum, std::size_t N>
const char* nameOf(const Names<Enum, N>& names, Enum value) {
    for (const auto& [entry, name] : names) {
        if (entry == value) return name;
    }
    return "";
}

template <typename Enum, std::size_t N>
std::optional<Enum> valueOf(const Names<Enum, N>& names, std::string_view text) {
    for (const auto& [entry, name] : names) {
        if (text == name) return entry;
    }
    return std::nullopt;
}

}  // namespace

const char* toText(Split split) {
    return nameOf(kSplits, split);
}
const char* toText(TaskKind task) {
    return nameOf(kTasks, task);
}
const char* toText(Modality modality) {
    return nameOf(kModalities, modality);
}
const char* toText(ItemState state) {
    return nameOf(kStates, state);
}
const char* toText(Provenance provenance) {
    return nameOf(kProvenances, provenance);
}
const char* toText(RoundStep step) {
    return nameOf(kSteps, step);
}
std::optional<Split> splitFromText(std::string_view text) {
    return valueOf(kSplits, text);
}
std::optional<TaskKind> taskFromText(std::string_view text) {
    return valueOf(kTasks, text);
}
std::optional<Modality> modalityFromText(std::string_view text) {
    return valueOf(kModalities, text);
}
std::optional<ItemState> itemStateFromText(std::string_view text) {
    return valueOf(kStates, text);
}

std::int64_t PoolCounts::inSplit(Split split) const {
    std::int64_t sum = 0;
    if (const auto found = items.find(split); found != items.end()) {
        for (const auto& [state, count] : found->second)
            sum += count;
    }
    return sum;
}

std::int64_t PoolCounts::inState(Split split, ItemState state) const {
    const auto found = items.find(split);
    if (found == items.end()) return 0;
    const auto count = found->second.find(state);
    return count == found->second.end() ? 0 : count->second;
}

std::int64_t PoolCounts::total() const {
    return inSplit(Split::Train) + inSplit(Split::Val) + inSplit(Split::Test);
}

}  // namespace querent
