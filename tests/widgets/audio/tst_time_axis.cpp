// Where a frame and a frequency are on screen, the marks of the rulers, and the arithmetic of gestures.

#include "widgets/audio/colour_map.h"
#include "widgets/audio/region_geometry.h"
#include "widgets/audio/scroll_cache.h"
#include "widgets/audio/time_axis.h"
#include "widgets/canvas/box_geometry.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace querent;
using namespace querent::widgets::audio;
using namespace querent::widgets::canvas;

namespace {

TimeAxis axisOf(std::int64_t frames, double width, double ratio = 1.0) {
    TimeAxis axis;
    axis.setView(width, ratio);
    axis.setSound(frames);
    return axis;
}

FrequencyAxis bandOf(double nyquist, FrequencyScale scale = FrequencyScale::Linear) {
    FrequencyAxis axis;
    axis.setSound(nyquist);
    axis.setScale(scale);
    axis.setView(100, 400);
    return axis;
}

// CIE 1976 lightness.
double lightness(QRgb colour) {
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    const double y = 0.2126 * linear(qRed(colour) / 255.0) + 0.7152 * linear(qGreen(colour) / 255.0) +
                     0.0722 * linear(qBlue(colour) / 255.0);
    return y > 0.008856 ? 116.0 * std::cbrt(y) - 16.0 : 903.3 * y;
}

QStringList textsOf(const std::vector<Tick>& ticks) {
    QStringList texts;
    for (const Tick& tick : ticks) {
        if (!tick.text.isEmpty()) texts << tick.text;
    }
    return texts;
}

}  // namespace

class TestTimeAxis : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void fitShowsAll() {
        TimeAxis axis = axisOf(100000, 1000);
        QVERIFY(axis.isFitted());
        QCOMPARE(axis.xOf(0), 0.0);
        QCOMPARE(axis.xOf(100000), 1000.0);
        axis.setView(500, 2.0);  // stays fitted
        QCOMPARE(axis.xOf(100000), 500.0);
    }

    void thereAndBackAtEveryZoom() {
        std::mt19937_64 random(3);
        const std::int64_t frames = 48000LL * 3600 * 30;  // more than an int holds
        for (const double ratio : {1.0, 1.25, 2.0}) {
            TimeAxis axis = axisOf(frames, 1400, ratio);
            for (int i = 0; i < 500; ++i) {
                const double perPixel = std::exp(std::log(1.0 / 32) + 0.04 * static_cast<double>(random() % 500));
                axis.zoomTo(perPixel, static_cast<double>(random() % 1400));
                axis.scrollTo(static_cast<double>(random() % static_cast<std::uint64_t>(frames)));
                const auto frame = static_cast<std::int64_t>(axis.firstVisible()) +
                                   static_cast<std::int64_t>(axis.framesPerPixel() * 700);
                const std::int64_t whole = std::min(frame, frames);
                QCOMPARE(axis.wholeFrameAt(axis.xOf(static_cast<double>(whole))), whole);
                QVERIFY(axis.firstVisible() >= 0.0);
                QVERIFY(axis.frameAt(1400) <= static_cast<double>(frames) * (1 + 1e-9));
                // On the grid of device pixels, so that pictures can be moved.
                const double grid = axis.firstVisible() / axis.framesPerDevicePixel();
                QVERIFY(std::abs(grid - std::round(grid)) < 1e-3);
            }
        }
    }

    void zoomKeepsTheFrameUnderTheCursor() {
        TimeAxis axis = axisOf(1000000, 1000);
        axis.zoomTo(100, 500);
        for (const double x : {20.0, 333.0, 950.0}) {
            const double before = axis.frameAt(x);
            axis.zoomTo(axis.framesPerPixel() / 1.3, x);
            QVERIFY(std::abs(axis.xOf(before) - x) <= 0.5 + 1e-9);
        }
        axis.zoomTo(0.0, 500);
        QCOMPARE(axis.framesPerPixel(), 1.0 / TimeAxis::kMostPixelsPerFrame);
        axis.zoomTo(1e9, 500);
        QVERIFY(axis.isFitted());
    }

    void aSoundOfAFewFramesStillFills() {
        const TimeAxis axis = axisOf(7, 700);
        QCOMPARE(axis.framesPerPixel(), 0.01);
        QCOMPARE(axis.wholeFrameAt(349), 3);
        QCOMPARE(axis.wholeFrameAt(-50), 0);
        QCOMPARE(axis.wholeFrameAt(5000), 7);
    }

    void showAndEnsureVisible() {
        TimeAxis axis = axisOf(100000, 1000);
        axis.show(20000, 40000);
        QVERIFY(std::abs(axis.firstVisible() - 20000) <= 20 && std::abs(axis.lastVisible() - 40000) <= 20);
        axis.ensureVisible(60000, 61000);
        QVERIFY(axis.xOf(60000) >= 0 && axis.xOf(61000) <= 1000);
        axis.ensureVisible(10000, 11000);
        QVERIFY(axis.xOf(10000) >= 0);
    }

    void frequenciesThereAndBack_data() {
        QTest::addColumn<int>("scale");
        QTest::newRow("linear") << int(FrequencyScale::Linear);
        QTest::newRow("mel") << int(FrequencyScale::Mel);
        QTest::newRow("logarithmic") << int(FrequencyScale::Logarithmic);
    }
    void frequenciesThereAndBack() {
        QFETCH(int, scale);
        FrequencyAxis axis = bandOf(22050, static_cast<FrequencyScale>(scale));
        QVERIFY(std::abs(axis.yOf(0) - 500) < 1e-9);
        QVERIFY(std::abs(axis.yOf(22050) - 100) < 1e-9);
        for (double hz = 10; hz < 22050; hz *= 1.7) {
            QVERIFY(std::abs(axis.hzAt(axis.yOf(hz)) - hz) < 1e-6 * hz);
            QVERIFY(axis.yOf(hz) > axis.yOf(hz * 1.1));
        }
        const double before = axis.hzAt(250);
        axis.zoomBy(3.0, 250);
        QVERIFY(std::abs(axis.hzAt(250) - before) < 1e-6 * before);
        axis.panBy(1e6);
        QVERIFY(std::abs(axis.highest() - 22050) < 1e-6);
        axis.zoomBy(1e-6, 250);
        QVERIFY(axis.isFitted());
        QCOMPARE(axis.hzAt(9999), 0.0);
    }

    void melIsMel() {
        const FrequencyAxis axis = bandOf(8000, FrequencyScale::Mel);
        // 1000 Hz are 1000 mel: 2595 log10(1 + f / 700).
        const double share = std::log10(1 + 1000.0 / 700) / std::log10(1 + 8000.0 / 700);
        QVERIFY(std::abs(axis.yOf(1000) - (500 - 400 * share)) < 1e-6);
    }

    void timesAsPeopleReadThem() {
        QCOMPARE(timeText(12.3456, TimeFormat::Seconds, 3), QStringLiteral("12.345 s"));
        QCOMPARE(timeText(185.12, TimeFormat::Minutes, 3), QStringLiteral("3:05.120"));
        QCOMPARE(timeText(3723.5, TimeFormat::Hours, 1), QStringLiteral("1:02:03.5"));
        QCOMPARE(timeText(0.3, TimeFormat::Seconds, 1), QStringLiteral("0.3 s"));
        QCOMPARE(timeText(59.9, TimeFormat::Minutes, 0), QStringLiteral("0:59"));
        QVERIFY(timeFormatFor(59) == TimeFormat::Seconds && timeFormatFor(60) == TimeFormat::Minutes &&
                timeFormatFor(3600) == TimeFormat::Hours);
        QCOMPARE(frequencyText(440), QStringLiteral("440 Hz"));
        QCOMPARE(frequencyText(2500), QStringLiteral("2.50 kHz"));
    }

    void timeMarksDoNotCrowd() {
        TimeAxis axis = axisOf(48000LL * 7200, 1000);
        for (int i = 0; i < 40; ++i) {
            const auto ticks = timeTicks(axis, 48000, 80);
            double last = -1e9;
            for (const Tick& tick : ticks) {
                QVERIFY(tick.value >= axis.firstVisible() - 1e-3 && tick.value <= axis.lastVisible() + 1e-3);
                if (tick.text.isEmpty()) continue;
                QVERIFY(axis.xOf(tick.value) - last >= 80 - 1e-6);
                last = axis.xOf(tick.value);
            }
            const QStringList texts = textsOf(ticks);
            QVERIFY(texts.size() >= 2);
            QCOMPARE(QSet<QString>(texts.begin(), texts.end()).size(), texts.size());
            axis.zoomTo(axis.framesPerPixel() / 1.6, 500);
        }
        QCOMPARE(textsOf(timeTicks(axisOf(80000, 1000), 8000, 90)).mid(0, 3),
                 QStringList({QStringLiteral("0 s"), QStringLiteral("1 s"), QStringLiteral("2 s")}));
    }

    void frequencyMarksDoNotCrowd() {
        for (const auto scale : {FrequencyScale::Linear, FrequencyScale::Mel, FrequencyScale::Logarithmic}) {
            FrequencyAxis axis = bandOf(24000, scale);
            for (int i = 0; i < 12; ++i) {
                double last = 1e9;
                for (const Tick& tick : frequencyTicks(axis, 20)) {
                    if (tick.text.isEmpty()) continue;
                    QVERIFY(last - axis.yOf(tick.value) >= 20 - 1e-6);
                    last = axis.yOf(tick.value);
                }
                axis.zoomBy(1.4, 200);
            }
        }
        QVERIFY(textsOf(frequencyTicks(bandOf(24000), 20)).contains(QStringLiteral("10k")));
    }

    void gesturesEndOnWholeFramesAndHz() {
        std::mt19937 random(5);
        std::uniform_real_distribution<double> frame(-500, 50500), hz(0, 5512.5);
        for (const auto scale : {FrequencyScale::Linear, FrequencyScale::Mel}) {
            const FrequencyAxis axis = bandOf(5512.5, scale);
            const SoundField field{50000, axis};
            const auto isWhole = [&](const Box& b) {
                const bool high = b.bottom == std::round(b.bottom) || b.bottom == 5512.5;
                return b.left == std::round(b.left) && b.right == std::round(b.right) && b.top == std::round(b.top) &&
                       high && b.left >= 0 && b.right <= 50000 && b.top >= 0 && b.bottom <= 5512.5;
            };
            for (int i = 0; i < 300; ++i) {
                const QPointF a(frame(random), hz(random)), b(frame(random), hz(random));
                const Box drawn = drawnRegion(a, b, false, field);
                QVERIFY(isWhole(drawn) && drawn.left <= drawn.right && drawn.top <= drawn.bottom);
                const Box moved = movedRegions({drawn}, a, b, false, field).front();
                QVERIFY(isWhole(moved));
                QCOMPARE(moved.width(), drawn.width());
                for (const BoxPart part : {BoxPart::TopLeft, BoxPart::Right, BoxPart::Bottom})
                    QVERIFY(isWhole(resizedRegion(drawn, part, b, a, false, field)));
            }
        }
    }

    void aGroupStopsTogether() {
        const FrequencyAxis axis = bandOf(4000);
        const SoundField field{10000, axis};
        const auto moved =
            movedRegions({{100, 0, 300, 1000}, {900, 500, 1000, 2000}}, {1000, 1000}, {0, 500}, false, field);
        QVERIFY((moved[0] == Box{0, 0, 200, 1000}));
        QVERIFY((moved[1] == Box{800, 500, 900, 2000}));
    }

    void nudgesStopAtTheOppositeEdge() {
        const FrequencyAxis axis = bandOf(4000);
        const SoundField field{10000, axis};
        const Box box{100, 1000, 200, 2000};
        QCOMPARE(nudgedRegion(box, BoxPart::Left, 500, field).left, 200 - kSmallestSide);
        QCOMPARE(nudgedRegion(box, BoxPart::Left, -500, field).left, 0.0);
        QCOMPARE(nudgedRegion(box, BoxPart::Right, 1e6, field).right, 10000.0);
        QCOMPARE(nudgedRegion(box, BoxPart::Bottom, 1e6, field).top, 2000 - kSmallestSide);
        QCOMPARE(nudgedRegion(box, BoxPart::Top, 100, field).bottom, 2100.0);
    }

    void colourMapsAreEven_data() {
        QTest::addColumn<int>("map");
        QTest::newRow("viridis") << int(ColourMap::Viridis);
        QTest::newRow("magma") << int(ColourMap::Magma);
        QTest::newRow("grey") << int(ColourMap::Grey);
        QTest::newRow("inverted grey") << int(ColourMap::InvertedGrey);
    }
    void colourMapsAreEven() {
        QFETCH(int, map);
        const auto at = [&](int i) { return lightness(colourAt(static_cast<ColourMap>(map), i / 16.0)); };
        const double whole = at(16) - at(0);
        QVERIFY(std::abs(whole) > 70);
        for (int i = 0; i < 16; ++i) {
            const double step = (at(i + 1) - at(i)) / (whole / 16);
            QVERIFY2(step > 0.5 && step < 1.6, qPrintable(QString::number(step)));
        }
    }

    void levelsBecomeColours() {
        const ColourTable table = colourTable(ColourMap::Grey, {-60, 0, 0});
        QCOMPARE(qRed(table[127]), 0);  // -60.2 dB
        QCOMPARE(qRed(table[255]), 255);
        QVERIFY(std::abs(qRed(table[191]) - 128) <= 2);
        QCOMPARE(qRed(colourTable(ColourMap::Grey, {-60, 0, 30})[191]), 255);  // -30 dB and 30 dB more
    }

    void theCacheKeepsWhatStays() {
        ScrollCache cache;
        cache.moveTo(0, 10.0, {100, 4}, qRgb(0, 0, 0));
        for (int x = 0; x < 100; ++x) {
            cache.image().setPixel(x, 2, qRgb(x, 0, 0));
            cache.mark(x, ScrollCache::Column::Done);
        }
        QVERIFY(!cache.moveTo(30, 10.0, {100, 4}, qRgb(0, 0, 0)));
        QCOMPARE(qRed(cache.image().pixel(0, 2)), 30);
        QCOMPARE(qRed(cache.image().pixel(69, 2)), 99);
        const ScrollCache::Run bare = cache.nextStale(0, 1000);
        QCOMPARE(bare.begin, 70);
        QCOMPARE(bare.end, 100);
        cache.moveTo(10, 10.0, {100, 4}, qRgb(0, 0, 0));
        QCOMPARE(qRed(cache.image().pixel(20, 2)), 30);
        QVERIFY(cache.nextStale(0, 1000).begin == 0 && cache.nextStale(0, 1000).end == 20);
        QCOMPARE(cache.frameOf(5), 150.0);
        cache.invalidate(500, 600);
        QVERIFY(cache.state(40) == ScrollCache::Column::Stale && cache.state(60) == ScrollCache::Column::Done);
        // Zoomed in twice about the column of frame 300, which was at 20: what was seen there is still there.
        QVERIFY(cache.moveTo(40, 5.0, {100, 4}, qRgb(0, 0, 0)));
        QVERIFY(std::abs(qRed(cache.image().pixel(20, 2)) - 30) <= 1);
        QVERIFY(cache.hasStale());
    }
};

QTEST_GUILESS_MAIN(TestTimeAxis)
#include "tst_time_axis.moc"
