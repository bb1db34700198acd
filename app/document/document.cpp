#include "app/document/document.h"

#include "app/document/edit_command.h"
#include "app/document/item_media.h"

#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QSysInfo>

#include <algorithm>
#include <utility>

namespace querent::app::document {

namespace {

const std::vector<Annotation> kNoAnnotations;
const std::vector<Ghost> kNoGhosts;

QString userName() {
    for (const char* variable : {"USER", "USERNAME", "LOGNAME"}) {
        const QString name = qEnvironmentVariable(variable).trimmed();
        if (!name.isEmpty()) return name;
    }
    return QDir::home().dirName().isEmpty() ? QStringLiteral("me") : QDir::home().dirName();
}

}  // namespace

PersonId Document::localAuthor(session::Project& project) {
    if (project.readOnly()) return {};
    const auto person = project.ensurePerson(userName().toStdString());
    return person ? *person : PersonId{};
}

Document::Document(session::Project& project, PersonId author, QObject* parent)
    : QObject(parent),
      m_project(project),
      m_author(author.valid() ? author : localAuthor(project)),
      m_backlog([&project](Edit edit, WriteBacklog::Done done) { project.post(std::move(edit), std::move(done)); }) {
    readProject();
    connect(&m_backlog, &WriteBacklog::written, this, &Document::onWritten);
    connect(&m_backlog, &WriteBacklog::refused, this, &Document::onRefused);
    connect(&m_backlog, &WriteBacklog::failed, this, &Document::saveFailed);
    connect(&m_backlog, &WriteBacklog::recovered, this, &Document::saveRecovered);
    connect(&m_backlog, &WriteBacklog::pendingChanged, this, [this](int pending) {
        Q_EMIT pendingChanged(pending);
        if (pending == 0 && !m_displaced) Q_EMIT saved();
    });
}

Document::~Document() {
    m_backlog.disconnect(this);
}

void Document::readProject() {
    m_settings = m_project.settings();
    m_allClasses = m_project.classes();
    m_classes = m_allClasses;
    std::erase_if(m_classes, [](const ClassLabel& label) { return label.archived; });
    const bool known = std::any_of(m_classes.begin(), m_classes.end(),
                                   [this](const ClassLabel& label) { return label.id == m_activeClass; });
    if (!known) m_activeClass = m_classes.empty() ? ClassId{} : m_classes.front().id;
    const auto rounds = m_project.rounds();
    m_round = rounds.empty() ? 0 : rounds.back().number;
}

// Items in memory.

OpenItem* Document::cached(ItemId id) const {
    const auto at = m_items.find(id);
    return at == m_items.end() ? nullptr : at->second.get();
}

OpenItem* Document::open(ItemId id, bool afterLoss) {
    OpenItem* item = cached(id);
    if (item && item->pendingWrites > 0) return item;
    auto stored = m_project.item(id);
    if (!stored) return item;
    auto annotations = m_project.annotations(id);
    std::sort(annotations.begin(), annotations.end(),
              [](const Annotation& a, const Annotation& b) { return a.id < b.id; });
    if (item) {
        if (item->replace(*std::move(stored), std::move(annotations)) || afterLoss) restoreUndo(*item);
    } else {
        auto made = std::make_unique<OpenItem>(*std::move(stored), std::move(annotations), std::vector<Prediction>{});
        item = made.get();
        m_items[id] = std::move(made);
        item->stack().setUndoLimit(kUndoLimit);
        m_undoGroup.addStack(&item->stack());
        restoreUndo(*item);
    }
    item->setPredictions(m_project.predictions(id));
    m_suggested = {};
    if (const auto rejected = m_rejected.find(id); rejected != m_rejected.end()) item->rejectAgain(rejected->second);
    const bool heldBack = ghostsHeldBack(id, m_settings.hideGhostShare, m_settings.seed);
    const bool oneClass = m_settings.task == TaskKind::Classify && !m_settings.multiLabel;
    item->setGhostRule({m_settings.showGhosts && !heldBack, m_settings.ghostThreshold, oneClass});
    return item;
}

// What is in the log is what undo takes back: after a restart, and after writes that came to nothing.
void Document::restoreUndo(OpenItem& item) {
    QUndoStack& stack = item.stack();
    stack.clear();
    if (readOnly()) return;
    UndoHistory history = m_project.undoHistory(item.item().id, kUndoLimit);
    for (EventRecord& event : history.undo)
        stack.push(new EditCommand(*this, std::move(event.edit), 1));
    for (auto event = history.redo.rbegin(); event != history.redo.rend(); ++event)
        stack.push(new EditCommand(*this, std::move(event->edit), 2));
    for (std::size_t i = 0; i < history.redo.size(); ++i)
        stack.undo();
}

void Document::touch(ItemId id) {
    m_recent.remove(id);
    m_recent.push_front(id);
}

void Document::evict() {
    std::size_t kept = 0;
    for (auto id = m_recent.begin(); id != m_recent.end();) {
        const OpenItem* item = cached(*id);
        const bool needed = item && (item == m_current || item->pendingWrites > 0);
        if (needed || ++kept <= kKeptItems) {
            ++id;
        } else {
            m_items.erase(*id);
            id = m_recent.erase(id);
        }
    }
}

const std::vector<Annotation>& Document::annotations() const {
    return m_current ? m_current->annotations() : kNoAnnotations;
}

const Annotation* Document::annotation(AnnotationId id) const {
    for (const Annotation& annotation : annotations()) {
        if (annotation.id == id) return &annotation;
    }
    return nullptr;
}

const std::vector<Ghost>& Document::ghosts() const {
    return m_current && m_ghostsShown ? m_current->ghosts() : kNoGhosts;
}

std::vector<Prediction> Document::classSuggestions() const {
    std::vector<Prediction> found;
    if (!m_current || !m_ghostsShown || !m_current->showsGhosts()) return found;
    for (const Prediction& prediction : m_current->predictions()) {
        if (!prediction.box) found.push_back(prediction);
    }
    return found;
}

void Document::suggestClasses(ItemId id, const std::vector<Prediction>& predictions, bool replaces) {
    if (!m_current || m_current->item().id != id || m_suggested == id || predictions.empty()) return;
    std::vector<Prediction> all = m_current->predictions();
    const auto ofItem = [](const Prediction& prediction) { return !prediction.box; };
    if (!replaces && std::any_of(all.begin(), all.end(), ofItem)) return;
    std::erase_if(all, ofItem);
    for (const Prediction& prediction : predictions) {
        const ClassLabel* label = classOf(prediction.label);
        if (label && !label->archived) all.push_back(prediction);
    }
    m_suggested = id;
    m_current->setPredictions(std::move(all));
    if (const auto rejected = m_rejected.find(id); rejected != m_rejected.end())
        m_current->rejectAgain(rejected->second);
    pruneSelection();
    Q_EMIT changed(GhostsAspect);
}

void Document::setGhostsShown(bool shown) {
    if (shown == m_ghostsShown) return;
    m_ghostsShown = shown;
    pruneSelection();
    Q_EMIT changed(GhostsAspect);
}

bool Document::hidesGhosts() const {
    return !m_ghostsShown && m_current && !m_current->ghosts().empty();
}

const Ghost* Document::ghost(qint64 id) const {
    for (const Ghost& ghost : ghosts()) {
        if (ghost.id == id) return &ghost;
    }
    return nullptr;
}

const OpenItem* Document::held(ItemId id) const {
    const OpenItem* item = cached(id);
    return item && (item == m_current || item->pendingWrites > 0) ? item : nullptr;
}

std::optional<ItemMark> Document::heldMark(ItemId id) const {
    const OpenItem* item = held(id);
    return item ? std::optional(item->item().mark) : std::nullopt;
}

ItemMark Document::markOf(ItemId id) const {
    if (const auto mark = heldMark(id)) return *mark;
    const auto item = m_project.item(id);
    return item ? item->mark : ItemMark{};
}

std::vector<Annotation> Document::annotationsOf(ItemId id) const {
    const OpenItem* item = held(id);
    return item ? item->annotations() : m_project.annotations(id);
}

QString Document::problem() const {
    if (!m_current) return {};
    const auto& media = m_current->item().media;
    if (media.empty()) return tr("This item has no media.");
    for (const Medium& medium : media) {
        if (problemOf(medium).isEmpty()) return {};
    }
    return problemOf(media.front());
}

// Selection and classes.

std::vector<AnnotationId> Document::selectedAnnotations() const {
    std::vector<AnnotationId> ids;
    for (const qint64 id : m_selection) {
        if (!isGhostId(id)) ids.push_back(AnnotationId(id));
    }
    return ids;
}

void Document::setSelection(const QVector<qint64>& ids) {
    if (ids == m_selection) return;
    m_selection = ids;
    Q_EMIT changed(SelectionAspect);
}

void Document::pruneSelection() {
    const auto gone = [this](qint64 id) { return isGhostId(id) ? !ghost(id) : !annotation(AnnotationId(id)); };
    QVector<qint64> kept = m_selection;
    kept.erase(std::remove_if(kept.begin(), kept.end(), gone), kept.end());
    setSelection(kept);
}

bool Document::isLocked(AnnotationId id) const {
    return m_locked.contains(id.value);
}

void Document::setLocked(const std::vector<AnnotationId>& ids, bool locked) {
    for (const AnnotationId id : ids) {
        if (locked) {
            m_locked.insert(id.value);
        } else {
            m_locked.remove(id.value);
        }
    }
    if (!ids.empty()) Q_EMIT changed(AnnotationsAspect);
}

const ClassLabel* Document::classOf(ClassId id) const {
    for (const ClassLabel& label : m_allClasses) {
        if (label.id == id) return &label;
    }
    return nullptr;
}

void Document::setActiveClass(ClassId id) {
    if (id == m_activeClass || !classOf(id)) return;
    m_activeClass = id;
    Q_EMIT changed(ActiveClassAspect);
}

Result<ClassId> Document::addClass(const QString& name) {
    const auto id = m_project.addClass(name.trimmed().toStdString());
    if (!id) return id;
    readProject();
    m_activeClass = *id;
    Q_EMIT changed(ClassesAspect | ActiveClassAspect);
    return id;
}

// Changing.

QUndoStack* Document::undoStack() const {
    return m_current ? &m_current->stack() : nullptr;
}

void Document::push(Edit edit) {
    if (!m_current || readOnly() || edit.item != m_current->item().id) return;
    if (edit.changes.empty() && edit.markBefore == edit.markAfter) return;
    QUndoStack& stack = m_current->stack();
    applyEdit(edit);
    stack.push(new EditCommand(*this, std::move(edit), 1));  // done already
}

void Document::reject(const QVector<qint64>& ghosts) {
    if (!m_current || readOnly()) return;
    std::vector<std::size_t> predictions;
    for (const qint64 id : ghosts) {
        if (const Ghost* rejected = ghost(id)) predictions.push_back(rejected->index);
    }
    if (predictions.empty()) return;
    m_current->stack().push(new RejectCommand(*this, m_current->item().id, std::move(predictions)));
}

void Document::applyEdit(const Edit& edit) {
    OpenItem* item = cached(edit.item);
    if (!item || readOnly()) return;
    Edit posted = edit;
    posted.author = m_author;
    posted.activeSeconds = std::exchange(item->idleSeconds, 0.0) + (item == m_current ? m_timer.take() : 0.0);
    item->apply(posted);
    ++item->pendingWrites;
    m_backlog.post(posted);
    if (item == m_current) {
        pruneSelection();
        Q_EMIT changed(Aspects(AnnotationsAspect) | GhostsAspect | (edit.markAfter ? MarkAspect : Aspects()));
    }
    Q_EMIT itemTouched(edit.item);
}

void Document::applyRejection(ItemId id, const std::vector<std::size_t>& predictions, bool rejected) {
    OpenItem* item = cached(id);
    if (!item) return;
    item->setRejected(predictions, rejected);
    m_rejected[id] = item->rejected();
    if (item != m_current) return;
    pruneSelection();
    Q_EMIT changed(GhostsAspect);
}

void Document::onWritten(const Edit& edit) {
    if (OpenItem* item = cached(edit.item)) {
        --item->pendingWrites;
        if (item->pendingWrites == 0 && m_stale.remove(edit.item.value)) readAgain(edit.item);
    }
}

void Document::onRefused(const Edit& edit, const QString& sentence) {
    m_stale.insert(edit.item.value);
    if (OpenItem* item = cached(edit.item)) {
        --item->pendingWrites;
        if (item->pendingWrites == 0 && m_stale.remove(edit.item.value)) readAgain(edit.item);
    }
    Q_EMIT editsLost(sentence);
}

void Document::noteDisplaced() {
    if (m_displaced) return;
    m_displaced =
        fail(ErrorCode::Io, tr("Another program has moved, replaced or removed the project file.").toStdString(),
             m_project.file());
    Q_EMIT saveFailed(QString::fromStdString(m_displaced->text()));
}

void Document::forgetUnsaved() {
    m_backlog.forget();
    m_displaced.reset();
}

void Document::settle() {
    m_project.flush();
    QCoreApplication::sendPostedEvents(&m_backlog, QEvent::MetaCall);
}

void Document::readAgain(ItemId id) {
    OpenItem* item = open(id, true);
    Q_EMIT itemTouched(id);
    if (item != m_current) return;
    pruneSelection();
    Q_EMIT changed(AnnotationsAspect | MarkAspect | GhostsAspect);
}

void Document::reload() {
    readProject();
    if (m_current) open(m_current->item().id);
    pruneSelection();
    Q_EMIT changed(AllAspects);
}

}  // namespace querent::app::document
