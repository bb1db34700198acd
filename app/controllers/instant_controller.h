#pragma once

#include "app/bridge/background_bridge.h"
#include "app/bridge/task_pool.h"
#include "app/document/document.h"
#include "engine/session/pool.h"

#include <QObject>
#include <QSet>
#include <QTimer>

#include <memory>

namespace querent::app::preferences {
class Settings;
}

namespace querent::app::controllers {

/**
 * What the answers so far say about the item on the screen, up to date with the last key: looks at the items of the
 * open project in the background, learns every answer on a thread of its own, and gives the document what follows from
 * it: suggestions for the current item, and an order of what is left of the batch, the most doubtful first. For
 * projects whose items have classes; nothing happens with others.
 *
 * Before the first training, and until its network has looked at the items too, by features that nothing was learnt
 * for; these do not replace what a trained model has said of an item. What is on the screen never changes under
 * people's hands: an item's suggestions come once, a few milliseconds after it does.
 * Owned by the Application; UI thread only.
 */
class InstantController : public QObject {
    Q_OBJECT

 public:
    explicit InstantController(const preferences::Settings& settings, QObject* parent = nullptr);

    /** The document whose answers count, which outlives setDocument(nullptr): that stops and waits (under 0.5 s). */
    void setDocument(document::Document* document);
    /** Looks at the project again: after an import, or when there is another model. */
    void refresh();
    /** Whether answers are learnt now: all items have been looked at. */
    bool ready() const { return m_answers != nullptr; }

 Q_SIGNALS:
    /** How many of the items that were never looked at have been now; 0 of 0 when nobody is looking. */
    void looking(qint64 done, qint64 total);
    /** ready() is true, or what answers are learnt from is better than before. */
    void prepared();
    void failed(const QString& sentence);

 private:
    struct Due;
    struct Said;
    void look(session::SeenBy by);
    void onLooked();
    /** Without anything to show for it; `problem` is empty where there is nothing to tell. */
    void onEnded(const QString& problem);
    void onChanged(document::Document::Aspects aspects);
    void onTouched(ItemId item);
    void speak();
    Due takeDue();
    void hear(const Said& said);

    const preferences::Settings& m_settings;
    document::Document* m_document = nullptr;
    std::shared_ptr<session::instant::InstantAnswers> m_answers;
    bool m_byModel = false;  // what m_answers sees items by
    session::SeenBy m_lookingBy = session::SeenBy::Nothing;
    std::shared_ptr<std::shared_ptr<session::instant::InstantAnswers>> m_taken;  // of the work that runs
    bool m_again = false;                                                        // refresh() came while it ran
    QSet<qint64> m_touched;  // items whose answers have not been learnt yet
    QSet<qint64> m_since;    // the same for whoever is being made ready now
    QTimer m_soon;           // one call of speak() for all that a gesture changes
    bridge::TaskPool m_learning{1};
    bridge::BackgroundBridge m_worker;  // last: stops first
};

}  // namespace querent::app::controllers
