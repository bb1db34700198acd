// A learned strategy in a project: what it remembers is stored with the round, moves to other projects, and survives.
#include "engine/session/machine.h"
#include "engine/session/policies.h"
#include "engine/session/round.h"
#include "engine/store/project_file.h"
#include "engine/store/tables/policy_table.h"
#include "tests/engine/session/pictures.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace querent;

namespace {

// RL-MBA whose policy asks about boxes at once, without having been tried.
constexpr const char* kAlone = "rl-mba-no-rehearsal";

session::RoundOptions learning(std::vector<std::string>* said = nullptr, const char* strategy = kAlone) {
    session::RoundOptions options;
    options.strategy = strategy;
    options.count = 4;
    options.steps = 2;
    if (said) {
        options.onNote = [said](const std::string& sentence) { said->push_back(sentence); };
    }
    return options;
}

Result<RoundRecord> wholeRound(session::Project& project, const session::RoundOptions& options) {
    session::Round round(project, options);
    if (auto suggested = round.suggest(Job()); !suggested) return suggested;
    if (const auto answered = round.answerFromTruth(Job()); !answered) return answered.error();
    return round.advance(Job());
}

std::vector<std::string> policyMetrics(const session::Project& project, ModelId model) {
    std::vector<std::string> names;
    for (const Metric& metric : project.metrics()) {
        if (metric.model == model && metric.name.starts_with("policy_")) names.push_back(metric.name);
    }
    return names;
}

bool contains(const std::vector<std::string>& names, const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

class TestPolicies : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<session::Project> m_project;  // two rounds old, the second one asked by the policy

    std::filesystem::path path(const char* name) const { return m_dir.filePath(name).toStdString(); }

    static std::unique_ptr<session::Project> fresh(const std::filesystem::path& folder) {
        std::filesystem::create_directories(folder);
        auto project = tests::squaresProject(folder, 40, true);
        ItemFilter val;
        val.split = Split::Val;
        for (const ItemId item : project->ids(val)) {
            Edit edit;
            edit.item = item;
            edit.gesture = "Nothing here";
            edit.markBefore = ItemMark();
            edit.markAfter = ItemMark{ItemState::ConfirmedEmpty, false, {}};
            if (!project->apply(edit)) return nullptr;
        }
        return project;
    }

 private Q_SLOTS:
    void initTestCase() {
        session::setComputeThreads(1);
        m_project = fresh(path("first"));
        QVERIFY(m_project != nullptr);
        const auto before = session::policyHistory(*m_project, kAlone);
        QVERIFY(before.ok());
        QVERIFY(!before->own && !before->startVersion.empty());
        QCOMPARE(wholeRound(*m_project, learning())->strategy, std::string("typiclust"));  // no model yet
        const auto second = wholeRound(*m_project, learning());
        QVERIFY2(second.ok(), second ? "" : second.error().text().c_str());
        QCOMPARE(second->strategy, std::string(kAlone));
    }

    void theRoundIsPaid() {
        const RoundRecord round = m_project->rounds().back();
        const auto paid = policyMetrics(*m_project, round.model);
        QVERIFY(contains(paid, "policy_reward") && contains(paid, "policy_advantage") &&
                contains(paid, "policy_baseline"));
        QVERIFY(contains(policyMetrics(*m_project, round.suggestedBy), "policy_entropy"));
        const auto history = session::policyHistory(*m_project, kAlone);
        QVERIFY(history->own);
        QCOMPARE(history->rounds, std::int64_t{1});
        QCOMPARE(session::policyHistory(*m_project, "entropy").error().code, ErrorCode::InvalidArgument);
        QCOMPARE(session::policyHistory(*m_project, "oracle").error().code, ErrorCode::NotFound);
    }

    void reasonsAreKept() {
        for (const QueryEntry& entry : m_project->batch(m_project->rounds().back().id)) {
            QVERIFY(!entry.reasons.empty());
            QCOMPARE(entry.reasons.front().name, std::string("policy"));
        }
    }

    void policiesMoveToOtherProjects() {
        QVERIFY(session::savePolicy(*m_project, kAlone, path("learnt.policy")).ok());
        const auto other = fresh(path("second"));
        QVERIFY(session::loadPolicy(*other, kAlone, path("learnt.policy")).ok());
        const auto moved = session::policyHistory(*other, kAlone);
        QVERIFY(moved->own);
        QCOMPARE(moved->rounds, std::int64_t{1});
        QVERIFY(wholeRound(*other, learning()).ok() && wholeRound(*other, learning()).ok());
        QCOMPARE(session::policyHistory(*other, kAlone)->rounds, std::int64_t{2});
        QVERIFY(session::forgetPolicy(*other, kAlone).ok());
        QVERIFY(!session::policyHistory(*other, kAlone)->own);
    }

    void damagedPoliciesChangeNothing() {
        QVERIFY(session::savePolicy(*m_project, kAlone, path("damaged.policy")).ok());
        QFile file(m_dir.filePath("damaged.policy"));
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(file.size() / 2) && file.putChar('x'));
        file.close();
        const auto refused = session::loadPolicy(*m_project, kAlone, path("damaged.policy"));
        QCOMPARE(refused.error().code, ErrorCode::Corrupt);
        QCOMPARE(session::policyHistory(*m_project, kAlone)->rounds, std::int64_t{1});
        QCOMPARE(session::loadPolicy(*m_project, kAlone, path("none.policy")).error().code, ErrorCode::NotFound);
    }

    // Whatever happens to the policy, the round comes to its end.
    void aDamagedPolicyDoesNotHoldTheRoundUp() {
        std::vector<std::string> said;
        session::Round round(*m_project, learning(&said));
        QVERIFY(round.suggest(Job()).ok() && round.answerFromTruth(Job()).ok());
        const auto damaged = m_project->write(
            [](store::ProjectFile& file) { return file.policies().set(kAlone, "querent-policy 1\nno more"); });
        QVERIFY(damaged.ok());
        const auto done = round.advance(Job());
        QVERIFY2(done.ok(), done ? "" : done.error().text().c_str());
        QCOMPARE(done->step, RoundStep::Done);
        QVERIFY(QString::fromStdString(said.back()).contains("damaged"));
        QVERIFY(session::forgetPolicy(*m_project, kAlone).ok());
    }

    // What cannot be rehearsed is tried on a copy of the round's own model; two steps of training show nothing.
    void boxesAreAskedAboutByWhoIsShownToHelp() {
        std::vector<std::string> said;
        const auto project = fresh(path("tried"));
        QVERIFY(wholeRound(*project, learning(nullptr, "rl-mba")).ok());
        const auto second = wholeRound(*project, learning(&said, "rl-mba"));
        QVERIFY2(second.ok(), second ? "" : second.error().text().c_str());
        const auto told = std::find_if(said.begin(), said.end(), [](const std::string& sentence) {
            return sentence.starts_with("Trials on validation items with their answers (4 of 12 that are needed)");
        });
        QVERIFY(told != said.end() && told->ends_with("so entropy asks in this round."));
        const auto chosen = policyMetrics(*project, second->suggestedBy);
        QVERIFY(contains(chosen, "policy_trial_gain") && contains(chosen, "policy_gave_way"));
        QVERIFY(!contains(chosen, "policy_entropy"));
        QVERIFY(contains(policyMetrics(*project, second->model), "policy_reward"));
        QCOMPARE(session::policyHistory(*project, "rl-mba")->rounds, std::int64_t{0});  // it has asked nothing yet
    }

    // Without labelled validation items there is nothing to be paid with: said before anything starts.
    void withoutValidationItIsSaid() {
        std::filesystem::create_directories(path("third"));
        const auto project = tests::squaresProject(path("third"), 40, true);
        QVERIFY(wholeRound(*project, learning()).ok());
        const auto refused = session::Round(*project, learning()).suggest(Job());
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(QString::fromStdString(refused.error().sentence).contains("validation"));
        QVERIFY(!project->openRound());
    }
};

QTEST_GUILESS_MAIN(TestPolicies)
#include "tst_policies.moc"
