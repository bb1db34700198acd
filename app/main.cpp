#include "app/shell/application.h"
#include "app/shell/main_window.h"
#include "app/shell/screenshots.h"
#include "engine/core/standard_streams.h"
#include "engine/session/logbook/logbook.h"
#include "engine/session/machine.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QIcon>
#include <QTimer>

#include <cstdio>
#include <memory>
#include <string>

using querent::app::shell::Application;

namespace {

struct Arguments {
    QString path, demo, screenshots;
};

Arguments parse(const QApplication& program, querent::app::preferences::Settings& settings) {
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Querent asks about the items it learns most from."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("path"),
                                 QStringLiteral("A project, or a folder or data set to import."),
                                 QStringLiteral("[path]"));
    const QCommandLineOption demo(QStringLiteral("demo"), QStringLiteral("Draws the demo into FOLDER and opens it."),
                                  QStringLiteral("FOLDER"));
    const QCommandLineOption language(QStringLiteral("language"), QStringLiteral("Language of the window: en."),
                                      QStringLiteral("CODE"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light, dark or system."),
                                   QStringLiteral("NAME"));
    const QCommandLineOption shots(QStringLiteral("screenshots"),
                                   QStringLiteral("Writes a picture of every screen into FOLDER and ends."),
                                   QStringLiteral("FOLDER"));
    parser.addOptions({demo, language, theme, shots});
    parser.process(program);
    if (parser.isSet(language)) settings.useLanguage(parser.value(language));
    if (parser.isSet(theme)) settings.useTheme(parser.value(theme));
    return {parser.positionalArguments().value(0), parser.value(demo), parser.value(shots)};
}

/** Takes the pictures once the project is open, or at once when there is none. */
void shootAndQuit(Application& app, const QString& folder, bool waits) {
    const auto shoot = [&app, folder] {
        const QStringList files = querent::app::shell::takeScreenshots(app, folder);
        std::printf("%lld pictures in %s\n", static_cast<long long>(files.size()), qPrintable(folder));
        QCoreApplication::exit(files.isEmpty() ? 1 : 0);
    };
    if (!waits) {
        QTimer::singleShot(0, &app, shoot);
        return;
    }
    QObject::connect(&app, &Application::projectOpened, &app, shoot, Qt::QueuedConnection);
    QObject::connect(&app, &Application::openFailed, &app, [](const QString&, const querent::Error& error) {
        std::fprintf(stderr, "%s\n", error.text().c_str());
        QCoreApplication::exit(1);
    });
}

/** False, with a sentence for the terminal, where a window is wanted and there is no screen; Qt itself would abort. */
bool haveScreen(int argc, char** argv) {
#ifdef Q_OS_LINUX
    for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}) {
        if (!qEnvironmentVariableIsEmpty(name)) return true;
    }
    for (int i = 1; i < argc; ++i) {
        const QByteArrayView word(argv[i]);
        if (word == "--help" || word == "-h" || word == "--version" || word == "-v" || word == "--screenshots")
            return qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    std::fprintf(stderr, "There is no screen for the window. querent-cli does the same work without one.\n");
    return false;
#else
    return argc > 0 && argv != nullptr;
#endif
}

}  // namespace

int main(int argc, char** argv) {
    querent::keepStandardStreams();
    if (!haveScreen(argc, argv)) return 1;
    QApplication program(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Querent"));
    QApplication::setOrganizationName(QStringLiteral("Querent"));
    QApplication::setApplicationVersion(QStringLiteral(QUERENT_VERSION));
    QApplication::setApplicationDisplayName(QStringLiteral("Querent"));
    QApplication::setDesktopFileName(QStringLiteral("querent"));

    using namespace querent::session;
    logbook::begin(logbook::defaultFile(), std::string("Querent " QUERENT_VERSION ", Qt ") + qVersion());
    auto settings = std::make_unique<querent::app::preferences::Settings>();
    const Arguments arguments = parse(program, *settings);
    Application app(std::move(settings));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/querent/icons/app/querent.svg")));
    app.window().show();
    app.pool().run(&app, softwareInUse, logbook::noteAsIs);
    if (!arguments.demo.isEmpty()) {
        app.createDemo(arguments.demo);
    } else if (!arguments.path.isEmpty()) {
        app.window().takePath(QFileInfo(arguments.path).absoluteFilePath());
    }
    if (!arguments.screenshots.isEmpty()) {
        const bool waits = !arguments.demo.isEmpty() || arguments.path.endsWith(QStringLiteral(".querent"));
        shootAndQuit(app, arguments.screenshots, waits);
    }
    return QApplication::exec();
}
