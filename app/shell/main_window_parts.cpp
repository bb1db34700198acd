// What the window is made of: rail and menus. The wires are in main_window.cpp.

#include "app/bridge/image_convert.h"
#include "app/pages/data/data_page.h"
#include "app/pages/label/label_page.h"
#include "app/shell/application.h"
#include "app/shell/main_window.h"
#include "engine/session/logbook/logbook.h"
#include "widgets/common/theme.h"

#include <QButtonGroup>
#include <QDesktopServices>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace querent::app::shell {
namespace {

/** The rail's background, one line away from the pages. */
class Rail : public QWidget {
 public:
    using QWidget::QWidget;

 protected:
    void paintEvent(QPaintEvent*) override {
        const widgets::common::ThemeColours& c = widgets::common::Theme::colours(this);
        QPainter painter(this);
        painter.fillRect(rect(), c.surface);
        painter.fillRect(QRect(width() - 1, 0, 1, height()), c.border);
    }
};

QToolButton* railButton(const QString& text, const QString& icon, const QString& objectName, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setObjectName(objectName);
    button->setText(text);
    button->setAccessibleName(text);
    button->setIcon(widgets::common::icon(icon));
    button->setIconSize({22, 22});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setFixedSize(72, 58);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

}  // namespace

QWidget* MainWindow::makeRail() {
    auto* rail = new Rail(this);
    rail->setFixedWidth(89);
    auto* column = new QVBoxLayout(rail);
    column->setContentsMargins(8, 10, 9, 10);
    column->setSpacing(4);
    const struct {
        QString text, icon, name;
    } pages[] = {{tr("Start"), QStringLiteral("start"), QStringLiteral("railStart")},
                 {tr("Label"), QStringLiteral("label"), QStringLiteral("railLabel")},
                 {tr("Progress"), QStringLiteral("chart"), QStringLiteral("railProgress")},
                 {tr("Data"), QStringLiteral("data"), QStringLiteral("railData")},
                 {tr("Train"), QStringLiteral("train"), QStringLiteral("railTrain")}};
    auto* group = new QButtonGroup(rail);
    for (int i = 0; i < kPages; ++i) {
        QToolButton* button = railButton(pages[i].text, pages[i].icon, pages[i].name, rail);
        button->setCheckable(true);
        button->setToolTip(tr("%1 (Alt+%2)").arg(pages[i].text).arg(i + 1));
        group->addButton(button, i);
        m_rail.append(button);
        column->addWidget(button);
    }
    column->addStretch(1);
    QToolButton* settings =
        railButton(tr("Settings"), QStringLiteral("settings"), QStringLiteral("railPreferences"), rail);
    settings->setToolTip(tr("Preferences"));
    column->addWidget(settings);
    connect(group, &QButtonGroup::idClicked, this, [this](int page) { showPage(static_cast<Page>(page)); });
    connect(settings, &QToolButton::clicked, this, [this] { preferences(); });
    return rail;
}

QAction* MainWindow::addAction(QMenu* menu, const QString& id, const QString& text, const QString& icon,
                               const QKeySequence& keys, std::function<void()> work) {
    QAction* action = menu->addAction(icon.isEmpty() ? QIcon() : widgets::common::icon(icon), text);
    action->setObjectName(id);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, [work = std::move(work)] { work(); });
    m_actions[id] = action;
    return action;
}

void MainWindow::makeFileMenu() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    addAction(file, QStringLiteral("file.new"), tr("&New project…"), QStringLiteral("new"), QKeySequence::New,
              [this] { newProject(); });
    addAction(file, QStringLiteral("file.open"), tr("&Open project…"), QStringLiteral("open"), QKeySequence::Open,
              [this] { openFile(); });
    addAction(file, QStringLiteral("file.saveAs"), tr("Save &as…"), QStringLiteral("save"), QKeySequence::SaveAs,
              [this] { saveAs(); });
    addAction(file, QStringLiteral("file.close"), tr("&Close project"), QStringLiteral("close"), QKeySequence::Close,
              [this] {
                  if (mayClose()) m_app.closeProject();
              });
    file->addSeparator();
    addAction(file, QStringLiteral("file.import"), tr("&Import…"), QStringLiteral("import"),
              QKeySequence(Qt::CTRL | Qt::Key_I), [this] { importData(); });
    addAction(file, QStringLiteral("file.export"), tr("&Export…"), QStringLiteral("export"),
              QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), [this] { exportData(); });
    file->addSeparator();
    addAction(file, QStringLiteral("file.missing"), tr("Look for &missing files"), QStringLiteral("search"), {},
              [this] { m_data->findMissing(); });
    addAction(file, QStringLiteral("file.relocate"), tr("&Relocate files…"), QStringLiteral("folder"), {},
              [this] { m_data->relocate(); });
    file->addSeparator();
    addAction(file, QStringLiteral("file.quit"), tr("&Quit"), {}, QKeySequence::Quit, [this] { close(); });
}

void MainWindow::makeRoundMenu() {
    QMenu* round = menuBar()->addMenu(tr("&Round"));
    controllers::RoundController& rounds = m_app.rounds();
    addAction(round, QStringLiteral("round.suggest"), tr("&Suggest a batch"), QStringLiteral("round"),
              QKeySequence(Qt::CTRL | Qt::Key_B), [&rounds] { rounds.suggest(); });
    addAction(round, QStringLiteral("round.train"), tr("&Train now"), QStringLiteral("train"),
              QKeySequence(Qt::CTRL | Qt::Key_T), [&rounds] { rounds.train(); });
    addAction(round, QStringLiteral("round.cancel"), tr("&Cancel what runs"), QStringLiteral("stop"), {},
              [&rounds] { rounds.cancel(); });
    round->addSeparator();
    addAction(round, QStringLiteral("round.showBatch"), tr("Show the &batch"), QStringLiteral("label"), {}, [this] {
        m_app.document()->showBatch();
        showPage(Page::Label);
    });
    addAction(round, QStringLiteral("round.showHoldout"), tr("Label the &validation set"), QStringLiteral("chart"), {},
              [this] { showHoldout(); });
    addAction(round, QStringLiteral("round.showUnlabelled"), tr("Show all &unlabelled items"), QStringLiteral("image"),
              {}, [this] {
                  m_app.document()->showUnlabelled();
                  showPage(Page::Label);
              });
}

void MainWindow::makeMenus() {
    makeFileMenu();
    m_editMenu = menuBar()->addMenu(tr("&Edit"));
    addAction(m_editMenu, QStringLiteral("edit.classes"), tr("C&lasses…"), QStringLiteral("label"), {},
              [this] { editClasses(); });
    addAction(m_editMenu, QStringLiteral("edit.preferences"), tr("&Preferences…"), QStringLiteral("settings"),
              QKeySequence(Qt::CTRL | Qt::Key_Comma), [this] { preferences(); });
    m_viewMenu = menuBar()->addMenu(tr("&View"));
    const QString names[] = {tr("&Start"), tr("&Label"), tr("&Progress"), tr("&Data"), tr("&Train")};
    const char* const ids[] = {"view.start", "view.label", "view.progress", "view.data", "view.train"};
    for (int i = 0; i < kPages; ++i) {
        addAction(m_viewMenu, QLatin1String(ids[i]), names[i], {},
                  QKeySequence(Qt::ALT | static_cast<Qt::Key>(Qt::Key_1 + i)),
                  [this, i] { showPage(static_cast<Page>(i)); });
    }
    m_labelMenu = menuBar()->addMenu(tr("&Label"));
    m_labelMenu->menuAction()->setVisible(false);
    makeRoundMenu();
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    addAction(help, QStringLiteral("help.sheet"), tr("&Keys"), QStringLiteral("keys"), QKeySequence(Qt::Key_F1),
              [this] { keySheet(); });
    addAction(help, QStringLiteral("help.log"), tr("Show the &log file"), QStringLiteral("folder"), {}, [] {
        const QString file = bridge::toQString(session::logbook::defaultFile());
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(file).path()));
    });
    addAction(help, QStringLiteral("help.about"), tr("&About Querent"), QStringLiteral("info"), {},
              [this] { about(); });
}

void MainWindow::addLabelActions() {
    // The page's own actions, in its groups; their shortcuts hold on that page alone.
    QAction* firstEdit = m_actions.value(QStringLiteral("edit.classes"));
    QAction* editEnd = m_editMenu->insertSeparator(firstEdit);
    m_labelItems.append(editEnd);
    m_labelItems.append(m_viewMenu->addSeparator());
    QString group;
    for (QAction* action : m_label->labelActions()) {
        const QString id = action->objectName();
        const QString own = action->property("group").toString();
        const bool classDigit = id.startsWith(QStringLiteral("class.")) && id.mid(6).toInt() > 0;
        if (classDigit || id == QStringLiteral("help.keys")) continue;
        if (id.startsWith(QStringLiteral("edit."))) {
            m_editMenu->insertAction(editEnd, action);
        } else if (id.startsWith(QStringLiteral("view."))) {
            m_viewMenu->addAction(action);
        } else {
            if (!group.isEmpty() && own != group) m_labelItems.append(m_labelMenu->addSeparator());
            group = own;
            m_labelMenu->addAction(action);
        }
    }
}

void MainWindow::refreshActions() {
    const bool open = m_app.project() != nullptr;
    const bool writable = open && !m_app.project()->readOnly();
    const auto enable = [this](const char* id, bool on) {
        if (QAction* action = m_actions.value(QLatin1String(id))) action->setEnabled(on);
    };
    for (const char* id : {"file.close", "file.saveAs", "file.export", "edit.classes", "view.label", "view.progress",
                           "view.data", "view.train", "round.showBatch", "round.showHoldout", "round.showUnlabelled"}) {
        enable(id, open);
    }
    for (const char* id : {"file.import", "file.missing", "file.relocate"})
        enable(id, writable);
    enable("round.suggest", m_app.rounds().canSuggest());
    enable("round.train", m_app.rounds().canTrain());
    enable("round.cancel", m_app.rounds().busy());
    // On the Label page F1 is that page's own action, with the keys as they are bound there.
    if (QAction* sheet = m_actions.value(QStringLiteral("help.sheet"))) {
        sheet->setShortcut(page() == Page::Label ? QKeySequence() : QKeySequence(Qt::Key_F1));
    }
    m_labelMenu->menuAction()->setVisible(open && page() == Page::Label);
}

}  // namespace querent::app::shell
