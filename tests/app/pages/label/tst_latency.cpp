#include "app/bridge/image_convert.h"
#include "engine/core/rng.h"
#include "engine/session/background.h"
#include "engine/session/round.h"
#include "engine/session/transfer/demo.h"
#include "tests/app/support/label_fixture.h"
#include "widgets/canvas/box_canvas.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

using namespace querent;
using namespace querent::app::bridge;
using namespace querent::app::test;

namespace {

/** Keeps one core busy until it is told to stop. */
double burn(const std::function<bool()>& stopped) {
    double sum = 0.0;
    for (int i = 1; !stopped(); ++i) {
        for (int j = 0; j < 20000; ++j)
            sum += std::sin(static_cast<double>(i) * j);
    }
    return sum;
}

struct Percentiles {
    double p50, p99, worst;
};

Percentiles percentilesOf(std::vector<double> milliseconds) {
    std::sort(milliseconds.begin(), milliseconds.end());
    const auto at = [&](double share) {
        return milliseconds[std::min(milliseconds.size() - 1,
                                     static_cast<std::size_t>(share * static_cast<double>(milliseconds.size())))];
    };
    return {at(0.50), at(0.99), milliseconds.back()};
}

}  // namespace

/** How long the window takes to answer while both cores compute. Reports; judges only that it all arrives. */
class TestLatency : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    /** A short run for every build: two threads that compute stand for the training. */
    void whileComputing() {
        Plan plan;
        plan.pictures = 6;
        Desk desk(plan);
        std::atomic<double> sink{0.0};
        measure(desk, 150, [&](const Job& job) -> Result<void> {
            std::jthread second([&](std::stop_token token) { sink = burn([&] { return token.stop_requested(); }); });
            sink = burn([&] { return job.cancelled(); });
            return Job::stopped();
        });
    }

    /** The real thing, which takes its time: a training of the program's own on the project that is labelled. */
    void whileTraining() {
        if (!qEnvironmentVariableIsSet("QUERENT_LATENCY")) QSKIP("set QUERENT_LATENCY to measure this");
        QTemporaryDir folder;
        const auto file = session::transfer::createDemo(toPath(folder.path()), 60, 1, Job());
        QVERIFY2(file.ok(), file ? "" : file.error().text().c_str());
        auto project = session::project::Project::open(*file, session::project::OpenMode::ReadWrite);
        QVERIFY(project.ok());
        Desk desk(*std::move(project));
        session::RoundOptions options;
        options.strategy = "random";
        options.steps = 100000;  // until it is cancelled
        options.device = "cpu";
        session::Round round(desk.project(), options);
        const auto suggested = round.suggest(Job());
        QVERIFY2(suggested.ok(), suggested ? "" : suggested.error().text().c_str());
        QVERIFY(round.answerFromTruth(Job()).ok());
        desk.document().showList(desk.project().ids({}), QStringLiteral("all"));
        measure(desk, 1000, [&](const Job& job) -> Result<void> {
            const auto trained = round.train(job);
            return trained ? Result<void>() : Result<void>(trained.error());
        });
    }

    /**
     * From the key to the painted picture, for pictures that were looked forward to while the last one was on screen.
     * QUERENT_LATENCY may name a project to measure it in; otherwise it is a small one.
     */
    void theNextPicture() {
        const QString named = qEnvironmentVariable("QUERENT_LATENCY");
        std::unique_ptr<Desk> desk;
        if (named.endsWith(QStringLiteral(".querent"))) {
            auto project = session::project::Project::open(toPath(named), session::project::OpenMode::ReadOnly);
            QVERIFY(project.ok());
            desk = std::make_unique<Desk>(*std::move(project));
            desk->document().showList(desk->project().ids({}), QStringLiteral("all"));
        } else {
            Plan plan;
            plan.pictures = 12;
            desk = std::make_unique<Desk>(plan);
        }
        const int steps = static_cast<int>(std::min<std::size_t>(desk->document().list().size() - 1, 100));
        std::vector<double> milliseconds;
        QVERIFY(desk->waitForPicture());
        for (int i = 0; i < steps; ++i) {
            QTest::qWait(60);  // what comes next is decoded meanwhile
            const ItemId before = desk->document().item().id;
            QElapsedTimer timer;
            timer.start();
            desk->key(Qt::Key_D);
            const bool warm = desk->canvas().hasPicture();
            desk->canvas().repaint();
            const double spent = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
            QVERIFY(desk->document().item().id != before);
            if (warm) milliseconds.push_back(spent);
            QVERIFY(desk->waitForPicture());
        }
        QVERIFY2(!milliseconds.empty(), "nothing was looked forward to");
        const Percentiles found = percentilesOf(milliseconds);
        qInfo("%zu of %d pictures warm: p50 %.2f ms, p99 %.2f ms, worst %.2f ms", milliseconds.size(), steps, found.p50,
              found.p99, found.worst);
    }

 private:
    void measure(Desk& desk, int events, session::Background::Work load) {
        QVERIFY(desk.document().hasItem());
        std::atomic<bool> cancelled{false};
        session::Background background([&](const session::BackgroundEvent& event) {
            if (event.kind == session::BackgroundEvent::Kind::Cancelled) cancelled = true;
            if (event.kind == session::BackgroundEvent::Kind::Failed) qWarning("%s", event.error.text().c_str());
        });
        QVERIFY(background.start("train", std::move(load)));
        QTest::qWait(500);  // let it begin
        const std::vector<double> milliseconds = work(desk, events);
        QCOMPARE(milliseconds.size(), static_cast<std::size_t>(events));
        QVERIFY(background.busy());
        const Percentiles found = percentilesOf(milliseconds);
        qInfo("%d events: p50 %.2f ms, p99 %.2f ms, worst %.2f ms", events, found.p50, found.p99, found.worst);

        QElapsedTimer timer;
        timer.start();
        background.cancel();
        QTRY_VERIFY_WITH_TIMEOUT(cancelled.load(), 20000);
        qInfo("cancelled after %lld ms", static_cast<long long>(timer.elapsed()));
        const std::vector<Annotation> shown = desk.document().annotations();
        QVERIFY(desk.stored(desk.document().item().id) == shown);
    }

    /** Gestures and keys as they come, each timed until the event loop is empty again. */
    std::vector<double> work(Desk& desk, int events) {
        Rng rng(5);
        std::vector<double> milliseconds;
        for (int i = 0; i < events; ++i) {
            if (!desk.waitForPicture()) break;
            QElapsedTimer timer;
            timer.start();
            const double x = rng.integer(4, 250), y = rng.integer(4, 180);
            switch (i % 8) {
                case 0:
                    desk.key(rng.chance(0.5) ? Qt::Key_D : Qt::Key_A);
                    break;
                case 3:
                    desk.key(Qt::Key_1 + rng.integer(0, 2));
                    break;
                case 5:
                    desk.key(Qt::Key_Z, Qt::ControlModifier);
                    break;
                case 6:
                    desk.key(Qt::Key_Equal, Qt::ControlModifier);
                    break;
                case 7:
                    desk.key(Qt::Key_F);
                    break;
                default:
                    desk.drag(x, y, x + 40, y + 30);
            }
            QCoreApplication::processEvents();
            milliseconds.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        }
        return milliseconds;
    }
};

QTEST_MAIN(TestLatency)
#include "tst_latency.moc"
