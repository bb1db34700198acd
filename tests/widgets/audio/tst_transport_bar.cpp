#include "widgets/audio/transport_bar.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace querent;
using namespace querent::widgets::audio;
using namespace querent::widgets::common;

class TestTransportBar : public QObject {
    Q_OBJECT

    std::unique_ptr<TransportBar> bar;

    QToolButton* button(const char* name) const { return bar->findChild<QToolButton*>(QLatin1String(name)); }

 private Q_SLOTS:
    void initTestCase() { setTheme(*qApp, Theme::Light); }
    void init() {
        bar = std::make_unique<TransportBar>();
        bar->setSound({8000, 1, 80000});
        bar->show();
    }

    void aNarrowBarKeepsItsButtons() {
        QWidget page;
        bar->setParent(&page);
        bar->show();
        page.show();
        const auto& slider = *bar->findChild<QSlider*>("volume");
        bar->resize(1200, 40);
        QVERIFY(!slider.isHidden());
        bar->resize(bar->minimumSizeHint().width(), 40);
        QVERIFY(slider.isHidden());
        QVERIFY(!button("mute")->isHidden());
        QVERIFY(bar->rect().contains(button("mute")->geometry()));
        QVERIFY(!button("mute")->geometry().intersects(button("keepPitch")->geometry()));
        bar->resize(bar->minimumSizeHint().width() + 160, 40);
        QVERIFY(!slider.isHidden());
        QVERIFY(bar->rect().contains(slider.geometry()));
        bar->setParent(nullptr);
    }

    void playAndPauseAreAsked() {
        QSignalSpy play(bar.get(), &TransportBar::playRequested), pause(bar.get(), &TransportBar::pauseRequested);
        QSignalSpy stop(bar.get(), &TransportBar::stopRequested);
        button("play")->click();
        QCOMPARE(play.count(), 1);
        QVERIFY(!bar->isPlaying());  // it is told so by the one who plays
        bar->setPlaying(true);
        button("play")->click();
        QCOMPARE(pause.count(), 1);
        QTest::keyClick(bar.get(), Qt::Key_Space);
        QCOMPARE(pause.count(), 2);
        button("stop")->click();
        QCOMPARE(stop.count(), 1);
    }

    void positionsAreShownAsSaid() {
        bar->setPosition(12345);
        QCOMPARE(bar->positionText(), QStringLiteral("1.543 s / 10.000 s"));
        bar->setPosition(999999);
        QCOMPARE(bar->positionText(), QStringLiteral("10.000 s / 10.000 s"));
        bar->setSound({48000, 2, 48000LL * 3725});
        QCOMPARE(bar->positionText(), QStringLiteral("0:00:00.000 / 1:02:05.000"));
    }

    void theTextHasRoomForEveryPosition() {
        auto* label = bar->findChild<QLabel*>(QStringLiteral("position"));
        const int width = label->minimumWidth();
        for (int frame = 0; frame <= 80000; frame += 777) {
            bar->setPosition(frame);
            QVERIFY(label->fontMetrics().horizontalAdvance(label->text()) <= width);
        }
    }

    void speedsStepAndStop() {
        QSignalSpy speed(bar.get(), &TransportBar::speedChanged);
        QCOMPARE(bar->speed(), 1.0);
        QTest::keyClick(bar.get(), Qt::Key_PageUp, Qt::ControlModifier);
        QCOMPARE(bar->speed(), 1.25);
        for (int i = 0; i < 20; ++i)
            QTest::keyClick(bar.get(), Qt::Key_PageDown, Qt::ControlModifier);
        QCOMPARE(bar->speed(), 0.1);
        bar->stepSpeed(0);
        QCOMPARE(bar->speed(), 1.0);
        for (int i = 0; i < 20; ++i)
            bar->stepSpeed(1);
        QCOMPARE(bar->speed(), 4.0);
        QCOMPARE(speed.last().at(0).toDouble(), 4.0);
    }

    void settersAreQuiet() {
        QSignalSpy speed(bar.get(), &TransportBar::speedChanged), loop(bar.get(), &TransportBar::loopToggled);
        QSignalSpy pitch(bar.get(), &TransportBar::keepPitchToggled), volume(bar.get(), &TransportBar::volumeChanged);
        bar->setSpeed(0.6);
        QCOMPARE(bar->speed(), 0.5);
        bar->setLooping(true);
        bar->setKeepPitch(false);
        bar->setVolume(0.33);
        QCOMPARE(bar->volume(), 0.33);
        QVERIFY(speed.isEmpty() && loop.isEmpty() && pitch.isEmpty() && volume.isEmpty());
        button("loop")->click();
        QCOMPARE(loop.at(0).at(0).toBool(), false);
        button("keepPitch")->click();
        QCOMPARE(pitch.at(0).at(0).toBool(), true);
    }

    void muteComesBackToWhatItWas() {
        bar->setVolume(0.6);
        QSignalSpy volume(bar.get(), &TransportBar::volumeChanged);
        button("mute")->click();
        QCOMPARE(bar->volume(), 0.0);
        button("mute")->click();
        QCOMPARE(bar->volume(), 0.6);
        QCOMPARE(volume.count(), 2);
    }

    void withoutADeviceThereIsNothingToPlay() {
        QSignalSpy play(bar.get(), &TransportBar::playRequested);
        bar->setNote(QStringLiteral("No sound device was found."));
        QVERIFY(!button("play")->isEnabled());
        QTest::keyClick(bar.get(), Qt::Key_Space);
        bar->togglePlay();
        QCOMPARE(play.count(), 0);
        QCOMPARE(bar->findChild<QLabel*>(QStringLiteral("note"))->text(), QStringLiteral("No sound device was found."));
        bar->setNote({});
        QVERIFY(button("play")->isEnabled());
        bar->setSound({});
        QVERIFY(!button("play")->isEnabled());
    }

    void everyPartHasAName() {
        for (const QToolButton* b : bar->findChildren<QToolButton*>())
            QVERIFY2(!b->accessibleName().isEmpty() && !b->icon().isNull(), qPrintable(b->objectName()));
        QVERIFY(!bar->findChild<QComboBox*>(QStringLiteral("speed"))->accessibleName().isEmpty());
        QVERIFY(!bar->findChild<QSlider*>(QStringLiteral("volume"))->accessibleName().isEmpty());
    }
};

QTEST_MAIN(TestTransportBar)
#include "tst_transport_bar.moc"
