// What the Label page says: its banners, and what stands in the picture's place when there is none.

#include "app/bridge/image_convert.h"
#include "app/pages/label/label_actions.h"
#include "app/pages/label/label_page_p.h"
#include "app/panes/item_panes.h"
#include "engine/session/project/project.h"
#include "widgets/common/banner.h"
#include "widgets/common/empty_state.h"

#include <QPushButton>
#include <QStackedWidget>

namespace querent::app::pages::label {

void LabelPage::Private::refreshBanners() {
    if (!document.readOnly()) return;
    const auto& holder = document.project().holder();
    const QString sentence =
        holder
            ? LabelPage::tr("%1 on %2 is working on this project (process %3): you can look, but not change anything.")
                  .arg(bridge::toQString(holder->user), bridge::toQString(holder->host))
                  .arg(holder->pid)
            : LabelPage::tr("This project is open for reading only: you can look, but not change anything.");
    banners->show(QStringLiteral("readonly"), widgets::common::Severity::Warning, sentence, {}, false);
}

void LabelPage::Private::refreshHoldout() {
    // While people work on it, the count of the list says enough; an empty screen says it itself.
    const bool told = document.listIsHoldout() || !document.hasItem() || holdoutDismissed || document.readOnly();
    if (!holdout.waits() || told) {
        banners->clear(QStringLiteral("holdout"));
    } else {
        banners->show(QStringLiteral("holdout"), widgets::common::Severity::Info, holdout.sentence(),
                      {{QStringLiteral("showHoldout"), models::HoldoutState::action()}});
    }
}

void LabelPage::Private::onListDone() {
    QVector<widgets::common::BannerAction> next;
    const widgets::common::BannerAction train{QStringLiteral("train"), LabelPage::tr("Train")};
    const widgets::common::BannerAction suggest{QStringLiteral("suggest"), LabelPage::tr("Suggest a batch")};
    if (document.listIsBatch()) {
        if (canTrain) next << train;
    } else if (round) {
        next << widgets::common::BannerAction{QStringLiteral("showBatch"), LabelPage::tr("Go to the batch")};
    } else if (canSuggest) {
        next << suggest;
    } else if (canTrain) {
        next << train;
    }
    banners->show(QStringLiteral("done"), widgets::common::Severity::Success,
                  document.listIsHoldout() ? LabelPage::tr("The validation set is answered.")
                                           : LabelPage::tr("Every item of this list is answered."),
                  next);
}

void LabelPage::Private::showProblem(const QString& sentence) {
    panes->clear(sentence);
    empty->setContent(QStringLiteral("warning"), LabelPage::tr("This item cannot be shown"), sentence);
    empty->clearButtons();
    QPushButton* skip = empty->addButton(LabelPage::tr("Skip"), true);
    skip->setObjectName(QStringLiteral("skipBroken"));
    skip->setEnabled(!document.readOnly());
    QObject::connect(skip, &QPushButton::clicked, &controller, &controllers::LabelingController::skip);
    if (!document.item().media.empty()) {
        QPushButton* relocate = empty->addButton(LabelPage::tr("Relocate…"));
        relocate->setObjectName(QStringLiteral("relocate"));
        QObject::connect(relocate, &QPushButton::clicked, &page, [this] {
            if (document.hasItem()) Q_EMIT page.relocateRequested(document.item().media.front().source);
        });
    }
    centre->setCurrentWidget(empty);
}

QPushButton* LabelPage::Private::offer(const QString& text, const char* objectName, bool primary) {
    QPushButton* button = empty->addButton(text, primary);
    button->setObjectName(QLatin1String(objectName));
    return button;
}

void LabelPage::Private::showEmptyList() {
    empty->clearButtons();
    centre->setCurrentWidget(empty);
    if (document.project().count({}) == 0) {
        const bool pictures = document.settings().media == std::vector<Modality>{Modality::Image};
        empty->setContent(QStringLiteral("import"),
                          pictures ? LabelPage::tr("No pictures yet") : LabelPage::tr("No items yet"),
                          pictures ? LabelPage::tr("Import a folder of pictures, or drop one onto this window.")
                                   : LabelPage::tr("Import a folder or a list of files, or drop it onto this window."));
        QPushButton* import = offer(LabelPage::tr("Import…"), "importPictures", true);
        QObject::connect(import, &QPushButton::clicked, &page, &LabelPage::importRequested);
        return;
    }
    const bool first = holdout.waits() && !document.readOnly();
    const bool askable = canSuggest || !canTrain;
    QString text = LabelPage::tr("Let Querent suggest the items whose labels teach the model most.");
    if (first) {
        text = holdout.sentence();
    } else if (!askable) {
        text = LabelPage::tr("Every item of the pool is answered. Train a model on all of it.");
    }
    empty->setContent(QStringLiteral("round"), LabelPage::tr("No batch is waiting"), text);
    if (first) {
        QPushButton* label = offer(LabelPage::tr("Label the validation set"), "labelHoldout", true);
        QObject::connect(label, &QPushButton::clicked, &document, &document::Document::showHoldout);
    }
    if (askable) {
        QPushButton* suggest = offer(LabelPage::tr("Suggest a batch"), "suggestBatch", !first);
        suggest->setEnabled(!document.readOnly());
        QObject::connect(suggest, &QPushButton::clicked, &page, &LabelPage::suggestRequested);
        QPushButton* all = offer(LabelPage::tr("Show all unlabelled items"), "showUnlabelled", false);
        QObject::connect(all, &QPushButton::clicked, &document, &document::Document::showUnlabelled);
    } else {
        QPushButton* train = offer(LabelPage::tr("Train"), "trainAll", !first);
        QObject::connect(train, &QPushButton::clicked, &page, &LabelPage::trainRequested);
    }
}

void LabelPage::Private::onBannerAction(const QString& key, const QString& id) {
    if (id == QLatin1String("train")) {
        banners->clear(key);
        Q_EMIT page.trainRequested();
    } else if (id == QLatin1String("suggest")) {
        banners->clear(key);
        Q_EMIT page.suggestRequested();
    } else if (id == QLatin1String("showBatch")) {
        document.showBatch();
    } else if (id == QLatin1String("showHoldout")) {
        document.showHoldout();
    } else if (QAction* action = actions->find(id)) {
        action->trigger();
    }
}

}  // namespace querent::app::pages::label
