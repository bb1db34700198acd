#pragma once

#include "app/document/active_timer.h"
#include "app/document/open_item.h"
#include "app/document/write_backlog.h"
#include "engine/core/annotation.h"
#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <QObject>
#include <QSet>
#include <QString>
#include <QUndoGroup>
#include <QUndoStack>
#include <QVector>

#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace querent::app::document {

/**
 * The open project as the Label page sees it: the list that is being worked through, the current item with its
 * annotations and ghosts, selection, active class and undo. It owns nothing of the engine; the project must outlive it.
 *
 * Everything that changes annotations goes through push(): the change happens in memory at once, and exactly one Edit
 * is posted to the writer for each do, undo and redo, and says which it is. An item's undo stack is the one that its
 * event log tells, and rejected ghosts, which end with the window. There is one stream of news, changed(). UI thread
 * only.
 */
class Document : public QObject {
    Q_OBJECT

 public:
    enum Aspect {
        ItemAspect = 0x01,         // another item, or another list
        AnnotationsAspect = 0x02,  // annotations of the current item
        MarkAspect = 0x04,         // state, flag or note of the current item
        SelectionAspect = 0x08,
        GhostsAspect = 0x10,
        ActiveClassAspect = 0x20,
        ClassesAspect = 0x40,  // names, colours, order, archived
        ListAspect = 0x80,     // the list or its title
        OrderAspect = 0x100,   // the order of what comes later in the list
        AllAspects = 0x1ff,
    };
    Q_DECLARE_FLAGS(Aspects, Aspect)

    static constexpr int kUndoLimit = 1000;        // gestures an item
    static constexpr std::size_t kKeptItems = 64;  // items kept in memory besides those with writes pending

    /** `author` signs every edit; an invalid one is replaced by localAuthor() when the project can be written. */
    explicit Document(session::Project& project, PersonId author = {}, QObject* parent = nullptr);
    ~Document() override;

    /** The person of this computer's user name. Waits for the writer once. */
    static PersonId localAuthor(session::Project& project);

    session::Project& project() const { return m_project; }
    bool readOnly() const { return m_project.readOnly(); }
    PersonId author() const { return m_author; }
    void setAuthor(PersonId author) { m_author = author; }
    const ProjectSettings& settings() const { return m_settings; }
    /** The number new annotations carry: the open round's, or the last one's; 0 before the first. */
    int round() const { return m_round; }

    // The list that is worked through.
    /** The batch of the open round, at its first unanswered item; an empty list when no round is open. */
    void showBatch();
    /** Any items in any order; opens `current`, or the first unanswered one. */
    void showList(std::vector<ItemId> ids, const QString& title, ItemId current = {});
    /** Every unlabelled item of the training pool. */
    void showUnlabelled();
    /** What nobody has answered yet of the items that models are measured on. */
    void showHoldout();
    /** True while the list is that of showHoldout(). */
    bool listIsHoldout() const { return m_listIsHoldout; }
    const std::vector<ItemId>& list() const { return m_list; }
    QString listTitle() const { return m_listTitle; }
    /** True while the list is the open round's batch. */
    bool listIsBatch() const { return m_listIsBatch; }

    /** The last items of the list in another order; ignored when they are not the last ones, after the current item. */
    void sortRest(const std::vector<ItemId>& rest);

    // Moving about. Each returns false, and stays, at the end of the list.
    int index() const { return m_index; }
    bool openIndex(int index);
    bool openItem(ItemId id);
    bool next() { return openIndex(m_index + 1); }
    bool previous() { return openIndex(m_index - 1); }
    /** Forwards (1) or backwards (-1) from the current item, around the end of the list. */
    bool nextUnanswered(int step = 1);
    /** 1 forwards, -1 backwards: the direction of the last move. */
    int travel() const { return m_travel; }

    // The current item.
    bool hasItem() const { return m_current != nullptr; }
    /** Requires hasItem(). */
    const Item& item() const { return m_current->item(); }
    const std::vector<Annotation>& annotations() const;
    const Annotation* annotation(AnnotationId id) const;
    /** Predictions nobody has accepted or rejected, above the threshold; none where ghosts are held back or hidden. */
    const std::vector<Ghost>& ghosts() const;
    /** What the model thinks of the classes of the whole item, best first; none where ghosts are hidden. */
    std::vector<Prediction> classSuggestions() const;
    /**
     * What is said of the classes of the whole item by whoever learns from the last answers. It counts once a visit,
     * and where a model has said something of the item only if it `replaces` that: suggestions do not change while
     * somebody looks at them. Ignored for any other item than the current one.
     */
    void suggestClasses(ItemId id, const std::vector<Prediction>& predictions, bool replaces);
    /** False hides all ghosts: what nobody sees can be neither accepted nor rejected. */
    void setGhostsShown(bool shown);
    /** True when this item has ghosts that setGhostsShown() hides. */
    bool hidesGhosts() const;
    const Ghost* ghost(qint64 id) const;
    /** Mark of an item of the list as the person sees it: writes that are pending included. */
    ItemMark markOf(ItemId id) const;
    /** The same for an item whose mark in memory is newer than the stored one, or is the current one. */
    std::optional<ItemMark> heldMark(ItemId id) const;
    /** Annotations of any item, writes that are pending included. */
    std::vector<Annotation> annotationsOf(ItemId id) const;
    /** Why no medium of the current item can be shown, one sentence; empty while one can. */
    QString problem() const;

    // Selection: ids of annotations (AnnotationId::value) and of ghosts (>= kGhostIdBase).
    const QVector<qint64>& selection() const { return m_selection; }
    std::vector<AnnotationId> selectedAnnotations() const;
    void setSelection(const QVector<qint64>& ids);

    // View state of boxes, not stored.
    bool isLocked(AnnotationId id) const;
    void setLocked(const std::vector<AnnotationId>& ids, bool locked);

    // Classes.
    /** Those not archived, in the order of their digits. */
    const std::vector<ClassLabel>& classes() const { return m_classes; }
    /** Archived ones too; nullptr for an unknown id. */
    const ClassLabel* classOf(ClassId id) const;
    ClassId activeClass() const { return m_activeClass; }
    void setActiveClass(ClassId id);
    Result<ClassId> addClass(const QString& name);

    // Changing.
    /** Does the edit, remembers it for undo, posts it. Ignored when read-only or when it changes nothing. */
    void push(Edit edit);
    /** Hides ghosts for this item, undoably, as long as this document lives; nothing is stored. */
    void reject(const QVector<qint64>& ghosts);
    QUndoGroup& undoGroup() { return m_undoGroup; }
    QUndoStack* undoStack() const;

    // Saving.
    int pendingWrites() const { return m_backlog.pending(); }
    /** The first error that keeps edits in memory, or noteDisplaced(); empty when all is well. */
    const std::optional<Error>& saveError() const { return m_displaced ? m_displaced : m_backlog.error(); }
    /** The project's file is not in its place any more: nothing is saved from now on, and what was saved is not there.
     */
    void noteDisplaced();
    bool displaced() const { return m_displaced.has_value(); }
    /** The edits of pendingWrites(), in their order. */
    std::vector<Edit> unsaved() const { return m_backlog.edits(); }
    /** After they were stored elsewhere, or when nobody wants them. */
    void forgetUnsaved();
    /** Waits for the writes that are under way, so that saveError() tells what became of them. */
    void settle();
    ActiveTimer& timer() { return m_timer; }

    /** Reads classes, settings, the round and the current item again: after an import, a merge, a new model. */
    void reload();

    // For the undo commands alone.
    void applyEdit(const Edit& edit);
    void applyRejection(ItemId item, const std::vector<std::size_t>& predictions, bool rejected);

 Q_SIGNALS:
    void changed(querent::app::document::Document::Aspects aspects);
    /** An item of the list, current or not, has another mark or another number of annotations. */
    void itemTouched(querent::ItemId id);
    void pendingChanged(int pending);
    /** Everything posted so far is durable. */
    void saved();
    /** The edits stay in memory and are tried again every two seconds. */
    void saveFailed(const QString& sentence);
    /** After saveFailed(): all is written now. */
    void saveRecovered();
    /** These edits can never be written, as the item changed underneath; it has been read again. */
    void editsLost(const QString& sentence);

 private:
    /** Read from the project, unless writes of it are under way. After a loss its undo is told anew by the log. */
    OpenItem* open(ItemId id, bool afterLoss = false);
    OpenItem* cached(ItemId id) const;
    /** cached(), where memory knows better than the disk. */
    const OpenItem* held(ItemId id) const;
    void touch(ItemId id);
    void evict();
    void readProject();
    void onWritten(const Edit& edit);
    void onRefused(const Edit& edit, const QString& sentence);
    void pruneSelection();
    void restoreUndo(OpenItem& item);
    void readAgain(ItemId id);

    session::Project& m_project;
    PersonId m_author;
    ProjectSettings m_settings;
    int m_round = 0;
    std::vector<ClassLabel> m_classes;
    std::vector<ClassLabel> m_allClasses;
    ClassId m_activeClass;

    std::vector<ItemId> m_list;
    QString m_listTitle;
    bool m_listIsBatch = false;
    bool m_listIsHoldout = false;
    int m_index = -1;
    int m_travel = 1;

    QUndoGroup m_undoGroup;
    std::unordered_map<ItemId, std::unique_ptr<OpenItem>> m_items;
    std::list<ItemId> m_recent;  // most recent first
    OpenItem* m_current = nullptr;
    QVector<qint64> m_selection;
    QSet<qint64> m_locked;
    QSet<qint64> m_stale;  // items to be read again once nothing of theirs is pending
    bool m_ghostsShown = true;
    ItemId m_suggested;  // the item that suggestClasses() has counted for, until another one is opened
    std::unordered_map<ItemId, std::vector<Prediction>> m_rejected;  // outlives the items in memory
    ActiveTimer m_timer;
    WriteBacklog m_backlog;
    std::optional<Error> m_displaced;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(Document::Aspects)

}  // namespace querent::app::document
