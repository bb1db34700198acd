#include "app/bridge/image_convert.h"
#include "app/document/item_media.h"
#include "app/pages/label/flag_popup.h"
#include "app/pages/label/label_actions.h"
#include "app/pages/label/label_page_p.h"
#include "app/pages/label/status_line.h"
#include "app/panes/item_panes.h"
#include "app/panes/picture_loader.h"
#include "engine/session/project/project.h"
#include "widgets/common/banner.h"
#include "widgets/common/class_panel.h"
#include "widgets/common/command_palette.h"
#include "widgets/common/object_table.h"
#include "widgets/common/reason_panel.h"
#include "widgets/common/theme.h"
#include "widgets/common/thumbnail_strip.h"
#include "widgets/common/toast.h"

#include <QApplication>
#include <QStackedWidget>

#include <algorithm>
#include <iterator>
#include <utility>

namespace querent::app::pages::label {

namespace {

// Says how to make the first object, where one can be made.
QString emptyObjectsText(const document::Document& document) {
    if (!document.hasItem()) return {};
    const ProjectSettings& settings = document.settings();
    const bool classes = settings.task == TaskKind::Classify;
    if (document.readOnly()) return classes ? LabelPage::tr("No class yet.") : LabelPage::tr("No objects yet.");
    if (classes) return LabelPage::tr("No class yet. Press the key of a class.");
    const bool sound = !settings.media.empty() && settings.media.front() == Modality::Audio;
    return sound ? LabelPage::tr("No objects yet. Drag on the spectrogram to draw the first.")
                 : LabelPage::tr("No objects yet. Drag on the picture to draw the first.");
}

/** Besides "draw.*": what means nothing where items have classes and no boxes. */
const QStringList kBoxActions = {
    QStringLiteral("edit.duplicate"),     QStringLiteral("edit.copy"),      QStringLiteral("edit.paste"),
    QStringLiteral("edit.copy_previous"), QStringLiteral("edit.lock"),      QStringLiteral("edit.difficult"),
    QStringLiteral("edit.select_all"),    QStringLiteral("class.next"),     QStringLiteral("class.previous"),
    QStringLiteral("view.boxes"),         QStringLiteral("view.crosshair"),
};

QColor colourOf(const ClassLabel* label) {
    const QColor colour(label ? QString::fromStdString(label->colour) : QString());
    return colour.isValid() ? colour : widgets::common::classColour(label ? label->exportIndex : 0);
}

QString nameOf(const ClassLabel* label) {
    return label ? QString::fromStdString(label->name) : LabelPage::tr("Unknown class");
}

QString stateText(const ItemMark& mark) {
    QString text;
    switch (mark.state) {
        case ItemState::Unlabelled:
            text = LabelPage::tr("Not answered");
            break;
        case ItemState::Labelled:
            text = LabelPage::tr("Labelled");
            break;
        case ItemState::ConfirmedEmpty:
            text = LabelPage::tr("Nothing here");
            break;
        case ItemState::Skipped:
            text = LabelPage::tr("Skipped");
            break;
        case ItemState::Unsure:
            text = LabelPage::tr("Unsure");
            break;
    }
    return mark.flagged ? LabelPage::tr("%1, flagged").arg(text) : text;
}

QVector<widgets::common::ClassEntry> classEntries(const document::Document& document, const preferences::Keymap& keymap,
                                                  const std::map<ClassId, std::int64_t>& counts) {
    QVector<widgets::common::ClassEntry> entries;
    int place = 0;
    for (const ClassLabel& label : document.classes()) {
        const auto count = counts.find(label.id);
        entries << widgets::common::ClassEntry{label.id, nameOf(&label), colourOf(&label),
                                               keymap.text(QStringLiteral("class.%1").arg(++place)),
                                               count == counts.end() ? 0 : static_cast<qint64>(count->second)};
    }
    return entries;
}

}  // namespace

void LabelPage::Private::refresh(document::Document::Aspects aspects) {
    if (aspects & (document::Document::ClassesAspect)) {
        countClasses();
        refreshActiveClass();
    }
    if (aspects & document::Document::ActiveClassAspect) refreshActiveClass();
    if (aspects & document::Document::ListAspect) listIsNew = true;
    if (aspects & document::Document::ItemAspect) refreshItem();
    if (aspects &
        (document::Document::AnnotationsAspect | document::Document::GhostsAspect | document::Document::ClassesAspect))
        refreshBoxes();
    if (aspects & document::Document::SelectionAspect) refreshSelection();
    if (aspects & (document::Document::ItemAspect | document::Document::ListAspect)) refreshHoldout();
    if (aspects & (document::Document::ItemAspect | document::Document::MarkAspect | document::Document::ListAspect))
        refreshStatus();
}

void LabelPage::Private::refreshItem() {
    banners->clear(QStringLiteral("done"));
    strip->setCurrentRow(document.index());
    refreshEnabled();
    refreshReason();
    refreshPlane();
    objects->setEmptyText(emptyObjectsText(document));
    if (!document.hasItem()) {
        panes->clear({});
        showEmptyList();
        return;
    }
    const QString problem = document.problem();
    if (!problem.isEmpty()) {
        showProblem(problem);
        return;
    }
    centre->setCurrentWidget(panes);
    panes->showItem(document.item(), neighbours());
    // A new list is there to be answered, and the button that asked for it may go away and take the focus with it.
    if (std::exchange(listIsNew, false)) panes->takeFocus();
}

std::vector<ItemId> LabelPage::Private::neighbours() const {
    std::vector<ItemId> ids;
    const auto& list = document.list();
    const auto add = [&](int step) {
        const int at = document.index() + step * document.travel();
        if (document.index() >= 0 && at >= 0 && at < static_cast<int>(list.size())) {
            ids.push_back(list[static_cast<std::size_t>(at)]);
        }
    };
    for (int step = 1; step <= panes::PictureLoader::kAhead; ++step)
        add(step);
    for (int step = 1; step <= panes::PictureLoader::kBehind; ++step)
        add(-step);
    return ids;
}

void LabelPage::Private::refreshBoxes() {
    std::vector<widgets::canvas::CanvasBox> boxes;
    QVector<widgets::common::ObjectRow> rows;
    QVector<ClassId> chosen;
    for (const Annotation& annotation : document.annotations()) {
        const ClassLabel* label = document.classOf(annotation.label);
        const bool locked = document.isLocked(annotation.id);
        rows << widgets::common::ObjectRow{
            annotation.id.value, nameOf(label), colourOf(label), annotation.box,      annotation.provenance, false,
            annotation.score,    locked,        false,           annotation.difficult};
        if (annotation.box) {
            boxes.push_back({annotation.id.value, *annotation.box, annotation.label, colourOf(label), nameOf(label),
                             false, 0.0, locked, false, annotation.difficult});
        } else {
            chosen << annotation.label;
        }
    }
    for (const document::Ghost& ghost : document.ghosts()) {
        const Prediction& prediction = ghost.prediction;
        const ClassLabel* label = document.classOf(prediction.label);
        rows << widgets::common::ObjectRow{
            ghost.id, nameOf(label),    colourOf(label), prediction.box, Provenance::Human,
            true,     prediction.score, false,           false,          false};
        if (prediction.box) {
            boxes.push_back({ghost.id, *prediction.box, prediction.label, colourOf(label), nameOf(label), true,
                             prediction.score, false, false, false});
        }
    }
    objects->setRows(rows);
    classes->setChosen(chosen);
    QHash<qint64, double> likelihoods;
    for (const Prediction& prediction : document.classSuggestions())
        likelihoods[prediction.label.value] = prediction.score;
    classes->setLikelihoods(likelihoods);
    const bool there = document.hasItem() && panes->main().shown() == document.item().id;
    if (there && surface) surface->setBoxes(std::move(boxes));
    refreshSelection();
}

// In which units the boxes of this item are told.
void LabelPage::Private::refreshPlane() {
    if (!document.hasItem() || panes->main().modality() != Modality::Audio) return;
    const Medium* sound = document::mediumOf(document.item(), Modality::Audio);
    objects->setSoundRate(sound && document.settings().task == TaskKind::Detect ? sound->sound.rate : 0);
}

void LabelPage::Private::refreshSelection() {
    if (surface) surface->setSelection(document.selection());
    objects->setSelection(document.selection());
}

void LabelPage::Private::countClasses() {
    classCounts.clear();
    const PoolCounts counts = document.project().counts();
    holdout = models::HoldoutState::of(counts);
    refreshHoldout();
    for (const auto& [split, byClass] : counts.annotationsByClass) {
        for (const auto& [label, count] : byClass)
            classCounts[label] += count;
    }
    refreshClasses();
}

void LabelPage::Private::refreshClasses() {
    const auto entries = classEntries(document, keymap, classCounts);
    classes->setClasses(entries);
    classes->setReadOnly(document.readOnly());
    classes->setCanAdd(!document.readOnly());
    classes->setActiveClass(forBoxes() ? document.activeClass() : ClassId{});
    palette->setClasses(entries, !document.readOnly());
}

void LabelPage::Private::refreshActiveClass() {
    const ClassLabel* label = document.classOf(document.activeClass());
    classes->setActiveClass(forBoxes() ? document.activeClass() : ClassId{});
    if (surface) surface->setActiveClass(label ? nameOf(label) : QString(), colourOf(label));
}

void LabelPage::Private::refreshStatus() {
    const auto& error = document.saveError();
    status->setSaving(document.pendingWrites(), error ? bridge::toQString(error->text()) : QString());
    if (document.hasItem()) {
        const ItemMark& mark = document.item().mark;
        status->setItem(bridge::toQString(document.item().name),
                        mark.flagged ? bridge::toQString(mark.note) : QString(), stateText(mark), document.index() + 1,
                        static_cast<int>(document.list().size()));
    } else {
        status->setItem({}, {}, {}, 0, 0);
    }
}

void LabelPage::Private::refreshEnabled() {
    const bool item = document.hasItem();
    const bool editable = item && !document.readOnly();
    for (QAction* action : actions->all()) {
        const QString id = action->objectName();
        const bool edits = id.startsWith(QLatin1String("answer.")) || id.startsWith(QLatin1String("edit.")) ||
                           id.startsWith(QLatin1String("draw.")) || id.startsWith(QLatin1String("suggestion."));
        const bool looks = id == QLatin1String("edit.copy") || id == QLatin1String("edit.select_all") ||
                           id == QLatin1String("draw.select");
        const bool boxes = id.startsWith(QLatin1String("draw.")) || kBoxActions.contains(id);
        const bool oneClass = !forBoxes() && !document.settings().multiLabel;
        const bool goesOn = id == QLatin1String("edit.advance");
        if ((boxes && !forBoxes()) || (goesOn && !oneClass)) {
            action->setEnabled(false);
            continue;
        }
        const bool always = id == QLatin1String("edit.save") || id.startsWith(QLatin1String("help."));
        action->setEnabled(always || (edits && !looks ? editable : item));
    }
    if (surface) surface->setReadOnly(document.readOnly());
}

void LabelPage::Private::say(const QString& sentence, widgets::common::Severity severity) {
    toast->say(sentence, severity);
}

void LabelPage::Private::openClassPalette() {
    palette->popup();
}

void LabelPage::Private::openFlagPopup() {
    if (!document.hasItem() || document.readOnly()) return;
    const ItemMark& mark = document.item().mark;
    flag->popup(mark.flagged, bridge::toQString(mark.note));
}

void LabelPage::Private::focusNextPanel() {
    QWidget* const panels[] = {panes, strip, classes, objects};
    const auto at = std::find_if(std::begin(panels), std::end(panels), [](QWidget* panel) {
        return panel->hasFocus() || panel->isAncestorOf(QApplication::focusWidget());
    });
    const auto next = at == std::end(panels) ? at : std::next(at);
    if (next == std::end(panels)) {
        panes->takeFocus();
    } else if (*next == classes) {
        classes->focusFilter();
    } else {
        (*next)->setFocus();
    }
}

}  // namespace querent::app::pages::label
