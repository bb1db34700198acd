// What the window shows of a policy, for projects whose rounds are written as they are kept.
#include "app/document/document.h"
#include "app/models/policy_progress.h"
#include "app/models/reason_words.h"
#include "app/pages/label/label_page.h"
#include "app/pages/progress/policy_section.h"
#include "app/pages/progress/progress_page.h"
#include "app/preferences/keymap.h"
#include "app/preferences/settings.h"
#include "app/shell/application.h"
#include "app/shell/main_window.h"
#include "app/shell/screenshots.h"
#include "engine/session/policies.h"
#include "tests/app/support/policy_fixture.h"
#include "tests/app/support/shell_fixture.h"
#include "widgets/charts/curve_chart.h"
#include "widgets/common/reason_panel.h"

#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace querent;
using namespace querent::app;
using namespace querent::app::document;
using namespace querent::app::models;
using namespace querent::app::pages::label;
using namespace querent::app::pages::progress;
using namespace querent::app::preferences;
using namespace querent::app::shell;
using test::find;
using test::PastRound;

namespace {

const widgets::charts::CurveSeries& named(const QVector<widgets::charts::CurveSeries>& all, const char* name) {
    for (const widgets::charts::CurveSeries& series : all) {
        if (series.name == QLatin1String(name)) return series;
    }
    qFatal("no curve is called %s", name);
}

/** So many rounds of a policy over three media, and an open batch. */
void writeRounds(const QString& folder, int rounds) {
    const auto project = test::policyProject(folder, {Modality::Image, Modality::Audio, Modality::Text});
    for (int i = 0; i < rounds; ++i) {
        const double turn = std::sin(0.8 * i);
        const std::vector<double> weights = {0.5 + 0.3 * turn, 0.3 - 0.2 * turn, 0.2 - 0.1 * turn};
        PastRound round{"rl-mba", 0.5 + 0.04 * i, weights, 0.02 * turn + 0.004, 4.2 - 0.3 * i, 0.02 + 0.01 * turn};
        round.advantage = 1.6 * turn;
        round.others = 0.018;
        test::addRounds(*project, {round});
    }
    const std::vector<Reason> terms = {{"policy", -0.42},           {"unified score", 1.31},
                                       {"diversity", 0.61},         {"uncertainty image", 0.55},
                                       {"uncertainty audio", 0.21}, {"uncertainty text", 0.12}};
    test::openBatch(*project, terms, PastRound{"rl-mba", 0.0, {0.5, 0.3, 0.2}, 0.006, 1.7});
}

bool near(double a, double b) {
    return std::abs(a - b) < 1e-12;
}

}  // namespace

class TestPolicyPages : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Settings> m_settings;

 private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<Settings>(m_dir->filePath("s.ini"));
    }

    void absentWhereNothingLearns() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image, Modality::Audio});
        PastRound margin;
        margin.strategy = "margin";
        test::addRounds(*project, {margin});
        QVERIFY(!gatherPolicy(*project));
        ProgressPage page(*m_settings);
        page.resize(1200, 900);
        page.setProject(project.get());
        page.show();
        QVERIFY(!find<PolicySection>(&page, "policySection")->isVisible());
    }

    // What a choice was made from belongs to the round that was chosen for, what it brought to the one that was paid.
    void everyFigureStandsAtItsRound() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image, Modality::Audio});
        PastRound second{"rl-mba", 0.6, {0.7, 0.3}, 0.02, 3.5, 0.1, 1.5};
        PastRound third{"rl-mba", 0.7, {0.6, 0.4}, -0.013, 99.0, -0.05, -0.25, true};
        test::addRounds(*project, {second, third});
        const auto progress = gatherPolicy(*project);
        QVERIFY(progress.has_value());
        const auto& reward = named(progress->rewards, "Reward").points;
        QCOMPARE(reward.size(), 2);
        QVERIFY(near(reward[0].x, 2) && near(reward[0].value, 0.1));
        QVERIFY(near(reward[1].x, 3) && near(reward[1].value, -0.05));
        QVERIFY(near(named(progress->rewards, "Baseline").points[0].value, 0.05));
        QVERIFY(near(named(progress->advantage, "Advantage").points[1].value, -0.25));
        const auto& sound = named(progress->weights, "Sound").points;
        QVERIFY(near(sound[0].x, 2) && near(sound[0].value, 0.3));
        QVERIFY(near(sound[1].x, 3) && near(sound[1].value, 0.4));
        // The third round drew nothing: what lies there is of an older choice.
        const auto& entropy = named(progress->entropy, "Entropy of the draw").points;
        QCOMPARE(entropy.size(), 1);
        QVERIFY(near(entropy[0].x, 2) && near(entropy[0].value, 3.5));
        QVERIFY2(progress->verdict.contains("1.3 points behind") && progress->verdict.contains("round 3"),
                 qPrintable(progress->verdict));
    }

    // BRAL-T once told its practice under other names: old and new rounds are one curve.
    void olderNamesOfFiguresAreKnown() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image});
        PastRound older{"bral-t", 0.6, {}};
        older.practice = {{"reward-first", -0.4}, {"reward-last", -0.3}};
        PastRound newer{"bral-t", 0.6, {}};
        newer.practice = {{"first_reward", -0.2}, {"last_reward", -0.1}};
        test::addRounds(*project, {older, newer});
        const auto progress = gatherPolicy(*project);
        for (const auto& [name, first] :
             {std::pair("Reward at its start", -0.4), {"Reward at the end of practice", -0.3}}) {
            const auto& points = named(progress->rewards, name).points;
            QCOMPARE(points.size(), 2);
            QVERIFY(near(points[0].x, 2) && near(points[0].value, first));
            QVERIFY(near(points[1].x, 3) && near(points[1].value, first + 0.2));
        }
    }

    void oneMediumHasNoWeights() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image});
        test::addRounds(*project, {PastRound{"rl-mba", 0.6, {1.0}, 0.006, 3.5, 0.1, 1.5}});
        const auto progress = gatherPolicy(*project);
        QVERIFY(progress->weights.isEmpty());
        QVERIFY2(progress->verdict.contains("0.6 points ahead"), qPrintable(progress->verdict));
    }

    // The guard gives way on a clear verdict only.
    void aPolicyThatIsALittleBehindAsks() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image});
        test::addRounds(*project, {PastRound{"rl-mba", 0.6, {1.0}, -0.006, 3.5, 0.1, 1.5}});
        const auto progress = gatherPolicy(*project);
        QVERIFY2(progress->verdict.contains("0.6 points behind") && progress->verdict.contains("so it asked"),
                 qPrintable(progress->verdict));
        QCOMPARE(named(progress->entropy, "Entropy of the draw").points.size(), 1);
    }

    // Where nothing can be rehearsed the policy has to be shown to help before it asks.
    void trialsAreToldAsWell_data() {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<double>("gain");
        QTest::addColumn<bool>("gaveWay");
        QTest::addColumn<QString>("told");
        QTest::newRow("ahead") << "mgral" << 0.012 << false << "1.2 points ahead of the classic strategy, so it asked";
        QTest::newRow("too little")
            << "mgral" << 0.003 << true
            << "0.3 points ahead of the classic strategy, not enough to be sure of, so that one";
        QTest::newRow("behind") << "mgral" << -0.02 << true
                                << "2.0 points behind the classic strategy, so that one asked";
    }
    void trialsAreToldAsWell() {
        QFETCH(QString, strategy);
        QFETCH(double, gain);
        QFETCH(bool, gaveWay);
        QFETCH(QString, told);
        const auto project = test::policyProject(m_dir->path(), {Modality::Image});
        PastRound round{strategy.toStdString(), 0.6, {}, gain};
        round.gaveWay = gaveWay;
        round.tried = true;
        test::addRounds(*project, {round});
        const auto progress = gatherPolicy(*project);
        QVERIFY2(progress->verdict.contains(told), qPrintable(progress->verdict));
    }

    // One model was asked twice, by strategies that go by different things.
    void anotherStrategysVerdictIsNotTold() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image});
        PastRound tried{"mgral", 0.0, {}, 0.05};
        tried.tried = true;
        test::openBatch(*project, {}, tried);
        test::openBatch(*project, {}, PastRound{"rl-mba", 0.0, {1.0}, -0.006});
        const QString verdict = gatherPolicy(*project)->verdict;
        QVERIFY2(verdict.startsWith("In rehearsal the policy is 0.6 points behind"), qPrintable(verdict));
        test::openBatch(*project, {}, tried);
        QVERIFY(gatherPolicy(*project)->verdict.startsWith("In trials on validation the policy is 5.0 points ahead"));
        test::openBatch(*project, {}, PastRound{"bral-t", 0.0, {}});  // has no guard
        QVERIFY(gatherPolicy(*project)->verdict.isEmpty());
    }

    void whatARewardIsForIsTold() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image});
        PastRound first{"rl-mba", 0.6, {1.0}, 0.006, 3.5, 0.031, 1.5};
        test::addRounds(*project, {first});
        QCOMPARE(gatherPolicy(*project)->payment, QString("The reward of round 2 is its gain, 3.1 points: what other "
                                                          "strategies would have brought is not known."));
        first.others = 0.02;
        test::addRounds(*project, {first});
        test::openBatch(*project, {}, PastRound{"rl-mba", 0.0, {1.0}});  // not paid yet
        QCOMPARE(gatherPolicy(*project)->payment,
                 QString("The reward of round 3 is its gain, 5.1 points, less 2.0 that classic strategies were "
                         "expected to bring, by their curves in rehearsal."));
        ProgressPage page(*m_settings);
        page.resize(1200, 900);
        page.setProject(project.get());
        page.show();
        QCOMPARE(find<QLabel>(&page, "policyPayment")->text(), gatherPolicy(*project)->payment);
        test::addRounds(*project, {PastRound{"rl-mba-absolute", 0.6, {1.0}, 0.006, 3.5, 0.6}});
        QVERIFY(gatherPolicy(*project)->payment.isEmpty());
    }

    // A model that was asked twice keeps the figures of its last choice alone.
    void figuresOfAChoiceAreNotToldTwice() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image, Modality::Audio});
        test::openBatch(*project, {}, PastRound{"rl-mba", 0.0, {0.5, 0.5}});
        test::openBatch(*project, {}, PastRound{"rl-mba", 0.0, {0.9, 0.1}});
        const auto progress = gatherPolicy(*project);
        const auto& picture = named(progress->weights, "Picture").points;
        QCOMPARE(picture.size(), 1);
        QVERIFY(near(picture[0].x, 3) && near(picture[0].value, 0.9));
    }

    void theSectionSaysWhatThePolicyHasSeen() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image, Modality::Audio});
        ProgressPage page(*m_settings);
        page.resize(1200, 900);
        page.setProject(project.get());
        page.show();
        auto* section = find<PolicySection>(&page, "policySection");
        QVERIFY(!section->isVisible());
        test::addRounds(*project, {PastRound{"rl-mba", 0.6, {0.7, 0.3}, std::nullopt, 3.5, 0.1, 1.5}});
        page.refresh();
        QVERIFY(section->isVisible());
        QVERIFY(find<QLabel>(section, "policySeen")->text().startsWith("Start policy: "));
        QVERIFY(!find<QLabel>(section, "policyVerdict")->isVisible());  // it was not rehearsed
        for (const char* name : {"policy-reward", "policy-advantage", "policy-weights", "policy-entropy"}) {
            auto* chart = find<widgets::charts::CurveChart>(section, name);
            QVERIFY2(chart->isVisible(), name);
            QVERIFY2(chart->csv().contains(",2,"), name);
            for (const char* suffix : {"png", "svg", "csv"}) {
                const QString file = m_dir->filePath(QStringLiteral("%1.%2").arg(QLatin1String(name), suffix));
                QVERIFY(chart->saveTo(file).ok());
                QVERIFY(QFileInfo(file).size() > 0);
            }
        }
        PolicySection alone;  // the page would ask for a file
        QSignalSpy saved(&alone, &PolicySection::saveRequested);
        Q_EMIT find<widgets::charts::CurveChart>(&alone, "policy-weights")->saveRequested(QStringLiteral("csv"));
        QCOMPARE(saved.first().at(1).toString(), QString("policy-weights"));
    }

    void figuresAreNoMeasures() {
        const auto project = test::policyProject(m_dir->path(), {Modality::Image, Modality::Audio});
        test::addRounds(*project, {PastRound{"rl-mba", 0.6, {0.7, 0.3}, 0.02, 3.5, 0.1, 1.5}});
        int figures = 0;
        for (const Metric& metric : project->metrics()) {
            const auto figure = session::policyFigure(metric);
            QCOMPARE(figure.has_value(), metric.name != "top1");
            if (!figure) continue;
            ++figures;
            QVERIFY(!metric.label.valid());  // a medium is no class
            QCOMPARE(figure->part >= 0, figure->name == "weight");
        }
        QCOMPARE(figures, 2 + 3 + 3);  // weights; gain, who asked, entropy; reward, baseline and advantage
        ProgressPage page(*m_settings);
        page.resize(1200, 900);
        page.setProject(project.get());
        page.show();
        auto* measures = find<QComboBox>(&page, "progressMetric");
        for (int i = 0; i < measures->count(); ++i)
            QVERIFY(!measures->itemData(i).toString().contains("policy"));
        QCOMPARE(find<QTableWidget>(&page, "progressRounds")->item(0, 2)->text(), QString("RL-MBA"));
    }

    void theReasonsTellTheWeights() {
        auto project = test::policyProject(m_dir->path(), {Modality::Image, Modality::Audio});
        test::openBatch(*project, {{"policy", 0.4}, {"uncertainty audio", 0.2}},
                        PastRound{"rl-mba", 0.0, {0.617, 0.383}});
        Document document(*project);
        Keymap keymap;
        LabelPage page(document, keymap);
        page.resize(1200, 800);
        page.show();
        page.refreshRound();
        document.showBatch();
        auto* reason = page.findChild<widgets::common::ReasonPanel*>();
        const auto told = [reason] { return reason->accessibleDescription().replace(QChar(QChar::Nbsp), ' '); };
        QTRY_VERIFY2(told().contains("Weights: Picture 62 % · Sound 38 %"), qPrintable(told()));
        QVERIFY(reason->accessibleDescription().contains("Doubt about the sound 0.20"));
    }

    // A strategy that let another one ask has weighed nothing in this batch.
    void noWeightsWhereAnotherOneAsked() {
        auto project = test::policyProject(m_dir->path(), {Modality::Image, Modality::Audio});
        PastRound asked{"rl-mba", 0.0, {0.617, 0.383}, -0.01};
        asked.gaveWay = true;
        test::openBatch(*project, {{"novelty", 0.4}}, asked);
        Document document(*project);
        Keymap keymap;
        LabelPage page(document, keymap);
        page.show();
        page.refreshRound();
        document.showBatch();
        auto* reason = page.findChild<widgets::common::ReasonPanel*>();
        QTRY_VERIFY(reason->accessibleDescription().contains("Novelty 0.40"));
        QVERIFY2(!reason->accessibleDescription().contains("Weights"), qPrintable(reason->accessibleDescription()));
    }

    // For people to look at, where QUERENT_SCREENSHOTS names a folder.
    void pictures() {
        const QString folder = qEnvironmentVariable("QUERENT_SCREENSHOTS");
        if (folder.isEmpty()) QSKIP("QUERENT_SCREENSHOTS names no folder");
        for (const int rounds : {0, 1, 9}) {
            test::Shell shell;
            writeRounds(shell.path("policy"), rounds);
            QSignalSpy opened(&shell.app(), &Application::projectOpened);
            shell.app().openProject(shell.path("policy/policy.querent"));
            QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
            const QString name = QStringLiteral("policy-%1-").arg(rounds);
            shell.app().window().resize(1280, 800);
            QCOMPARE(takePage(shell.app(), MainWindow::Page::Label, folder, name + "label").size(), 2);
            shell.app().window().resize(1280, rounds > 1 ? 2000 : 1600);
            QCOMPARE(takePage(shell.app(), MainWindow::Page::Progress, folder, name + "progress").size(), 2);
        }
    }

    void weightsNeedTwoMedia() {
        QVERIFY(mediaWeightsText({Modality::Image}, {1.0}).isEmpty());
        QVERIFY(mediaWeightsText({Modality::Image, Modality::Text}, {}).isEmpty());
        QString two = mediaWeightsText({Modality::Text, Modality::Image}, {0.25, 0.75});
        QCOMPARE(two.replace(QChar(QChar::Nbsp), ' '), QString("Text 25 % · Picture 75 %"));
    }
};

QTEST_MAIN(TestPolicyPages)
#include "tst_policy_pages.moc"
