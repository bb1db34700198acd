#include "app/document/document.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace querent::app::document {

namespace {

constexpr std::size_t kRowsAtOnce = 256;

}  // namespace

void Document::showBatch() {
    std::vector<ItemId> ids;
    QString title;
    if (const auto round = m_project.openRound()) {
        auto batch = m_project.batch(round->id);
        std::stable_sort(batch.begin(), batch.end(),
                         [](const QueryEntry& a, const QueryEntry& b) { return a.rank < b.rank; });
        for (const QueryEntry& entry : batch)
            ids.push_back(entry.item);
        title = tr("Suggested batch of round %1").arg(round->number);
        m_round = round->number;
    }
    showList(std::move(ids), title);
    m_listIsBatch = !m_list.empty();
}

void Document::showUnlabelled() {
    ItemFilter filter;
    filter.split = Split::Train;
    filter.state = ItemState::Unlabelled;
    showList(m_project.ids(filter), tr("All unlabelled items"));
}

void Document::showHoldout() {
    ItemFilter filter;
    filter.split = Split::Val;
    filter.state = ItemState::Unlabelled;
    showList(m_project.ids(filter), tr("Validation set"));
    m_listIsHoldout = !m_list.empty();
    Q_EMIT changed(ListAspect);
}

void Document::showList(std::vector<ItemId> ids, const QString& title, ItemId current) {
    m_list = std::move(ids);
    m_listTitle = title;
    m_listIsBatch = false;
    m_listIsHoldout = false;
    m_index = -1;
    m_travel = 1;
    Q_EMIT changed(ListAspect);
    const auto at = std::find(m_list.begin(), m_list.end(), current);
    if (at != m_list.end()) {
        openIndex(static_cast<int>(at - m_list.begin()));
    } else if (m_list.empty()) {
        openItem({});
    } else if (!nextUnanswered()) {
        openIndex(0);
    }
}

void Document::sortRest(const std::vector<ItemId>& rest) {
    const std::size_t first = m_list.size() - std::min(rest.size(), m_list.size());
    if (rest.empty() || rest.size() > m_list.size() || static_cast<std::ptrdiff_t>(first) <= m_index) return;
    const auto begin = m_list.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::equal(begin, m_list.end(), rest.begin()) || !std::is_permutation(begin, m_list.end(), rest.begin()))
        return;
    std::copy(rest.begin(), rest.end(), begin);
    Q_EMIT changed(OrderAspect);
}

bool Document::openIndex(int index) {
    if (index < 0 || index >= static_cast<int>(m_list.size())) return false;
    if (index != m_index && m_index >= 0) m_travel = index > m_index ? 1 : -1;
    m_index = index;
    return openItem(m_list[static_cast<std::size_t>(index)]);
}

bool Document::openItem(ItemId id) {
    if (m_current) m_current->idleSeconds += m_timer.take();
    const bool inList =
        m_index >= 0 && m_index < static_cast<int>(m_list.size()) && m_list[static_cast<std::size_t>(m_index)] == id;
    if (!inList) {
        const auto at = std::find(m_list.begin(), m_list.end(), id);
        m_index = at == m_list.end() ? -1 : static_cast<int>(at - m_list.begin());
    }
    m_selection.clear();
    m_current = id.valid() ? open(id) : nullptr;
    if (m_current) {
        m_undoGroup.setActiveStack(&m_current->stack());
        m_timer.touch();
        m_timer.take();
        touch(id);
        evict();
    } else {
        m_undoGroup.setActiveStack(nullptr);
    }
    Q_EMIT changed(ItemAspect | AnnotationsAspect | MarkAspect | SelectionAspect | GhostsAspect);
    return m_current != nullptr;
}

bool Document::nextUnanswered(int step) {
    const auto count = static_cast<std::ptrdiff_t>(m_list.size());
    std::vector<std::ptrdiff_t> order;  // at most one round of the list, the current item last
    for (std::ptrdiff_t seen = 0; seen < count; seen += static_cast<std::ptrdiff_t>(order.size())) {
        order.clear();
        std::vector<ItemId> ids;
        const std::ptrdiff_t from = m_index >= 0 ? m_index : (step > 0 ? -1 : count);
        for (std::ptrdiff_t i = seen; i < count && order.size() < kRowsAtOnce; ++i) {
            const std::ptrdiff_t at = ((from + step * (i + 1)) % count + count) % count;
            order.push_back(at);
            ids.push_back(m_list[static_cast<std::size_t>(at)]);
        }
        std::unordered_map<ItemId, ItemState> stored;
        for (const ItemRow& row : m_project.rowsOf(ids))
            stored[row.id] = row.state;
        for (const std::ptrdiff_t at : order) {
            const ItemId id = m_list[static_cast<std::size_t>(at)];
            const auto state = stored.find(id);
            if (state == stored.end()) continue;
            const auto mark = heldMark(id);
            if (isAnswered(mark ? mark->state : state->second)) continue;
            if (at == m_index) return false;
            const bool opened = openIndex(static_cast<int>(at));
            m_travel = step > 0 ? 1 : -1;
            return opened;
        }
    }
    return false;
}

}  // namespace querent::app::document
