#include "widgets/common/toast.h"

#include "widgets/common/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QTimer>

#include <algorithm>

namespace querent::widgets::common {

Toast::Toast(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("toast"));
    setAttribute(Qt::WA_TransparentForMouseEvents, false);
    setFocusPolicy(Qt::NoFocus);
    m_icon = new QLabel(this);
    m_icon->setFixedSize(18, 18);
    m_text = new QLabel(this);
    m_action = new QPushButton(this);
    m_action->setObjectName(QStringLiteral("toastAction"));
    m_action->setProperty("flat", true);
    m_action->setFocusPolicy(Qt::NoFocus);
    m_timer = new QTimer(this);
    m_timer->setSingleShot(true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 8, 14, 8);
    layout->setSpacing(10);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    connect(m_timer, &QTimer::timeout, this, &QWidget::hide);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT actionTriggered();
    });
    parent->installEventFilter(this);
    hide();
}

void Toast::say(const QString& text, Severity severity, const QString& action, int milliseconds) {
    m_severity = severity;
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(text);
    place();
    show();
    raise();
    update();
    m_timer->start(milliseconds);
}

QString Toast::text() const {
    return m_text->text();
}

void Toast::place() {
    const QSize room = parentWidget()->size() - QSize(32, 32);
    m_text->setWordWrap(false);
    if (sizeHint().width() > room.width()) m_text->setWordWrap(true);
    const int width = std::min(sizeHint().width(), room.width());
    const int height = std::max(sizeHint().height(), heightForWidth(width));
    setGeometry((parentWidget()->width() - width) / 2, parentWidget()->height() - height - 24, width, height);
}

bool Toast::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parent() && event->type() == QEvent::Resize && !isHidden()) place();
    return QFrame::eventFilter(watched, event);
}

void Toast::paintEvent(QPaintEvent*) {
    const ThemeColours& c = Theme::colours(this);
    const SeverityLook look = lookOf(m_severity, c);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.borderStrong, 1));
    painter.setBrush(c.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    icon(look.icon, look.colour).paint(&painter, m_icon->geometry());
}

}  // namespace querent::widgets::common
