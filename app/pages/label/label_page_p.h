#pragma once

#include "app/controllers/labeling_controller.h"
#include "app/document/document.h"
#include "app/models/batch_model.h"
#include "app/models/holdout_state.h"
#include "app/models/thumbnail_loader.h"
#include "app/pages/label/label_page.h"

#include <QHash>
#include <QSet>
#include <QThreadPool>
#include <QTimer>

#include <map>
#include <optional>
#include <unordered_map>

class QPushButton;
class QStackedWidget;

namespace querent::app::panes {
class ItemPanes;
}

namespace querent::app::preferences {
class KeyFallback;
}

namespace querent::widgets::canvas {
class BoxSurface;
}

namespace querent::widgets::common {
class ClassPanel;
class ClassSearch;
class EmptyState;
class ObjectTable;
class ReasonPanel;
class ThumbnailStrip;
class Toast;
}  // namespace querent::widgets::common

namespace querent::app::pages::label {

class FlagPopup;
class LabelActions;
class StatusLine;

/** The parts of the Label page and what refreshes each of them. */
struct LabelPage::Private {
    Private(LabelPage& owner, document::Document& document, preferences::Keymap& keymap);

    // Building, once.
    void buildWidgets();
    void buildLayout();
    void connectDocument();
    void connectPanes();
    void connectSurface();
    void connectPanels();
    void connectSound();
    void connectActions();
    void connectViewActions();
    void connectClassActions();

    // One for each part of the screen.
    void refresh(document::Document::Aspects aspects);
    void refreshItem();
    void refreshBoxes();
    void refreshPlane();
    void refreshSelection();
    void refreshClasses();
    void refreshActiveClass();
    void refreshStatus();
    void refreshReason();
    void refreshBanners();
    void refreshHoldout();
    void onListDone();
    void refreshEnabled();
    void refreshRoundStatus();
    void readRound();
    void readModel();
    void countClasses();

    void showProblem(const QString& sentence);
    void showEmptyList();
    QPushButton* offer(const QString& text, const char* objectName, bool primary);
    void say(const QString& sentence, widgets::common::Severity severity);
    void onBannerAction(const QString& key, const QString& id);
    void onSpaceTapped();
    void openClassPalette();
    void openFlagPopup();
    void makeCheckpoint();
    void focusNextPanel();
    std::vector<ItemId> neighbours() const;
    bool forBoxes() const { return document.settings().task == TaskKind::Detect; }

    LabelPage& page;
    document::Document& document;
    preferences::Keymap& keymap;
    controllers::LabelingController controller;
    models::ThumbnailLoader thumbnails;
    models::BatchModel batch;
    LabelActions* actions = nullptr;
    preferences::KeyFallback* fallback = nullptr;

    widgets::common::RoundBar* roundBar = nullptr;
    widgets::common::BannerStack* banners = nullptr;
    widgets::common::ClassPanel* classes = nullptr;
    panes::ItemPanes* panes = nullptr;
    widgets::canvas::BoxSurface* surface = nullptr;  // what boxes lie on; none where there are texts alone
    widgets::common::ThumbnailStrip* strip = nullptr;
    widgets::common::ObjectTable* objects = nullptr;
    widgets::common::ReasonPanel* reason = nullptr;
    widgets::common::EmptyState* empty = nullptr;
    widgets::common::Toast* toast = nullptr;
    widgets::common::ClassSearch* palette = nullptr;
    QStackedWidget* centre = nullptr;
    StatusLine* status = nullptr;
    FlagPopup* flag = nullptr;

    bool listIsNew = true;  // nothing of it has been shown yet
    std::optional<RoundRecord> round;
    std::vector<QueryEntry> entries;  // of the open round
    QHash<qint64, bool> answered;     // items of the open round
    QHash<QString, double> reasonScale;
    QString mediaNote;  // how much each medium counted in the batch
    std::map<ClassId, std::int64_t> classCounts;
    std::optional<ModelRecord> model;
    Metric modelMetric;
    bool hasMetric = false;
    bool canTrain = false;
    QString whyNotTrain;
    bool canSuggest = false;
    QString whyNotSuggest;
    models::HoldoutState holdout;
    bool holdoutDismissed = false;  // until this page is made again
    QTimer countTimer;
    QThreadPool work;  // backups; waits when the page dies
};

}  // namespace querent::app::pages::label
