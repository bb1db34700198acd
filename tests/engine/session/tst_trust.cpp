// A project that comes from a stranger: whatever its files and settings name, no program of theirs runs.

#include "engine/core/files.h"
#include "engine/session/machine.h"
#include "engine/session/measuring.h"
#include "engine/session/models.h"
#include "engine/session/pool.h"
#include "engine/session/programs.h"
#include "engine/session/training.h"
#include "tests/engine/learn/hostile_program.h"
#include "tests/engine/session/pictures.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>

using namespace querent;
namespace fs = std::filesystem;

class TestTrust : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path path(const std::string& name) const { return fs::path(m_dir->path().toStdString()) / name; }

    static session::TrainOptions quick() {
        session::TrainOptions options;
        options.steps = 2;
        options.device = "cpu";
        return options;
    }

    fs::path written(const std::string& name, const std::string& bytes) const {
        if (!replaceWhole(path(name), bytes)) qFatal("cannot write");
        return path(name);
    }

 private Q_SLOTS:
    void initTestCase() { session::setComputeThreads(1); }
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        qputenv("XDG_CONFIG_HOME", m_dir->filePath("config").toUtf8());
    }

    void aProgramInPlaceOfAModelDoesNotRun() {
        const auto project = tests::squaresProject(path(""), 20, false);
        QVERIFY(project != nullptr);
        const auto model = session::trainNow(*project, quick(), 3, Job());
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        const fs::path file = session::modelPath(*project, *model);
        QCOMPARE(file.extension().string(), std::string(".safetensors"));
        QVERIFY(readWhole(file)->find("data.pkl") == std::string::npos);

        const std::string program = tests::hostileProgram(path("victim"));
        QVERIFY(replaceWhole(file, program));
        const auto measured = session::measureSplit(*project, Split::Val, "cpu", Job());
        QVERIFY(!measured);
        QVERIFY2(measured.error().sentence.find("not a model of Querent") != std::string::npos,
                 measured.error().sentence.c_str());
        QVERIFY(!session::predictSplit(*project, Split::Val, "cpu", Job()));
        QVERIFY(!session::rankPool(*project, {"entropy", 3, 0, "cpu", 0}, 1, Job()));
        QVERIFY(!session::trainNow(*project, quick(), 4, Job()));  // it would start from it
        QCOMPARE(*readWhole(file), program);
        QVERIFY(!fs::exists(path("victim")));
    }

    void aProgramInPlaceOfACheckpointDoesNotRun() {
        const auto project = tests::squaresProject(path(""), 20, false);
        QVERIFY(project != nullptr);
        const auto model = session::trainNow(*project, quick(), 3, Job());
        QVERIFY(model);
        const fs::path file = session::modelPath(*project, *model);
        const std::string bytes = *readWhole(file);
        fs::path checkpoint = file;
        QVERIFY(replaceWhole(checkpoint.replace_extension(".checkpoint"), tests::hostileProgram(path("victim"))));
        // The same training again: what is no checkpoint is passed over.
        const auto again = session::trainNow(*project, quick(), 3, Job());
        QVERIFY2(again, again ? "" : again.error().text().c_str());
        QCOMPARE(session::modelPath(*project, *again), file);
        QCOMPARE(*readWhole(file), bytes);
        QVERIFY(!fs::exists(path("victim")));
    }

    void aProgramThatTheSettingsNameDoesNotRun() {
        const auto project = tests::squaresProject(path(""), 20, false);
        QVERIFY(project != nullptr);
        const fs::path program = written("hostile.pt", tests::hostileProgram(path("victim")));
        QVERIFY(project->changeSettings([&](ProjectSettings& s) { s.backboneWeights = program.string(); }));
        const auto model = session::trainNow(*project, quick(), 3, Job());
        QVERIFY(!model);
        QVERIFY2(model.error().sentence.find("TorchScript") != std::string::npos, model.error().sentence.c_str());
        QVERIFY(!fs::exists(path("victim")));
        QVERIFY(*session::isUntrustedProgram(program));
        QVERIFY(!session::trustProgram(written("numbers.pt", "PK and so on")));
        QVERIFY(!session::isUntrustedProgram(path("none.pt")));
    }

    // Chosen by this person it runs, also within the models trained with it; for anybody else it does not.
    void aProgramThatThisPersonChoseRuns() {
        const auto project = tests::squaresProject(path(""), 20, false);
        QVERIFY(project != nullptr);
        const fs::path program = written("backbone.pt", tests::harmlessProgram());
        QVERIFY(project->changeSettings([&](ProjectSettings& s) { s.backboneWeights = program.string(); }));
        QVERIFY(session::trustProgram(program));
        QVERIFY(!*session::isUntrustedProgram(program));
        const auto model = session::trainNow(*project, quick(), 3, Job());
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QVERIFY(session::predictSplit(*project, Split::Val, "cpu", Job()));
        QVERIFY(fs::remove(program));
        QVERIFY(session::predictSplit(*project, Split::Val, "cpu", Job()));

        qputenv("XDG_CONFIG_HOME", m_dir->filePath("another").toUtf8());
        const auto seen = session::predictSplit(*project, Split::Val, "cpu", Job());
        QVERIFY(!seen);
        QVERIFY2(seen.error().sentence.find("TorchScript") != std::string::npos, seen.error().sentence.c_str());
    }

    // A record that names a file elsewhere neither reads nor rewrites it.
    void modelsLieWithinTheProject() {
        const auto project = tests::squaresProject(path(""), 20, false);
        QVERIFY(project != nullptr);
        const auto trained = session::trainNow(*project, quick(), 3, Job());
        QVERIFY(trained);
        const fs::path elsewhere = written("elsewhere.pt", tests::harmlessProgram());
        for (const std::string& place : {elsewhere.string(), std::string("../elsewhere.pt"),
                                         std::string("models/../../elsewhere.pt"), std::string()}) {
            ModelRecord model = *trained;
            model.checkpoint = place;
            QVERIFY(session::modelPath(*project, model).empty());
            const auto use = session::useOf(*project, model, project->classes());
            QVERIFY(!use);
            QCOMPARE(use.error().code, ErrorCode::NotFound);
        }
        QCOMPARE(*readWhole(elsewhere), tests::harmlessProgram());
    }
};

QTEST_GUILESS_MAIN(TestTrust)
#include "tst_trust.moc"
