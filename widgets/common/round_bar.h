#pragma once

#include <QString>
#include <QWidget>

#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace querent::widgets::common {

/** What the bar says while people label. */
struct RoundStatus {
    int round = -1;       // the open one; -1 = no round is open
    int done = 0;         // answered items of the batch
    int total = 0;        // items of the batch
    int modelRound = -1;  // -1 = no model yet
    QString modelName;    // instead of "model from round N", for one trained without a round
    QString metricName = QStringLiteral("mAP");
    std::optional<double> value, low, high;  // 95 % interval
    bool canTrain = false;
    QString whyNot;  // why Train is off, one sentence: its tool tip
    bool canSuggest = false;
    QString whyNotSuggest;
};

/** What it says while something runs in the background. */
struct RunningWork {
    QString phase;           // "Training", "Evaluating"
    double fraction = -1.0;  // [0, 1], negative = not known
    QString detail;          // "step 120 of 300, about 20 s left"
    bool cancelling = false;
};

/**
 * One line: "Round 4 - 12 of 30 - model from round 3: mAP 0.73 [0.69, 0.77]", and Train, or progress and Cancel.
 * Between rounds it says what comes next, with the button for it.
 */
class RoundBar : public QWidget {
    Q_OBJECT

 public:
    explicit RoundBar(QWidget* parent = nullptr);

    void setStatus(const RoundStatus& status);
    void setRunning(const RunningWork& work);
    void clearRunning();
    /** The line as text, as shown and as screen readers hear it. */
    QString text() const;

 Q_SIGNALS:
    void trainRequested();
    void suggestRequested();
    void cancelRequested();
    void detailsRequested();  // click on the model's figures

 private:
    void refreshText();
    void refreshParts();
    bool offersSuggestion() const;

    RoundStatus m_status;
    bool m_running = false;
    QLabel* m_round;
    QLabel* m_count;
    QProgressBar* m_batch;
    QToolButton* m_model;
    QLabel* m_phase;
    QProgressBar* m_progress;
    QPushButton* m_suggest;
    QPushButton* m_train;
    QPushButton* m_cancel;
};

}  // namespace querent::widgets::common
