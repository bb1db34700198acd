#include "widgets/common/empty_state.h"

#include "widgets/common/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace querent::widgets::common {

namespace {
constexpr int kTextWidth = 400;
}  // namespace

EmptyState::EmptyState(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("emptyState"));
    m_icon = new QLabel(this);
    m_title = new QLabel(this);
    m_title->setProperty("role", "title");
    m_title->setWordWrap(true);
    m_text = new QLabel(this);
    m_text->setProperty("role", "muted");
    m_text->setWordWrap(true);
    for (QLabel* label : {m_icon, m_title, m_text})
        label->setAlignment(Qt::AlignCenter);
    m_text->setFixedWidth(kTextWidth);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(8);
    m_buttons->setAlignment(Qt::AlignCenter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->addStretch(2);
    layout->addWidget(m_icon);
    layout->addSpacing(6);
    layout->addWidget(m_title);
    layout->addWidget(m_text, 0, Qt::AlignHCenter);
    layout->addSpacing(10);
    layout->addLayout(m_buttons);
    layout->addStretch(3);
}

void EmptyState::setContent(const QString& iconName, const QString& title, const QString& sentence) {
    m_iconName = iconName;
    m_title->setText(title);
    m_text->setText(sentence);
    m_text->setVisible(!sentence.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    reserveText();
    refreshIcon();
}

// A centred label does not get the height that its wrapped text needs.
void EmptyState::reserveText() {
    if (m_text->text().isEmpty()) return;  // a label without text has no height for a width
    m_text->ensurePolished();
    m_text->setMinimumHeight(m_text->heightForWidth(kTextWidth));
}

void EmptyState::showEvent(QShowEvent* event) {
    reserveText();
    QWidget::showEvent(event);
}

QPushButton* EmptyState::addButton(const QString& text, bool primary) {
    auto* button = new QPushButton(text, this);
    button->setProperty("primary", primary);
    m_buttons->addWidget(button);
    button->show();
    return button;
}

void EmptyState::clearButtons() {
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->setObjectName(QString());  // the next button of that name is the one to be found
        item->widget()->deleteLater();
        delete item;
    }
}

void EmptyState::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) refreshIcon();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) reserveText();
    QWidget::changeEvent(event);
}

void EmptyState::refreshIcon() {
    const QIcon drawn = icon(m_iconName, Theme::colours(this).textMuted);
    m_icon->setPixmap(drawn.pixmap(QSize(48, 48), devicePixelRatioF()));
}

}  // namespace querent::widgets::common
