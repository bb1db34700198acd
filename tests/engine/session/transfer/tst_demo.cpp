// The demo projects: what is known, what is hidden, and that a model learns from them.
#include "engine/session/measuring.h"
#include "engine/session/project/project.h"
#include "engine/session/round.h"
#include "engine/session/transfer/demo.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace querent;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<session::Project> made(const fs::path& folder, session::transfer::DemoKind kind, int items) {
    const auto file = session::transfer::createDemo(folder, items, 1, Job(), kind);
    if (!file) return nullptr;
    auto project = session::project::Project::open(*file, session::project::OpenMode::ReadWrite);
    return project ? std::move(project).value() : nullptr;
}

}  // namespace

class TestDemo : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path folder(const char* name) { return fs::path(m_dir.path().toStdString()) / name; }

 private Q_SLOTS:
    void picturesHaveBoxes();
    void soundPicturesHaveClasses();
    void soundPicturesTeachAModel();
    void anExistingDemoIsOpenedAsItIs();
};

void TestDemo::picturesHaveBoxes() {
    const auto project = made(folder("pictures"), session::transfer::DemoKind::Pictures, 30);
    QVERIFY(project != nullptr);
    QCOMPARE(project->settings().task, TaskKind::Detect);
    QCOMPARE(project->counts().total(), 30);
    QCOMPARE(project->counts().trainable(Split::Val), 6);
    QCOMPARE(project->counts().trainable(Split::Train), 0);
    QVERIFY(project->throughput().empty());  // the holdout's answers are nobody's work
}

void TestDemo::soundPicturesHaveClasses() {
    const auto project = made(folder("pairs"), session::transfer::DemoKind::SoundPictures, 60);
    QVERIFY(project != nullptr);
    const ProjectSettings settings = project->settings();
    QCOMPARE(settings.task, TaskKind::Classify);
    QVERIFY((settings.media == std::vector<Modality>{Modality::Image, Modality::Audio}));
    QCOMPARE(settings.mel.rate, 16'000);
    QVERIFY(!settings.multiLabel);
    QCOMPARE(project->classes().size(), std::size_t{10});
    const PoolCounts counts = project->counts();
    QCOMPARE(counts.total(), 60);
    QCOMPARE(counts.missing, 0);
    QCOMPARE(counts.trainable(Split::Val), 10);
    QCOMPARE(counts.trainable(Split::Test), 10);
    QCOMPARE(counts.inState(Split::Train, ItemState::Unlabelled), 40);
    for (const ItemRow& row : project->rows({}, 0, 60)) {
        const Item item = *project->item(row.id);
        QCOMPARE(item.media.size(), std::size_t{2});
        for (const Medium& medium : item.media)
            QVERIFY2(medium.problem.empty() && !medium.missing, medium.path.c_str());
    }
    // The answers of the pool are known to the project: a round needs nobody.
    session::RoundOptions options;
    options.count = 40;
    session::Round round(*project, options);
    QVERIFY(round.suggest(Job()).ok());
    QCOMPARE(round.answerFromTruth(Job()).value(), 40);
    QCOMPARE(project->counts().annotations.at(Split::Train), 40);
    QVERIFY(project->check().empty());
}

void TestDemo::soundPicturesTeachAModel() {
    const auto project = made(folder("learn"), session::transfer::DemoKind::SoundPictures, 120);
    QVERIFY(project != nullptr);
    session::RoundOptions options;
    options.count = 80;
    options.steps = 90;
    options.device = "cpu";
    session::Round round(*project, options);
    QVERIFY(round.suggest(Job()).ok());
    QVERIFY(round.answerFromTruth(Job()).ok());
    const auto done = round.advance(Job());
    QVERIFY2(done.ok(), done ? "" : done.error().text().c_str());
    const auto seen = session::predictSplit(*project, Split::Test, "cpu", Job());
    QVERIFY2(seen.ok(), seen ? "" : seen.error().text().c_str());
    int right = 0;
    for (std::size_t i = 0; i < seen->truth.size(); ++i) {
        const std::vector<float>& p = seen->predictions[i].probabilities;
        const auto best = std::max_element(p.begin(), p.end()) - p.begin();
        right += best == seen->truth[i].labels.at(0) ? 1 : 0;
    }
    qInfo("%d of %zu", right, seen->truth.size());
    QCOMPARE(seen->truth.size(), std::size_t{30});
    QVERIFY(right >= 9);  // chance is 3; 9 or more by chance: one time in 500
}

void TestDemo::anExistingDemoIsOpenedAsItIs() {
    const fs::path where = folder("twice");
    const auto first = session::transfer::createDemo(where, 20, 1, Job(), session::transfer::DemoKind::Pictures);
    QVERIFY(first.ok());
    const auto before = fs::last_write_time(*first);
    const auto again = session::transfer::createDemo(where, 60, 2, Job(), session::transfer::DemoKind::SoundPictures);
    QVERIFY(again.ok());
    QCOMPARE(*again, *first);
    QVERIFY(fs::last_write_time(*first) == before);
    QVERIFY(!fs::exists(where / "pairs"));
    QCOMPARE(session::transfer::createDemo(folder("few"), 10, 1, Job(), session::transfer::DemoKind::SoundPictures)
                 .error()
                 .code,
             ErrorCode::InvalidArgument);
    QVERIFY(!fs::exists(folder("few") / "demo.querent"));
}

QTEST_GUILESS_MAIN(TestDemo)
#include "tst_demo.moc"
