// The pane of a sound: items come and go, files are not right, settings stay. Pictures of it for people to look at.

#include "app/panes/sound_pane.h"
#include "tests/app/support/fake_output.h"
#include "tests/app/support/sound_project.h"
#include "widgets/audio/sound_view.h"
#include "widgets/audio/transport_bar.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <fstream>

using namespace querent;
using namespace querent::app::panes;
using namespace querent::app::sound;
using namespace querent::app::test;
using namespace querent::widgets::canvas;
using widgets::canvas::CanvasBox;
namespace fs = std::filesystem;

namespace {

constexpr int kRate = 32000;

CanvasBox regionOf(qint64 id, Box box, int colour, const QString& name) {
    CanvasBox region;
    region.id = id;
    region.box = box;
    region.label = ClassId(colour + 1);
    region.colour = widgets::common::classColour(colour);
    region.name = name;
    return region;
}

}  // namespace

class TestSoundPane : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_sounds;
    std::unique_ptr<session::Project> m_project;
    std::unique_ptr<SoundPane> m_pane;
    FakeOutput* m_output = nullptr;

    Item item(const char* name) const { return itemOf(*m_project, name); }
    widgets::audio::SoundView& view() const { return m_pane->view(); }
    template <typename Part>
    Part& part(const char* name) const {
        Part* found = m_pane->findChild<Part*>(QLatin1String(name));
        if (!found) qFatal("no part %s", name);
        return *found;
    }
    /** Shows the item and waits until it is there. */
    void show(const char* name, std::vector<ItemId> neighbours = {}) {
        QSignalSpy shown(m_pane.get(), &MediumPane::itemShown);
        m_pane->showItem(item(name), neighbours);
        QTRY_COMPARE(shown.count(), 1);
        QCOMPARE(shown[0][0].value<ItemId>(), item(name).id);
    }

 private Q_SLOTS:
    void initTestCase() {
        widgets::common::initResources();
        widgets::common::setTheme(*qApp, widgets::common::Theme::Light);
        m_sounds = fs::path(m_dir.path().toStdString()) / "sounds";
        writeSweep(m_sounds / "first.wav", kRate, 2, 6 * kRate);
        writeSweep(m_sounds / "second.wav", kRate, 2, 6 * kRate);
        writeSweep(m_sounds / "mono.wav", kRate, 1, 3 * kRate);
        writeSweep(m_sounds / "moved.wav", kRate, 1, 1000);
        writeSweep(m_sounds / "cut.wav", kRate, 1, 3 * kRate);
        std::ofstream(m_sounds / "empty.wav").close();
        std::ofstream(m_sounds / "letter.wav")
            << "Dear Sir or Madam, this is no sound at all. " << std::string(300, 'x');
        QImage picture(20, 20, QImage::Format_RGB32);
        picture.fill(Qt::gray);
        QVERIFY(picture.save(QString::fromStdString((m_sounds / "picture.png").string())));
        m_project = soundProject(m_dir.path().toStdString(), TaskKind::Classify, {Modality::Image, Modality::Audio});
        fs::rename(m_sounds / "moved.wav", m_sounds / "away.bin");
        fs::resize_file(m_sounds / "cut.wav", 44 + 2 * kRate);
    }
    void init() {
        auto output = std::make_unique<FakeOutput>();
        m_output = output.get();
        m_pane = std::make_unique<SoundPane>(*m_project, nullptr, std::move(output));
        m_pane->resize(900, 500);
        m_pane->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
    }
    void cleanup() { m_pane.reset(); }

    void itemsComeAndGo() {
        show("first", {item("second").id});
        QCOMPARE(m_pane->shown(), item("first").id);
        QCOMPARE(view().shape(), (SoundShape{kRate, 2, 6 * kRate}));
        m_pane->surface()->setBoxes({regionOf(1, {1000, 0, 9000, 16000}, 0, "Wren")});
        QCOMPARE(view().boxes().size(), std::size_t{1});
        QTRY_VERIFY(m_pane->sounds().cached(item("second").id));
        // What was looked forward to is there before the call returns.
        QSignalSpy shown(m_pane.get(), &MediumPane::itemShown);
        m_pane->showItem(item("second"), {});
        QCOMPARE(shown.count(), 1);
        QCOMPARE(m_pane->shown(), item("second").id);
        QVERIFY(view().boxes().empty());
        // One that takes a moment: nothing of the last one can be touched.
        m_pane->showItem(item("mono"), {});
        QVERIFY(!m_pane->shown().valid());
        QVERIFY(!view().hasSound());
        QTRY_COMPARE(shown.count(), 2);
        QVERIFY(view().hasSound());
        m_pane->clear("Nothing is to be done.");
        QVERIFY(!view().hasSound() && !m_pane->shown().valid());
    }

    void onlyTheLastOneIsShown() {
        QSignalSpy shown(m_pane.get(), &MediumPane::itemShown);
        for (const char* name : {"first", "second", "mono", "first", "mono"})
            m_pane->showItem(item(name), {});
        QTRY_VERIFY(m_pane->shown() == item("mono").id);
        QTest::qWait(100);
        QCOMPARE(m_pane->shown(), item("mono").id);
        QCOMPARE(view().shape().channels, 1);
        for (const auto& call : shown)
            QCOMPARE(call[0].value<ItemId>(), item("mono").id);
    }

    void whatCannotBeShownSaysWhy_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("words");
        QTest::newRow("missing") << "moved"
                                 << "moved, renamed or deleted";
        QTest::newRow("empty") << "empty"
                               << "empty";
        QTest::newRow("no sound") << "letter"
                                  << "sound";
    }
    void whatCannotBeShownSaysWhy() {
        QFETCH(QString, name);
        QFETCH(QString, words);
        QSignalSpy problem(m_pane.get(), &MediumPane::problem);
        show(qPrintable(name));
        QCOMPARE(problem.count(), 1);
        const QString sentence = problem[0][1].toString();
        QVERIFY2(sentence.contains(words) && sentence.endsWith('.'), qPrintable(sentence));
        QVERIFY(!view().hasSound() && !m_pane->shown().valid());
        QCOMPARE(view().accessibleDescription(), sentence);
        QVERIFY(!part<QToolButton>("play").isEnabled());
    }

    void whatIsCutShortIsShownWithANote() {
        QSignalSpy problem(m_pane.get(), &MediumPane::problem);
        show("cut");
        QCOMPARE(problem.count(), 0);
        QCOMPARE(view().shape().frames, qint64{kRate});
        QVERIFY(part<QWidget>("soundNoteRow").isVisible());
        QVERIFY(part<QLabel>("soundNote").text().contains("cut short"));
        show("mono");
        QVERIFY(!part<QWidget>("soundNoteRow").isVisible());
    }

    void anItemWithoutASoundIsShownAsThat() {
        QSignalSpy problem(m_pane.get(), &MediumPane::problem);
        show("picture");
        QCOMPARE(problem.count(), 0);
        QVERIFY(!m_pane->shown().valid());
        QVERIFY(view().accessibleDescription().contains("no sound"));
    }

    void gesturesAreReported() {
        show("mono");
        QSignalSpy drawn(m_pane->surface(), &widgets::canvas::BoxSurface::boxDrawn);
        const auto drag = [&] {
            const QPoint from = view().toViewport({20000, 4000}).toPoint();
            const QPoint to = view().toViewport({60000, 9000}).toPoint();
            QTest::mousePress(view().viewport(), Qt::LeftButton, {}, from);
            for (const QPoint at : {(from + to) / 2, to}) {
                QMouseEvent move(QEvent::MouseMove, at, view().viewport()->mapToGlobal(at), Qt::NoButton,
                                 Qt::LeftButton, {});
                QCoreApplication::sendEvent(view().viewport(), &move);
            }
            QTest::mouseRelease(view().viewport(), Qt::LeftButton, {}, to);
        };
        m_pane->surface()->setDrawable(false);
        drag();
        QCOMPARE(drawn.count(), 0);
        m_pane->surface()->setDrawable(true);
        drag();
        QCOMPARE(drawn.count(), 1);
        const Box box = drawn[0][0].value<Box>();
        QVERIFY(std::abs(box.left - 20000) < 200 && std::abs(box.bottom - 9000) < 100);
    }

    void theStatusLineIsTold() {
        QSignalSpy zoom(m_pane.get(), &MediumPane::zoomTold);
        show("mono");
        const double perSecond = view().zoom();
        QCOMPARE(zoom.last()[0].toString(), QStringLiteral("%1 px/s").arg(perSecond, 0, 'f', 0));
        QSignalSpy cursor(m_pane.get(), &MediumPane::cursorTold);
        const QPoint at = view().toViewport({48000, 8000}).toPoint();
        QMouseEvent move(QEvent::MouseMove, at, view().viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
        QCoreApplication::sendEvent(view().viewport(), &move);
        const QString text = cursor.last()[0].toString();
        QVERIFY2(text.startsWith("1.5") && text.contains("  ·  ") && text.endsWith("kHz"), qPrintable(text));
    }

    void theViewIsKeptWhereItFits() {
        show("first");
        view().setRange({false, 20000, 40000, true, 0, 0});
        show("second");
        QVERIFY(view().range().fit);
        view().setRange({false, 20000, 40000, true, 0, 0});
        m_pane->setKeepView(true);
        show("first");  // from the cache
        QCOMPARE(std::round(view().range().firstFrame), 20000.0);
        show("mono");  // of another length
        QVERIFY(view().range().fit);
    }

    void theLookStays() {
        show("first");
        QSignalSpy changed(m_pane.get(), &SoundPane::lookChanged);
        QCOMPARE(view().fftSize(), spectrumWindow(0, view().shape().rate));  // by the rate at first
        part<QComboBox>("fftSize").setCurrentIndex(4);
        QCOMPARE(view().fftSize(), 2048);
        part<QSlider>("gain").setValue(12);
        QCOMPARE(view().levels().gainDb, 12.0);
        part<QSlider>("lowDb").setValue(-20);  // pushes the other
        QCOMPARE(view().levels().highDb, -10.0);
        part<QSlider>("highDb").setValue(-60);
        QCOMPARE(view().levels().lowDb, -70.0);
        part<QComboBox>("frequencyScale").setCurrentIndex(1);
        QCOMPARE(view().frequencyAxis().scale(), widgets::audio::FrequencyScale::Mel);
        part<QToolButton>("showWaveform").click();
        QVERIFY(!view().isWaveformVisible() && view().isSpectrogramVisible());
        part<QToolButton>("showSpectrogram").click();  // one of the two stays
        QVERIFY(view().isWaveformVisible() && !view().isSpectrogramVisible());
        QVERIFY(changed.count() >= 6);
        view().setSplit(0.6);
        part<QSlider>("volume").setValue(35);
        part<QToolButton>("keepPitch").click();

        const QVariantMap kept = m_pane->saveLook();
        init();
        m_pane->restoreLook(kept);
        QCOMPARE(m_pane->saveLook(), kept);
        QCOMPARE(view().split(), 0.6);
        QCOMPARE(m_pane->transport().volume(), 0.35);
        QVERIFY(!part<QToolButton>("keepPitch").isChecked());
        QCOMPARE(view().fftSize(), 2048);
        QVERIFY(!view().isSpectrogramVisible());
        show("mono");
        QCOMPARE(m_pane->saveLook(), kept);
        // What somebody has spoilt by hand is as it is at first.
        m_pane->restoreLook({{"fftSize", 99999}, {"lowDb", "loud"}, {"colourMap", 17}, {"split", -3}});
        QCOMPARE(soundLookFrom(m_pane->saveLook()), SoundLook());
    }

    void keysPlayIt() {
        show("mono");
        view().setFocus();
        SoundPlayer& player = m_pane->player();
        QTest::keyClick(&view(), Qt::Key_Right);
        QCOMPARE(view().playhead(), qint64{kRate});
        QCOMPARE(player.position(), qint64{kRate});
        QTest::keyClick(&view(), Qt::Key_Space);
        QVERIFY(player.isPlaying() && m_pane->transport().isPlaying());
        QTRY_COMPARE(m_output->starts, 1);
        m_output->hear(3200);
        QTRY_COMPARE(view().playhead(), qint64{kRate + 3200});
        QVERIFY2(m_pane->transport().positionText().startsWith("1.100"),
                 qPrintable(m_pane->transport().positionText()));
        QTest::keyClick(&view(), Qt::Key_Space);
        QVERIFY(!player.isPlaying());
        QTest::keyClick(&view(), Qt::Key_PageUp, Qt::ControlModifier);
        QCOMPARE(m_pane->transport().speed(), 1.25);
        // Tab goes to a region and plays it; Shift+Space plays it again; L goes round in it.
        m_pane->surface()->setBoxes({regionOf(7, {4000, 0, 8000, 16000}, 0, "Wren")});
        QTest::keyClick(&view(), Qt::Key_Tab);
        QVERIFY(player.isPlaying());
        QCOMPARE(player.position(), qint64{4000});
        QTest::keyClick(&view(), Qt::Key_Space);
        QTest::keyClick(&view(), Qt::Key_Space, Qt::ShiftModifier);
        QVERIFY(player.isPlaying());
        player.pause();
        QTest::keyClick(&view(), Qt::Key_L);
        QVERIFY(player.isLooping() && view().hasLoop());
        QVERIFY(part<QToolButton>("loop").isChecked());
        Q_EMIT view().loopDrawn(100, 100);
        QVERIFY(!player.isLooping() && !view().hasLoop());
    }

    void clipsBeginByThemselvesWhereThatIsWanted() {
        show("mono");
        QVERIFY(!m_pane->player().isPlaying());
        m_pane->setAutoplay(true);
        show("first");
        QVERIFY(m_pane->player().isPlaying());
        QTRY_COMPARE(m_output->starts, 1);
        m_output->hear(1000);
        QTRY_COMPARE(view().playhead(), qint64{1000});
        m_pane->showItem(item("moved"), {});
        QVERIFY(!m_pane->player().isPlaying() && !m_output->running());
    }

    void withoutADeviceItIsLookedAtOnly() {
        m_output->setAvailable(false);
        show("mono");
        QVERIFY(part<QLabel>("note").text().startsWith("No sound device was found"));
        QVERIFY(!part<QToolButton>("play").isEnabled());
        QTest::keyClick(&view(), Qt::Key_Space);
        QVERIFY(!m_pane->player().isPlaying());
        m_output->setAvailable(true);
        QVERIFY(part<QToolButton>("play").isEnabled());
    }

    void screens_data() {
        QTest::addColumn<int>("mode");
        QTest::addColumn<double>("ratio");
        QTest::addColumn<int>("width");
        QTest::newRow("light") << int(widgets::common::Theme::Light) << 1.0 << 900;
        QTest::newRow("dark") << int(widgets::common::Theme::Dark) << 1.0 << 900;
        QTest::newRow("dark-2x") << int(widgets::common::Theme::Dark) << 2.0 << 900;
        QTest::newRow("light-narrow") << int(widgets::common::Theme::Light) << 1.0 << 480;
    }
    void screens() {
        QFETCH(int, mode);
        QFETCH(double, ratio);
        QFETCH(int, width);
        widgets::common::setTheme(*qApp, static_cast<widgets::common::Theme::Mode>(mode));
        m_pane->resize(width, 520);
        show("first");
        m_pane->surface()->setBoxes(
            {regionOf(1, {20000, 1500, 60000, 7000}, 0, "Wren"),
             regionOf(2, {90000, 500, 150000, 9000}, 1, "A bird with a name that is far too long to fit")});
        m_pane->surface()->setSelection({1});
        save(*m_pane, "pane", ratio);
        show("cut");
        save(*m_pane, "note", ratio);
        show("moved");
        save(*m_pane, "problem", ratio);
        show("first");
        part<QToolButton>("soundSettings").click();
        auto& panel = part<SoundLookPanel>("soundLookPanel");
        QVERIFY(panel.isVisible());
        QVERIFY(panel.screen()->availableGeometry().contains(panel.geometry()));
        save(panel, "settings", ratio);
        panel.hide();
        widgets::common::setTheme(*qApp, widgets::common::Theme::Light);
    }

 private:
    void save(QWidget& widget, const char* name, double ratio) {
        QImage image(widget.size() * ratio, QImage::Format_RGB32);
        image.setDevicePixelRatio(ratio);
        for (int i = 0; i < 12; ++i) {  // until what was wished for is there
            widget.render(&image);
            QTest::qWait(15);
        }
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); y += 7) {
            for (int x = 0; x < image.width(); x += 7)
                colours.insert(image.pixel(x, y));
        }
        QVERIFY2(colours.size() > 3, name);
        const QString folder = qEnvironmentVariable("QUERENT_SCREENSHOTS");
        if (folder.isEmpty()) return;
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(image.save(QStringLiteral("%1/sound-%2-%3.png").arg(folder, name, QTest::currentDataTag())));
    }
};

QTEST_MAIN(TestSoundPane)
#include "tst_sound_pane.moc"
