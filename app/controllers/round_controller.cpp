#include "app/controllers/round_controller.h"

#include "app/bridge/background_bridge.h"
#include "app/bridge/between_threads.h"
#include "app/models/strategy_words.h"
#include "app/preferences/settings.h"

#include <QCoreApplication>
#include <QPointer>

namespace querent::app::controllers {
namespace {

const QString kSuggest = QStringLiteral("suggest");
const QString kTrain = QStringLiteral("train");

template <typename Record>
Result<void> withoutRecord(const Result<Record>& result) {
    if (!result) return result.error();
    return {};
}

}  // namespace

RoundController::RoundController(bridge::BackgroundBridge& worker, preferences::Settings& settings, QObject* parent)
    : QObject(parent), m_worker(worker), m_settings(settings) {
    connect(&worker, &bridge::BackgroundBridge::progressed, this, &RoundController::onProgress);
    connect(&worker, &bridge::BackgroundBridge::ticked, this, [this](const TrainingStep& now) {
        if (m_activity != Activity::Training) return;
        m_lastTick = now;
        Q_EMIT tick(now);
    });
    connect(&worker, &bridge::BackgroundBridge::finished, this, &RoundController::onFinished);
    connect(&worker, &bridge::BackgroundBridge::failed, this, [this](const QString& task, const Error& error) {
        if (task != kSuggest && task != kTrain) return;
        onEnded(task);
        Q_EMIT failed(error);
    });
    connect(&worker, &bridge::BackgroundBridge::cancelled, this, [this](const QString& task) {
        if (task != kSuggest && task != kTrain) return;
        onEnded(task);
        Q_EMIT cancelled();
    });
    // Another task (an import) changes what may be done now.
    connect(&worker, &bridge::BackgroundBridge::busyChanged, this, [this] { Q_EMIT stateChanged(); });
}

RoundController::~RoundController() = default;

void RoundController::setProject(session::Project* project) {
    if (project == m_project) return;
    m_worker.stopAndWait();
    m_project = project;
    m_lastTick.reset();
    m_open.reset();
    m_remarks.clear();
    refresh();
    const bool interrupted = m_open && m_open->step != RoundStep::Labelling && m_open->step != RoundStep::Done;
    if (interrupted && canTrain()) train();
}

void RoundController::refresh() {
    m_open = m_project != nullptr ? m_project->openRound() : std::nullopt;
    Q_EMIT stateChanged();
}

session::RoundOptions RoundController::options() {
    session::RoundOptions options;
    options.device = device().toStdString();
    options.onStep = m_worker.tickHandler();
    options.onNote = teller(&RoundController::noted);
    options.onRemark = teller(&RoundController::remember);
    return options;
}

Note RoundController::teller(void (RoundController::*hear)(const QString&)) {
    return [self = QPointer<RoundController>(this), hear](const std::string& sentence) {
        bridge::callLater(QCoreApplication::instance(), [self, hear, text = QString::fromStdString(sentence)] {
            if (self) (self.data()->*hear)(text);
        });
    };
}

bool RoundController::start(Activity activity, session::Background::Work work) {
    if (!m_worker.start(activity == Activity::Training ? kTrain : kSuggest, std::move(work))) {
        Q_EMIT failed(
            fail(ErrorCode::InvalidArgument, tr("Something else is running; wait for its end.").toStdString()));
        return false;
    }
    m_activity = activity;
    m_phase = activity == Activity::Training ? tr("Preparing") : tr("Choosing the next batch");
    m_lastTick.reset();
    Q_EMIT stateChanged();
    return true;
}

void RoundController::suggest() {
    if (const QString why = whyNotSuggest(); !why.isEmpty()) {
        Q_EMIT failed(fail(ErrorCode::InvalidArgument, why.toStdString()));
        return;
    }
    m_remarks.clear();
    session::RoundOptions options = this->options();
    // People who have nothing measured yet are asked all the same: by a strategy that can do without.
    const ProjectSettings settings = m_project->settings();
    const QString standIn = models::standInStrategy(settings, m_project->counts());
    options.strategy = standIn.toStdString();
    if (!standIn.isEmpty() && m_project->currentModel()) {
        remember(
            tr("No item of the validation set is labelled yet, so %1 asks in the place of %2, which learns from it.")
                .arg(models::strategyTitle(options.strategy), models::strategyTitle(settings.strategy)));
    }
    start(Activity::Suggesting, [project = m_project, options](const Job& job) {
        project->flush();
        return withoutRecord(session::Round(*project, options).suggest(job));
    });
}

void RoundController::train() {
    if (const QString why = whyNotTrain(); !why.isEmpty()) {
        Q_EMIT failed(fail(ErrorCode::InvalidArgument, why.toStdString()));
        return;
    }
    m_outsideRound = !m_open;
    start(Activity::Training, [project = m_project, options = options(), outside = m_outsideRound](const Job& job) {
        project->flush();  // what has been answered until now is in this round
        return outside ? withoutRecord(session::trainNow(*project, options, options.seed, job))
                       : withoutRecord(session::Round(*project, options).advance(job));
    });
}

void RoundController::cancel() {
    if (!busy()) return;
    m_worker.cancel();
    m_phase = tr("Cancelling");
    Q_EMIT stateChanged();
}

QString RoundController::whyNotAny() const {
    if (m_project == nullptr) return tr("Open a project first.");
    if (m_project->readOnly()) return tr("This project is open for reading only.");
    if (busy()) return tr("The round is being worked on.");
    if (m_worker.busy()) return tr("Something else is running; wait for its end.");
    return {};
}

QString RoundController::whyNotSuggest() const {
    if (const QString why = whyNotAny(); !why.isEmpty()) return why;
    if (m_open) return tr("Finish the open round first: label its batch, then train.");
    const PoolCounts counts = m_project->counts();
    if (counts.total() == 0) return tr("Import something to label first.");
    if (counts.inState(Split::Train, ItemState::Unlabelled) == 0) return tr("Every item of the pool is answered.");
    return {};
}

QString RoundController::whyNotTrain() const {
    if (const QString why = whyNotAny(); !why.isEmpty()) return why;
    const bool needsLabels = !m_open || m_open->step == RoundStep::Labelling;
    if (!needsLabels || m_project->counts().trainable(Split::Train) > 0) return {};
    return m_open ? tr("Label at least one item of the batch first.") : tr("Label at least one item first.");
}

void RoundController::onProgress(const QString& task, const querent::Progress& progress) {
    if (task != kSuggest && task != kTrain) return;
    const QString phase = QString::fromStdString(progress.phase);
    if (!m_worker.cancelling() && phase != m_phase) {
        m_phase = phase;
        Q_EMIT stateChanged();
    }
    Q_EMIT progressed(progress);
}

void RoundController::onEnded(const QString& task) {
    if (task != kSuggest && task != kTrain) return;
    m_activity = Activity::None;
    m_phase.clear();
    refresh();
}

void RoundController::onFinished(const QString& task) {
    if (task != kSuggest && task != kTrain) return;
    onEnded(task);
    if (task == kSuggest) {
        Q_EMIT batchReady();
        return;
    }
    Q_EMIT roundFinished();
    if (!m_outsideRound && suggestsAfterTraining() && canSuggest()) suggest();
}

QString RoundController::device() const {
    return m_settings.device();
}

void RoundController::setDevice(const QString& device) {
    m_settings.setDevice(device);
}

bool RoundController::suggestsAfterTraining() const {
    return m_settings.suggestAfterTraining();
}

void RoundController::setSuggestsAfterTraining(bool on) {
    m_settings.setSuggestAfterTraining(on);
}

}  // namespace querent::app::controllers
