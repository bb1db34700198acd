#include "app/bridge/task_pool.h"
#include "app/models/recent_projects.h"
#include "app/pages/start/start_page.h"
#include "app/preferences/settings.h"

#include <QProgressBar>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include <vector>

using namespace querent;
using namespace querent::app::bridge;
using namespace querent::app::models;
using namespace querent::app::pages::start;
using namespace querent::app::preferences;

/** The Start page tells what people want, and shows what is being drawn for them. */
class TestStartPage : public QObject {
    Q_OBJECT
 private Q_SLOTS:
    void eachDemoHasItsButton();
    void aDemoThatIsDrawnTakesThePlaceOfTheButtons();
};

void TestStartPage::eachDemoHasItsButton() {
    QTemporaryDir dir;
    Settings settings(dir.filePath("s.ini"));
    TaskPool pool;
    RecentProjects recent(settings, pool);
    StartPage page(recent);
    std::vector<session::transfer::DemoKind> asked;
    connect(&page, &StartPage::demoRequested, &page, [&](session::transfer::DemoKind kind) { asked.push_back(kind); });
    for (const char* name : {"startDemo", "startSoundDemo"}) {
        auto* button = page.findChild<QPushButton*>(QLatin1String(name));
        QVERIFY(button != nullptr && !button->text().isEmpty() && !button->toolTip().isEmpty());
        button->click();
    }
    QVERIFY((asked == std::vector{session::transfer::DemoKind::Pictures, session::transfer::DemoKind::SoundPictures}));
}

void TestStartPage::aDemoThatIsDrawnTakesThePlaceOfTheButtons() {
    QTemporaryDir dir;
    Settings settings(dir.filePath("s.ini"));
    TaskPool pool;
    RecentProjects recent(settings, pool);
    StartPage page(recent);
    page.resize(1200, 760);
    page.show();
    const auto visible = [&](const char* name) { return page.findChild<QWidget*>(QLatin1String(name))->isVisible(); };
    QVERIFY(visible("startDemo") && visible("startSoundDemo") && !visible("demoProgress"));
    page.setDemoRunning(true);
    page.setDemoProgress({"Drawing", 30, 600});
    QVERIFY(!visible("startDemo") && !visible("startSoundDemo") && visible("demoProgress"));
    QCOMPARE(page.findChild<QProgressBar*>(QStringLiteral("demoProgress"))->value(), 30);
    page.setDemoRunning(false);
    QVERIFY(visible("startDemo") && visible("startSoundDemo") && !visible("demoProgress"));
}

QTEST_MAIN(TestStartPage)
#include "tst_start_page.moc"
