#pragma once

#include <QString>
#include <QVector>
#include <QWidget>

namespace querent::widgets::common {

/** One named term of the score. */
struct ReasonTerm {
    QString name;  // "Uncertainty"
    QString help;  // one sentence, shown as a tool tip
    double value = 0.0;
    double scale = 1.0;  // the value that fills the bar; > 0
    int decimals = 2;    // shown of the value
};

struct ReasonView {
    double score = 0.0;
    int rank = 0;   // 1-based place in the batch, 0 = not known
    int total = 0;  // items in the batch
    QVector<ReasonTerm> terms;
    QString source;  // "Model from round 3, entropy"
    /** What holds for the whole batch, one or two lines under the terms, and its tool tip; may be empty. */
    QString note = {};
    QString noteHelp = {};
};

/** Why this item was suggested: its score and the terms behind it, as bars with numbers. Control picks look like
 * others. */
class ReasonPanel : public QWidget {
    Q_OBJECT

 public:
    explicit ReasonPanel(QWidget* parent = nullptr);

    void setReason(const ReasonView& reason);
    /** Nothing to say, and why: "Round 0 draws at random: there is no model yet." */
    void setMessage(const QString& sentence);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

 protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

 private:
    QRect termRect(int index) const;
    QRect noteRect() const;
    void describe();

    ReasonView m_reason;
    QString m_message;
    bool m_hasReason = false;
};

}  // namespace querent::widgets::common
