#include "tests/app/support/label_fixture.h"

#include "app/bridge/image_convert.h"
#include "app/panes/item_panes.h"
#include "engine/core/rng.h"
#include "engine/session/transfer/transfer.h"
#include "widgets/canvas/box_canvas.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QMouseEvent>
#include <QTest>

#include <stdexcept>

using namespace querent::app::bridge;
using namespace querent::app::document;
using namespace querent::app::pages::label;

namespace querent::app::test {

namespace {

/** Test set-up that fails is a fault of the program: nothing after it would mean anything. */
[[noreturn]] void giveUp(const QString& why) {
    qFatal("%s", qPrintable(why));
}

void drawPicture(const QString& file, std::uint64_t seed) {
    Rng rng(seed);
    QImage image(kWidth, kHeight, QImage::Format_RGB888);
    for (int y = 0; y < kHeight; ++y) {
        uchar* row = image.scanLine(y);
        for (int x = 0; x < kWidth * 3; ++x)
            row[x] = static_cast<uchar>((x + y + rng.integer(0, 40)) & 0xff);
    }
    if (!image.save(file)) giveUp(QStringLiteral("cannot write %1").arg(file));
}

void import(session::Project& project, const session::transfer::ImportRequest& request) {
    const auto report = session::transfer::importInto(project, request, Job());
    if (!report) giveUp(toQString(report.error().text()));
}

void importPredictions(session::Project& project, const QString& folder, const std::vector<QString>& lines) {
    QFile file(folder + QStringLiteral("/predictions.csv"));
    if (!file.open(QIODevice::WriteOnly)) giveUp(file.errorString());
    file.write("path,class,x0,y0,x1,y1,score\n");
    for (const QString& line : lines)
        file.write(line.toUtf8() + '\n');
    file.close();
    session::transfer::ImportRequest request;
    request.format = "csv";
    request.from = toPath(file.fileName());
    request.files = toPath(folder + QStringLiteral("/pictures"));
    request.as = session::transfer::ImportAs::Predictions;
    import(project, request);
}

}  // namespace

std::unique_ptr<session::Project> makeProject(const QString& folder, const Plan& plan) {
    QDir(folder).mkpath(QStringLiteral("pictures"));
    for (int i = 0; i < plan.pictures; ++i) {
        drawPicture(QStringLiteral("%1/pictures/p%2.png").arg(folder).arg(i), static_cast<std::uint64_t>(i) + 1);
    }
    ProjectSettings settings = plan.settings;
    settings.name = "test";
    settings.holdoutShare = 0.0;
    auto project =
        session::project::Project::create(toPath(folder + QStringLiteral("/test.querent")), settings, plan.classes);
    if (!project) giveUp(toQString(project.error().text()));
    if (plan.pictures > 0) {
        session::transfer::ImportRequest request;
        request.format = "folder";
        request.from = toPath(folder + QStringLiteral("/pictures"));
        import(**project, request);
    }
    if (!plan.predictions.empty()) importPredictions(**project, folder, plan.predictions);
    return *std::move(project);
}

Desk::Desk(const Plan& plan) : m_project(makeProject(folder.path(), plan)) {
    openPage();
}

Desk::Desk(std::unique_ptr<session::Project> project) : m_project(std::move(project)) {
    openPage();
}

void Desk::openPage() {
    widgets::common::initResources();
    m_document = std::make_unique<Document>(*m_project);
    m_page = std::make_unique<LabelPage>(*m_document, m_keymap);
    m_page->resize(1200, 800);
    m_page->show();
    m_page->activateWindow();
    if (!QTest::qWaitForWindowActive(m_page.get())) giveUp(QStringLiteral("the window does not become active"));
    m_document->showList(m_project->ids({}), QStringLiteral("all"));
    m_page->panes().takeFocus();
    if (m_page->panes().picture() && m_document->hasItem() && m_document->problem().isEmpty()) waitForPicture();
}

bool Desk::waitForPicture() {
    return QTest::qWaitFor([this] { return canvas().hasPicture(); }, 10000);
}

void Desk::mouse(int type, double x, double y, Qt::MouseButton button, Qt::MouseButtons buttons,
                 Qt::KeyboardModifiers modifiers) {
    QWidget* viewport = canvas().viewport();
    const QPointF at = canvas().toViewport({x, y});
    QMouseEvent event(static_cast<QEvent::Type>(type), at, viewport->mapToGlobal(at), button, buttons, modifiers);
    QCoreApplication::sendEvent(viewport, &event);
}

void Desk::drag(double fromX, double fromY, double toX, double toY, Qt::KeyboardModifiers modifiers) {
    mouse(QEvent::MouseMove, fromX, fromY, Qt::NoButton, Qt::NoButton, modifiers);
    mouse(QEvent::MouseButtonPress, fromX, fromY, Qt::LeftButton, Qt::LeftButton, modifiers);
    mouse(QEvent::MouseMove, 0.5 * (fromX + toX), 0.5 * (fromY + toY), Qt::NoButton, Qt::LeftButton, modifiers);
    mouse(QEvent::MouseMove, toX, toY, Qt::NoButton, Qt::LeftButton, modifiers);
    mouse(QEvent::MouseButtonRelease, toX, toY, Qt::LeftButton, Qt::NoButton, modifiers);
}

void Desk::click(double x, double y, Qt::KeyboardModifiers modifiers) {
    mouse(QEvent::MouseMove, x, y, Qt::NoButton, Qt::NoButton, modifiers);
    mouse(QEvent::MouseButtonPress, x, y, Qt::LeftButton, Qt::LeftButton, modifiers);
    mouse(QEvent::MouseButtonRelease, x, y, Qt::LeftButton, Qt::NoButton, modifiers);
}

void Desk::key(int key, Qt::KeyboardModifiers modifiers) {
    QTest::keyClick(m_page->panes().active().focusTarget(), static_cast<Qt::Key>(key), modifiers);
}

std::vector<Annotation> Desk::stored(ItemId item) {
    m_project->flush();
    return m_project->annotations(item);
}

ItemMark Desk::storedMark(ItemId item) {
    m_project->flush();
    const auto read = m_project->item(item);
    return read ? read->mark : ItemMark{};
}

void Desk::reopen(session::project::OpenMode mode) {
    const auto file = m_project->file();
    m_page.reset();
    m_document.reset();
    m_project.reset();
    auto project = session::project::Project::open(file, mode);
    if (!project) giveUp(toQString(project.error().text()));
    m_project = *std::move(project);
    openPage();
}

}  // namespace querent::app::test
