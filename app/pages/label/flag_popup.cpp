#include "app/pages/label/flag_popup.h"

#include "widgets/common/theme.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

namespace querent::app::pages::label {

namespace {

constexpr int kWidth = 460;
constexpr int kMargin = 12;

}  // namespace

FlagPopup::FlagPopup(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("flagPopup"));
    setProperty("role", QStringLiteral("card"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_note = new QLineEdit(this);
    m_note->setObjectName(QStringLiteral("flagNote"));
    m_note->setPlaceholderText(tr("Why should somebody look again? (may stay empty)"));
    m_note->setAccessibleName(tr("Note of the flag"));
    m_note->setMaxLength(500);
    m_flag = new QPushButton(widgets::common::icon(QStringLiteral("flag")), tr("Flag"), this);
    m_flag->setObjectName(QStringLiteral("flagButton"));
    m_remove = new QPushButton(tr("Remove flag"), this);
    m_remove->setObjectName(QStringLiteral("unflagButton"));
    auto* layout = new QHBoxLayout(this);
    layout->addWidget(m_note, 1);
    layout->addWidget(m_flag);
    layout->addWidget(m_remove);
    connect(m_flag, &QPushButton::clicked, this, [this] {
        finish();
        Q_EMIT flagged(m_note->text());
    });
    connect(m_note, &QLineEdit::returnPressed, m_flag, &QPushButton::click);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        finish();
        Q_EMIT unflagged();
    });
    qApp->installEventFilter(this);
    hide();
}

void FlagPopup::popup(bool flagged, const QString& note) {
    m_before = QApplication::focusWidget();
    m_note->setText(note);
    m_remove->setVisible(flagged);
    const int width = std::min(kWidth, parentWidget()->width() - 2 * kMargin);
    resize(width, sizeHint().height());
    move((parentWidget()->width() - width) / 2, parentWidget()->height() - height() - kMargin);
    show();
    raise();
    m_note->setFocus();
    m_note->selectAll();
}

void FlagPopup::finish() {
    hide();
    if (m_before && m_before->isVisible()) m_before->setFocus();
    m_before = nullptr;
}

bool FlagPopup::eventFilter(QObject* watched, QEvent* event) {
    if (isVisible() && event->type() == QEvent::MouseButtonPress) {
        const auto* widget = qobject_cast<QWidget*>(watched);
        if (widget && widget->window() == window() && widget != this && !isAncestorOf(widget)) finish();
    }
    return false;
}

void FlagPopup::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        finish();
    } else {
        QFrame::keyPressEvent(event);
    }
}

}  // namespace querent::app::pages::label
