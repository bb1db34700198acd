// Every strategy that is offered, asked on real items: its terms have names, and rounds without validation go on.
#include "app/bridge/background_bridge.h"
#include "app/bridge/image_convert.h"
#include "app/controllers/round_controller.h"
#include "app/models/policy_progress.h"
#include "app/models/reason_words.h"
#include "app/models/strategy_words.h"
#include "app/preferences/settings.h"
#include "engine/session/machine.h"
#include "engine/session/pool.h"
#include "engine/session/round.h"
#include "engine/session/strategies.h"
#include "engine/session/transfer/demo.h"
#include "engine/session/transfer/transfer.h"
#include "tests/app/support/shell_fixture.h"

#include <QDir>
#include <QFile>
#include <QMultiHash>
#include <QProcess>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace querent;
using namespace querent::app;
using namespace querent::app::bridge;
using namespace querent::app::controllers;
using namespace querent::app::models;
using namespace querent::app::preferences;

namespace {

std::unique_ptr<session::Project> demo(const QString& folder, session::transfer::DemoKind kind) {
    const auto file = session::transfer::createDemo(toPath(folder), 60, 1, Job(), kind);
    if (!file) qFatal("%s", file.error().text().c_str());
    auto project = session::project::Project::open(*file, session::project::OpenMode::ReadWrite);
    if (!project) qFatal("%s", project.error().text().c_str());
    return std::move(project).value();
}

session::RoundOptions quick() {
    session::RoundOptions options;
    options.count = 8;
    options.steps = 2;
    options.device = "cpu";
    return options;
}

/** A round from its suggestion to its end, answered from what is known. */
void turn(session::Project& project) {
    session::Round round(project, quick());
    const auto suggested = round.suggest(Job());
    QVERIFY2(suggested.ok(), suggested ? "" : suggested.error().text().c_str());
    QVERIFY(round.answerFromTruth(Job()).ok());
    const auto done = round.advance(Job());
    QVERIFY2(done.ok(), done ? "" : done.error().text().c_str());
}

/** The texts that lupdate finds in the engine, by their context. */
QMultiHash<QString, QString> textsToTranslate(const QString& folder) {
    const QString found = QDir(folder).filePath(QStringLiteral("found.ts"));
    QProcess lupdate;
    lupdate.start(QStringLiteral(QUERENT_LUPDATE), {"-tr-function-alias", "QT_TRANSLATE_NOOP+=translatable",
                                                    QStringLiteral(QUERENT_SOURCE_DIR "/engine"), "-ts", found});
    if (!lupdate.waitForFinished(-1) || lupdate.exitCode() != 0) qFatal("%s", lupdate.readAll().constData());
    QFile file(found);
    if (!file.open(QIODevice::ReadOnly)) qFatal("%s", qPrintable(found));
    QMultiHash<QString, QString> texts;
    QString context;
    for (QXmlStreamReader xml(&file); !xml.atEnd(); xml.readNext()) {
        if (xml.isStartElement() && xml.name() == QLatin1String("name")) context = xml.readElementText();
        if (xml.isStartElement() && xml.name() == QLatin1String("source")) texts.insert(context, xml.readElementText());
    }
    return texts;
}

}  // namespace

class TestStrategyWords : public QObject {
    Q_OBJECT

    static void everyTermHasAName(session::Project& project) {
        for (const StrategyInfo& choice : session::strategiesFor(project.settings())) {
            QVERIFY2(!choice.title.empty() && !choice.sentence.empty(), choice.name.c_str());
            const auto batch = session::rankPool(project, {choice.name, 6, 0, "cpu", 0}, 1, Job());
            QVERIFY2(batch.ok(), batch ? "" : batch.error().text().c_str());
            QVERIFY2(!batch->empty(), choice.name.c_str());
            for (const QueryEntry& entry : *batch) {
                for (const Reason& reason : entry.reasons) {
                    QVERIFY2(isKnownReason(reason.name), (choice.name + ": " + reason.name).c_str());
                    const widgets::common::ReasonTerm term = reasonTerm(reason, 1.0);
                    QVERIFY2(!term.name.isEmpty() && term.help.endsWith('.'), reason.name.c_str());
                }
            }
        }
    }

 private Q_SLOTS:
    void initTestCase() { session::setComputeThreads(1); }

    void termsOfBoxes() {
        QTemporaryDir dir;
        const auto project = demo(dir.path(), session::transfer::DemoKind::Pictures);
        turn(*project);
        everyTermHasAName(*project);
    }

    void termsOfSeveralMedia() {
        QTemporaryDir dir;
        const auto project = demo(dir.path(), session::transfer::DemoKind::SoundPictures);
        turn(*project);
        everyTermHasAName(*project);
    }

    // Three media and two classes: figures of media must not be taken for those of classes.
    void moreMediaThanClasses() {
        QTemporaryDir dir;
        test::drawPictures(dir.path(), 24);
        test::drawSounds(dir.path(), 24);
        QString rows = QStringLiteral("id,split,class,image,audio,text\n");
        for (int i = 1; i <= 24; ++i) {
            const QString stem = QStringLiteral("%1").arg(i, 3, 10, QLatin1Char('0'));
            rows += QStringLiteral("i%1,%2,%3,%1.png,%1.wav,words of %3\n")
                        .arg(stem, i % 3 == 0 ? "val" : "train", i % 2 == 0 ? "high" : "low");
        }
        test::writeText(dir.filePath("set.csv"), rows);
        ProjectSettings settings;
        settings.name = "Three";
        settings.task = TaskKind::Classify;
        settings.media = {Modality::Image, Modality::Audio, Modality::Text};
        settings.strategy = "rl-mba";
        auto project = session::project::Project::create(toPath(dir.filePath("three.querent")), settings, {});
        QVERIFY(project.ok());
        session::transfer::ImportRequest request;
        request.format = "csv";
        request.from = toPath(dir.filePath("set.csv"));
        QVERIFY(session::transfer::importInto(**project, request, Job()).ok());
        session::RoundOptions options = quick();
        options.count = 4;
        options.askedOnly = true;
        for (int number = 1; number <= 3; ++number) {
            session::Round round(**project, options);
            const auto suggested = round.suggest(Job());
            QVERIFY2(suggested.ok(), suggested ? "" : suggested.error().text().c_str());
            QCOMPARE(suggested->strategy, std::string(number == 1 ? "typiclust" : "rl-mba"));
            QVERIFY(round.advance(Job()).ok());
        }
        const auto progress = gatherPolicy(**project);
        QVERIFY(progress.has_value());
        QCOMPARE(progress->weights.size(), 3);
        QCOMPARE(progress->weights[2].name, QString("Text"));
        QCOMPARE(progress->rewards[0].points.size(), 2);
        double sum = 0.0;
        for (const widgets::charts::CurveSeries& medium : progress->weights)
            sum += medium.points[0].value;
        QVERIFY(std::abs(sum - 1.0) < 1e-9);
        QVERIFY2(progress->seen.contains("2 real rounds"), qPrintable(progress->seen));
    }

    void termsCanBeTranslated() {
        QTemporaryDir dir;
        const auto texts = textsToTranslate(dir.path());
        for (const StrategyInfo& choice : session::allStrategies()) {
            for (const Term& term : choice.reasons) {
                QVERIFY2(texts.contains("Reasons", term.title), term.title);
                QVERIFY2(texts.contains("Reasons", term.sentence), term.sentence);
            }
            for (const Term& term : choice.figures)
                QVERIFY2(*term.title == '\0' || texts.contains("Policy", term.title), term.title);
        }
    }

    // As a project of another version of this program may have them.
    void unknownTermsShowTheirName() {
        for (const char* name : {"distance to the trust set", "distance_to_the trust set"}) {
            QVERIFY(!isKnownReason(name));
            const widgets::common::ReasonTerm term = reasonTerm({name, 0.5}, 1.0);
            QCOMPARE(term.name, QString("Distance to the trust set"));
            QVERIFY(term.help.isEmpty());
        }
        QCOMPARE(reasonTerm({"distance to the TrustSet", 0.5}, 1.0).name, QString("Distance to the trust set"));
    }

    void titles() {
        QCOMPARE(strategyTitle("rl-mba"), QString("RL-MBA"));
        QCOMPARE(strategyTitle("rl-mba-no-amcb"), QString("RL-MBA (rl-mba-no-amcb)"));
        QCOMPARE(strategyTitle("of a newer program"), QString("of a newer program"));
        QSet<QString> titles;
        for (const StrategyInfo& choice : session::allStrategies()) {
            const QString title = strategyTitle(choice.name);
            QVERIFY2(!titles.contains(title), qPrintable(title));
            titles << title;
        }
    }

    void recommendedOnes() {
        ProjectSettings settings;
        settings.task = TaskKind::Detect;
        settings.strategy = recommendedStrategy(settings).toStdString();
        QCOMPARE(settings.strategy, std::string("entropy"));
        QCOMPARE(standInStrategy(settings, {}), QString());
        settings.task = TaskKind::Classify;
        QCOMPARE(recommendedStrategy(settings), QString("rl-mba"));
        settings.multiLabel = true;
        QCOMPARE(recommendedStrategy(settings), QString("entropy"));
    }

    // Without labelled validation items another one asks, one that is offered and needs none.
    void standInsForWhatNeedsValidation() {
        for (const TaskKind task : {TaskKind::Detect, TaskKind::Classify}) {
            ProjectSettings settings;
            settings.task = task;
            settings.strategy = "rl-mba";
            const QString standIn = standInStrategy(settings, {});
            const auto choice = strategyNamed(standIn.toStdString());
            QVERIFY(choice && !choice->needsHoldout && !choice->learns);
            PoolCounts counts;
            counts.items[Split::Val][ItemState::Labelled] = 1;
            QCOMPARE(standInStrategy(settings, counts), QString());
            settings.strategy = "margin";
            QCOMPARE(standInStrategy(settings, {}), QString());
        }
    }

    // Nobody has labelled the validation set, and the person is asked all the same, and told by whom.
    void aRoundWithoutValidation() {
        QTemporaryDir dir;
        test::drawPictures(dir.filePath("a"), 10);
        test::drawPictures(dir.filePath("b"), 10, 40);
        ProjectSettings settings;
        settings.name = "No validation";
        settings.task = TaskKind::Classify;
        settings.media = {Modality::Image};
        settings.strategy = "rl-mba";
        settings.holdoutShare = 0.0;
        settings.batchSize = 4;
        settings.trainingSteps = 2;
        auto project = session::project::Project::create(toPath(dir.filePath("n.querent")), settings, {});
        QVERIFY(project.ok());
        session::transfer::ImportRequest request;
        request.format = "folders";
        request.from = toPath(dir.path());
        request.as = session::transfer::ImportAs::Truth;
        QVERIFY(session::transfer::importInto(**project, request, Job()).ok());
        Settings kept(dir.filePath("s.ini"));
        kept.setDevice("cpu");
        BackgroundBridge worker;
        RoundController rounds(worker, kept);
        rounds.setProject(project->get());
        QSignalSpy ready(&rounds, &RoundController::batchReady);
        QSignalSpy failed(&rounds, &RoundController::failed);
        QSignalSpy noted(&rounds, &RoundController::noted);
        rounds.suggest();
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 60000);
        QVERIFY(rounds.remarks().isEmpty());  // there is no model yet, and that is said elsewhere
        QVERIFY(session::Round(**project, {}).answerFromTruth(Job()).ok());
        rounds.refresh();
        rounds.train();
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 2 || failed.count() > 0, 120000);
        QCOMPARE(failed.count(), 0);
        QCOMPARE(noted.count(), 0);
        QCOMPARE(rounds.remarks().size(), 1);
        QVERIFY2(rounds.remarks().front().contains("in the place of RL-MBA"), qPrintable(rounds.remarks().front()));
        QVERIFY(rounds.openRound()->strategy != "rl-mba");
        rounds.setProject(nullptr);
        QVERIFY(rounds.remarks().isEmpty());
    }
};

QTEST_MAIN(TestStrategyWords)
#include "tst_strategy_words.moc"
