#include "app/controllers/instant_controller.h"

#include "app/preferences/settings.h"

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

namespace querent::app::controllers {
namespace {

const QString kLook = QStringLiteral("look");
/** Items of the batch after the current one that stay where they are: they are seen coming, and decoded already. */
constexpr std::size_t kStay = 2;
constexpr std::size_t kMostSorted = 2000;

/** Classes of the whole item; nothing where it does not count as an answer. */
std::optional<std::vector<ClassId>> answerOf(const document::Document& document, ItemId item) {
    const ItemMark mark = document.markOf(item);
    if (!isTrainable(mark.state) || mark.flagged) return std::nullopt;
    std::vector<ClassId> classes;
    for (const Annotation& annotation : document.annotationsOf(item)) {
        if (!annotation.box) classes.push_back(annotation.label);
    }
    std::sort(classes.begin(), classes.end());
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
    return classes;
}

/** The random picks of the open round. */
std::unordered_set<ItemId> controlsOf(const session::Project& project) {
    std::unordered_set<ItemId> controls;
    if (const auto round = project.openRound()) {
        for (const QueryEntry& entry : project.batch(round->id)) {
            if (entry.control) controls.insert(entry.item);
        }
    }
    return controls;
}

/**
 * What is left of the batch with the most doubtful first. Controls keep their places: they are a fair sample of the
 * batch only while nothing about them decides when they are asked.
 */
std::vector<ItemId> sorted(const session::instant::InstantAnswers& answers, const std::vector<ItemId>& rest,
                           const session::Project& project) {
    if (rest.empty()) return {};
    const std::unordered_set<ItemId> fixed = controlsOf(project);
    std::vector<ItemId> free;
    for (const ItemId item : rest) {
        if (!fixed.contains(item)) free.push_back(item);
    }
    std::vector<ItemId> order = answers.byDoubt(free);
    if (order.size() != free.size()) {
        const std::unordered_set<ItemId> known(order.begin(), order.end());
        for (const ItemId item : free) {
            if (!known.contains(item)) order.push_back(item);
        }
    }
    std::vector<ItemId> all;
    auto next = order.begin();
    for (const ItemId item : rest)
        all.push_back(fixed.contains(item) ? item : *next++);
    return all;
}

}  // namespace

/** What is to be learnt and said, as the window knows it. */
struct InstantController::Due {
    std::vector<std::pair<ItemId, std::optional<std::vector<ClassId>>>> answers;
    ItemId current;
    std::vector<ItemId> rest;  // of the batch, where it is to be sorted
};

struct InstantController::Said {
    ItemId current;
    std::vector<Prediction> predictions;
    std::vector<ItemId> rest;
};

InstantController::InstantController(const preferences::Settings& settings, QObject* parent)
    : QObject(parent), m_settings(settings) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &InstantController::speak);
    connect(&m_worker, &bridge::BackgroundBridge::progressed, this, [this](const QString&, const Progress& progress) {
        if (progress.total > 0) Q_EMIT looking(progress.done, progress.total);
    });
    connect(&m_worker, &bridge::BackgroundBridge::finished, this, &InstantController::onLooked);
    connect(&m_worker, &bridge::BackgroundBridge::cancelled, this, [this] { onEnded({}); });
    connect(&m_worker, &bridge::BackgroundBridge::failed, this, [this](const QString&, const Error& error) {
        // A project without items, or a model that is gone, is nothing to warn of.
        onEnded(error.code == ErrorCode::NotFound ? QString() : QString::fromStdString(error.text()));
    });
}

void InstantController::setDocument(document::Document* document) {
    if (m_document != nullptr) m_document->disconnect(this);
    // Before the work is stopped, as that is told at once: nothing may begin on a project that is about to close.
    m_document = nullptr;
    m_again = m_byModel = false;
    m_soon.stop();
    m_worker.stopAndWait();
    m_learning.waitForDone();
    m_taken.reset();
    m_answers.reset();
    m_touched.clear();
    m_since.clear();
    m_document = document;
    Q_EMIT looking(0, 0);
    if (document == nullptr || document->settings().task != TaskKind::Classify) return;
    connect(document, &document::Document::changed, this, &InstantController::onChanged);
    connect(document, &document::Document::itemTouched, this, &InstantController::onTouched);
    look(session::SeenBy::Nothing);
}

void InstantController::refresh() {
    if (m_document == nullptr || m_document->settings().task != TaskKind::Classify) return;
    if (m_worker.busy()) {
        m_again = true;
        m_worker.cancel();
        return;
    }
    look(session::SeenBy::Nothing);
}

void InstantController::look(session::SeenBy by) {
    m_lookingBy = by;
    m_since.clear();
    m_taken = std::make_shared<std::shared_ptr<session::instant::InstantAnswers>>();
    session::Project* project = &m_document->project();
    const bool started = m_worker.start(
        kLook,
        [project, by, device = m_settings.device().toStdString(), taken = m_taken](const Job& job) -> Result<void> {
            project->flush();  // what has been answered until now is read, what comes later is in m_since
            auto answers = session::takeInstantAnswers(*project, by, device, job);
            if (!answers) return answers.error();
            *taken = std::move(answers).value();
            return {};
        });
    if (!started) m_again = true;
}

void InstantController::onLooked() {
    Q_EMIT looking(0, 0);
    if (std::exchange(m_again, false)) return refresh();
    m_answers = *std::exchange(m_taken, nullptr);
    m_byModel = m_lookingBy == session::SeenBy::Model;
    m_touched.unite(m_since);
    m_soon.start();
    Q_EMIT prepared();
    if (!m_byModel && m_document->project().currentModel()) look(session::SeenBy::Model);
}

void InstantController::onEnded(const QString& problem) {
    m_taken.reset();
    Q_EMIT looking(0, 0);
    if (std::exchange(m_again, false)) return refresh();
    if (!problem.isEmpty()) Q_EMIT failed(problem);
}

void InstantController::onChanged(document::Document::Aspects aspects) {
    if (aspects & (document::Document::ItemAspect | document::Document::ListAspect)) m_soon.start();
}

void InstantController::onTouched(ItemId item) {
    m_touched.insert(item.value);
    m_since.insert(item.value);
    m_soon.start();
}

InstantController::Due InstantController::takeDue() {
    Due due;
    for (const qint64 item : std::exchange(m_touched, {}))
        due.answers.emplace_back(ItemId(item), answerOf(*m_document, ItemId(item)));
    if (m_document->hasItem()) due.current = m_document->item().id;
    const std::vector<ItemId>& list = m_document->list();
    const std::size_t from = static_cast<std::size_t>(m_document->index() + 1) + kStay;
    if (!m_settings.doubtfulFirst() || !m_document->listIsBatch() || m_document->index() < 0 || from >= list.size() ||
        list.size() > kMostSorted || due.answers.empty())
        return due;
    due.rest.assign(list.begin() + static_cast<std::ptrdiff_t>(from), list.end());
    return due;
}

void InstantController::speak() {
    if (m_document == nullptr || !m_answers) return;  // what was touched is learnt when there is somebody to learn it
    m_learning.run(
        this,
        [answers = m_answers, project = &m_document->project(), due = takeDue()] {
            for (const auto& [item, classes] : due.answers) {
                if (classes) {
                    answers->answer(item, *classes);
                } else {
                    answers->takeBack(item);
                }
            }
            return Said{due.current, answers->predictions(due.current), sorted(*answers, due.rest, *project)};
        },
        // What is said late, when another project is open or others have looked at the items, is of no use any more.
        [this, answers = m_answers](const Said& said) {
            if (answers == m_answers) hear(said);
        });
}

void InstantController::hear(const Said& said) {
    if (m_document == nullptr) return;
    m_document->suggestClasses(said.current, said.predictions, m_byModel);
    m_document->sortRest(said.rest);
}

}  // namespace querent::app::controllers
