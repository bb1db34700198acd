// Which sounds are opened when, and what is ready then.

#include "app/sound/file_sound_provider.h"
#include "app/sound/sound_loader.h"
#include "engine/session/sound/sound.h"
#include "tests/app/support/sound_project.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace querent;
using namespace querent::app::sound;
using namespace querent::app::test;
namespace fs = std::filesystem;

class TestSoundLoader : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;
    std::unique_ptr<session::Project> m_project;

 private Q_SLOTS:
    void initTestCase() {
        m_folder = m_dir.path().toStdString();
        for (const char* name : {"a.wav", "b.wav", "c.wav", "lost.wav"})
            writeSweep(m_folder / "sounds" / name, 16000, 1, 48'000);
        writeSweep(m_folder / "sounds" / "long.wav", 16000, 1, 4'000'000);
        m_project = soundProject(m_folder);
    }

    void neighboursAreReadyWhenTheirTurnComes() {
        SoundLoader loader(*m_project);
        loader.setSight({800.0, 1.0, 512, widgets::audio::kMixedChannel});
        QSignalSpy loaded(&loader, &SoundLoader::loaded);
        const ItemId a = itemOf(*m_project, "a.wav").id, b = itemOf(*m_project, "b.wav").id;
        loader.want(a, {b, itemOf(*m_project, "long").id});
        QCOMPARE(loaded.count(), 0);
        QTRY_COMPARE(loaded.count(), 1);
        QTRY_VERIFY(loader.cached(b) && loader.cached(itemOf(*m_project, "long").id));
        QCOMPARE(loaded.count(), 1);  // of a: nobody waits for the others
        loader.want(b, {});
        QCOMPARE(loaded.count(), 2);  // at once
        FileSoundProvider& provider = *loader.cached(b)->provider;
        QVERIFY(provider.sound()->complete());
        QVERIFY(provider.tile({widgets::audio::kMixedChannel, 512, 32, 0}));  // 60 frames a pixel
        QVERIFY(!provider.samples(0, 0, 10).empty());
        QCOMPARE(provider.wishes(), qsizetype{0});
    }

    void aLongSoundIsReadToItsEndWhileItIsShown() {
        SoundLoader loader(*m_project);
        const ItemId id = itemOf(*m_project, "long").id;
        loader.want(id, {});
        QTRY_VERIFY(loader.cached(id));
        const auto provider = loader.cached(id)->provider;
        QTRY_VERIFY(provider->sound()->complete());
        QVERIFY(loader.cached(id)->problem.isEmpty() && loader.cached(id)->note.isEmpty());
    }

    void aProblemIsLookedAtAgain() {
        const fs::path there = m_folder / "sounds" / "lost.wav", away = m_folder / "lost.wav";
        fs::rename(there, away);
        SoundLoader loader(*m_project);
        QSignalSpy loaded(&loader, &SoundLoader::loaded);
        const ItemId id = itemOf(*m_project, "lost").id;
        loader.want(id, {});
        QTRY_COMPARE(loaded.count(), 1);
        QVERIFY(!loader.cached(id)->provider);
        QVERIFY(loader.cached(id)->problem.contains("moved, renamed or deleted"));
        fs::rename(away, there);
        loader.want(id, {});
        QTRY_COMPARE(loaded.count(), 2);
        QVERIFY(loader.cached(id)->provider);
    }

    void itDiesWhileItWorks() {
        for (int i = 0; i < 5; ++i) {
            SoundLoader loader(*m_project);
            loader.want(itemOf(*m_project, "long").id, {itemOf(*m_project, "a.wav").id});
            QTest::qWait(i * 4);
        }
    }
};

QTEST_GUILESS_MAIN(TestSoundLoader)
#include "tst_sound_loader.moc"
