// BRAL-T as a whole: exact batches, memory, practice that improves, rare classes found, odd input.

#include "engine/select/bralt/group_policy.h"
#include "engine/select/policy/number_file.h"
#include "tests/engine/select/bralt/answered_pool.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <numeric>
#include <set>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;
using namespace querent::select::bralt;

namespace {

constexpr const char* kName = "bral-t";

/** 40 random items of a task of 6 classes, 460 down to a few. */
ClassTask::Round someRound(std::uint64_t seed = 1, std::size_t labelled = 40) {
    const ClassTask task(6, 200, 0.6, seed);
    Rng rng(seed, "labelled");
    return task.round(rng.sample(task.poolSize(), labelled));
}

bool sound(const Selection& selection, std::size_t count, std::size_t pool) {
    std::set<std::size_t> seen;
    for (const Pick& pick : selection.picks) {
        if (pick.index >= pool || !seen.insert(pick.index).second || !std::isfinite(pick.score)) return false;
        if (pick.reasons.size() != 3 || pick.reasons[0].name != "expected score") return false;
    }
    return selection.picks.size() == count;
}

double figure(const Selection& selection, const std::string& name) {
    for (const Figure& one : selection.figures) {
        if (one.name == name) return one.value;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

/** Mean accuracy over five batches of 10, from two items a class. */
double labelWith(const char* strategy, std::uint64_t seed) {
    const ClassTask task(8, 200, 0.6, seed);
    Rng rng(seed, "start");
    std::vector<std::size_t> labelled = rng.sample(task.poolSize(), 24);
    double sum = 0.0;
    std::string memory;
    for (int i = 0; i < 5; ++i) {
        const ClassTask::Round round = task.round(labelled);
        SelectionInput input = round.input();
        input.memory = memory;
        Selection selection = run(strategy, input, 10, seed + static_cast<std::uint64_t>(i));
        memory = selection.memory;
        for (const Pick& pick : selection.picks)
            labelled.push_back(round.places[pick.index]);
        sum += task.accuracy(labelled) / 5.0;
    }
    return sum;
}

/** Pictures with boxes whose answers are known. */
struct Pictures {
    Pool pool = randomPool(150, 30, 8);
    std::vector<ItemPrediction> known;
    std::vector<ItemTruth> truth;

    Pictures() {
        Rng rng(9);
        for (int i = 0; i < 30; ++i) {
            known.push_back({2000 + i, randomBoxes(3, rng), {}});
            ItemTruth answer;
            answer.item = 2000 + i;
            for (const Detection& box : known.back().boxes)
                answer.boxes.push_back({box.box, box.label, false, false});
            truth.push_back(answer);
        }
    }
    SelectionInput input() const {
        SelectionInput input = pool.input();
        input.task = TaskKind::Detect;
        input.labelled = {known, truth};
        return input;
    }
};

}  // namespace

class TestBralt : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void saysWhatItIs() {
        const auto made = makeStrategy(kName).value();
        const StrategyInfo& info = made->info();
        QVERIFY(info.needsModel && info.needsFeatures && info.needsLabelled && info.learns);
        QVERIFY(info.sentence.find("Our reconstruction") == 0);
        QVERIFY(info.source.find("2604.12303") != std::string::npos);
    }

    void batchesAreExact() {
        const ClassTask::Round round = someRound();
        const std::size_t pool = round.pool.items.size();
        for (const std::size_t count :
             {std::size_t{1}, std::size_t{5}, std::size_t{23}, std::size_t{44}, pool, pool + 9})
            QVERIFY(sound(run(kName, round.input(), count), std::min(count, pool), pool));
        QVERIFY(run(kName, round.input(), 0).picks.empty());
    }

    void goldenBatch() {
        const ClassTask::Round round = someRound(3);
        const Selection selection = run(kName, round.input(), 8, 7);
        QCOMPARE(itemsOf(selection, round.pool), (std::vector<std::int64_t>{312, 413, 241, 448, 390, 44, 17, 71}));
    }

    void sameInputSameAnswerInAnyOrder() {
        const ClassTask::Round round = someRound(2);
        const Selection first = run(kName, round.input(), 20, 5);
        QVERIFY(figure(first, "episodes") >= 120);
        QCOMPARE(run(kName, round.input(), 20, 5).memory, first.memory);
        ClassTask::Round other = round;
        std::vector<std::size_t> order(round.pool.items.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        Rng(4).shuffle(order);
        other.pool = reordered(round.pool, order);
        QCOMPARE(itemsOf(run(kName, other.input(), 20, 5), other.pool), itemsOf(first, round.pool));
        QVERIFY(itemsOf(run(kName, round.input(), 20, 6), round.pool) != itemsOf(first, round.pool));
    }

    void practiceBringsBatchesNearerToTheTrustSet() {
        double gain = 0.0;
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const ClassTask::Round round = someRound(seed, 120);
            const Selection selection = run(kName, round.input(), 20, seed);
            gain += (figure(selection, "last_reward") - figure(selection, "first_reward")) / 5.0;
            QVERIFY(figure(selection, "last_reward") < 0.0 && figure(selection, "practice_baseline") < 0.0);
        }
        QVERIFY2(gain > 0.0, qPrintable(QString::number(gain)));
    }

    void itGoesOnFromWhatItHasLearnt() {
        const ClassTask::Round round = someRound();
        SelectionInput input = round.input();
        const Selection first = run(kName, input, 20);
        QVERIFY(!first.memory.empty() && first.remarks.empty());
        input.memory = first.memory;
        const Selection second = run(kName, input, 20);
        QVERIFY(second.remarks.empty());
        const auto memory = bralt::unpackMemory(second.memory);
        QVERIFY(memory.ok());
        QCOMPARE(static_cast<double>(memory->episodes), figure(first, "episodes") + figure(second, "episodes"));
        // Another model's places mean nothing: their weights do not come along.
        const auto before = bralt::unpackMemory(first.memory);
        const auto parameters = before->policy.parameters();
        QCOMPARE(parameters[0], 0.0);
        QVERIFY(parameters[bralt::kPlaceWidth] != 0.0);
    }

    void memoryThatCannotBeReadIsLeft() {
        const ClassTask::Round round = someRound();
        SelectionInput input = round.input();
        const Selection fresh = run(kName, input, 20);
        std::string damaged = fresh.memory;
        damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
        NumberFile strange;
        strange.rows["parameters"] = {1.0};
        const std::string newer = packNumbers({}, kName, 2), other = packNumbers(strange, kName, 1);
        for (const std::string& memory : {damaged, newer, other, std::string("rubbish")}) {
            input.memory = memory;
            const Selection selection = run(kName, input, 20);
            QCOMPARE(itemsOf(selection, round.pool), itemsOf(fresh, round.pool));
            QCOMPARE(selection.memory, fresh.memory);
            QCOMPARE(selection.remarks.size(), 1U);
            QVERIFY(selection.remarks[0].find("begins anew") != std::string::npos);
        }
    }

    void withoutLearningItOnlyScores() {
        const ClassTask::Round round = someRound();
        SelectionInput input = round.input();
        const Selection first = run(kName, input, 20);
        input.mayLearn = false;
        QVERIFY(run(kName, input, 20).figures.empty());
        QVERIFY(run(kName, input, 20).memory.empty());
        input.memory = first.memory;
        const Selection scored = run(kName, input, 20);
        QVERIFY(sound(scored, 20, round.pool.items.size()));
        QCOMPARE(scored.memory, first.memory);
        QVERIFY(scored.figures.empty());
    }

    void smallPoolsAndLittleKnownAreSaid() {
        const ClassTask::Round round = someRound();
        const Selection large = run(kName, round.input(), 60);
        QVERIFY(sound(large, 60, round.pool.items.size()));
        QVERIFY(large.remarks.at(0).find("less than ten batches") != std::string::npos);
        SelectionInput unknown = round.input();
        unknown.labelled = {};
        QVERIFY(run(kName, unknown, 5).remarks.at(0).find("Too little is labelled") != std::string::npos);
        // The rarest class in its turn, although nine in ten are predicted to be of others.
        std::set<int> predicted;
        for (const Pick& pick : run(kName, unknown, 6).picks) {
            const auto& p = round.pool.predictions[pick.index].probabilities;
            predicted.insert(static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin()));
        }
        QVERIFY(predicted.size() >= 4);
    }

    void anItemByItselfIsJudgedAsAmongOthers() {
        const ClassTask::Round round = someRound();
        const Selection whole = run(kName, round.input(), 20);
        ClassTask::Round part = round;
        const std::size_t at = whole.picks[4].index;
        part.pool.items = {round.pool.items[at]};
        part.pool.predictions = {round.pool.predictions[at]};
        part.pool.features = Matrix(1, round.pool.features.cols);
        std::copy_n(round.pool.features.row(at).begin(), part.pool.features.cols, part.pool.features.row(0).begin());
        SelectionInput input = part.input();
        input.mayLearn = false;
        const Selection alone = run(kName, input, 1);
        QCOMPARE(alone.picks[0].score, whole.picks[4].score);
        QVERIFY(alone.picks[0].reasons == whole.picks[4].reasons);
    }

    void beatsRandomOnALongTail() {
        double gain = 0.0;
        for (std::uint64_t seed = 1; seed <= 8; ++seed)
            gain += (labelWith(kName, seed) - labelWith("random", seed)) / 8.0;
        QVERIFY2(gain > 0.03, qPrintable(QString::number(gain)));
    }

    void oddInput() {
        ClassTask::Round round = someRound();
        round.pool.features.at(3, 2) = std::numeric_limits<float>::quiet_NaN();
        round.pool.predictions[5].probabilities[1] = std::numeric_limits<float>::infinity();
        round.known[2].probabilities[0] = std::numeric_limits<float>::quiet_NaN();
        const Selection selection = run(kName, round.input(), 20);
        QVERIFY(sound(selection, 20, round.pool.items.size()));
        QCOMPARE(selection.leftOut.size(), 2U);
        QCOMPARE(selection.remarks.size(), 1U);
        for (const Pick& pick : selection.picks)
            QVERIFY(pick.index != 3 && pick.index != 5);
        round.truth.pop_back();
        QCOMPARE(makeStrategy(kName).value()->select(round.input(), 3, 1, Job()).error().code,
                 ErrorCode::InvalidArgument);
    }

    void equalFeaturesAndOneClass() {
        ClassTask::Round round = someRound();
        std::fill(round.pool.features.values.begin(), round.pool.features.values.end(), 1.0F);
        std::fill(round.pool.labelled.values.begin(), round.pool.labelled.values.end(), 1.0F);
        QVERIFY(sound(run(kName, round.input(), 20), 20, round.pool.items.size()));
        ClassTask::Round one = ClassTask(1, 300, 1.0, 1).round({1, 2, 3, 4, 5, 6, 7, 8, 9});
        QVERIFY(sound(run(kName, one.input(), 20), 20, one.pool.items.size()));
        // Pictures often have the same rarest class all; then the TrustSet is balanced over that one.
        QVERIFY(figure(run(kName, one.input(), 20), "episodes") > 0);
    }

    void severalClassesAnItem() {
        ClassTask::Round round = someRound();
        for (std::size_t i = 0; i < round.truth.size(); i += 3)
            round.truth[i].labels = i % 2 == 0 ? std::vector<int>{} : std::vector<int>{0, 4};
        SelectionInput input = round.input();
        input.multiLabel = true;
        QVERIFY(sound(run(kName, input, 20), 20, round.pool.items.size()));
        QVERIFY(std::isfinite(figure(run(kName, input, 20), "last_reward")));
    }

    void picturesWithBoxes() {
        const Pictures pictures;
        const Selection selection = run(kName, pictures.input(), 12);
        QVERIFY(sound(selection, 12, 150));
        QVERIFY(figure(selection, "episodes") >= 120);
        QVERIFY(selection.remarks.empty());
    }

    void cancellingStopsPractice() {
        const ClassTask::Round round = someRound();
        std::stop_source stop;
        int reports = 0;
        const Job job(stop.get_token(), [&](const Progress& progress) {
            if (progress.phase == "Practising" && ++reports == 5) stop.request_stop();
        });
        const auto answer = makeStrategy(kName).value()->select(round.input(), 20, 1, job);
        QCOMPARE(answer.error().code, ErrorCode::Cancelled);
        QCOMPARE(reports, 5);
    }
};

QTEST_GUILESS_MAIN(TestBralt)
#include "tst_bralt.moc"
