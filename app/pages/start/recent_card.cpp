#include "app/models/recent_projects.h"
#include "app/pages/start/start_page.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace querent::app::pages::start {
namespace {

constexpr int kHeight = 76;
constexpr int kInset = 16;
constexpr int kRightWidth = 168;

QString agoText(const QDateTime& when) {
    if (!when.isValid()) return {};
    const qint64 days = when.date().daysTo(QDate::currentDate());
    if (days <= 0) return RecentCard::tr("Today, %1").arg(QLocale().toString(when.time(), QLocale::ShortFormat));
    if (days == 1) return RecentCard::tr("Yesterday");
    if (days < 14) return RecentCard::tr("%n day(s) ago", nullptr, static_cast<int>(days));
    return QLocale().toString(when.date(), QLocale::ShortFormat);
}

}  // namespace

RecentCard::RecentCard(const QModelIndex& project, QWidget* parent)
    : QAbstractButton(parent),
      m_name(project.data(Qt::DisplayRole).toString()),
      m_folder(project.data(models::RecentProjects::FolderRole).toString()),
      m_when(agoText(project.data(models::RecentProjects::OpenedRole).toDateTime())),
      m_missing(project.data(models::RecentProjects::MissingRole).toBool()) {
    const qint64 answered = project.data(models::RecentProjects::AnsweredRole).toLongLong();
    const qint64 total = project.data(models::RecentProjects::TotalRole).toLongLong();
    if (m_missing) {
        m_count = tr("The file is missing");
    } else if (answered >= 0 && total > 0) {
        m_count =
            tr("%1 of %2 answered").arg(widgets::common::numberText(answered), widgets::common::numberText(total));
        m_fraction = static_cast<double>(answered) / static_cast<double>(total);
    }
    setText(m_name);
    setToolTip(project.data(Qt::ToolTipRole).toString());
    setAccessibleName(QStringList{m_name, m_count, m_when}.join(QStringLiteral(", ")));
    setAccessibleDescription(m_folder);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(m_missing ? Qt::ArrowCursor : Qt::PointingHandCursor);
    auto* remove = new QToolButton(this);
    remove->setObjectName(QStringLiteral("recentRemove"));
    remove->setIcon(widgets::common::icon(QStringLiteral("close")));
    remove->setToolTip(tr("Remove from this list; the project itself stays"));
    remove->setAccessibleName(tr("Remove %1 from this list").arg(m_name));
    remove->setCursor(Qt::ArrowCursor);
    remove->setVisible(m_missing);
    m_remove = remove;
    connect(m_remove, &QAbstractButton::clicked, this, &RecentCard::removeRequested);
}

QSize RecentCard::sizeHint() const {
    return {480, kHeight};
}

QSize RecentCard::minimumSizeHint() const {
    return {280, kHeight};
}

void RecentCard::resizeEvent(QResizeEvent*) {
    m_remove->setGeometry(width() - 36, 8, 26, 26);
}

void RecentCard::enterEvent(QEnterEvent*) {
    m_remove->show();
    update();
}

void RecentCard::leaveEvent(QEvent*) {
    m_remove->setVisible(m_missing);
    update();
}

void RecentCard::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
    } else if (event->key() == Qt::Key_Delete) {
        Q_EMIT removeRequested();
    } else {
        QAbstractButton::keyPressEvent(event);
    }
}

void RecentCard::paintEvent(QPaintEvent*) {
    const widgets::common::ThemeColours& c = widgets::common::Theme::colours(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool hot = underMouse() && !m_missing;
    painter.setPen(QPen(hasFocus() ? c.accent : (hot ? c.borderStrong : c.border), hasFocus() ? 1.5 : 1.0));
    painter.setBrush(c.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 10, 10);

    const QColor text = m_missing ? c.textMuted : c.text;
    const int right = width() - kRightWidth - 44;
    const QRect left(kInset, 0, right - kInset - 12, height());
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    bold.setPointSizeF(bold.pointSizeF() + 1.5);
    painter.setFont(bold);
    painter.setPen(text);
    painter.drawText(left.adjusted(0, 14, 0, -38), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_name, Qt::ElideRight, left.width()));
    painter.setFont(font());
    painter.setPen(c.textMuted);
    painter.drawText(left.adjusted(0, 40, 0, -14), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_folder, Qt::ElideMiddle, left.width()));

    const QRect column(right, 0, kRightWidth, height());
    painter.setPen(m_missing ? c.warning : c.textMuted);
    painter.drawText(column.adjusted(0, 13, 0, -45), Qt::AlignRight | Qt::AlignVCenter, m_count);
    if (m_fraction >= 0.0) {
        const QRectF track(column.left() + 28.0, 36.0, column.width() - 28.0, 5.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.raised);
        painter.drawRoundedRect(track, 2.5, 2.5);
        painter.setBrush(c.accent);
        const double filled = std::clamp(m_fraction, 0.0, 1.0) * track.width();
        if (filled > 0.0)
            painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(std::max(5.0, filled), 5.0)), 2.5, 2.5);
    }
    painter.setPen(c.textMuted);
    painter.drawText(column.adjusted(0, 46, 0, -10), Qt::AlignRight | Qt::AlignVCenter, m_when);
}

}  // namespace querent::app::pages::start
