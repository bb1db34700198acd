// Pictures of the sound view, light and dark, at 100 % and 200 %, in $QUERENT_SCREENSHOTS, to be looked at.

#include "tests/widgets/audio/sweep_provider.h"
#include "tests/widgets/gallery.h"
#include "widgets/audio/sound_view.h"
#include "widgets/audio/transport_bar.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QDir>
#include <QMouseEvent>
#include <QTest>
#include <QVBoxLayout>

using namespace querent;
using namespace querent::widgets::audio;
using namespace querent::widgets::canvas;
using namespace querent::widgets::common;
using namespace querent::widgets::test;

namespace {

CanvasBox regionOf(qint64 id, Box box, int colour, const QString& name, bool ghost = false) {
    CanvasBox out;
    out.id = id;
    out.box = box;
    out.label = ClassId(colour + 1);
    out.colour = classColour(colour);
    out.name = name;
    out.ghost = ghost;
    out.score = 0.87;
    return out;
}

std::vector<CanvasBox> regions() {
    std::vector<CanvasBox> boxes{regionOf(1, {24000, 1800, 66000, 7200}, 0, "Zaunkönig"),
                                 regionOf(2, {80000, 0, 120000, 16000}, 1, "Mönchsgrasmücke (Gesang, zweite Strophe)"),
                                 regionOf(3, {140000, 2500, 190000, 9000}, 2, "Amsel"),
                                 regionOf(4, {200000, 4000, 236000, 12500}, 5, "Rotkehlchen", true),
                                 regionOf(5, {243000, 500, 252000, 3000}, 6, "Specht"),
                                 regionOf(6, {255000, 500, 263000, 3000}, 6, "Specht"),
                                 regionOf(7, {266000, 500, 274000, 3000}, 6, "Specht")};
    boxes[4].difficult = true;
    boxes[5].locked = true;
    return boxes;
}

/** A page with a sound, its transport, and one more of each in another state. */
struct SoundScreen {
    SweepProvider stereo{{32000, 2, 320000}};
    SweepProvider hour{{48000, 1, 48000LL * 3600}, 240.0};
    QWidget window;
    SoundView* view = new SoundView;
    SoundView* far = new SoundView;
    SoundView* near = new SoundView;
    SoundView* none = new SoundView;

    SoundScreen() {
        auto* layout = new QVBoxLayout(&window);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(6);
        auto* playing = new TransportBar;
        playing->setSound(stereo.shape());
        playing->setPosition(123456);
        playing->setPlaying(true);
        playing->setLooping(true);
        auto* silent = new TransportBar;
        silent->setSound(hour.shape());
        silent->setSpeed(0.25);
        silent->setVolume(0);
        silent->setNote("No sound device was found: sounds can be looked at, not heard.");
        layout->addWidget(view, 3);
        layout->addWidget(playing);
        auto* row = new QHBoxLayout;
        for (QWidget* w : {far, near, none})
            row->addWidget(w);
        layout->addLayout(row, 2);
        layout->addWidget(silent);
        fill();
        window.resize(1280, 960);
    }

    void fill() {
        view->setProvider(&stereo);
        view->setBoxes(regions());
        view->setSelection({3});
        view->setActiveClass("Zaunkönig", classColour(0));
        view->setPlayhead(123456);
        view->setLoop(16000, 290000);
        far->setProvider(&hour);
        far->setFrequencyScale(FrequencyScale::Mel);
        far->setColourMap(ColourMap::Magma);
        near->setProvider(&stereo);
        near->setSpectrogramVisible(false);
        near->setBoxes(
            {regionOf(1, {110, 0, 121, 16000}, 0, "Klick"), regionOf(2, {126, 0, 134, 16000}, 4, "Echo", true)});
        near->setSelection({1});
        near->setPlayhead(121);
        none->clearSound("This file is missing.");
    }

    /** What needs the size that the window has at last. */
    void look() const {
        near->setRange({false, 100, 140, true, 0, 0});
        const QPoint at = view->toViewport({215000, 13500}).toPoint();
        QMouseEvent event(QEvent::MouseMove, at, view->viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
        QCoreApplication::sendEvent(view->viewport(), &event);
    }
};

void save(QWidget& widget, const QString& name, double ratio) {
    QImage image(widget.size() * ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(Theme::colours(&widget).window);
    for (int i = 0; i < 10; ++i) {  // until what a frame's time was too short for is there
        widget.render(&image);
        QTest::qWait(5);
    }
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 7) {
        for (int x = 0; x < image.width(); x += 7)
            colours.insert(image.pixel(x, y));
    }
    QVERIFY2(colours.size() > 100, qPrintable(name));
    const QString folder = qEnvironmentVariable("QUERENT_SCREENSHOTS");
    if (folder.isEmpty()) return;
    QVERIFY(QDir().mkpath(folder));
    QVERIFY(image.save(folder + "/widgets-" + name + ".png"));
}

}  // namespace

class SoundGallery : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void screens_data() { gallery::addScreens(); }
    void screens() {
        const double ratio = gallery::beginScreen();
        SoundScreen screen;
        screen.window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&screen.window));
        screen.look();
        save(screen.window, "sound-" + QString::fromLatin1(QTest::currentDataTag()), ratio);
    }
};

QTEST_MAIN(SoundGallery)
#include "tst_sound_gallery.moc"
