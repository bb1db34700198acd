// Sounds with boxes, and items of several media: in, through a model, and out again.
#include "engine/session/learning/confusion.h"
#include "engine/session/measuring.h"
#include "engine/session/pool.h"
#include "engine/session/project/item_gist.h"
#include "engine/session/project/project.h"
#include "engine/session/round.h"
#include "engine/session/strategies.h"
#include "engine/session/training.h"
#include "engine/session/transfer/transfer.h"
#include "tests/engine/session/media_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>

using namespace querent;
using namespace querent::tests;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<session::Project> created(const fs::path& file, TaskKind task, std::vector<Modality> media) {
    ProjectSettings settings;
    settings.task = task;
    settings.media = std::move(media);
    settings.holdoutShare = 0.0;
    auto project = session::project::Project::create(file, settings, {});
    return project ? std::move(project).value() : nullptr;
}

session::transfer::ImportRequest request(const char* format, const fs::path& from, const fs::path& files = {}) {
    session::transfer::ImportRequest in;
    in.format = format;
    in.from = from;
    in.files = files;
    return in;
}

/** Somebody changes the only label of an item. */
void relabel(session::Project& project, const char* name, ClassId label) {
    for (const ItemRow& row : project.rows({}, 0, 100)) {
        if (row.name != name) continue;
        const Annotation before = project.annotations(row.id).at(0);
        Annotation after = before;
        after.label = label;
        Edit edit;
        edit.item = row.id;
        edit.gesture = "Change";
        edit.author = *project.ensurePerson("Ada");
        edit.changes.push_back({before, after});
        const auto done = project.apply(edit);
        QVERIFY2(done.ok(), done ? "" : done.error().text().c_str());
    }
}

}  // namespace

class TestMedia : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;
    int m_next = 0;

    fs::path fresh(const char* name) { return m_folder / (std::string(name) + std::to_string(++m_next) + ".querent"); }

    /** Six sounds with a tone each, low or high, and the selection tables of the tones. */
    void writeSounds() {
        for (int i = 0; i < 6; ++i) {
            const std::string stem = "tone_" + std::to_string(i);
            const bool high = i % 2 == 1;
            QVERIFY(writeTone(m_folder / "sounds" / (stem + ".wav"), high ? 2600.0 : 700.0));
            std::ofstream table(m_folder / "raven" / (stem + ".Table.1.selections.txt"));
            table
                << "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tAnnotation\n"
                << "1\tSpectrogram 1\t1\t0.25\t0.5\t" << (high ? "2200\t3000\thigh\n" : "300\t1100\tlow\n");
        }
    }

 private Q_SLOTS:
    void initTestCase() {
        m_folder = m_dir.path().toStdString();
        fs::create_directories(m_folder / "raven");
        writeSounds();
    }

    void boxesOnSoundsAreFramesAndHertz() {
        const auto project = created(fresh("tones"), TaskKind::Detect, {Modality::Audio});
        QVERIFY(project != nullptr);
        const auto report =
            session::transfer::importInto(*project, request("raven", m_folder / "raven", m_folder / "sounds"), Job());
        QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->items, 6);
        QCOMPARE(report->annotations, 6);
        QCOMPARE(project->settings().mel.rate, kRate);  // the first import says at which rate sounds are heard
        const auto rows = project->rows({}, 0, 10);
        QCOMPARE(rows.size(), std::size_t{6});
        QCOMPARE(rows[1].seconds, 1.0);
        const auto answers = project->annotations(rows[1].id);
        QCOMPARE(answers.size(), std::size_t{1});
        QCOMPARE(answers[0].box->left, 2000.0);
        QCOMPARE(answers[0].box->right, 4000.0);
        QCOMPARE(answers[0].box->top, 2200.0);
        QCOMPARE(answers[0].box->bottom, 3000.0);
        const Item item = *project->item(rows[1].id);
        QCOMPARE(item.media[0].modality, Modality::Audio);
        QCOMPARE(item.media[0].sound.frames, kRate);
    }

    void soundsAreHeardAtTheirRate() {
        const auto noise = [](const fs::path& path, int rate) {
            fs::create_directories(path.parent_path());
            return media::sound::writeWav(path, std::vector<float>(static_cast<std::size_t>(rate / 10), 0.25F), rate)
                .ok();
        };
        const fs::path folder = m_folder / "bats";
        for (const char* name : {"a.wav", "b.wav"})
            QVERIFY(noise(folder / name, 192'000));
        QVERIFY(noise(folder / "c.wav", 384'000));
        const auto project = created(fresh("bats"), TaskKind::Classify, {Modality::Audio});
        const auto report = session::transfer::importInto(*project, request("folder", folder), Job());
        QVERIFY(report.ok());
        QCOMPARE(project->settings().mel.rate, 192'000);
        QCOMPARE(project->settings().mel.window, MelParameters().window / 4);
        QCOMPARE(report->complaints.size(), std::size_t{1});
        QCOMPARE(report->complaints[0].sentence,
                 std::string("1 sound goes up to higher frequencies than this project hears: it looks at sounds up to "
                             "96000 Hz."));
        // What a later import brings changes nothing of that.
        QVERIFY(noise(m_folder / "slow" / "d.wav", 16'000));
        QVERIFY(session::transfer::importInto(*project, request("folder", m_folder / "slow"), Job()).ok());
        QCOMPARE(project->settings().mel.rate, 192'000);
    }

    void badSoundsAreSaidAndTheRestGoesOn() {
        const fs::path folder = m_folder / "bad";
        QVERIFY(writeTone(folder / "good.wav", 700.0));
        QVERIFY(writeTone(folder / "short.wav", 700.0));
        fs::resize_file(folder / "short.wav", 6000);
        QVERIFY(writeTone(folder / "silent.wav", 0.0));
        std::ofstream(folder / "empty.wav").flush();
        std::ofstream(folder / "video.wav", std::ios::binary) << "RIFF\x10\x20\x30\x40"
                                                                 "AVI LIST"
                                                              << std::string(200, 'x');
        const auto project = created(fresh("bad"), TaskKind::Detect, {Modality::Audio});
        const auto report = session::transfer::importInto(*project, request("folder", folder), Job());
        QVERIFY(report.ok());
        QCOMPARE(report->newItems, 5);
        std::map<std::string, std::string> said;
        for (const session::transfer::ImportComplaint& complaint : report->complaints)
            said[complaint.where.path.filename().string()] += complaint.sentence;
        QCOMPARE(said.size(), std::size_t{3});
        QVERIFY(said["short.wav"].starts_with("The file is cut short: "));
        QCOMPARE(said["empty.wav"], std::string("The file is empty."));
        QCOMPARE(said["video.wav"], std::string("This is a video file, not a sound."));
        for (const ItemRow& row : project->rows({}, 0, 10)) {
            const Medium medium = project->item(row.id)->media.front();
            QCOMPARE(medium.problem.empty(), row.name != "empty.wav" && row.name != "video.wav");
            if (row.name == "short.wav") QCOMPARE(medium.sound.frames, (6000 - 44) / 2);
        }
    }

    void soundsComeBackFromEveryFormatThatHoldsThem_data() {
        QTest::addColumn<QString>("format");
        for (const char* format : {"raven", "audacity", "csv"})
            QTest::newRow(format) << format;
    }
    void soundsComeBackFromEveryFormatThatHoldsThem() {
        QFETCH(QString, format);
        const auto project = created(fresh("from"), TaskKind::Detect, {Modality::Audio});
        QVERIFY(
            session::transfer::importInto(*project, request("raven", m_folder / "raven", m_folder / "sounds"), Job())
                .ok());
        session::transfer::ExportRequest out;
        out.format = format.toStdString();
        out.to = m_folder / ("export-" + out.format);
        const auto exported = session::transfer::exportFrom(*project, out, Job());
        QVERIFY2(exported.ok(), exported ? "" : exported.error().text().c_str());
        QCOMPARE(exported->annotations, 6);
        const auto second = created(fresh("to"), TaskKind::Detect, {Modality::Audio});
        const auto report =
            session::transfer::importInto(*second, request(out.format.c_str(), out.to, m_folder / "sounds"), Job());
        QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
        for (const ItemRow& row : project->rows({}, 0, 10)) {
            ItemFilter filter;
            filter.text = row.name;
            const auto other = second->rows(filter, 0, 2);
            QCOMPARE(other.size(), std::size_t{1});
            const Box a = *project->annotations(row.id).at(0).box;
            const Box b = *second->annotations(other[0].id).at(0).box;
            QVERIFY(std::abs(a.left - b.left) < 0.01 && std::abs(a.right - b.right) < 0.01);
            QVERIFY(std::abs(a.top - b.top) < 1e-6 && std::abs(a.bottom - b.bottom) < 1e-6);
        }
    }

    void aDetectorLooksAtSpectrograms() {
        const auto project = created(fresh("heard"), TaskKind::Detect, {Modality::Audio});
        QVERIFY(
            session::transfer::importInto(*project, request("raven", m_folder / "raven", m_folder / "sounds"), Job())
                .ok());
        session::RoundOptions options;
        options.steps = 2;
        options.device = "cpu";
        QVERIFY(session::trainNow(*project, options, {}, Job()).ok());
        const auto seen = session::predictSplit(*project, Split::Train, "cpu", Job());
        QVERIFY2(seen.ok(), seen ? "" : seen.error().text().c_str());
        QCOMPARE(seen->predictions.size(), std::size_t{6});
        QCOMPARE(seen->truth[0].size, (Size{kRate, kRate / 2}));
        for (const ItemPrediction& prediction : seen->predictions) {
            for (const Detection& box : prediction.boxes)
                QVERIFY(box.box.right <= kRate && box.box.bottom <= kRate / 2.0);
        }
    }

    // A class from any of three media, some of them missing; one picture belongs to several items.
    void itemsOfSeveralMedia() {
        const fs::path folder = m_folder / "several";
        fs::create_directories(folder);
        QVERIFY(writeTone(folder / "tone.wav", 440.0));
        QVERIFY(writePicture(folder / "dark.png", 30) && writePicture(folder / "light.png", 220));
        std::ofstream manifest(folder / "manifest.csv");
        manifest << "id,split,class,image,audio,text\n"
                 << "a,train,dark,dark.png,tone.wav,\"a dark, quiet place\"\n"
                 << "b,train,light,light.png,,bright\n"
                 << "c,train,dark,dark.png,,gloomy\n"
                 << "d,train,light,,,nothing but words\n"
                 << "e,val,dark,dark.png,,dim 🌒\n"
                 << "f,train,,light.png,,who knows\n";
        manifest.close();
        const auto project =
            created(fresh("several"), TaskKind::Classify, {Modality::Image, Modality::Audio, Modality::Text});
        auto in = request("csv", folder / "manifest.csv");
        const auto report = session::transfer::importInto(*project, in, Job());
        QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->newItems, 6);
        QCOMPARE(report->annotations, 5);
        QCOMPARE(project->counts().inSplit(Split::Val), 1);
        QCOMPARE(project->findMissing(Job()).value(), std::int64_t{0});
        QVERIFY(project->check().empty());
        const auto again = session::transfer::importInto(*project, in, Job());
        QVERIFY(again.ok());
        QCOMPARE(again->newItems, 0);
        const std::vector<ItemId> all = project->ids({});
        const auto gists = session::project::gistsOf(*project, all);
        QCOMPARE(gists.size(), std::size_t{6});
        QCOMPARE(gists[1].text, std::string("a dark, quiet place"));
        QCOMPARE(gists[1].classes, std::vector<ClassId>{project->classes().at(0).id});
        QVERIFY(gists[5].classes.empty());
        QVERIFY(gists[1].predicted.empty());  // there is no model

        session::RoundOptions options;
        options.steps = 3;
        options.device = "cpu";
        const auto model = session::trainNow(*project, options, {}, Job());
        QVERIFY2(model.ok(), model ? "" : model.error().text().c_str());
        QCOMPARE(model->labels, 4);
        const auto ranked = session::rankPool(*project, {"margin", 5, 0, "cpu", 0}, 1, Job());
        QVERIFY2(ranked.ok(), ranked ? "" : ranked.error().text().c_str());
        QCOMPARE(ranked->size(), std::size_t{1});  // only "f" has no answer
        QVERIFY(!session::rankPool(*project, {"entropy-max", 5, 0, "cpu", 0}, 1, Job()).ok());  // for boxes only
        const auto choices = session::strategiesFor(project->settings());
        QVERIFY(std::any_of(choices.begin(), choices.end(), [](const auto& choice) { return choice.name == "bmmal"; }));
        for (const StrategyInfo& choice : choices) {
            const auto chosen = session::rankPool(*project, {choice.name, 5, 0, "cpu", 0}, 1, Job());
            QVERIFY2(chosen.ok(), chosen ? "" : chosen.error().text().c_str());
            QCOMPARE(chosen->size(), std::size_t{1});
        }
        bool top1 = false;
        for (const Metric& metric : project->metrics())
            top1 = top1 || (metric.name == "top1" && metric.split == Split::Val);
        QVERIFY(top1);
        // The one item of the holdout is counted once, however often it is measured, and under its label of today.
        const auto counted = [&](std::size_t labelled) {
            const auto found = session::learning::confusionOf(project->metrics(), project->currentModel()->id,
                                                              Split::Val, project->classes());
            return found ? found->count(labelled, 0) + found->count(labelled, 1) : -1;
        };
        QCOMPARE(counted(0), 1);
        QCOMPARE(counted(1), 0);
        relabel(*project, "dark.png#e", project->classes().at(1).id);
        QVERIFY(session::measureSplit(*project, Split::Val, "cpu", Job()).ok());
        QCOMPARE(counted(0), 0);
        QCOMPARE(counted(1), 1);
        relabel(*project, "dark.png#e", project->classes().at(0).id);

        const fs::path answers = m_folder / "classes.json";
        QVERIFY(session::transfer::writePredictions(*project, std::nullopt, answers, false, "cpu", Job()).ok());
        QVERIFY(fs::file_size(answers) > 20);
        session::transfer::ExportRequest out;
        out.format = "csv";
        out.to = m_folder / "several-export";
        const auto exported = session::transfer::exportFrom(*project, out, Job());
        QVERIFY2(exported.ok(), exported ? "" : exported.error().text().c_str());
        QCOMPARE(exported->items, 5);
        const auto second =
            created(fresh("again"), TaskKind::Classify, {Modality::Image, Modality::Audio, Modality::Text});
        const auto back = session::transfer::importInto(*second, request("csv", out.to), Job());
        QVERIFY2(back.ok(), back ? "" : back.error().text().c_str());
        QCOMPARE(back->newItems, 5);
        QCOMPARE(back->annotations, 5);
        int texts = 0;
        for (const ItemRow& row : second->rows({}, 0, 10)) {
            const Item item = *second->item(row.id);
            for (const Medium& medium : item.media)
                texts += medium.text == "a dark, quiet place" || medium.text == "dim 🌒" ? 1 : 0;
        }
        QCOMPARE(texts, 2);
    }

    void strategiesFitTheProject() {
        const auto offered = [](TaskKind task, std::vector<Modality> media, const char* name) {
            ProjectSettings settings;
            settings.task = task;
            settings.media = std::move(media);
            const auto choices = session::strategiesFor(settings);
            return std::any_of(choices.begin(), choices.end(), [&](const auto& choice) { return choice.name == name; });
        };
        for (const char* name : {"badge", "bald", "deepfool"}) {
            QVERIFY(offered(TaskKind::Classify, {Modality::Text}, name));
            QVERIFY(!offered(TaskKind::Detect, {Modality::Image}, name));
        }
        QVERIFY(offered(TaskKind::Classify, {Modality::Text, Modality::Audio}, "bmmal"));
        QVERIFY(!offered(TaskKind::Classify, {Modality::Text}, "bmmal"));
        const auto project = created(fresh("alone"), TaskKind::Classify, {Modality::Text});
        QCOMPARE(session::rankPool(*project, {"bmmal", 1, 0, "cpu", 0}, 1, Job()).error().sentence,
                 std::string("The strategy bmmal is for items with several media."));
        QCOMPARE(session::rankPool(*project, {"entropy-max", 1, 0, "cpu", 0}, 1, Job()).error().sentence,
                 std::string("The strategy entropy-max is not for projects of the task classify."));
    }

    // The tone of a second stands where it is heard: low frequencies at the bottom.
    void soundsHaveColouredThumbnails() {
        const auto project = created(fresh("drawn"), TaskKind::Detect, {Modality::Audio});
        const fs::path folder = m_folder / "drawn";
        QVERIFY(writeTone(folder / "low.wav", 500.0));
        QVERIFY(session::transfer::importInto(*project, request("folder", folder), Job()).ok());
        const Item item = *project->item(project->rows({}, 0, 1).at(0).id);
        const auto first = project->thumbnail(item);
        QVERIFY2(first.ok(), first ? "" : first.error().text().c_str());
        QCOMPARE(first->size, (Size{256, 192}));
        const auto brightness = [&](int x, int y) {
            const std::size_t at = static_cast<std::size_t>(y) * first->stride() + static_cast<std::size_t>(x) * 3;
            return int{first->rgb[at]} + first->rgb[at + 1] + first->rgb[at + 2];
        };
        const int row = 192 - 192 * 500 / 4000;
        QVERIFY(brightness(96, row) > brightness(96, 192 - row) + 100);
        QVERIFY(brightness(96, row) > brightness(200, row) + 100);
        const std::size_t quiet = 10 * first->stride() + 200 * 3;
        QVERIFY(first->rgb[quiet] != first->rgb[quiet + 1]);  // not grey
        fs::remove(folder / "low.wav");                       // the second time it comes from the cache
        QVERIFY(project->thumbnail(item).ok());
    }

    void longSoundsAreDrawnFromOneEndToTheOther() {
        const fs::path folder = m_folder / "long";
        fs::create_directories(folder);
        constexpr int kSeconds = 400;
        std::vector<float> samples(std::size_t{kSeconds} * kRate, 0.0F);
        for (std::size_t i = samples.size() / 2; i < samples.size(); ++i)
            samples[i] = static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * 1000.0 * double(i) / kRate));
        QVERIFY(media::sound::writeWav(folder / "long.wav", samples, kRate).ok());
        const auto project = created(fresh("long"), TaskKind::Classify, {Modality::Audio});
        QVERIFY(session::transfer::importInto(*project, request("folder", folder), Job()).ok());
        const auto drawn = project->thumbnail(*project->item(project->rows({}, 0, 1).at(0).id));
        QVERIFY2(drawn.ok(), drawn ? "" : drawn.error().text().c_str());
        const auto green = [&](int x) { return int{drawn->rgb[144 * drawn->stride() + std::size_t(x) * 3 + 1]}; };
        QVERIFY(green(140) > green(120) + 100);
        QVERIFY(green(254) > green(2) + 100);
    }

    void aTextHasNoThumbnail() {
        const fs::path folder = m_folder / "words";
        fs::create_directories(folder);
        std::ofstream(folder / "manifest.csv") << "id,class,text\na,good,nothing but words\n";
        const auto project = created(fresh("words"), TaskKind::Classify, {Modality::Text});
        QVERIFY(session::transfer::importInto(*project, request("csv", folder / "manifest.csv"), Job()).ok());
        const auto drawn = project->thumbnail(*project->item(project->rows({}, 0, 1).at(0).id));
        QVERIFY(!drawn.ok());
        QCOMPARE(drawn.error().code, ErrorCode::NotFound);
    }

    void aProjectOfPicturesTakesNoSounds() {
        const fs::path folder = m_folder / "mixed";
        QVERIFY(writeTone(folder / "tone.wav", 500.0) && writePicture(folder / "grey.png", 100));
        const auto project = created(fresh("pictures"), TaskKind::Detect, {Modality::Image});
        const auto report = session::transfer::importInto(*project, request("folder", folder), Job());
        QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->newItems, 1);
        QCOMPARE(report->complaints.size(), std::size_t{1});
        QCOMPARE(project->rows({}, 0, 5).at(0).name, std::string("grey.png"));
    }

    void damagedSoundsAreNamedAndLeftOut() {
        const fs::path folder = m_folder / "odd";
        fs::create_directories(folder);
        QVERIFY(writeTone(folder / "good.wav", 500.0));
        std::ofstream(folder / "empty.wav").close();
        std::ofstream(folder / "film.wav", std::ios::binary) << "RIFF\x10\x20\x30\x40"
                                                                "AVI LIST"
                                                             << std::string(200, 'x');
        const auto project = created(fresh("odd"), TaskKind::Classify, {Modality::Audio});
        const auto report = session::transfer::importInto(*project, request("folder", folder), Job());
        QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->newItems, 3);
        QCOMPARE(report->complaints.size(), std::size_t{2});
        for (const ItemRow& row : project->rows({}, 0, 5))
            QCOMPARE(project->item(row.id)->media[0].problem.empty(), row.name == "good.wav");
    }
};

QTEST_GUILESS_MAIN(TestMedia)
#include "tst_media.moc"
