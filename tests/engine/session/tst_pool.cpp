// What would be asked next: a look at the pool names the batch that the round then asks about.

#include "engine/session/machine.h"
#include "engine/session/pool.h"
#include "engine/session/project/known_answers.h"
#include "engine/session/round.h"
#include "engine/session/strategies.h"
#include "engine/session/transfer/transfer.h"
#include "tests/engine/session/pictures.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace querent;
namespace fs = std::filesystem;

namespace {

void answer(session::Project& project, Split split) {
    const auto person = project.ensurePerson("known answers");
    ItemFilter filter;
    filter.split = split;
    for (const ItemId item : project.ids(filter)) {
        const auto edit = session::project::truthAsEdit(project, item, *person, 0);
        QVERIFY(edit.has_value());
        QVERIFY(project.apply(*edit).ok());
    }
}

/** Squares as items of a picture and a text, one class each: "even" or "odd" by their number. */
std::unique_ptr<session::Project> classesProject(const fs::path& folder) {
    tests::drawSquares(folder, 40);
    std::ofstream manifest(folder / "manifest.csv");
    manifest << "id,split,class,image,audio,text\n";
    int number = 0;
    std::vector<fs::path> pictures;
    for (const auto& entry : fs::directory_iterator(folder / "pictures"))
        pictures.push_back(entry.path().filename());
    std::sort(pictures.begin(), pictures.end());
    for (const fs::path& picture : pictures) {
        const char* split = number % 4 == 0 ? "val" : "train";
        const char* name = number % 3 == 0 ? "odd" : "even";
        manifest << "i" << number << ',' << split << ',' << name << ",pictures/" << picture.string() << ",,"
                 << (number % 2 ? "a bright" : "one dark") << " square\n";
        ++number;
    }
    manifest.close();
    ProjectSettings settings;
    settings.name = "Classes";
    settings.task = TaskKind::Classify;
    settings.media = {Modality::Image, Modality::Text};
    settings.batchSize = 4;
    settings.trainingSteps = 4;
    auto project = session::Project::create(folder / "squares.querent", settings, {"even", "odd"});
    if (!project) return nullptr;
    session::transfer::ImportRequest request;
    request.format = "csv";
    request.from = folder / "manifest.csv";
    request.as = session::transfer::ImportAs::Truth;
    const auto report = session::transfer::importInto(**project, request, Job());
    return report ? std::move(*project) : nullptr;
}

}  // namespace

class TestPool : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    fs::path folder(TaskKind task) const {
        return m_dir.filePath(task == TaskKind::Detect ? "boxes" : "classes").toStdString();
    }

    /** One round old, so that there is a model; the project of each test is a copy. */
    void build(TaskKind task) {
        fs::create_directories(folder(task));
        const auto project =
            task == TaskKind::Detect ? tests::squaresProject(folder(task), 40, true) : classesProject(folder(task));
        QVERIFY(project != nullptr);
        answer(*project, Split::Val);
        play(*project, "random");
    }

    static void play(session::Project& project, const std::string& strategy) {
        session::RoundOptions options;
        options.strategy = strategy;
        session::Round round(project, options);
        const auto suggested = round.suggest(Job());
        QVERIFY2(suggested.ok(), suggested ? "" : suggested.error().text().c_str());
        QVERIFY(round.answerFromTruth(Job()).ok());
        const auto done = round.advance(Job());
        QVERIFY2(done.ok(), done ? "" : done.error().text().c_str());
    }

 private Q_SLOTS:
    void initTestCase() {
        session::setComputeThreads(1);
        build(TaskKind::Detect);
        build(TaskKind::Classify);
    }

    void aLookNamesTheRoundsBatch_data() {
        QTest::addColumn<int>("task");
        QTest::addColumn<QString>("strategy");
        for (const TaskKind task : {TaskKind::Detect, TaskKind::Classify}) {
            for (const StrategyInfo& info : session::allStrategies()) {
                if (std::find(info.tasks.begin(), info.tasks.end(), task) == info.tasks.end()) continue;
                if (task == TaskKind::Detect && info.needsSeveralMedia) continue;
                QTest::addRow("%s %s", toText(task), info.name.c_str())
                    << static_cast<int>(task) << QString::fromStdString(info.name);
            }
        }
    }

    // In the second round of a strategy: what it remembers of the first one counts, too.
    void aLookNamesTheRoundsBatch() {
        QFETCH(int, task);
        QFETCH(QString, strategy);
        const fs::path from = folder(static_cast<TaskKind>(task));
        const std::string name = strategy.toStdString();
        fs::copy(from / "squares.querent", from / (name + ".querent"));
        fs::copy(from / "squares.querent.d", from / (name + ".querent.d"), fs::copy_options::recursive);
        auto opened = session::Project::open(from / (name + ".querent"), session::project::OpenMode::ReadWrite);
        QVERIFY2(opened.ok(), opened ? "" : opened.error().text().c_str());
        session::Project& project = **opened;
        play(project, name);

        const auto looked = session::rankPool(project, {name, 0, 0, "auto", 0}, {}, Job());
        QVERIFY2(looked.ok(), looked ? "" : looked.error().text().c_str());
        session::RoundOptions options;
        options.strategy = name;
        session::Round round(project, options);
        const auto suggested = round.suggest(Job());
        QVERIFY2(suggested.ok(), suggested ? "" : suggested.error().text().c_str());
        const auto batch = project.batch(suggested->id);
        QCOMPARE(looked->size(), batch.size());
        QVERIFY(!batch.empty());
        for (std::size_t i = 0; i < batch.size(); ++i) {
            QCOMPARE((*looked)[i].item, batch[i].item);
            QCOMPARE((*looked)[i].control, batch[i].control);
        }
    }

    void aSeedIsTheRounds() {
        auto opened =
            session::Project::open(folder(TaskKind::Detect) / "squares.querent", session::project::OpenMode::ReadWrite);
        QVERIFY(opened.ok());
        const auto own = session::rankPool(**opened, {"random", 8, 0, "cpu", 0}, {}, Job());
        const auto other = session::rankPool(**opened, {"random", 8, 0, "cpu", 0}, 77, Job());
        const auto again = session::rankPool(**opened, {"random", 8, 0, "cpu", 0}, 77, Job());
        QVERIFY(own.ok() && other.ok() && again.ok());
        QVERIFY((*own)[0].item != (*other)[0].item || (*own)[1].item != (*other)[1].item);
        for (std::size_t i = 0; i < other->size(); ++i)
            QCOMPARE((*other)[i].item, (*again)[i].item);
    }
};

QTEST_GUILESS_MAIN(TestPool)
#include "tst_pool.moc"
