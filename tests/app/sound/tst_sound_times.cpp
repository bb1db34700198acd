// How long sounds take to be seen, and what they take of the memory. Reports; judges only that it all arrives.

#include "app/panes/sound_pane.h"
#include "app/sound/file_sound_provider.h"
#include "engine/session/sound/sound.h"
#include "tests/app/support/sound_project.h"
#include "widgets/audio/sound_view.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace querent;
using namespace querent::app::panes;
using namespace querent::app::test;
using namespace querent::widgets::canvas;
namespace fs = std::filesystem;

namespace {

double megabytesInUse() {
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly)) return 0.0;
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (line.startsWith("VmRSS:")) return line.mid(6).replace("kB", "").trimmed().toDouble() / 1024.0;
    }
    return 0.0;
}

double milliseconds(const QElapsedTimer& timer) {
    return 1e-6 * static_cast<double>(timer.nsecsElapsed());
}

void report(const char* what, std::vector<double> times) {
    QVERIFY(!times.empty());
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) { return times[static_cast<std::size_t>(share * double(times.size() - 1))]; };
    qInfo("%s: %zu times, p50 %.1f ms, p99 %.1f ms, worst %.1f ms", what, times.size(), at(0.5), at(0.99), at(1.0));
}

}  // namespace

class TestSoundTimes : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<session::Project> m_project;
    std::unique_ptr<SoundPane> m_pane;

    void open(const fs::path& folder) {
        m_pane.reset();
        m_project = soundProject(folder);
        m_pane = std::make_unique<SoundPane>(*m_project);
        m_pane->resize(1600, 800);
        m_pane->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
        QTest::qWait(50);
    }
    /** Columns of the waveform that something is drawn on. */
    int inkedColumns() {
        const QImage image = m_pane->view().grab().toImage();
        const QRect wave = m_pane->view().waveformRect().toRect();
        const QColor ink = widgets::common::Theme::colours(&m_pane->view()).accentText;
        int columns = 0;
        for (int x = wave.left(); x < wave.right(); ++x) {
            bool inked = false;
            for (int y = wave.top(); y < wave.bottom() && !inked; ++y)
                inked = image.pixelColor(x, y) == ink;
            columns += inked ? 1 : 0;
        }
        return columns;
    }
    /** Zooms and scrolls for so long as `goesOn`, and times each picture. */
    std::vector<double> fly(const std::function<bool()>& goesOn, int most) {
        std::vector<double> times;
        widgets::audio::SoundView& view = m_pane->view();
        const auto frames = static_cast<double>(view.shape().frames);
        for (int i = 0; i < most && goesOn(); ++i) {
            const double span = frames * std::pow(10.0, -2.5 - 2.5 * std::sin(0.07 * i));
            const double first = (frames - span) * (0.5 + 0.5 * std::sin(0.013 * i));
            QElapsedTimer timer;
            timer.start();
            view.setRange({false, first, first + span, true, 0, 0});
            view.viewport()->repaint();
            times.push_back(milliseconds(timer));
            QTest::qWait(8);
        }
        return times;
    }
    void longSound(const char* what, const fs::path& folder) {
        open(folder);
        const double idle = megabytesInUse();
        const Item item = itemOf(*m_project, "long");
        QElapsedTimer timer;
        timer.start();
        m_pane->showItem(item, {});
        QTRY_VERIFY_WITH_TIMEOUT(m_pane->shown().valid(), 10000);
        const double opened = milliseconds(timer);
        // A column is a minute of sound or more: its first one needs that much to be read.
        while (inkedColumns() < 3 && timer.elapsed() < 20000)
            QTest::qWait(2);
        qInfo("%s: opened after %.0f ms, first waveform after %.0f ms", what, opened, milliseconds(timer));
        const auto provider = m_pane->sounds().cached(item.id)->provider;
        const auto flown = fly([&] { return !provider->sound()->complete(); }, 100'000);
        const double most = megabytesInUse();
        if (!flown.empty()) report("zooming and scrolling while it is read", flown);
        QTRY_VERIFY_WITH_TIMEOUT(provider->sound()->complete(), 300'000);
        qInfo("%s: complete after %.1f s", what, milliseconds(timer) / 1000.0);
        report("zooming and scrolling afterwards", fly([] { return true; }, 300));
        qInfo("%s: %.0f MB above idle while it was read, %.0f MB afterwards", what, most - idle,
              megabytesInUse() - idle);
        m_pane->zoomToFit();
        QTRY_VERIFY_WITH_TIMEOUT(inkedColumns() > 100, 10000);
    }

 private Q_SLOTS:
    void initTestCase() { widgets::common::setTheme(*qApp, widgets::common::Theme::Dark); }

    /** From showItem() to what is painted, for clips that were looked forward to. */
    void theNextClip() {
        const fs::path folder = fs::path(m_dir.path().toStdString()) / "clips";
        constexpr int kClips = 12;
        for (int i = 0; i < kClips; ++i)
            writeSweep(folder / "sounds" / ("clip" + std::to_string(i + 10) + ".wav"), 48000, 2, 6 * 48000);
        open(folder);
        const auto ids = m_project->ids({});
        std::vector<double> times, whole;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            QElapsedTimer timer;
            const std::vector<ItemId> next(ids.begin() + static_cast<std::ptrdiff_t>(std::min(i + 1, ids.size())),
                                           ids.begin() + static_cast<std::ptrdiff_t>(std::min(i + 3, ids.size())));
            timer.start();
            m_pane->showItem(*m_project->item(ids[i]), next);
            const bool warm = m_pane->shown().valid();
            m_pane->view().viewport()->repaint();
            if (warm) times.push_back(milliseconds(timer));
            // The frames that follow where one was not enough.
            for (int frame = 0; frame < 5; ++frame) {
                QCoreApplication::processEvents();
                m_pane->view().viewport()->repaint();
            }
            if (warm) whole.push_back(milliseconds(timer));
            QTRY_VERIFY(m_pane->shown() == ids[i]);
            QTRY_VERIFY(std::all_of(next.begin(), next.end(), [&](ItemId id) { return m_pane->sounds().cached(id); }));
        }
        QCOMPARE(times.size(), ids.size() - 1);
        report("the next clip, first picture", times);
        report("the next clip, with five pictures more", whole);
        QVERIFY(inkedColumns() > 1000);
    }

    /** Ten minutes for every build; QUERENT_SOUND_TIMES=1: an hour at 48 kHz in stereo, and ten hours. */
    void aLongSound() {
        const bool full = qEnvironmentVariableIsSet("QUERENT_SOUND_TIMES");
        const fs::path folder = fs::path(m_dir.path().toStdString()) / "long";
        const auto noise = [](std::int64_t second, std::vector<std::int16_t>& samples) {
            std::uint32_t state = static_cast<std::uint32_t>(second) * 2654435761U + 1;
            const int loud = 500 + static_cast<int>(second % 60) * 400;
            for (std::int16_t& sample : samples) {
                state = state * 1664525U + 1013904223U;
                sample = static_cast<std::int16_t>(static_cast<int>(state >> 16) * loud / 65536 - loud / 2);
            }
            return true;
        };
        writeLong(folder / "sounds" / "long.wav", full ? 48000 : 8000, full ? 2 : 1, full ? 3600 : 600, noise);
        longSound(full ? "an hour" : "ten minutes", folder);
        if (!full) return;
        const fs::path ten = fs::path(m_dir.path().toStdString()) / "ten";
        writeLong(ten / "sounds" / "long.wav", 48000, 2, 36000,
                  [&](std::int64_t second, auto& samples) { return second % 60 < 5 && noise(second, samples); });
        longSound("ten hours", ten);
    }

    void cleanupTestCase() { m_pane.reset(); }
};

QTEST_MAIN(TestSoundTimes)
#include "tst_sound_times.moc"
