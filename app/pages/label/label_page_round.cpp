#include "app/bridge/between_threads.h"
#include "app/bridge/image_convert.h"
#include "app/models/measures.h"
#include "app/models/reason_words.h"
#include "app/models/strategy_words.h"
#include "app/pages/label/label_page_p.h"
#include "app/pages/label/status_line.h"
#include "engine/core/policy_figures.h"
#include "engine/session/policies.h"
#include "engine/session/project/project.h"
#include "widgets/common/reason_panel.h"
#include "widgets/common/round_bar.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

namespace querent::app::pages::label {

namespace {

/** What the strategy of a round made of its media; empty where it weighs none, or where it let another one ask. */
std::vector<double> mediaWeights(const session::Project& project, const RoundRecord& round) {
    const auto strategy = models::strategyNamed(round.strategy);
    if (!strategy || !strategy->learns || !round.suggestedBy.valid()) return {};
    std::vector<double> weights;
    for (const Metric& metric : project.metrics()) {
        const auto figure = session::policyFigure(metric);
        if (metric.model != round.suggestedBy || !figure) continue;
        if (figure->name == kGaveWayFigure.name && metric.value > 0.0) return {};
        if (figure->name != kWeightFigure.name || figure->part < 0) continue;
        weights.resize(std::max(weights.size(), static_cast<std::size_t>(figure->part) + 1));
        weights[static_cast<std::size_t>(figure->part)] = metric.value;
    }
    return weights;
}

}  // namespace

void LabelPage::refreshRound() {
    const RoundId before = d->round ? d->round->id : RoundId{};
    d->readRound();
    d->document.reload();
    const RoundId now = d->round ? d->round->id : RoundId{};
    if (now.valid() && now != before) d->document.showBatch();
}

void LabelPage::setLooking(qint64 done, qint64 total) {
    d->status->setLooking(done, total);
}

void LabelPage::setCanTrain(bool can, const QString& whyNot) {
    if (can == d->canTrain && whyNot == d->whyNotTrain) return;
    d->canTrain = can;
    d->whyNotTrain = whyNot;
    d->refreshRoundStatus();
    if (!d->document.hasItem()) d->showEmptyList();
}

void LabelPage::setCanSuggest(bool can, const QString& whyNot) {
    if (can == d->canSuggest && whyNot == d->whyNotSuggest) return;
    d->canSuggest = can;
    d->whyNotSuggest = whyNot;
    d->refreshRoundStatus();
    if (!d->document.hasItem()) d->showEmptyList();
}

void LabelPage::Private::readRound() {
    session::Project& project = document.project();
    readModel();
    round = project.openRound();
    entries = round ? project.batch(round->id) : std::vector<QueryEntry>{};
    answered.clear();
    reasonScale.clear();
    std::vector<ItemId> ids;
    for (const QueryEntry& entry : entries) {
        ids.push_back(entry.item);
        answered[entry.item.value] = false;
        for (const Reason& reason : entry.reasons) {
            double& scale = reasonScale[bridge::toQString(reason.name)];
            if (std::isfinite(reason.value)) scale = std::max(scale, std::abs(reason.value));
        }
    }
    mediaNote = round ? models::mediaWeightsText(document.settings().media, mediaWeights(project, *round)) : QString();
    for (const ItemRow& row : project.rowsOf(ids))
        answered[row.id.value] = isAnswered(row.state);
    refreshRoundStatus();
}

void LabelPage::Private::refreshRoundStatus() {
    widgets::common::RoundStatus state;
    state.round = round ? round->number : -1;
    state.total = static_cast<int>(answered.size());
    state.done = static_cast<int>(std::count(answered.cbegin(), answered.cend(), true));
    state.canTrain = canTrain;
    state.whyNot = whyNotTrain;
    state.canSuggest = canSuggest;
    state.whyNotSuggest = whyNotSuggest;
    if (model) {
        state.modelRound = model->round;
        state.value = modelMetric.value;
        state.low = modelMetric.low;
        state.high = modelMetric.high;
        if (model->round == 0)
            state.modelName = LabelPage::tr("model of %n item(s)", nullptr, static_cast<int>(model->labels));
        if (!hasMetric) state.value = state.low = state.high = std::nullopt;
        state.metricName = models::measuresOf(document.settings()).front().title;
    }
    roundBar->setStatus(state);
}

void LabelPage::Private::readModel() {
    session::Project& project = document.project();
    model = project.currentModel();
    hasMetric = false;
    if (!model) return;
    const std::string wanted = models::measuresOf(document.settings()).front().name;
    for (const Metric& metric : project.metrics()) {
        if (metric.model != model->id || metric.label.valid() || metric.split != Split::Val || metric.name != wanted)
            continue;
        modelMetric = metric;
        hasMetric = metric.value >= 0.0;  // below: undefined
    }
}

void LabelPage::Private::refreshReason() {
    if (!document.hasItem()) {
        reason->setMessage(LabelPage::tr("No item is open."));
        return;
    }
    const ItemId id = document.item().id;
    const auto entry = std::find_if(entries.begin(), entries.end(), [id](const QueryEntry& e) { return e.item == id; });
    if (entry == entries.end() || !round) {
        reason->setMessage(LabelPage::tr("This item is not part of the suggested batch."));
        return;
    }
    if (entry->reasons.empty() && !round->suggestedBy.valid()) {
        reason->setMessage(
            LabelPage::tr("There was no model when this batch was drawn: it is a fair sample of the items."));
        return;
    }
    widgets::common::ReasonView view;
    view.score = entry->score;
    view.rank = entry->rank + 1;
    view.total = static_cast<int>(entries.size());
    for (const Reason& term : entry->reasons) {
        const double scale = reasonScale.value(bridge::toQString(term.name));
        view.terms << models::reasonTerm(term, scale > 0.0 ? scale : 1.0);
    }
    if (!mediaNote.isEmpty()) view.note = LabelPage::tr("Weights: %1").arg(mediaNote);
    view.noteHelp = LabelPage::tr(
        "How much doubt in each medium counts in this batch: the better the model answers from "
        "a medium alone, the more.");
    view.source = LabelPage::tr("Round %1, %2").arg(round->number).arg(models::strategyTitle(round->strategy));
    reason->setReason(view);
}

void LabelPage::Private::makeCheckpoint() {
    if (document.readOnly()) return;
    const auto& error = document.saveError();
    if (error) {
        say(LabelPage::tr("Not saved yet: %1").arg(bridge::toQString(error->text())), widgets::common::Severity::Error);
        return;
    }
    say(LabelPage::tr("Saved. Every change is on disk as you make it; a backup is being made too."),
        widgets::common::Severity::Success);
    bridge::startOn(work, [this] {
        const auto done = document.project().backUp();
        if (done) return;
        // The page waits for this function before it dies.
        bridge::callLater(&page, [this, text = bridge::toQString(done.error().text())] {
            say(LabelPage::tr("The backup failed: %1").arg(text), widgets::common::Severity::Error);
        });
    });
}

}  // namespace querent::app::pages::label
