#pragma once

#include "app/document/document.h"
#include "app/preferences/keymap.h"

#include <QList>
#include <QVariantMap>
#include <QWidget>

#include <memory>

class QAction;

namespace querent::app::controllers {
class LabelingController;
}

namespace querent::app::panes {
class ItemPanes;
class PictureLoader;
}  // namespace querent::app::panes

namespace querent::widgets::canvas {
class BoxCanvas;
}

namespace querent::widgets::common {
class BannerStack;
class RoundBar;
}  // namespace querent::widgets::common

namespace querent::app::pages::label {

class LabelActions;

/**
 * The screen on which people answer: classes left, the item's media in the middle over the strip of the batch, objects
 * and reasons right, the round above. It wires widgets to the LabelingController and shows what the Document says; it
 * decides nothing.
 *
 * Document and keymap belong to the caller and outlive it. Every command is a QAction of this page with a text, an
 * icon, a tool tip, a shortcut and an objectName (the keymap's id): menus take them from labelActions().
 */
class LabelPage : public QWidget {
    Q_OBJECT

 public:
    LabelPage(document::Document& document, preferences::Keymap& keymap, QWidget* parent = nullptr);
    ~LabelPage() override;

    document::Document& document() const;
    controllers::LabelingController& controller() const;
    panes::ItemPanes& panes() const;
    /** Of the pictures; requires a project that has some. */
    widgets::canvas::BoxCanvas& canvas() const;
    /** Running work is shown here by the round controller; the status while labelling is kept by this page. */
    widgets::common::RoundBar& roundBar() const;
    widgets::common::BannerStack& banners() const;

    /** What is decoded already; null where the project has no pictures. */
    const panes::PictureLoader* pictures() const;

    /** All commands of the page, in menu order; action->property("group") names the menu. */
    QList<QAction*> labelActions() const;
    /** The action of a keymap id, nullptr for none. */
    QAction* action(const QString& id) const;

    /** How sounds look, for whoever keeps settings between runs; empty where there are none. */
    QVariantMap saveLook() const;
    void restoreLook(const QVariantMap& look);

    /** Reads the round's figures again and shows them: after a round has moved on. Opens a new batch by itself. */
    void refreshRound();
    /** How many items have been looked at for suggestions from single answers; 0 of 0 when nobody is looking. */
    void setLooking(qint64 done, qint64 total);
    /** Says whether training can start now, for the Train button. */
    void setCanTrain(bool can, const QString& whyNot = {});
    /** Says whether a batch can be asked for, for the button between rounds. */
    void setCanSuggest(bool can, const QString& whyNot = {});

 public Q_SLOTS:
    void showKeySheet();

 Q_SIGNALS:
    /** Buttons of the round bar and the empty states. */
    void suggestRequested();
    void trainRequested();
    void cancelRequested();
    void modelDetailsRequested();
    void importRequested();
    void lookChanged(const QVariantMap& look);
    /** The folder of the item's file has moved. */
    void relocateRequested(querent::SourceId source);

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

 private:
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace querent::app::pages::label
