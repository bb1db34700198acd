// Sounds of a project, opened for looking: against the samples they are made of, and with files that are not right.
#include "engine/media/sound/wav_writer.h"
#include "engine/session/project/project.h"
#include "engine/session/sound/sound.h"
#include "engine/session/transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <thread>

using namespace querent;
using session::sound::Sound;
namespace fs = std::filesystem;

namespace {

constexpr int kRate = 16000;
constexpr std::int64_t kFrames = 200'000;

/** A sine at 2 kHz in the left channel, at 4 kHz and half as loud in the right one, both swelling. */
std::vector<float> stereo(std::int64_t frames = kFrames) {
    std::vector<float> samples;
    for (std::int64_t i = 0; i < frames; ++i) {
        const double t = static_cast<double>(i) / kRate;
        const double swell = 0.1 + 0.9 * t * kRate / static_cast<double>(frames);
        samples.push_back(static_cast<float>(0.8 * swell * std::sin(2.0 * std::numbers::pi * 2000.0 * t)));
        samples.push_back(static_cast<float>(0.4 * swell * std::sin(2.0 * std::numbers::pi * 4000.0 * t)));
    }
    return samples;
}

}  // namespace

class TestSound : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;
    std::unique_ptr<session::Project> m_project;

    Item itemOf(const char* name) {
        ItemFilter filter;
        filter.text = name;
        const auto rows = m_project->rows(filter, 0, 2);
        return rows.size() == 1 ? m_project->item(rows[0].id).value() : Item{};
    }
    fs::path cacheFolder() { return m_project->sidecar() / "cache" / "peaks"; }

 private Q_SLOTS:
    void initTestCase() {
        m_folder = m_dir.path().toStdString();
        const fs::path sounds = m_folder / "sounds";
        fs::create_directories(sounds);
        QVERIFY(media::sound::writeWav(sounds / "good.wav", stereo(), kRate, 2).ok());
        QVERIFY(media::sound::writeWav(sounds / "cut.wav", stereo(), kRate, 2).ok());
        QVERIFY(media::sound::writeWav(sounds / "moved.wav", stereo(1000), kRate, 2).ok());
        QVERIFY(media::sound::writeWav(sounds / "changed.wav", stereo(1000), kRate, 2).ok());
        QVERIFY(media::sound::writeWav(sounds / "long.wav", std::vector<float>(20'000'001, 0.25F), kRate).ok());
        std::ofstream(sounds / "empty.wav").close();
        ProjectSettings settings;
        settings.task = TaskKind::Classify;
        settings.media = {Modality::Audio};
        auto project = session::project::Project::create(m_folder / "sounds.querent", settings, {});
        QVERIFY(project.ok());
        m_project = *std::move(project);
        session::transfer::ImportRequest request;
        request.format = "folder";
        request.from = sounds;
        QVERIFY(session::transfer::importInto(*m_project, request, Job()).ok());
    }

    void peaksAndSamplesAreThoseOfTheFile() {
        const auto sound = session::sound::openSound(*m_project, itemOf("good"));
        QVERIFY2(sound.ok(), sound ? "" : sound.error().text().c_str());
        QCOMPARE((*sound)->shape(), (SoundShape{kRate, 2, kFrames}));
        QVERIFY((*sound)->problem().empty());
        for (const Peak& peak : (*sound)->peaks(0, 0, 1000.0, 200))
            QVERIFY(std::isnan(peak.low));  // nothing is known yet, and nothing is guessed
        std::int64_t told = 0;
        QVERIFY((*sound)->build(Job(), [&](std::int64_t first, std::int64_t end) { told += end - first; }).ok());
        QCOMPARE(told, kFrames);
        QVERIFY((*sound)->complete());
        const auto samples = (*sound)->samples(0, kFrames);
        QVERIFY(samples.ok());
        const auto found = (*sound)->peaks(1, 0, 1024.0, 100);
        for (std::size_t c = 0; c < found.size(); ++c) {
            Peak slow{2.0F, -2.0F};
            for (std::size_t i = c * 1024; i < (c + 1) * 1024; ++i) {
                slow.low = std::min(slow.low, (*samples)[2 * i + 1]);
                slow.high = std::max(slow.high, (*samples)[2 * i + 1]);
            }
            QVERIFY(found[c] == slow);
        }
        for (const Peak& peak : (*sound)->peaks(1, 0, 10.0, 10))
            QVERIFY(std::isnan(peak.low));  // finer than the peaks: samples() tell
        QCOMPARE((*sound)->samples(kFrames - 3, 10)->size(), std::size_t{6});
    }

    void spectraAreColumnsOfBins() {
        const auto sound = *session::sound::openSound(*m_project, itemOf("good"));
        const auto left = sound->spectrum({512, 256, 0, 2});
        QVERIFY(left.ok());
        QCOMPARE(left->bins, 257);
        QCOMPARE(left->levels.size(), std::size_t{257 * Sound::kSpectrumColumns});
        const auto levelAt = [](const session::sound::SpectrumLevels& of, int column, int bin) {
            return of.levels[static_cast<std::size_t>(column * of.bins + bin)];
        };
        const auto right = *sound->spectrum({512, 256, 1, 2});
        for (const int column : {0, 100, 255}) {  // 2 kHz is bin 64, 4 kHz bin 128
            QVERIFY(levelAt(*left, column, 64) > levelAt(*left, column, 128) + 50);
            QVERIFY(levelAt(right, column, 128) > levelAt(right, column, 64) + 50);
        }
        QCOMPARE(sound->spectrum({512, 100, 0, 0}).error().code, ErrorCode::InvalidArgument);
    }

    void manyThreadsMayAsk() {
        const auto sound = *session::sound::openSound(*m_project, itemOf("good"));
        const auto alone = *session::sound::openSound(*m_project, itemOf("good"));
        const auto tile = *alone->spectrum({256, 128, -1, 1});
        const auto part = *alone->samples(5000, 3000);
        QVERIFY(alone->build(Job()).ok());
        const auto whole = alone->peaks(Sound::kMixed, 0, 500.0, 400);
        std::atomic<int> wrong = 0;
        {
            std::vector<std::jthread> threads;
            threads.emplace_back([&] { wrong += sound->build(Job()).ok() ? 0 : 1; });
            for (int t = 0; t < 3; ++t) {
                threads.emplace_back([&] {
                    for (int i = 0; i < 30; ++i) {
                        sound->wantFirst(i * 6000);
                        wrong += sound->spectrum({256, 128, -1, 1})->levels == tile.levels ? 0 : 1;
                        wrong += *sound->samples(5000, 3000) == part ? 0 : 1;
                        const auto now = sound->peaks(Sound::kMixed, 0, 500.0, 400);
                        for (std::size_t c = 0; c < now.size(); ++c)
                            wrong += std::isnan(now[c].low) || now[c] == whole[c] ? 0 : 1;
                    }
                });
            }
        }
        QCOMPARE(wrong.load(), 0);
        QVERIFY(sound->complete());
    }

    void longSoundsAreReadOnce() {
        const auto first = *session::sound::openSound(*m_project, itemOf("long"));
        QVERIFY(!first->loadPeaks());
        std::stop_source stop;
        const auto half = first->build(Job(stop.get_token()), [&](std::int64_t, std::int64_t end) {
            if (end > 10'000'000) stop.request_stop();
        });
        QCOMPARE(half.error().code, ErrorCode::Cancelled);
        QVERIFY(!fs::exists(cacheFolder()));
        QVERIFY(first->build(Job()).ok());
        QCOMPARE(std::distance(fs::directory_iterator(cacheFolder()), {}), std::ptrdiff_t{1});
        const auto second = *session::sound::openSound(*m_project, itemOf("long"));
        QVERIFY(second->loadPeaks());
        QVERIFY(second->complete());
        QCOMPARE(second->peaks(0, 1'000'000, 5000.0, 3)[1].high, 0.25F);
        // Short ones leave no file.
        QVERIFY((*session::sound::openSound(*m_project, itemOf("good")))->build(Job()).ok());
        QCOMPARE(std::distance(fs::directory_iterator(cacheFolder()), {}), std::ptrdiff_t{1});
    }

    void whatIsWrongIsSaidInASentence() {
        const fs::path sounds = m_folder / "sounds";
        QCOMPARE(session::sound::openSound(*m_project, Item{}).error().code, ErrorCode::NotFound);
        fs::rename(sounds / "moved.wav", sounds / "elsewhere.bin");
        const auto moved = session::sound::openSound(*m_project, itemOf("moved"));
        QCOMPARE(moved.error().code, ErrorCode::NotFound);
        QVERIFY(moved.error().sentence.find("moved, renamed or deleted") != std::string::npos);
        const auto empty = session::sound::openSound(*m_project, itemOf("empty"));
        QVERIFY(!empty.ok() && empty.error().sentence.ends_with('.'));

        fs::resize_file(sounds / "cut.wav", 44 + kFrames);
        const auto cut = session::sound::openSound(*m_project, itemOf("cut"));
        QVERIFY(cut.ok());
        QCOMPARE((*cut)->shape().frames, kFrames / 4);
        QVERIFY((*cut)->problem().find("cut short") != std::string::npos);

        QVERIFY(media::sound::writeWav(sounds / "changed.wav", stereo(1500), kRate, 2).ok());
        const auto changed = session::sound::openSound(*m_project, itemOf("changed"));
        QVERIFY(changed.ok());
        QVERIFY((*changed)->problem().find("not the one that was imported") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestSound)
#include "tst_sound.moc"
