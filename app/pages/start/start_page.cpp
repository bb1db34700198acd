#include "app/pages/start/start_page.h"

#include "app/models/recent_projects.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

namespace querent::app::pages::start {
namespace {

constexpr int kSideWidth = 320;

/** The dashed field that takes dropped folders; also a button, for those who do not drag. */
class DropZone : public QAbstractButton {
 public:
    explicit DropZone(QWidget* parent) : QAbstractButton(parent) {
        setObjectName(QStringLiteral("startDropZone"));
        setText(StartPage::tr("Drop pictures or sounds here"));
        setAccessibleName(StartPage::tr("Choose a folder or a data set to start from"));
        setFocusPolicy(Qt::StrongFocus);
        setCursor(Qt::PointingHandCursor);
        setMinimumHeight(132);
        setCheckable(false);
    }
    void setHot(bool hot) {
        m_hot = hot;
        update();
    }

 protected:
    void paintEvent(QPaintEvent*) override {
        const widgets::common::ThemeColours& c = widgets::common::Theme::colours(this);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool lit = m_hot || underMouse() || hasFocus();
        painter.setPen(QPen(lit ? c.accent : c.borderStrong, 1.5, Qt::DashLine));
        painter.setBrush(m_hot ? c.selection : QColor(Qt::transparent));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 10, 10);
        const QRect icon(width() / 2 - 14, height() / 2 - 42, 28, 28);
        widgets::common::icon(QStringLiteral("import"), lit ? c.accentText : c.textMuted).paint(&painter, icon);
        painter.setPen(c.text);
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.drawText(QRect(8, height() / 2 - 6, width() - 16, 22), Qt::AlignCenter, text());
        painter.setFont(font());
        painter.setPen(c.textMuted);
        painter.drawText(QRect(12, height() / 2 + 16, width() - 24, 40), Qt::AlignHCenter | Qt::TextWordWrap,
                         StartPage::tr("a folder of them, or a data set with labels; or click to choose"));
    }

 private:
    bool m_hot = false;
};

QString droppedPath(const QMimeData* data) {
    const QList<QUrl> urls = data->urls();
    return urls.isEmpty() ? QString() : urls.first().toLocalFile();
}

}  // namespace

StartPage::StartPage(models::RecentProjects& recent, QWidget* parent) : QWidget(parent), m_recent(recent) {
    setObjectName(QStringLiteral("startPage"));
    setAcceptDrops(true);
    auto* row = new QHBoxLayout;
    row->setSpacing(40);
    row->addWidget(makeActions());
    row->addWidget(makeRecent(), 1);
    auto* centre = new QHBoxLayout(this);
    centre->setContentsMargins(40, 36, 40, 24);
    auto* content = new QWidget(this);
    content->setLayout(row);
    row->setContentsMargins(0, 0, 0, 0);
    content->setMaximumWidth(1180);
    centre->addStretch(1);
    centre->addWidget(content, 100);
    centre->addStretch(1);
    const auto rebuild = [this] { rebuildRecent(); };
    connect(&m_recent, &QAbstractItemModel::modelReset, this, rebuild);
    connect(&m_recent, &QAbstractItemModel::rowsRemoved, this, rebuild);
    connect(&m_recent, &QAbstractItemModel::dataChanged, this, rebuild);
    rebuildRecent();
}

QWidget* StartPage::makeActions() {
    auto* side = new QWidget(this);
    side->setFixedWidth(kSideWidth);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    QLabel* name = widgets::common::titleLabel(QStringLiteral("Querent"), side);
    name->setStyleSheet(QStringLiteral("font-size: 30px; font-weight: 700"));
    column->addWidget(name);
    column->addWidget(widgets::common::mutedLabel(
        tr("It asks about the pictures, sounds and texts it learns most from. You answer, it "
           "gets better, and asks better."),
        side));
    column->addSpacing(14);
    addButtons(*column);
    column->addWidget(makeDemoBusy(side));
    column->addSpacing(8);
    column->addWidget(makeDropZone());
    column->addStretch(1);
    return side;
}

void StartPage::addButtons(QVBoxLayout& column) {
    QWidget* side = column.parentWidget();
    auto* create =
        widgets::common::namedButton(tr("New project…"), QStringLiteral("startNew"), QStringLiteral("new"), true, side);
    auto* open = widgets::common::namedButton(tr("Open project…"), QStringLiteral("startOpen"), QStringLiteral("open"),
                                              false, side);
    m_demo = widgets::common::namedButton(tr("Pictures demo"), QStringLiteral("startDemo"), QStringLiteral("play"),
                                          false, side);
    m_demo->setToolTip(tr("Draws a small data set into your documents folder and opens it."));
    m_soundDemo = widgets::common::namedButton(tr("Sounds and pictures demo"), QStringLiteral("startSoundDemo"),
                                               QStringLiteral("play"), false, side);
    m_soundDemo->setToolTip(tr("The same with things that were photographed and recorded, a class for each pair."));
    for (QPushButton* button : {create, open, m_demo, m_soundDemo}) {
        button->setMinimumHeight(38);
        column.addWidget(button);
    }
    connect(create, &QPushButton::clicked, this, &StartPage::newRequested);
    connect(open, &QPushButton::clicked, this, &StartPage::openRequested);
    connect(m_demo, &QPushButton::clicked, this,
            [this] { Q_EMIT demoRequested(session::transfer::DemoKind::Pictures); });
    connect(m_soundDemo, &QPushButton::clicked, this,
            [this] { Q_EMIT demoRequested(session::transfer::DemoKind::SoundPictures); });
}

QWidget* StartPage::makeDemoBusy(QWidget* side) {
    m_demoBusy = new QFrame(side);
    auto* busy = new QHBoxLayout(m_demoBusy);
    busy->setContentsMargins(0, 4, 0, 4);
    auto* texts = new QVBoxLayout;
    m_demoText = widgets::common::mutedLabel(tr("Drawing the demo"), m_demoBusy);
    m_demoBar = new QProgressBar(m_demoBusy);
    m_demoBar->setObjectName(QStringLiteral("demoProgress"));
    m_demoBar->setTextVisible(false);
    m_demoBar->setFixedHeight(6);
    texts->addWidget(m_demoText);
    texts->addWidget(m_demoBar);
    busy->addLayout(texts, 1);
    auto* cancel = widgets::common::namedButton(tr("Cancel"), QStringLiteral("demoCancel"), {}, false, m_demoBusy);
    busy->addWidget(cancel);
    m_demoBusy->hide();
    connect(cancel, &QPushButton::clicked, this, &StartPage::demoCancelRequested);
    return m_demoBusy;
}

QWidget* StartPage::makeDropZone() {
    m_drop = new DropZone(this);
    connect(m_drop, &QAbstractButton::clicked, this, [this] { Q_EMIT dataDropped({}); });
    return m_drop;
}

QWidget* StartPage::makeRecent() {
    auto* panel = new QWidget(this);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(12);
    column->addWidget(widgets::common::headingLabel(tr("Recent projects"), panel));
    m_recentStack = new QStackedWidget(panel);
    auto* scroll = new QScrollArea(m_recentStack);
    scroll->setObjectName(QStringLiteral("recentProjects"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* list = new QWidget(scroll);
    m_cards = new QVBoxLayout(list);
    m_cards->setContentsMargins(0, 0, 8, 0);
    m_cards->setSpacing(8);
    scroll->setWidget(list);
    auto* none = new widgets::common::EmptyState(m_recentStack);
    none->setContent(QStringLiteral("folder"), tr("Nothing opened yet"),
                     tr("Your projects will be listed here. Start with a folder of files, or try a demo."));
    m_recentStack->addWidget(scroll);
    m_recentStack->addWidget(none);
    column->addWidget(m_recentStack, 1);
    return panel;
}

void StartPage::rebuildRecent() {
    while (QLayoutItem* item = m_cards->takeAt(0)) {
        // Deleted later: the click that removes a card comes from inside it.
        if (item->widget() != nullptr) item->widget()->deleteLater();
        delete item;
    }
    for (int i = 0; i < m_recent.rowCount(); ++i) {
        const QModelIndex index = m_recent.index(i);
        auto* entry = new RecentCard(index, m_cards->parentWidget());
        entry->setObjectName(QStringLiteral("recentCard%1").arg(i));
        const QString file = index.data(models::RecentProjects::FileRole).toString();
        connect(entry, &QAbstractButton::clicked, this, [this, file] { Q_EMIT projectChosen(file); });
        connect(entry, &RecentCard::removeRequested, this, [this, file] { m_recent.remove(file); });
        m_cards->addWidget(entry);
    }
    m_cards->addStretch(1);
    m_recentStack->setCurrentIndex(m_recent.isEmpty() ? 1 : 0);
}

void StartPage::setDemoRunning(bool running) {
    m_demo->setVisible(!running);
    m_soundDemo->setVisible(!running);
    m_demoBusy->setVisible(running);
    m_demoBar->setRange(0, 0);
}

void StartPage::setDemoProgress(const Progress& progress) {
    m_demoText->setText(QString::fromStdString(progress.phase));
    m_demoBar->setRange(0, static_cast<int>(progress.total));
    m_demoBar->setValue(static_cast<int>(progress.done));
}

void StartPage::dragEnterEvent(QDragEnterEvent* event) {
    if (droppedPath(event->mimeData()).isEmpty()) return;
    static_cast<DropZone*>(m_drop)->setHot(true);
    event->acceptProposedAction();
}

void StartPage::dragLeaveEvent(QDragLeaveEvent*) {
    static_cast<DropZone*>(m_drop)->setHot(false);
}

void StartPage::dropEvent(QDropEvent* event) {
    static_cast<DropZone*>(m_drop)->setHot(false);
    const QString path = droppedPath(event->mimeData());
    if (path.isEmpty()) return;
    event->acceptProposedAction();
    if (path.endsWith(QStringLiteral(".querent"), Qt::CaseInsensitive)) {
        Q_EMIT projectChosen(path);
    } else {
        Q_EMIT dataDropped(path);
    }
}

}  // namespace querent::app::pages::start
