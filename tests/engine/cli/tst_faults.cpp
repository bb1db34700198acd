// Every call that writes, syncs, renames, maps or creates fails once, and from then on: with a sentence, and without
// harm to what was saved. A sample by default; QUERENT_FAULTS=all tries them all, QUERENT_FAULTS=NAME those of one
// task.

#include "engine/core/rng.h"
#include "tests/engine/cli/command_process.h"
#include "tests/engine/cli/command_tasks.h"
#include "tests/engine/cli/fault_plan.h"

#include <QTest>

#include <algorithm>
#include <cerrno>
#include <memory>

using namespace querent;
using namespace querent::tests;

class TestFaults : public QObject {
    Q_OBJECT

    std::unique_ptr<CommandTasks> m_tasks;
    std::unique_ptr<FaultPlan> m_plan;

    Ended run(const CommandTask& task, const Fault& fault) const {
        m_tasks->startFrom(task);
        m_plan->reset();
        return ForkedProcess([&] {
                   m_plan->arm(fault);
                   return task.run();
               })
            .wait();
    }

    // All that the task can meet, and one more of each kind: that one must not be met.
    std::vector<Fault> faultsOf() const {
        std::vector<Fault> faults;
        for (Fault fault : allFaults()) {
            const std::int64_t calls = m_plan->calls(fault);
            for (fault.at = 1; fault.at <= calls + 1; ++fault.at)
                faults.push_back(fault);
        }
        return faults;
    }

 private Q_SLOTS:
    void initTestCase() {
        m_tasks = std::make_unique<CommandTasks>();
        m_plan = std::make_unique<FaultPlan>(m_tasks->outside("report"), m_tasks->work());
    }

    void everyFaultIsSurvived_data() {
        QTest::addColumn<int>("number");
        for (std::size_t i = 0; i < m_tasks->all().size(); ++i)
            QTest::newRow(m_tasks->all()[i].name) << static_cast<int>(i);
    }

    void everyFaultIsSurvived() {
        QFETCH(int, number);
        const CommandTask& task = m_tasks->all()[static_cast<std::size_t>(number)];
        const std::string wish = qEnvironmentVariable("QUERENT_FAULTS").toStdString();
        if (!wish.empty() && wish != "all" && wish != task.name) QSKIP("Not asked for.");

        const Ended whole = run(task, {});
        QVERIFY2(whole.status == 0, whole.text().c_str());
        std::vector<Fault> faults = faultsOf();
        const std::size_t there = faults.size();
        if (wish.empty()) {
            Rng rng(1, task.name);
            for (std::size_t i = faults.size(); i > 1; --i)
                std::swap(faults[i - 1], faults[static_cast<std::size_t>(rng.integer(0, static_cast<int>(i) - 1))]);
            faults.resize(std::min(faults.size(), static_cast<std::size_t>(task.sample)));
        }
        std::size_t met = 0;
        std::vector<std::string> wrong;
        for (const Fault& fault : faults) {
            const Ended ended = run(task, fault);
            met += m_plan->fired();
            const std::string complaint = m_tasks->judge(task, ended, false);
            if (complaint.empty()) continue;
            wrong.push_back(fault.text() + " (" + m_plan->where() + "): " + complaint + " [" + ended.text() + "]");
            qWarning("%s", wrong.back().c_str());
        }
        qInfo("%zu of %zu faults tried, %zu met, %zu wrong", faults.size(), there, met, wrong.size());
        QVERIFY2(wrong.empty(), wrong.empty() ? "" : wrong.front().c_str());
    }

    // Reading and exporting to another disk need no room on the project's own.
    void aFullDiskIsReadAndExportedElsewhere() {
        const std::string project = m_tasks->work() / "p.querent";
        CommandTask task = m_tasks->all().front();
        task.start = m_tasks->outside("exported");
        for (const char* kind : {"write", "create"}) {
            const Fault full{kind, 1, ENOSPC, true};
            for (const Words& words :
                 {Words{"info", project}, Words{"check", project},
                  Words{"export", project, "--format", "yolo", "--to", m_tasks->outside("elsewhere")}}) {
                task.run = command(words);
                const Ended ended = run(task, full);
                QVERIFY2(ended.status == 0, (words[0] + ", " + kind + " " + ended.text()).c_str());
            }
            task.run = command({"classes", "rename", project, "blue", "azure"});
            const Ended ended = run(task, full);
            const bool said =
                ended.err.find("full") != std::string::npos || ended.err.find("space") != std::string::npos;
            QVERIFY2(ended.status == 1 && said, ended.text().c_str());
            const std::string complaint = m_tasks->judge(task, ended, false);
            QVERIFY2(complaint.empty(), complaint.c_str());
        }
    }
};

int main(int argc, char** argv) {
    qputenv("QTEST_FUNCTION_TIMEOUT", "7200000");  // ms: the long run has all faults of a task in one function
    TestFaults test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_faults.moc"
