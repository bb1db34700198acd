#pragma once

#include "app/document/document.h"
#include "app/document/edits.h"
#include "app/preferences/keymap.h"
#include "engine/core/geometry.h"
#include "widgets/common/banner.h"

#include <QObject>
#include <QPair>
#include <QString>
#include <QVector>

#include <utility>
#include <vector>

namespace querent::app::controllers {

/**
 * What a person wants, turned into edits of the Document and moves in its list. Every slot may be called at any time:
 * what makes no sense now is refused with one sentence through said(). UI thread only.
 */
class LabelingController : public QObject {
    Q_OBJECT

 public:
    /** `keymap` names the keys in what is said; both outlive this. */
    LabelingController(document::Document& document, const preferences::Keymap& keymap, QObject* parent = nullptr);

    /** Whether the class of an item nobody had answered goes on to the next one by itself. True at first. */
    void setAutoAdvance(bool on) { m_autoAdvance = on; }
    bool canPaste() const { return !m_clipboard.empty(); }

 public Q_SLOTS:
    // Gestures of the canvas.
    void drawBox(const querent::Box& box);
    void editBoxes(const QVector<QPair<qint64, querent::Box>>& boxes, const QString& gesture);
    void correctGhost(qint64 ghost, const querent::Box& box);

    // Boxes.
    void deleteSelected();
    void deleteAll();
    void duplicateSelected();
    void copySelected();
    void paste();
    void copyFromPrevious();
    void toggleLock();
    void toggleDifficult();

    // Classes: relabels the selection, and is the class of what is drawn next; or it is the item's.
    void chooseClass(querent::ClassId label);
    /** 0-based place among the classes that are not archived. */
    void chooseClassAt(int place);
    void stepClass(int step);
    void addClass(const QString& name);

    // Suggestions.
    void acceptGhost(qint64 ghost);
    void acceptFocused();
    void rejectFocused();
    /** Accepts every ghost that is shown, confirms, and goes on; refused while ghosts are hidden. */
    void acceptAllAndNext();

    // Answers. All but flag() go on to the next unanswered item.
    void confirm();
    void nothingHere();
    void skip();
    void unsure();
    void setFlag(bool flagged, const QString& note);

    // Moving about.
    void next();
    void previous();
    void nextUnanswered();
    void previousUnanswered();

    /** Of this item; of the one before where its answer alone led here. */
    void undo();
    void redo();

 Q_SIGNALS:
    void said(const QString& sentence, querent::widgets::common::Severity severity);
    /** Enter without a box: ask whether there is nothing here. */
    void emptyAsked();
    void emptySettled();
    /** No item of the list is left to answer. */
    void listDone();

 private:
    bool refuses();
    /** Says that there are suggestions which nobody sees; true when so. */
    bool refusesHidden();
    document::edits::Context context() const;
    /** An answer that takes an import's flag off says so. */
    void push(const Edit& edit);
    void pushAndSelect(const std::optional<Edit>& edit);
    void setState(ItemState state, const QString& gesture);
    void goOn();
    std::optional<document::Ghost> focusedGhost() const;
    void relabelGhosts(ClassId label);
    /** Items have exactly one class each. */
    bool oneClassAnItem() const;
    void chooseItemClass(ClassId label);
    void goOnByItself();

    document::Document& m_document;
    const preferences::Keymap& m_keymap;
    std::vector<Annotation> m_clipboard;
    bool m_autoAdvance = true;
    std::pair<ItemId, ItemId> m_wentOn;  // by itself, from an item that was answered to the next one
};

}  // namespace querent::app::controllers
