#include "engine/session/background.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

using namespace querent;
using Kind = session::BackgroundEvent::Kind;

class TestBackground : public QObject {
    Q_OBJECT

    struct Log {
        std::mutex mutex;
        std::vector<session::BackgroundEvent> events;

        std::optional<session::BackgroundEvent> last() {
            const std::lock_guard lock(mutex);
            return events.empty() ? std::nullopt : std::optional(events.back());
        }
        session::Background::Listener listener() {
            return [this](const session::BackgroundEvent& event) {
                const std::lock_guard lock(mutex);
                events.push_back(event);
            };
        }
        bool endedAs(Kind kind) { return last() && last()->kind == kind; }
    };

    static Result<void> untilCancelled(const Job& job) {
        while (!job.cancelled())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return Job::stopped();
    }

 private Q_SLOTS:
    void tasksRunAndEnd() {
        Log log;
        session::Background background(log.listener());
        std::atomic<int> ran = 0;
        QVERIFY(background.start("one", [&](const Job& job) -> Result<void> {
            job.report("Counting", 1, 2);
            ++ran;
            return {};
        }));
        QTRY_VERIFY(log.endedAs(Kind::Finished));
        QCOMPARE(ran.load(), 1);
        QVERIFY(!background.busy());
        QCOMPARE(log.events[1].progress.phase, std::string("Counting"));
        QVERIFY(background.start("two", [](const Job&) -> Result<void> { return fail(ErrorCode::Io, "No disk."); }));
        QTRY_VERIFY(log.endedAs(Kind::Failed));
        QCOMPARE(log.last()->error.sentence, std::string("No disk."));
    }

    void oneAtATimeAndCancelled() {
        Log log;
        session::Background background(log.listener());
        QVERIFY(background.start("long", untilCancelled));
        QVERIFY(!background.start("other", untilCancelled));
        QCOMPARE(background.task(), std::string("long"));
        background.cancel();
        QTRY_VERIFY_WITH_TIMEOUT(log.endedAs(Kind::Cancelled), 500);
    }

    void exceptionsBecomeErrors() {
        Log log;
        session::Background background(log.listener());
        QVERIFY(background.start("bad", [](const Job&) -> Result<void> { throw std::runtime_error("boom"); }));
        QTRY_VERIFY(log.endedAs(Kind::Failed));
        QVERIFY(log.last()->error.sentence.find("boom") != std::string::npos);
    }

    void destructionCancelsAndWaits() {
        Log log;
        QElapsedTimer timer;
        {
            session::Background background(log.listener());
            QVERIFY(background.start("long", untilCancelled));
            timer.start();
        }
        QVERIFY(log.last().has_value());
    }
};

QTEST_GUILESS_MAIN(TestBackground)
#include "tst_background.moc"
