#include "widgets/common/banner.h"

#include "widgets/common/theme.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace querent::widgets::common {

SeverityLook lookOf(Severity severity, const ThemeColours& c) {
    switch (severity) {
        case Severity::Success:
            return {QStringLiteral("accept"), c.success, c.successBack};
        case Severity::Warning:
            return {QStringLiteral("warning"), c.warning, c.warningBack};
        case Severity::Error:
            return {QStringLiteral("error"), c.error, c.errorBack};
        case Severity::Info:
            break;
    }
    return {QStringLiteral("info"), c.info, c.infoBack};
}

Banner::Banner(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("banner"));
    m_icon = new QLabel(this);
    m_icon->setFixedSize(20, 20);
    m_text = new QLabel(this);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_actions = new QHBoxLayout;
    m_actions->setSpacing(4);
    auto* close = new QToolButton(this);
    close->setIcon(icon(QStringLiteral("close")));
    close->setAccessibleName(tr("Dismiss this message"));
    close->setToolTip(tr("Dismiss this message"));
    m_close = close;
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 8, 8, 8);
    layout->setSpacing(10);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addLayout(m_actions);
    layout->addWidget(close);
    connect(close, &QToolButton::clicked, this, &Banner::dismissed);
}

void Banner::setMessage(Severity severity, const QString& text, const QVector<BannerAction>& actions,
                        bool dismissable) {
    m_severity = severity;
    m_text->setText(text);
    while (QLayoutItem* item = m_actions->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    for (const BannerAction& action : actions) {
        auto* button = new QPushButton(action.text, this);
        button->setProperty("flat", true);
        button->setObjectName(action.id);
        m_actions->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, id = action.id] { Q_EMIT actionTriggered(id); });
    }
    m_close->setVisible(dismissable);
    setAccessibleName(text);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    update();
}

QString Banner::text() const {
    return m_text->text();
}

void Banner::paintEvent(QPaintEvent*) {
    const SeverityLook look = lookOf(m_severity, Theme::colours(this));
    QPainter painter(this);
    painter.fillRect(rect(), look.back);
    painter.fillRect(QRect(0, 0, 4, height()), look.colour);
    painter.fillRect(QRect(0, height() - 1, width(), 1), Theme::colours(this).border);
    icon(look.icon, look.colour).paint(&painter, m_icon->geometry());
}

BannerStack::BannerStack(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this)) {
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    setVisible(false);
}

void BannerStack::show(const QString& key, Severity severity, const QString& text, const QVector<BannerAction>& actions,
                       bool dismissable) {
    Banner*& banner = m_banners[key];
    if (!banner) {
        banner = new Banner(this);
        m_layout->addWidget(banner);
        connect(banner, &Banner::actionTriggered, this,
                [this, key](const QString& id) { Q_EMIT actionTriggered(key, id); });
        connect(banner, &Banner::dismissed, this, [this, key] {
            clear(key);
            Q_EMIT dismissed(key);
        });
    }
    banner->setMessage(severity, text, actions, dismissable);
    setVisible(true);
}

void BannerStack::clear(const QString& key) {
    Banner* banner = m_banners.take(key);
    if (!banner) return;
    banner->hide();
    banner->deleteLater();
    setVisible(!m_banners.isEmpty());
}

}  // namespace querent::widgets::common
