#pragma once

#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/session/background.h"
#include "engine/session/project/project.h"
#include "engine/session/round.h"

#include <QObject>
#include <QString>

#include <optional>

namespace querent::app::bridge {
class BackgroundBridge;
}

namespace querent::app::preferences {
class Settings;
}

namespace querent::app::controllers {

/**
 * What a person asks of the round, turned into steps of session::Round on the background worker:
 * suggest, then (people label), then train = train + evaluate + reward, and then suggest again when that is wanted.
 * A training outside the circle goes the same way.
 * Owned by the Application; UI thread only. The project belongs to the document and outlives setProject(nullptr),
 * which cancels and waits.
 */
class RoundController : public QObject {
    Q_OBJECT
 public:
    enum class Activity { None, Suggesting, Training };
    Q_ENUM(Activity)

    RoundController(bridge::BackgroundBridge& worker, preferences::Settings& settings, QObject* parent = nullptr);
    ~RoundController() override;

    /** The project whose round this is; nullptr for none. A round that was interrupted goes on by itself. */
    void setProject(session::Project* project);
    session::Project* project() const { return m_project; }

    /** Ranks the pool and freezes the next batch; refused (failed()) while busy or while a batch is open. */
    void suggest();
    /**
     * Trains on what is answered, measures and pays the policy; then suggests when suggestsAfterTraining(). Without an
     * open round it trains on all that is labelled and measures: no policy is paid, and nothing is suggested after it.
     */
    void train();
    /** Stops what runs; the round stays at its step and train() goes on from there. */
    void cancel();

    Activity activity() const { return m_activity; }
    bool busy() const { return m_activity != Activity::None; }
    bool canSuggest() const { return whyNotSuggest().isEmpty(); }
    bool canTrain() const { return whyNotTrain().isEmpty(); }
    /** Why canSuggest() or canTrain() is false, a sentence for people; empty when it is true. */
    QString whyNotSuggest() const;
    QString whyNotTrain() const;

    /** The newest round that is not done, as last read. */
    const std::optional<RoundRecord>& openRound() const { return m_open; }
    /** "Training", "Measuring", ...: the phase that runs now, for people; empty when idle. */
    QString phase() const { return m_phase; }
    const std::optional<TrainingStep>& lastTick() const { return m_lastTick; }

    /** "auto", "cpu" or "cuda". Kept in the program's settings. */
    QString device() const;
    void setDevice(const QString& device);
    /** Kept in the program's settings; true at first. */
    bool suggestsAfterTraining() const;
    void setSuggestsAfterTraining(bool on);

    /** How the newest batch was chosen, a sentence each, as far as anything is to be said; until the next suggestion.
     */
    const QStringList& remarks() const { return m_remarks; }

    /** Reads the open round again after a change from elsewhere (import, another step), and tells. */
    void refresh();

 Q_SIGNALS:
    /** Activity, phase or open round changed; read them. */
    void stateChanged();
    void progressed(const querent::Progress& progress);
    void tick(const querent::TrainingStep& tick);
    /** A batch is frozen: read it with session::project::Project::batch(openRound()->id). */
    void batchReady();
    /** Training and evaluation are through: models, metrics and predictions are new. */
    void roundFinished();
    void failed(const querent::Error& error);
    /** What people should know though the work goes on: a picture that cannot be read was left out. */
    void noted(const QString& sentence);
    void cancelled();

 private:
    bool start(Activity activity, session::Background::Work work);
    QString whyNotAny() const;
    void onProgress(const QString& task, const querent::Progress& progress);
    void onFinished(const QString& task);
    void onEnded(const QString& task);
    session::RoundOptions options();
    /** A function for the worker thread that calls `hear` on this one, if somebody is still there. */
    Note teller(void (RoundController::*hear)(const QString&));
    void remember(const QString& remark) { m_remarks << remark; }

    bridge::BackgroundBridge& m_worker;
    preferences::Settings& m_settings;
    session::Project* m_project = nullptr;
    Activity m_activity = Activity::None;
    std::optional<RoundRecord> m_open;
    std::optional<TrainingStep> m_lastTick;
    QString m_phase;
    QStringList m_remarks;
    bool m_outsideRound = false;  // the training that runs belongs to no round
};

}  // namespace querent::app::controllers
