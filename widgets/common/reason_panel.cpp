#include "widgets/common/reason_panel.h"

#include "widgets/common/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace querent::widgets::common {

namespace {
constexpr int kMargin = 12;
constexpr int kTitle = 30;
constexpr int kHead = kTitle + 46;
constexpr int kTerm = 38;
constexpr int kFoot = 26;
constexpr int kNoteLines = 2;

QString valueText(const ReasonTerm& term) {
    return QString::number(term.value, 'f', term.decimals);
}
}  // namespace

ReasonPanel::ReasonPanel(QWidget* parent) : QWidget(parent), m_message(tr("No item is open.")) {
    setObjectName(QStringLiteral("reasonPanel"));
    setAccessibleName(tr("Why this item"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
}

void ReasonPanel::setReason(const ReasonView& reason) {
    m_reason = reason;
    m_hasReason = true;
    describe();
    updateGeometry();
    update();
}

void ReasonPanel::setMessage(const QString& sentence) {
    m_message = sentence;
    m_hasReason = false;
    describe();
    updateGeometry();
    update();
}

QSize ReasonPanel::sizeHint() const {
    const int terms = m_hasReason ? static_cast<int>(m_reason.terms.size()) : 0;
    return {260, m_hasReason ? kHead + terms * kTerm + noteRect().height() + kFoot + kMargin : 110};
}

QSize ReasonPanel::minimumSizeHint() const {
    return {160, std::min(sizeHint().height(), 300)};
}

QRect ReasonPanel::termRect(int index) const {
    return {kMargin, kHead + index * kTerm, width() - 2 * kMargin, kTerm};
}

QRect ReasonPanel::noteRect() const {
    const int top = kHead + static_cast<int>(m_reason.terms.size()) * kTerm;
    const int room = width() - 2 * kMargin;
    if (m_reason.note.isEmpty()) return {kMargin, top, room, 0};
    const int needed = fontMetrics().boundingRect(0, 0, room, 0, Qt::TextWordWrap, m_reason.note).height();
    return {kMargin, top, room, std::min(needed, kNoteLines * fontMetrics().lineSpacing())};
}

void ReasonPanel::describe() {
    QString text = m_message;
    if (m_hasReason) {
        text = tr("Score %1").arg(m_reason.score, 0, 'f', 2);
        for (const ReasonTerm& term : m_reason.terms)
            text += QStringLiteral(", %1 %2").arg(term.name, valueText(term));
        if (!m_reason.note.isEmpty()) text += QStringLiteral(", ") + m_reason.note;
    }
    setAccessibleDescription(text);
}

void ReasonPanel::paintEvent(QPaintEvent*) {
    const ThemeColours& c = Theme::colours(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont heading = font();
    heading.setWeight(QFont::DemiBold);
    painter.setFont(heading);
    painter.setPen(c.text);
    painter.drawText(QRect(kMargin, 6, width() - 2 * kMargin, kTitle - 8), Qt::AlignVCenter, tr("Why this item"));
    painter.setFont(font());
    if (!m_hasReason) {
        painter.setPen(c.textMuted);
        painter.drawText(rect().adjusted(kMargin, kTitle + 4, -kMargin, -kMargin), Qt::AlignTop | Qt::TextWordWrap,
                         m_message);
        return;
    }
    QFont big = font();
    big.setPointSizeF(font().pointSizeF() * 1.7);
    big.setWeight(QFont::DemiBold);
    const QString score = QString::number(m_reason.score, 'f', 2);
    painter.setFont(big);
    painter.setPen(c.text);
    painter.drawText(QRectF(kMargin, kTitle, width() - 2 * kMargin, kHead - kTitle - 6), Qt::AlignVCenter, score);
    const double after = kMargin + QFontMetricsF(big).horizontalAdvance(score) + 10;
    painter.setFont(font());
    painter.setPen(c.textMuted);
    const QString place =
        m_reason.rank > 0 ? tr("score, place %1 of %2").arg(m_reason.rank).arg(m_reason.total) : tr("score");
    const QRectF placeRect(after, kTitle + 4, width() - kMargin - after, kHead - kTitle - 6);
    painter.drawText(placeRect, Qt::AlignVCenter,
                     fontMetrics().elidedText(place, Qt::ElideRight, static_cast<int>(placeRect.width())));
    for (int i = 0; i < static_cast<int>(m_reason.terms.size()); ++i) {
        const ReasonTerm& term = m_reason.terms[i];
        const QRectF r = termRect(i);
        const QString number = valueText(term);
        const double numberWidth = fontMetrics().horizontalAdvance(number);
        painter.setPen(c.text);
        painter.drawText(
            QRectF(r.left(), r.top(), r.width() - numberWidth - 8, 20), Qt::AlignVCenter,
            fontMetrics().elidedText(term.name, Qt::ElideRight, static_cast<int>(r.width() - numberWidth - 8)));
        painter.drawText(QRectF(r.right() - numberWidth, r.top(), numberWidth, 20), Qt::AlignVCenter, number);
        const QRectF bar(r.left(), r.top() + 23, r.width(), 6);
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.raised);
        painter.drawRoundedRect(bar, 3, 3);
        const double share = term.scale > 0 ? std::clamp(term.value / term.scale, 0.0, 1.0) : 0.0;
        painter.setBrush(c.accent);
        if (share > 0)
            painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(std::max(6.0, bar.width() * share), 6)), 3, 3);
    }
    painter.setPen(c.textMuted);
    painter.drawText(noteRect(), Qt::AlignTop | Qt::TextWordWrap, m_reason.note);
    const QRect foot(kMargin, noteRect().bottom() + 1, width() - 2 * kMargin, kFoot);
    painter.drawText(foot, Qt::AlignVCenter, fontMetrics().elidedText(m_reason.source, Qt::ElideRight, foot.width()));
}

bool ReasonPanel::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && m_hasReason) {
        const auto* help = static_cast<QHelpEvent*>(event);
        for (int i = 0; i < static_cast<int>(m_reason.terms.size()); ++i) {
            if (!termRect(i).contains(help->pos())) continue;
            QToolTip::showText(help->globalPos(), m_reason.terms[i].help, this);
            return true;
        }
        if (noteRect().contains(help->pos())) {
            QToolTip::showText(help->globalPos(), m_reason.noteHelp, this);
            return true;
        }
        QToolTip::hideText();
    }
    return QWidget::event(event);
}

}  // namespace querent::widgets::common
