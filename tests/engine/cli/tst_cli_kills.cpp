// Commands that are killed at any moment: what was saved stays, and exports are all old or all new. QUERENT_KILLS says
// how many are tried.

#include "engine/core/rng.h"
#include "tests/engine/cli/command_tasks.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <map>
#include <memory>
#include <thread>

using namespace querent;
using namespace querent::tests;

class TestCliKills : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void nothingIsLostOrHalf() {
        const CommandTasks tasks;
        const int kills =
            qEnvironmentVariableIsSet("QUERENT_KILLS") ? qEnvironmentVariableIntValue("QUERENT_KILLS") : 20;
        Rng rng(1, "kills of commands");
        std::map<std::string, double> seconds;  // of each task when nobody disturbs it
        std::vector<std::string> wrong;
        int tooLate = 0;
        for (int i = 0; i < kills; ++i) {
            const CommandTask& task = tasks.all()[static_cast<std::size_t>(i) % tasks.all().size()];
            if (!seconds.contains(task.name)) {
                tasks.startFrom(task);
                QElapsedTimer timer;
                timer.start();
                const Ended whole = ForkedProcess(task.run).wait();
                QVERIFY2(whole.status == 0, whole.text().c_str());
                seconds[task.name] = static_cast<double>(timer.nsecsElapsed()) / 1e9;
            }
            tasks.startFrom(task);
            const double moment = seconds[task.name] * rng.uniform();
            ForkedProcess process(task.run);
            std::this_thread::sleep_for(std::chrono::duration<double>(moment));
            QVERIFY(::kill(process.id(), SIGKILL) == 0);
            const Ended ended = process.wait();
            tooLate += ended.signal == 0;
            const std::string complaint = tasks.judge(task, ended, true);
            if (complaint.empty()) continue;
            wrong.push_back(std::string(task.name) + ", killed after " + std::to_string(moment) + " s: " + complaint +
                            " [" + ended.text() + "]");
            qWarning("%s", wrong.back().c_str());
        }
        qInfo("%d kills, %d of them came too late, %zu did harm", kills, tooLate, wrong.size());
        QVERIFY2(wrong.empty(), wrong.empty() ? "" : wrong.front().c_str());
    }
};

int main(int argc, char** argv) {
    qputenv("QTEST_FUNCTION_TIMEOUT", "7200000");  // ms
    TestCliKills test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_cli_kills.moc"
