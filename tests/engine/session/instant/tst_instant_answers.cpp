// What answers say about other items at once: features from a cache that goes on where it was, and a head that is up to
// date with the last answer.

#include "engine/core/files.h"
#include "engine/session/machine.h"
#include "engine/session/measuring.h"
#include "engine/session/pool.h"
#include "engine/session/project/known_answers.h"
#include "engine/session/round.h"
#include "engine/session/transfer/transfer.h"
#include "tests/engine/session/media_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <set>

using namespace querent;
using session::Project;
using session::SeenBy;
namespace fs = std::filesystem;

namespace {

constexpr int kSounds = 36;

/** Tones of three heights, a class each, those of a class a little apart; every fourth is for validation. */
std::unique_ptr<Project> tones(const fs::path& folder) {
    fs::create_directories(folder);
    std::ofstream manifest(folder / "manifest.csv");
    manifest << "id,split,class,image,audio,text\n";
    for (int i = 0; i < kSounds; ++i) {
        const std::string name = "tone" + std::to_string(100 + i) + ".wav";
        if (!tests::writeTone(folder / name, 400.0 + 900.0 * (i % 3) + 7.0 * (i / 3))) return nullptr;
        manifest << "t" << i << ',' << (i % 4 == 3 ? "val" : "train") << ',' << "abc"[i % 3] << ",," << name << ",\n";
    }
    manifest.close();
    ProjectSettings settings;
    settings.name = "Tones";
    settings.task = TaskKind::Classify;
    settings.media = {Modality::Audio};
    settings.batchSize = 6;
    settings.controlShare = 0.0;
    settings.trainingSteps = 3;
    auto project = Project::create(folder / "tones.querent", settings, {"a", "b", "c"});
    if (!project) return nullptr;
    session::transfer::ImportRequest request;
    request.format = "csv";
    request.from = folder / "manifest.csv";
    request.as = session::transfer::ImportAs::Truth;
    return session::transfer::importInto(**project, request, Job()) ? std::move(*project) : nullptr;
}

std::vector<ItemId> itemsIn(const Project& project, Split split) {
    ItemFilter filter;
    filter.split = split;
    return project.ids(filter);
}

/** The known answer. */
ClassId classOf(Project& project, ItemId item) {
    const auto edit = session::project::truthAsEdit(project, item, *project.ensurePerson("truth"), 0);
    return edit->changes.front().after->label;
}

void answer(Project& project, ItemId item) {
    const auto edit = session::project::truthAsEdit(project, item, *project.ensurePerson("truth"), 0);
    if (!edit || !project.apply(*edit)) qFatal("The item could not be answered.");
}

std::shared_ptr<session::instant::InstantAnswers> take(const Project& project, SeenBy by = SeenBy::Nothing) {
    const auto taken = session::takeInstantAnswers(project, by, "cpu", Job());
    if (!taken) qFatal("%s", taken.error().text().c_str());
    return *taken;
}

std::set<fs::path> filesIn(const fs::path& folder) {
    std::set<fs::path> files;
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(folder, none)) {
        if (entry.is_regular_file()) files.insert(entry.path());
    }
    return files;
}

}  // namespace

class TestInstantAnswers : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;
    std::unique_ptr<Project> m_project;

    fs::path cache() const { return session::instant::featureCache(*m_project); }

 private Q_SLOTS:
    void initTestCase() { session::setComputeThreads(1); }

    void init() {
        m_folder = fs::path(m_dir.path().toStdString()) / QTest::currentTestFunction();
        m_project = tones(m_folder);
        QVERIFY(m_project != nullptr);
    }
    void cleanup() { m_project.reset(); }

    void anAnswerCountsAtOnce() {
        const auto pool = itemsIn(*m_project, Split::Train);
        const auto known = take(*m_project);
        QCOMPARE(known->answers(), std::size_t{0});
        QVERIFY(known->predictions(pool.back()).empty());
        for (std::size_t i = 0; i < 10; ++i) {
            QVERIFY(known->predictions(pool.back()).empty());
            const ClassId label = classOf(*m_project, pool[i]);
            known->answer(pool[i], std::span(&label, 1));
        }
        QCOMPARE(known->answers(), std::size_t{10});
        for (std::size_t i = 10; i < pool.size(); ++i) {
            const auto said = known->predictions(pool[i]);
            QVERIFY(!said.empty() && !said.front().box);
            QCOMPARE(said.front().label, classOf(*m_project, pool[i]));
            double sum = 0.0;
            for (const Prediction& prediction : said)
                sum += prediction.score;
            QVERIFY(sum > 0.9 && sum < 1.0 + 1e-5);
        }
        // The holdout is spoken of, and never learnt from.
        const ItemId held = itemsIn(*m_project, Split::Val).front();
        const ClassId wrong = classOf(*m_project, itemsIn(*m_project, Split::Val)[1]);
        known->answer(held, std::span(&wrong, 1));
        QCOMPARE(known->answers(), std::size_t{10});
        QCOMPARE(known->predictions(held).front().label, classOf(*m_project, held));
    }

    // Another answer replaces the first, none takes it back: as if it had been so from the start.
    void answersChange() {
        const auto pool = itemsIn(*m_project, Split::Train);
        const auto classes = m_project->classes();
        const auto changed = take(*m_project);
        const auto straight = take(*m_project);
        for (std::size_t i = 0; i < 15; ++i) {
            const ClassId wrong = classes[i % 2].id;
            const ClassId right = classOf(*m_project, pool[i]);
            changed->answer(pool[i], std::span(&wrong, 1));
            changed->answer(pool[i], std::span(&right, 1));
            if (i >= 12) {
                changed->takeBack(pool[i]);
            } else {
                straight->answer(pool[i], std::span(&right, 1));
            }
        }
        changed->answer(ItemId(98765), std::span(&classes[0].id, 1));
        QCOMPARE(changed->answers(), straight->answers());
        for (const ItemId item : pool) {
            const auto a = changed->predictions(item);
            const auto b = straight->predictions(item);
            QCOMPARE(a.size(), b.size());
            for (const Prediction& one : a) {
                const auto same =
                    std::find_if(b.begin(), b.end(), [&](const Prediction& p) { return p.label == one.label; });
                QVERIFY(same != b.end() && std::abs(same->score - one.score) < 1e-4);
            }
        }
    }

    void theMostDoubtfulComeFirst() {
        const auto pool = itemsIn(*m_project, Split::Train);
        const auto known = take(*m_project);
        QCOMPARE(known->byDoubt(pool), pool);
        for (std::size_t i = 0; i < 11; ++i) {
            const ClassId label = classOf(*m_project, pool[i]);
            known->answer(pool[i], std::span(&label, 1));
        }
        std::vector<ItemId> asked(pool.begin() + 11, pool.end());
        asked.push_back(ItemId(98765));
        const auto sorted = known->byDoubt(asked);
        QCOMPARE(sorted.size(), asked.size() - 1);
        double before = -1.0;
        for (const ItemId item : sorted) {
            const auto said = known->predictions(item);
            const double margin = said[0].score - (said.size() > 1 ? said[1].score : 0.0);
            QVERIFY(margin > before - 0.011);  // what is below 0.01 is not said
            before = margin;
        }
    }

    // What the project knows already is learnt when it is opened.
    void answersOfThePoolAreRead() {
        const auto pool = itemsIn(*m_project, Split::Train);
        for (std::size_t i = 0; i < 6; ++i)
            answer(*m_project, pool[i]);
        answer(*m_project, itemsIn(*m_project, Split::Val).front());
        QCOMPARE(take(*m_project)->answers(), std::size_t{6});
    }

    void whatWasSeenIsKept() {
        QVERIFY(filesIn(cache()).empty());
        take(*m_project);
        const auto kept = filesIn(cache());
        QVERIFY(!kept.empty());
        // Files of other names are the same items; what is there is not looked at again, not even where the sounds are
        // gone.
        for (const auto& entry : fs::directory_iterator(m_folder)) {
            if (entry.path().extension() == ".wav") fs::rename(entry.path(), entry.path().string() + ".gone");
        }
        const auto known = take(*m_project);
        const auto pool = itemsIn(*m_project, Split::Train);
        for (std::size_t i = 0; i < 12; ++i) {
            const ClassId label = classOf(*m_project, pool[i]);
            known->answer(pool[i], std::span(&label, 1));
        }
        QCOMPARE(known->predictions(pool.back()).front().label, classOf(*m_project, pool.back()));
        QCOMPARE(filesIn(cache()), kept);
    }

    void aDamagedCacheIsMadeAgain() {
        take(*m_project);
        for (const fs::path& file : filesIn(cache()))
            QVERIFY(replaceWhole(file, std::string_view("not features")).ok());
        const auto known = take(*m_project);
        const auto pool = itemsIn(*m_project, Split::Train);
        for (std::size_t i = 0; i < 12; ++i) {
            const ClassId label = classOf(*m_project, pool[i]);
            known->answer(pool[i], std::span(&label, 1));
        }
        QVERIFY(!known->predictions(pool.back()).empty());
    }

    void aStopKeepsNothingHalf() {
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = session::takeInstantAnswers(*m_project, SeenBy::Nothing, "cpu", Job(stop.get_token()));
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        take(*m_project);
    }

    void aProjectForReadingIsNotWritten() {
        m_project.reset();
        auto project = Project::open(m_folder / "tones.querent", session::project::OpenMode::ReadOnly);
        QVERIFY(project.ok());
        QVERIFY(session::takeInstantAnswers(**project, SeenBy::Nothing, "cpu", Job()).ok());
        QVERIFY(filesIn(session::instant::featureCache(**project)).empty());
    }

    void aModelsLastLayerIsSeenByToo() {
        const auto none = session::takeInstantAnswers(*m_project, SeenBy::Model, "cpu", Job());
        QVERIFY(!none.ok());
        QCOMPARE(none.error().code, ErrorCode::NotFound);
        for (const Split split : {Split::Train, Split::Val}) {
            const auto items = itemsIn(*m_project, split);
            for (std::size_t i = 0; i < (split == Split::Train ? 12 : 6); ++i)
                answer(*m_project, items[i]);
        }
        std::set<fs::path> first;
        for (int model = 0; model < 2; ++model) {
            session::TrainOptions options;
            QVERIFY(session::trainNow(*m_project, options, std::nullopt, Job()).ok());
            const auto known = take(*m_project, SeenBy::Model);
            QCOMPARE(known->answers(), std::size_t{12});
            QVERIFY(!known->predictions(itemsIn(*m_project, Split::Train).back()).empty());
            const auto kept = filesIn(cache());
            QCOMPARE(kept.size(), std::size_t{1});  // of this model alone
            QVERIFY(kept != first);
            first = kept;
        }
    }

    // Before the first training a batch is one item of each kind, and says why.
    void theFirstBatchMeetsEveryKind() {
        session::RankWish wish;
        wish.strategy = "entropy";
        wish.count = 3;
        const auto batch = session::rankPool(*m_project, wish, 4, Job());
        QVERIFY2(batch.ok(), batch ? "" : batch.error().text().c_str());
        std::set<ClassId> met;
        for (const QueryEntry& entry : *batch) {
            met.insert(classOf(*m_project, entry.item));
            QCOMPARE(entry.reasons.front().name, std::string("typicality"));
        }
        QCOMPARE(met.size(), std::size_t{3});
        session::RoundOptions options;
        options.strategy = "coreset";  // needs no more than features: itself
        session::Round round(*m_project, options);
        const auto suggested = round.suggest(Job());
        QVERIFY(suggested.ok());
        QCOMPARE(suggested->strategy, std::string("coreset"));
        QVERIFY(!suggested->suggestedBy.valid());
        QCOMPARE(m_project->batch(suggested->id).front().reasons.front().name, std::string("novelty"));
    }

    void itIsMeasuredWithoutAModel() {
        const auto nothing = session::measureInstantly(*m_project, Split::Val, Job());
        QVERIFY(!nothing.ok());
        for (const Split split : {Split::Train, Split::Val}) {
            for (const ItemId item : itemsIn(*m_project, split))
                answer(*m_project, item);
        }
        const auto measured = session::measureInstantly(*m_project, Split::Val, Job());
        QVERIFY2(measured.ok(), measured ? "" : measured.error().text().c_str());
        QCOMPARE(measured->metrics.front().name, std::string("top1"));
        QCOMPARE(measured->metrics.front().value, 1.0);
        QVERIFY(m_project->metrics().empty());
    }
};

QTEST_GUILESS_MAIN(TestInstantAnswers)
#include "tst_instant_answers.moc"
