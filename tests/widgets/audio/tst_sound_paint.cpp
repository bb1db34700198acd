// What is painted of a sound, and how often the provider is asked for it.

#include "tests/widgets/audio/sound_fixture.h"
#include "widgets/audio/sound_layers.h"

#include <QImage>

using namespace querent;
using namespace querent::widgets::audio;
using namespace querent::widgets::common;
using namespace querent::widgets::test;

namespace {

/** The row of the brightest pixel in a column of a rectangle. */
double brightestRow(const QImage& image, const QRectF& area, double x) {
    const double ratio = image.devicePixelRatio();
    int best = -1;
    double row = 0;
    for (int y = qRound(area.top() * ratio); y < qRound(area.bottom() * ratio); ++y) {
        const int grey = qGray(image.pixel(qRound(x * ratio), y));
        if (grey > best) {
            best = grey;
            row = y / ratio;
        }
    }
    return row;
}

}  // namespace

class TestSoundPaint : public QObject, private SoundDesk {
    Q_OBJECT

    QImage picture(double ratio) {
        QImage image(view->size() * ratio, QImage::Format_RGB32);
        image.setDevicePixelRatio(ratio);
        // On screen more frames follow, where one has not time enough; a picture for elsewhere is whole at once.
        const int frames = ratio == view->devicePixelRatioF() ? 15 : 1;
        for (int i = 0; i < frames; ++i) {
            view->render(&image);
            QTest::qWait(2);
        }
        return image;
    }

 private Q_SLOTS:
    void initTestCase() { setTheme(*qApp, Theme::Dark); }
    void init() { openView(); }

    void theSweepIsWhereItSounds_data() {
        QTest::addColumn<double>("ratio");
        QTest::addColumn<double>("span");  // frames on screen
        QTest::addColumn<int>("scale");
        for (const double ratio : {1.0, 2.0}) {
            for (const double span : {80000.0, 9000.0, 1200.0}) {
                for (const auto scale : {FrequencyScale::Linear, FrequencyScale::Mel})
                    QTest::addRow("%gx %g %d", ratio, span, int(scale)) << ratio << span << int(scale);
            }
        }
    }
    void theSweepIsWhereItSounds() {
        QFETCH(double, ratio);
        QFETCH(double, span);
        QFETCH(int, scale);
        view->setFrequencyScale(static_cast<FrequencyScale>(scale));
        view->setColourMap(ColourMap::Grey);
        view->setCrosshair(false);
        view->setRange({span >= 80000, 18000, 18000 + span, true, 0, 0});
        const QImage image = picture(ratio);
        const QRectF area = view->spectrogramRect();
        int compared = 0;
        for (double part = 0.08; part < 0.95; part += 0.09) {
            const double x = std::round(area.left() + part * area.width());
            const double seconds = view->toSound({x + 0.5, 0}).x() / 8000;
            const double hz = sound->frequencyAt(seconds);
            if (std::fmod(seconds, 2.0) < 0.2 || std::fmod(seconds, 2.0) > 1.8) continue;  // where it starts again
            const double row = view->toViewport({0, hz}).y();
            const double slope = 1760.0 / 2.0 * view->timeAxis().framesPerPixel() / 8000 * area.height() / 4000;
            QVERIFY2(std::abs(brightestRow(image, area, x) - row) < 6 + 2 * slope, qPrintable(QString::number(part)));
            ++compared;
        }
        QVERIFY(compared >= 4);
    }

    void whatIsNotKnownYetComesLater() {
        sound->setSlow(true);
        view->setRange({false, 20000, 60000, true, 0, 0});
        view->setFftSize(256);
        QImage before = picture(1.0);
        QVERIFY(sound->wishes() > 0);
        const int calls = sound->tileCalls;
        view->viewport()->repaint();
        view->viewport()->repaint();
        QCOMPARE(sound->tileCalls, calls);  // nobody is asked again before something has changed
        sound->deliver();
        const QImage after = picture(1.0);
        QVERIFY(before != after);
        QVERIFY(sound->tileCalls > calls);
    }

    // A provider that knows a stretch in the middle shows that stretch, and nothing of the sound before it.
    void knownColumnsAreDrawnAmongUnknownOnes() {
        const auto inked = [&](const QImage& image, double share) {
            const QRectF wave = view->waveformRect();
            const int x = qRound(wave.left() + share * wave.width());
            int count = 0;
            for (int y = qRound(wave.top()); y < qRound(wave.bottom()); ++y)
                count += image.pixelColor(x, y) == Theme::colours(view.get()).accentText ? 1 : 0;
            return count;
        };
        const QImage before = picture(1.0);
        QVERIFY(inked(before, 0.25) > 3 && inked(before, 0.5) > 3 && inked(before, 0.8) > 3);
        SweepProvider other({8000, 1, 80000});
        other.setKnown(30000, 50000);
        view->setProvider(&other);
        const QImage partly = picture(1.0);
        QCOMPARE(inked(partly, 0.25), 0);
        QVERIFY(inked(partly, 0.5) > 3);
        QCOMPARE(inked(partly, 0.8), 0);
        other.setKnown(0, 80000);
        Q_EMIT other.changed(0, 30000);
        const QImage more = picture(1.0);
        QVERIFY(inked(more, 0.25) > 3 && inked(more, 0.5) > 3);
        QCOMPARE(inked(more, 0.8), 0);  // nobody has said that it is known
        view->setProvider(sound.get());
    }

    void scrollingAsksForTheNewColumnsOnly() {
        view->setRange({false, 20000, 30000, true, 0, 0});
        picture(1.0);
        sound->peakColumns = 0;
        wheel({500, 300}, {0, -60}, Qt::ShiftModifier);  // 30 pixels
        QImage image = picture(1.0);
        QVERIFY2(sound->peakColumns > 0 && sound->peakColumns <= 32, qPrintable(QString::number(sound->peakColumns)));
        // What was moved is what would have been drawn.
        view->setLevels({-91, -10, 0});
        view->setLevels({-90, -10, 0});
        QCOMPARE(picture(1.0), image);
    }

    void aMovingPlayheadDrawsNothingAnew() {
        picture(1.0);
        sound->peakCalls = sound->tileCalls = 0;
        for (int i = 0; i < 50; ++i) {
            view->setPlayhead(i * 100);
            view->viewport()->repaint();
        }
        QCOMPARE(sound->peakCalls, 0);
        QCOMPARE(sound->tileCalls, 0);
    }

    void nearEnoughSamplesAreDrawn() {
        sound->sampleCalls = 0;
        view->setRange({false, 20000, 20100, true, 0, 0});
        picture(1.0);
        QVERIFY(sound->sampleCalls > 0);
    }

    void playheadAndEdgeAreOnePixel() {
        view->setCrosshair(false);
        for (const double span : {80000.0, 700.0, 60.0}) {
            view->setRange({span >= 80000, 40000 - 0.4 * span, 40000 + 0.6 * span, true, 0, 0});
            view->setPlayhead(40007);
            const QImage image = picture(2.0);
            const double x = std::round(view->toViewport({40007, 0}).x());
            const QPointF at(x + 0.25, view->spectrogramRect().bottom() - 3);
            QCOMPARE(QColor(image.pixel((at * 2.0).toPoint())), QColor(0xff, 0x4d, 0x4d));
        }
    }

    void hopsFollowTheZoom() {
        QCOMPARE(SpectrogramLayer::hopFor(123000, 1024), 65536);
        QCOMPARE(SpectrogramLayer::hopFor(64, 1024), 64);
        QCOMPARE(SpectrogramLayer::hopFor(63.9, 1024), 32);
        QCOMPARE(SpectrogramLayer::hopFor(0.01, 1024), 32);
        QCOMPARE(SpectrogramLayer::hopFor(0.01, 16), 1);
    }

    void hiddenRegionsLeaveThePictureAlone() {
        view->setCrosshair(false);
        const QImage bare = picture(1.0);
        view->setBoxes({regionOf(1, {20000, 1000, 30000, 2000}), regionOf(2, {40000, 1000, 50000, 2000}, true)});
        const QImage both = picture(1.0);
        QVERIFY(both != bare);
        view->setGhostsVisible(false);
        QVERIFY(picture(1.0) != both);
        view->setBoxesVisible(false);
        QCOMPARE(picture(1.0), bare);
    }
};

QTEST_MAIN(TestSoundPaint)
#include "tst_sound_paint.moc"
