// What is heard, on a device of the test's own: every frame, and where the playhead is then.

#include "app/sound/sound_player.h"
#include "engine/session/sound/sound.h"
#include "tests/app/support/fake_output.h"
#include "tests/app/support/sound_project.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace querent;
using namespace querent::app::sound;
using namespace querent::app::test;
namespace fs = std::filesystem;

class TestSoundPlayer : public QObject {
    Q_OBJECT

    static constexpr int kRate = 16000;
    static constexpr qint64 kFrames = 48'000;
    QTemporaryDir m_dir;
    fs::path m_path;
    std::vector<float> m_samples;
    std::unique_ptr<SoundPlayer> m_player;
    FakeOutput* m_output = nullptr;

    void open(SoundShape only = {}) {
        auto output = std::make_unique<FakeOutput>(only);
        m_output = output.get();
        m_player = std::make_unique<SoundPlayer>(std::move(output));
        m_player->setSound(m_path, {kRate, 2, kFrames});
    }
    /** Waits until the device pulls, and the reading thread is ahead of it. */
    void waitForStart(int starts) {
        QTRY_COMPARE(m_output->starts, starts);
        QTest::qWait(30);
    }
    bool heardIs(qint64 from, qint64 count, qint64 offset = 0) const {
        for (qint64 i = 0; i < 2 * count; ++i) {
            if (m_output->samples[static_cast<std::size_t>(2 * offset + i)] !=
                m_samples[static_cast<std::size_t>(2 * from + i)])
                return false;
        }
        return true;
    }

 private Q_SLOTS:
    void initTestCase() {
        m_path = fs::path(m_dir.path().toStdString()) / "s.wav";
        writeSweep(m_path, kRate, 2, kFrames);
        m_samples = *(*session::sound::Sound::open(m_path))->samples(0, kFrames);
    }
    void init() { open(); }

    void itPlaysFromThePlayheadToTheEnd() {
        QSignalSpy playing(m_player.get(), &SoundPlayer::playingChanged);
        m_player->seek(40'000);
        m_player->play();
        QVERIFY(m_player->isPlaying());
        waitForStart(1);
        m_output->hear(4000, 1000);
        QVERIFY(heardIs(40'000, 4000));
        QTRY_COMPARE(m_player->position(), qint64{43'000});  // what waits in the device has not been heard
        m_output->hear(4000);
        m_output->hear(500);  // behind the end is silence
        QCOMPARE(m_output->samples.back(), 0.0F);
        QVERIFY(heardIs(40'000, 8000));
        QTRY_VERIFY(!m_player->isPlaying());
        QCOMPARE(m_player->position(), kFrames);
        QVERIFY(!m_output->running());
        QCOMPARE(playing.count(), 2);
        m_player->play();  // from the beginning again
        waitForStart(2);
        m_output->hear(100);
        QVERIFY(heardIs(0, 100));
    }

    void pauseAndStop() {
        m_player->seek(10'000);
        m_player->play();
        waitForStart(1);
        m_output->hear(3000, 500);
        m_player->pause();
        QCOMPARE(m_player->position(), qint64{12'500});
        QVERIFY(!m_output->running());
        m_player->play();
        waitForStart(2);
        m_output->hear(10);
        QVERIFY(heardIs(12'500, 10));
        m_player->stop();
        QCOMPARE(m_player->position(), qint64{12'500});
        m_player->play();
        m_player->pause();  // before anything was ready
        QTest::qWait(60);
        QVERIFY(!m_output->running());
        QCOMPARE(m_output->starts, 2);
    }

    void aRangeOnceToTheSample() {
        m_player->playRange(5001, 6003);
        waitForStart(1);
        m_output->hear(1002);
        QVERIFY(heardIs(5001, 1002));
        QTRY_VERIFY(!m_player->isPlaying());
        QCOMPARE(m_player->position(), qint64{5001});
        m_output->samples.clear();
        m_player->playRange(700, 700);
        QVERIFY(!m_player->isPlaying());
    }

    void aLoopGoesRoundAndItsEndsCanBeMoved() {
        m_player->setLoop(20'000, 21'000);
        m_player->setLooping(true);
        m_player->seek(20'400);
        m_player->play();
        waitForStart(1);
        m_output->hear(2600);
        QVERIFY(heardIs(20'400, 600));
        QVERIFY(heardIs(20'000, 1000, 600));
        QVERIFY(heardIs(20'000, 1000, 1600));
        QTRY_COMPARE(m_player->position(), qint64{20'000});
        m_output->hear(300);
        m_player->setLoop(20'100, 20'500);  // while it plays: goes on from where it is
        waitForStart(2);
        m_output->hear(200);
        QVERIFY(heardIs(20'300, 200));
        m_player->setLooping(false);
        waitForStart(3);
        m_output->hear(1000);
        QVERIFY(heardIs(20'100, 1000));
    }

    void speedsMoveThePlayheadFaster() {
        m_player->setSpeed(2.0);
        m_player->play();
        waitForStart(1);
        m_output->hear(4000);
        QTRY_COMPARE(m_player->position(), qint64{8000});
        m_player->setSpeed(0.5);
        waitForStart(2);
        m_output->hear(1000);
        QTRY_COMPARE(m_player->position(), qint64{8500});
        m_player->setKeepPitch(false);
        waitForStart(3);
        m_output->hear(1000);
        QTRY_COMPARE(m_player->position(), qint64{9000});
        m_player->setSpeed(1.0);
        waitForStart(4);
        m_output->hear(500);
        QVERIFY(heardIs(9000, 500));
    }

    void aDeviceOfAnotherRate() {
        open({44'100, 1, 0});
        m_player->playRange(16'000, 32'000);
        waitForStart(1);
        QCOMPARE(m_output->format(), (SoundShape{44'100, 1, 0}));
        m_output->hear(22'050);
        QTRY_COMPARE(m_player->position(), qint64{24'000});
        QTest::qWait(50);
        m_output->hear(22'050);
        QTRY_VERIFY(!m_player->isPlaying());
    }

    void framesThatAreLateDoNotMoveThePlayhead() {
        m_player->play();
        waitForStart(1);
        m_output->hear(20'000);  // more than half a second: no thread reads so far ahead
        int silent = 0;
        while (m_output->samples[m_output->samples.size() - 1 - static_cast<std::size_t>(2 * silent)] == 0.0F &&
               m_output->samples[m_output->samples.size() - 2 - static_cast<std::size_t>(2 * silent)] == 0.0F)
            ++silent;
        QVERIFY(silent > 1000);
        QTRY_COMPARE(m_player->position(), qint64{20'000 - silent});
        QTest::qWait(30);
        m_output->hear(500);
        QVERIFY(heardIs(20'000 - silent, 500, 20'000));
        QTRY_COMPARE(m_player->position(), qint64{20'500 - silent});
    }

    void seekingWhileItPlaysGoesOnThere() {
        m_player->play();
        waitForStart(1);
        m_output->hear(100);
        m_player->seek(30'000);
        QCOMPARE(m_player->position(), qint64{30'000});
        waitForStart(2);
        m_output->hear(100);
        QVERIFY(heardIs(30'000, 100));
        m_player->seek(kFrames + 5);
        QVERIFY(!m_player->isPlaying());
        QCOMPARE(m_player->position(), kFrames);
    }

    void withoutADeviceThereIsANote() {
        QVERIFY(m_player->note().isEmpty());
        QSignalSpy note(m_player.get(), &SoundPlayer::noteChanged);
        m_player->play();
        waitForStart(1);
        m_output->setAvailable(false);
        QVERIFY(!m_player->isPlaying());
        QCOMPARE(note.count(), 1);
        QVERIFY(note[0][0].toString().startsWith("No sound device was found"));
        m_player->play();
        QVERIFY(!m_player->isPlaying());
        m_player->seek(1234);  // the playhead moves all the same
        QCOMPARE(m_player->position(), qint64{1234});
        m_output->setAvailable(true);
        QVERIFY(note[1][0].toString().isEmpty());
    }

    /** Where there is a device, it is really played on; the figures are for people. */
    void theSystemsDeviceOrNone() {
        SoundPlayer player;
        player.setSound(m_path, {kRate, 2, kFrames});
        QCOMPARE(player.canPlay(), player.note().isEmpty());
        if (!player.canPlay()) QSKIP("this machine has no sound device");
        std::vector<double> early;  // by how much the playhead is ahead of the clock, ms
        qint64 last = 0;
        bool back = false;
        QElapsedTimer clock;
        connect(&player, &SoundPlayer::positionChanged, this, [&](qint64 frame) {
            if (!clock.isValid()) clock.start();
            back = back || (frame < last && player.isPlaying());
            last = frame;
            if (player.isPlaying()) early.push_back(1000.0 * double(frame) / kRate - double(clock.elapsed()));
        });
        player.play();
        QTRY_VERIFY_WITH_TIMEOUT(!player.isPlaying(), 20'000);
        QVERIFY(!back);
        QCOMPARE(player.position(), kFrames);
        QVERIFY(early.size() > 10);
        const auto [least, most] = std::minmax_element(early.begin() + 5, early.end());
        qInfo("%zu positions, ahead of the clock by %.0f to %.0f ms; %lld ms for 3 s", early.size(), *least, *most,
              static_cast<long long>(clock.elapsed()));
    }

    void aFileThatHasGoneIsTold() {
        m_player->setSound(m_path.parent_path() / "none.wav", {kRate, 2, kFrames});
        QSignalSpy failed(m_player.get(), &SoundPlayer::failed);
        m_player->play();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(!m_player->isPlaying());
        QVERIFY(failed[0][0].toString().endsWith('.'));
    }

    void volumeIsForTheEar() {
        m_player->setVolume(1.0);
        QCOMPARE(m_output->volume, 1.0);
        m_player->setVolume(0.0);
        QCOMPARE(m_output->volume, 0.0);
        m_player->setVolume(0.5);
        QVERIFY(m_output->volume > 0.05 && m_output->volume < 0.4);
    }
};

QTEST_GUILESS_MAIN(TestSoundPlayer)
#include "tst_sound_player.moc"
