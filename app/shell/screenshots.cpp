#include "app/shell/screenshots.h"

#include "app/pages/progress/progress_page.h"
#include "app/shell/application.h"
#include "widgets/common/key_sheet.h"
#include "widgets/common/toast.h"

#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QPixmap>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>

#include <functional>
#include <utility>

namespace querent::app::shell {
namespace {

/** Lets thumbnails arrive and layouts settle. */
void settle(int milliseconds) {
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

class Camera {
 public:
    Camera(QString folder, QString theme) : m_folder(std::move(folder)), m_theme(std::move(theme)) {}

    void take(QWidget* widget, const QString& name) {
        if (widget == nullptr) return;
        settle(350);
        const QPixmap picture = widget->grab();
        const QString file = QDir(m_folder).filePath(
            QStringLiteral("%1-%2-%3x.png").arg(name, m_theme).arg(qRound(picture.devicePixelRatio())));
        if (picture.save(file)) m_files << file;
    }

    void takeAndClose(QDialog* dialog, const QString& name) {
        take(dialog, name);
        if (dialog != nullptr) dialog->close();
    }

    const QStringList& files() const { return m_files; }

 private:
    QString m_folder, m_theme;
    QStringList m_files;
};

/** Calls `take` with a camera in light and once more in dark. */
QStringList inBothThemes(Application& app, const QString& folder, const std::function<void(Camera&)>& take) {
    QDir().mkpath(folder);
    app.window().show();
    for (widgets::common::Toast* toast : app.window().findChildren<widgets::common::Toast*>())
        toast->hide();
    QStringList files;
    for (const QString& theme : {QStringLiteral("light"), QStringLiteral("dark")}) {
        app.settings().useTheme(theme);
        app.applyTheme();
        Camera camera(folder, theme);
        take(camera);
        files << camera.files();
    }
    app.settings().useTheme({});
    app.applyTheme();
    return files;
}

}  // namespace

QStringList takePage(Application& app, MainWindow::Page page, const QString& folder, const QString& name) {
    return inBothThemes(app, folder, [&](Camera& camera) {
        app.window().showPage(page);
        camera.take(&app.window(), name);
    });
}

QStringList takeScreenshots(Application& app, const QString& folder) {
    MainWindow& window = app.window();
    return inBothThemes(app, folder, [&](Camera& camera) {
        const std::pair<MainWindow::Page, const char*> pages[] = {{MainWindow::Page::Start, "start"},
                                                                  {MainWindow::Page::Label, "label"},
                                                                  {MainWindow::Page::Progress, "progress"},
                                                                  {MainWindow::Page::Data, "data"},
                                                                  {MainWindow::Page::Train, "train"}};
        for (const auto& [page, name] : pages) {
            if (page != MainWindow::Page::Start && app.project() == nullptr) continue;
            window.showPage(page);
            camera.take(&window, QLatin1String(name));
        }
        if (app.project() != nullptr) {
            window.showPage(MainWindow::Page::Progress);
            QScrollBar* scroll = window.progressPage().findChild<QScrollArea*>()->verticalScrollBar();
            scroll->setValue(scroll->maximum());
            camera.take(&window, QStringLiteral("progress-tables"));
            scroll->setValue(0);
        }
        window.keySheet();
        camera.takeAndClose(window.findChild<widgets::common::KeySheet*>(), QStringLiteral("keys"));
        camera.takeAndClose(window.newProject(), QStringLiteral("new"));
        camera.takeAndClose(window.importData(), QStringLiteral("import"));
        camera.takeAndClose(window.exportData(), QStringLiteral("export"));
        camera.takeAndClose(window.editClasses(), QStringLiteral("classes"));
        camera.takeAndClose(window.preferences(), QStringLiteral("preferences"));
        camera.takeAndClose(window.about(), QStringLiteral("about"));
    });
}

}  // namespace querent::app::shell
