#include "app/pages/label/label_page.h"

#include "app/pages/label/flag_popup.h"
#include "app/pages/label/label_actions.h"
#include "app/pages/label/label_page_p.h"
#include "app/pages/label/status_line.h"
#include "app/panes/item_panes.h"
#include "app/panes/picture_pane.h"
#include "app/preferences/key_fallback.h"
#include "app/preferences/key_table.h"
#include "engine/session/logbook/logbook.h"
#include "widgets/common/banner.h"
#include "widgets/common/class_panel.h"
#include "widgets/common/command_palette.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/key_sheet.h"
#include "widgets/common/object_table.h"
#include "widgets/common/reason_panel.h"
#include "widgets/common/round_bar.h"
#include "widgets/common/theme.h"
#include "widgets/common/thumbnail_strip.h"
#include "widgets/common/toast.h"

#include <QApplication>
#include <QEvent>
#include <QKeyEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <QWindow>

#include <algorithm>

namespace querent::app::pages::label {

namespace {

template <typename Widget>
Widget* named(Widget* widget, const char* objectName, const QString& accessibleName) {
    widget->setObjectName(QLatin1String(objectName));
    widget->setAccessibleName(accessibleName);
    return widget;
}

}  // namespace

LabelPage::LabelPage(document::Document& document, preferences::Keymap& keymap, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(*this, document, keymap)) {
    setObjectName(QStringLiteral("labelPage"));
    d->buildWidgets();
    d->buildLayout();
    d->connectDocument();
    d->connectPanes();
    d->connectPanels();
    d->connectActions();
    d->connectViewActions();
    d->connectClassActions();
    d->connectSound();
    qApp->installEventFilter(this);
    d->readRound();
    d->refresh(document::Document::AllAspects);
    d->refreshBanners();
}

LabelPage::~LabelPage() {
    qApp->removeEventFilter(this);
    d->document.disconnect(this);
    d->work.waitForDone();
    // The widgets go while what they call is still there: losing the focus ends a gesture of the canvas.
    delete d->fallback;
    qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
}

document::Document& LabelPage::document() const {
    return d->document;
}
controllers::LabelingController& LabelPage::controller() const {
    return d->controller;
}
panes::ItemPanes& LabelPage::panes() const {
    return *d->panes;
}
widgets::canvas::BoxCanvas& LabelPage::canvas() const {
    return d->panes->picture()->canvas();
}
widgets::common::RoundBar& LabelPage::roundBar() const {
    return *d->roundBar;
}
widgets::common::BannerStack& LabelPage::banners() const {
    return *d->banners;
}
const panes::PictureLoader* LabelPage::pictures() const {
    const panes::PicturePane* pane = d->panes->picture();
    return pane ? &pane->pictures() : nullptr;
}
QList<QAction*> LabelPage::labelActions() const {
    return d->actions->all();
}
QAction* LabelPage::action(const QString& id) const {
    return d->actions->find(id);
}

void LabelPage::showKeySheet() {
    auto* sheet = new widgets::common::KeySheet(this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->setShortcuts(d->keymap.sheet());
    sheet->open();
}

bool LabelPage::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::KeyPress:
        case QEvent::MouseButtonPress:
        case QEvent::MouseMove:
        case QEvent::Wheel: {
            const auto* widget = qobject_cast<QWidget*>(watched);
            if (widget && (widget == this || isAncestorOf(widget))) d->document.timer().touch();
            break;
        }
        case QEvent::WindowActivate:
        case QEvent::WindowDeactivate:
            if (watched == window()) d->document.timer().setInFront(event->type() == QEvent::WindowActivate);
            break;
        default:
            break;
    }
    return false;
}

void LabelPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    d->panes->takeFocus();
}

void LabelPage::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        d->panes->takeFocus();  // from any field back to the item
    } else {
        QWidget::keyPressEvent(event);
    }
}

LabelPage::Private::Private(LabelPage& owner, document::Document& theDocument, preferences::Keymap& theKeymap)
    : page(owner),
      document(theDocument),
      keymap(theKeymap),
      controller(theDocument, theKeymap),
      thumbnails(theDocument.project()),
      batch(theDocument, thumbnails) {
    countTimer.setSingleShot(true);
    countTimer.setInterval(400);
    work.setMaxThreadCount(1);
}

void LabelPage::Private::buildWidgets() {
    const auto& media = document.settings().media;
    const bool sounds = std::find(media.begin(), media.end(), Modality::Audio) != media.end();
    actions = new LabelActions(keymap, sounds, page);
    roundBar = named(new widgets::common::RoundBar(&page), "roundBar", LabelPage::tr("Round"));
    banners = named(new widgets::common::BannerStack(&page), "banners", LabelPage::tr("Messages"));
    classes = named(new widgets::common::ClassPanel(&page), "classPanel", LabelPage::tr("Classes"));
    panes = named(new panes::ItemPanes(document.project(), document.settings(), &page), "panes", QString());
    surface = panes->surface();
    strip = named(new widgets::common::ThumbnailStrip(&page), "strip", LabelPage::tr("Items of the list"));
    strip->setModel(&batch);
    objects = named(new widgets::common::ObjectTable(&page), "objects", LabelPage::tr("Objects of this item"));
    reason = named(new widgets::common::ReasonPanel(&page), "reason", LabelPage::tr("Why this item"));
    empty = named(new widgets::common::EmptyState(&page), "emptyState", LabelPage::tr("Nothing to show"));
    centre = named(new QStackedWidget(&page), "centre", QString());
    status = named(new StatusLine(&page), "statusLine", LabelPage::tr("Status"));
    toast = named(new widgets::common::Toast(centre), "toast", QString());
    palette = named(new widgets::common::ClassSearch(&page), "classSearch", LabelPage::tr("Find class"));
    flag = new FlagPopup(centre);
    fallback = new preferences::KeyFallback(
        page, [this](int key) { return actions->trigger(key); }, &page);
}

void LabelPage::Private::buildLayout() {
    centre->addWidget(panes);
    centre->addWidget(empty);
    auto* middle = new QWidget(&page);
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(centre, 1);
    column->addWidget(strip);

    auto* right = new QSplitter(Qt::Vertical, &page);
    right->addWidget(objects);
    right->addWidget(reason);
    right->setStretchFactor(0, 3);
    right->setStretchFactor(1, 2);

    auto* splitter = new QSplitter(Qt::Horizontal, &page);
    splitter->setObjectName(QStringLiteral("labelSplitter"));
    splitter->addWidget(classes);
    splitter->addWidget(middle);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setStretchFactor(2, 0);
    splitter->setSizes({200, 760, 300});

    auto* layout = new QVBoxLayout(&page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(roundBar);
    layout->addWidget(banners);
    layout->addWidget(splitter, 1);
    layout->addWidget(status);
}

void LabelPage::Private::connectDocument() {
    QObject::connect(&document, &document::Document::changed, &page,
                     [this](document::Document::Aspects aspects) { refresh(aspects); });
    QObject::connect(&document, &document::Document::itemTouched, &page, [this](ItemId id) {
        if (!answered.contains(id.value)) return;
        answered[id.value] = isAnswered(document.markOf(id).state);
        refreshRoundStatus();
    });
    QObject::connect(&document, &document::Document::pendingChanged, &page, [this] { refreshStatus(); });
    QObject::connect(&document, &document::Document::saved, &page, [this] { countTimer.start(); });
    QObject::connect(&document, &document::Document::saveFailed, &page, [this](const QString& sentence) {
        session::logbook::error("Changes cannot be written: " + sentence.toStdString());
        refreshStatus();
        if (document.displaced()) return banners->clear(QStringLiteral("save"));  // the window says it, on every page
        banners->show(QStringLiteral("save"), widgets::common::Severity::Error,
                      LabelPage::tr("Your changes are kept in memory, but cannot be written: %1 Trying again every two "
                                    "seconds.")
                          .arg(sentence),
                      {}, false);
    });
    QObject::connect(&document, &document::Document::saveRecovered, &page, [this] {
        banners->clear(QStringLiteral("save"));
        say(LabelPage::tr("Everything is saved again."), widgets::common::Severity::Success);
        refreshStatus();
    });
    QObject::connect(&document, &document::Document::editsLost, &page, [this](const QString& sentence) {
        session::logbook::error("A change was lost: " + sentence.toStdString());
        banners->show(QStringLiteral("lost"), widgets::common::Severity::Error,
                      LabelPage::tr("A change could not be written, and the item was read again: %1").arg(sentence));
    });
    QObject::connect(&countTimer, &QTimer::timeout, &page, [this] { countClasses(); });
    QObject::connect(&controller, &controllers::LabelingController::said, &page,
                     [this](const QString& sentence, widgets::common::Severity severity) { say(sentence, severity); });
    QObject::connect(&controller, &controllers::LabelingController::emptyAsked, &page, [this] {
        banners->show(
            QStringLiteral("empty"), widgets::common::Severity::Info,
            LabelPage::tr("Nothing is labelled on this item. Press %1 if there is nothing here, or %2 to skip it.")
                .arg(keymap.text(QStringLiteral("answer.empty")), keymap.text(QStringLiteral("answer.skip"))),
            {{QStringLiteral("answer.empty"), LabelPage::tr("Nothing here")},
             {QStringLiteral("answer.skip"), LabelPage::tr("Skip")}});
    });
    QObject::connect(&controller, &controllers::LabelingController::emptySettled, &page,
                     [this] { banners->clear(QStringLiteral("empty")); });
    QObject::connect(&controller, &controllers::LabelingController::listDone, &page, [this] { onListDone(); });
    QObject::connect(banners, &widgets::common::BannerStack::dismissed, &page, [this](const QString& key) {
        if (key == QLatin1String("holdout")) holdoutDismissed = true;
    });
}

void LabelPage::Private::connectPanes() {
    for (panes::MediumPane* pane : panes->all()) {
        if (pane->surface()) {
            QObject::connect(pane->surface(), &widgets::canvas::BoxSurface::rejected, &page,
                             [this](const QString& sentence) { say(sentence, widgets::common::Severity::Warning); });
        }
        QObject::connect(pane, &panes::MediumPane::cursorTold, status, &StatusLine::setCursor);
        QObject::connect(pane, &panes::MediumPane::zoomTold, &page, [this, pane](const QString& text) {
            if (pane == &panes->active()) status->setZoom(text);
        });
        QObject::connect(pane, &panes::MediumPane::problem, &page, [this](ItemId item, const QString& sentence) {
            // Beside other media the pane says it in its own place.
            if (panes->all().size() == 1 && document.hasItem() && document.item().id == item) showProblem(sentence);
        });
    }
    QObject::connect(&panes->main(), &panes::MediumPane::itemShown, &page, [this](ItemId item) {
        if (document.hasItem() && document.item().id == item) refreshBoxes();
    });
    if (panes::PicturePane* picture = panes->picture())
        QObject::connect(&picture->canvas(), &widgets::canvas::BoxSurface::spaceTapped, &page,
                         [this] { onSpaceTapped(); });
    if (surface) connectSurface();
}

void LabelPage::Private::connectSurface() {
    using widgets::canvas::BoxSurface;
    QObject::connect(surface, &widgets::canvas::BoxSurface::boxDrawn, &controller,
                     &controllers::LabelingController::drawBox);
    QObject::connect(surface, &widgets::canvas::BoxSurface::boxesEdited, &controller,
                     &controllers::LabelingController::editBoxes);
    QObject::connect(surface, &widgets::canvas::BoxSurface::ghostCorrected, &controller,
                     &controllers::LabelingController::correctGhost);
    QObject::connect(surface, &widgets::canvas::BoxSurface::ghostActivated, &controller,
                     &controllers::LabelingController::acceptGhost);
    QObject::connect(surface, &widgets::canvas::BoxSurface::boxActivated, &page, [this] { openClassPalette(); });
    QObject::connect(surface, &widgets::canvas::BoxSurface::selectionChanged, &document,
                     &document::Document::setSelection);
    QObject::connect(
        surface, &widgets::canvas::BoxSurface::modeChanged, &page, [this](widgets::canvas::CanvasMode mode) {
            actions->find(QStringLiteral("draw.box"))->setChecked(mode == widgets::canvas::CanvasMode::Draw);
            actions->find(QStringLiteral("draw.select"))->setChecked(mode == widgets::canvas::CanvasMode::Select);
        });
}

void LabelPage::Private::connectPanels() {
    QObject::connect(classes, &widgets::common::ClassPanel::classActivated, &page, [this](ClassId label) {
        controller.chooseClass(label);
        panes->takeFocus();
    });
    QObject::connect(classes, &widgets::common::ClassPanel::addClassRequested, &controller,
                     &controllers::LabelingController::addClass);
    QObject::connect(palette, &widgets::common::ClassSearch::classChosen, &controller,
                     &controllers::LabelingController::chooseClass);
    QObject::connect(palette, &widgets::common::CommandPalette::createRequested, &controller,
                     &controllers::LabelingController::addClass);
    QObject::connect(objects, &widgets::common::ObjectTable::selectionIdsChanged, &document,
                     &document::Document::setSelection);
    QObject::connect(objects, &widgets::common::ObjectTable::rowActivated, &page, [this](qint64 id) {
        if (surface) surface->ensureVisible(id);
        panes->takeFocus();
    });
    QObject::connect(strip, &widgets::common::ThumbnailStrip::rowChosen, &page,
                     [this](int row) { document.openIndex(row); });
    QObject::connect(banners, &widgets::common::BannerStack::actionTriggered, &page,
                     [this](const QString& key, const QString& id) { onBannerAction(key, id); });
    QObject::connect(flag, &FlagPopup::flagged, &page, [this](const QString& note) { controller.setFlag(true, note); });
    QObject::connect(flag, &FlagPopup::unflagged, &page, [this] { controller.setFlag(false, {}); });
    QObject::connect(roundBar, &widgets::common::RoundBar::trainRequested, &page, &LabelPage::trainRequested);
    QObject::connect(roundBar, &widgets::common::RoundBar::suggestRequested, &page, &LabelPage::suggestRequested);
    QObject::connect(roundBar, &widgets::common::RoundBar::cancelRequested, &page, &LabelPage::cancelRequested);
    QObject::connect(roundBar, &widgets::common::RoundBar::detailsRequested, &page, &LabelPage::modelDetailsRequested);
}

void LabelPage::Private::connectActions() {
    // First of all: a nudge whose key is still held is a gesture too, and ends before the next command begins.
    for (QAction* action : actions->all()) {
        if (surface)
            QObject::connect(action, &QAction::triggered, surface, &widgets::canvas::BoxSurface::settleGesture);
    }
    using Slot = void (controllers::LabelingController::*)();
    const std::pair<const char*, Slot> slots[] = {
        {"item.next", &controllers::LabelingController::next},
        {"item.previous", &controllers::LabelingController::previous},
        {"item.next_unanswered", &controllers::LabelingController::nextUnanswered},
        {"item.previous_unanswered", &controllers::LabelingController::previousUnanswered},
        {"answer.confirm", &controllers::LabelingController::confirm},
        {"answer.accept_all", &controllers::LabelingController::acceptAllAndNext},
        {"answer.empty", &controllers::LabelingController::nothingHere},
        {"answer.skip", &controllers::LabelingController::skip},
        {"answer.unsure", &controllers::LabelingController::unsure},
        {"edit.undo", &controllers::LabelingController::undo},
        {"edit.redo", &controllers::LabelingController::redo},
        {"edit.delete", &controllers::LabelingController::deleteSelected},
        {"edit.delete_all", &controllers::LabelingController::deleteAll},
        {"edit.duplicate", &controllers::LabelingController::duplicateSelected},
        {"edit.copy", &controllers::LabelingController::copySelected},
        {"edit.paste", &controllers::LabelingController::paste},
        {"edit.copy_previous", &controllers::LabelingController::copyFromPrevious},
        {"edit.lock", &controllers::LabelingController::toggleLock},
        {"edit.difficult", &controllers::LabelingController::toggleDifficult},
        {"suggestion.accept", &controllers::LabelingController::acceptFocused},
        {"suggestion.reject", &controllers::LabelingController::rejectFocused},
    };
    for (const auto& [id, slot] : slots) {
        actions->onTriggered(QLatin1String(id), [this, slot = slot] { (controller.*slot)(); });
    }
    actions->onTriggered(QStringLiteral("answer.flag"), [this] { openFlagPopup(); });
    actions->onTriggered(QStringLiteral("edit.select_all"), [this] {
        if (surface) surface->selectAll();
    });
    actions->onTriggered(QStringLiteral("edit.save"), [this] { makeCheckpoint(); });
    actions->onTriggered(QStringLiteral("help.keys"), [this] { page.showKeySheet(); });
}

void LabelPage::Private::connectViewActions() {
    using widgets::canvas::CanvasMode;
    actions->onToggled(QStringLiteral("draw.box"), false, [this](bool on) {
        if (surface) surface->setMode(on ? widgets::canvas::CanvasMode::Draw : widgets::canvas::CanvasMode::Modeless);
    });
    actions->onToggled(QStringLiteral("draw.select"), false, [this](bool on) {
        if (surface) surface->setMode(on ? widgets::canvas::CanvasMode::Select : widgets::canvas::CanvasMode::Modeless);
    });
    actions->onTriggered(QStringLiteral("draw.keyboard"), [this] {
        if (surface) surface->startKeyboardDraw();
    });
    actions->onTriggered(QStringLiteral("view.zoom_in"), [this] { panes->active().zoomIn(); });
    actions->onTriggered(QStringLiteral("view.zoom_out"), [this] { panes->active().zoomOut(); });
    actions->onTriggered(QStringLiteral("view.actual"), [this] { panes->active().zoomToActualSize(); });
    actions->onTriggered(QStringLiteral("view.fit"), [this] { panes->active().zoomToFit(); });
    actions->onToggled(QStringLiteral("view.keep"), false, [this](bool on) {
        for (panes::MediumPane* pane : panes->all())
            pane->setKeepView(on);
    });
    const auto showGhosts = [this] {
        document.setGhostsShown(actions->find(QStringLiteral("view.boxes"))->isChecked() &&
                                actions->find(QStringLiteral("view.ghosts"))->isChecked());
    };
    actions->onToggled(QStringLiteral("view.boxes"), true, [this, showGhosts](bool on) {
        if (surface) surface->setBoxesVisible(on);
        showGhosts();
    });
    actions->onToggled(QStringLiteral("view.ghosts"), true, [this, showGhosts](bool on) {
        if (surface) surface->setGhostsVisible(on);
        showGhosts();
    });
    actions->onToggled(QStringLiteral("view.crosshair"), true, [this](bool on) {
        if (surface) surface->setCrosshair(on);
    });
    actions->onTriggered(QStringLiteral("view.next_panel"), [this] { focusNextPanel(); });
}

void LabelPage::Private::connectClassActions() {
    actions->onTriggered(QStringLiteral("class.palette"), [this] { openClassPalette(); });
    actions->onTriggered(QStringLiteral("class.next"), [this] { controller.stepClass(1); });
    actions->onTriggered(QStringLiteral("class.previous"), [this] { controller.stepClass(-1); });
    for (int place = 0; place < preferences::keys::kClassKeys; ++place) {
        actions->onTriggered(QStringLiteral("class.%1").arg(place + 1),
                             [this, place] { controller.chooseClassAt(place); });
    }
    actions->onToggled(QStringLiteral("edit.advance"), true, [this](bool on) { controller.setAutoAdvance(on); });
    QObject::connect(&keymap, &preferences::Keymap::changed, &page, [this] { refreshClasses(); });
}

}  // namespace querent::app::pages::label
