#include "app/document/open_item.h"

#include "engine/core/rng.h"

#include <algorithm>
#include <utility>

namespace querent::app::document {

namespace {

constexpr double kSameObject = 0.5;  // IoU from which a box and a ghost of one class are one object

/** The prediction that an accepted annotation came from: same model and score, and of those the one nearest to it. */
std::optional<std::size_t> originOf(const Annotation& annotation, const std::vector<Prediction>& predictions) {
    if (!annotation.model.valid() || !annotation.score) return {};
    std::optional<std::size_t> best;
    double bestOverlap = -1.0;
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        const Prediction& prediction = predictions[i];
        if (prediction.model != annotation.model || prediction.score != *annotation.score) continue;
        const double overlap = annotation.box && prediction.box ? iou(*annotation.box, *prediction.box) : 0.0;
        if (overlap > bestOverlap) {
            bestOverlap = overlap;
            best = i;
        }
    }
    return best;
}

bool drawnOver(const Prediction& prediction, const std::vector<Annotation>& annotations) {
    return std::any_of(annotations.begin(), annotations.end(), [&](const Annotation& annotation) {
        if (annotation.label != prediction.label) return false;
        if (!annotation.box || !prediction.box) return !annotation.box && !prediction.box;
        return iou(*annotation.box, *prediction.box) > kSameObject;
    });
}

}  // namespace

bool ghostsHeldBack(ItemId item, double share, std::uint64_t seed) {
    if (share <= 0.0) return false;
    return Rng(seed, "hide ghosts " + std::to_string(item.value)).uniform() < share;
}

OpenItem::OpenItem(Item item, std::vector<Annotation> annotations, std::vector<Prediction> predictions)
    : m_item(std::move(item)),
      m_annotations(std::move(annotations)),
      m_predictions(std::move(predictions)),
      m_stack(std::make_unique<QUndoStack>()) {
    refreshGhosts();
}

void OpenItem::apply(const Edit& edit) {
    for (const AnnotationChange& change : edit.changes) {
        const AnnotationId id = change.before ? change.before->id : change.after->id;
        const auto at = std::find_if(m_annotations.begin(), m_annotations.end(),
                                     [id](const Annotation& annotation) { return annotation.id == id; });
        if (change.after && at != m_annotations.end()) {
            *at = *change.after;
        } else if (change.after) {
            const auto behind = std::find_if(m_annotations.begin(), m_annotations.end(),
                                             [id](const Annotation& annotation) { return id < annotation.id; });
            m_annotations.insert(behind, *change.after);
        } else if (at != m_annotations.end()) {
            m_annotations.erase(at);
        }
    }
    if (edit.markAfter) m_item.mark = *edit.markAfter;
    refreshGhosts();
}

void OpenItem::setRejected(const std::vector<std::size_t>& predictions, bool rejected) {
    for (const std::size_t index : predictions) {
        if (rejected) {
            m_rejected.insert(index);
        } else {
            m_rejected.erase(index);
        }
    }
    refreshGhosts();
}

std::vector<Prediction> OpenItem::rejected() const {
    std::vector<Prediction> all;
    for (const std::size_t index : m_rejected)
        all.push_back(m_predictions[index]);
    return all;
}

void OpenItem::rejectAgain(const std::vector<Prediction>& predictions) {
    for (std::size_t i = 0; i < m_predictions.size(); ++i) {
        if (std::find(predictions.begin(), predictions.end(), m_predictions[i]) != predictions.end())
            m_rejected.insert(i);
    }
    refreshGhosts();
}

void OpenItem::setPredictions(std::vector<Prediction> predictions) {
    if (predictions == m_predictions) return;
    m_predictions = std::move(predictions);
    m_rejected.clear();
    refreshGhosts();
}

void OpenItem::setGhostRule(GhostRule rule) {
    m_rule = rule;
    refreshGhosts();
}

bool OpenItem::replace(Item item, std::vector<Annotation> annotations) {
    const bool differs = annotations != m_annotations || item.mark != m_item.mark;
    m_item = std::move(item);
    m_annotations = std::move(annotations);
    refreshGhosts();
    return differs;
}

void OpenItem::refreshGhosts() {
    m_ghosts.clear();
    if (!m_rule.shown) return;
    std::set<std::size_t> accepted;
    for (const Annotation& annotation : m_annotations) {
        if (const auto origin = originOf(annotation, m_predictions)) accepted.insert(*origin);
    }
    for (std::size_t i = 0; i < m_predictions.size(); ++i) {
        const Prediction& prediction = m_predictions[i];
        if (prediction.score < m_rule.threshold || m_rejected.contains(i) || accepted.contains(i)) continue;
        if (drawnOver(prediction, m_annotations)) continue;
        if (m_rule.oneClass && (!m_ghosts.empty() || !m_annotations.empty())) break;
        m_ghosts.push_back(Ghost{kGhostIdBase + static_cast<qint64>(i), i, prediction});
    }
}

}  // namespace querent::app::document
