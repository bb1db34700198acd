#include "engine/session/learning/learner_internal.h"

#include <algorithm>
#include <utility>

namespace querent::session::learning {

ItemList inModelNumbers(const ItemList& items, const ModelUse& model) {
    if (model.numbers.empty()) return items;
    const auto numberOf = [&model](int label) {
        const auto found = std::find(model.numbers.begin(), model.numbers.end(), label);
        return found == model.numbers.end() ? -1 : static_cast<int>(found - model.numbers.begin());
    };
    std::vector<ListedItem> own = items.items();
    for (ListedItem& item : own) {
        for (TrueBox& box : item.truth.boxes) {
            const int number = numberOf(box.label);
            box.crowd = box.crowd || number < 0;
            box.label = std::max(0, number);
        }
        for (int& label : item.truth.labels)
            label = numberOf(label);
        std::erase(item.truth.labels, -1);
        std::sort(item.truth.labels.begin(), item.truth.labels.end());
    }
    return items.derived(std::move(own));
}

ItemList withoutAnswers(const ItemList& items) {
    std::vector<ListedItem> bare = items.items();
    for (ListedItem& item : bare) {
        item.truth.boxes.clear();
        item.truth.labels.clear();
    }
    return items.derived(std::move(bare));
}

}  // namespace querent::session::learning
