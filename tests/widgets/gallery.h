#pragma once

#include "widgets/common/round_bar.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QtTest>

/** What the tests that show widgets share. */
namespace gallery {

/** For the data of a test: either theme at either scale. */
inline void addScreens() {
    using querent::widgets::common::Theme::Dark;
    using querent::widgets::common::Theme::Light;
    QTest::addColumn<int>("mode");
    QTest::addColumn<double>("ratio");
    QTest::newRow("light") << int(Light) << 1.0;
    QTest::newRow("light-2x") << int(Light) << 2.0;
    QTest::newRow("dark") << int(Dark) << 1.0;
    QTest::newRow("dark-2x") << int(Dark) << 2.0;
}

/** Sets the theme of the row at hand and gives its scale. */
inline double beginScreen() {
    QFETCH(int, mode);
    QFETCH(double, ratio);
    querent::widgets::common::setTheme(*qApp, static_cast<querent::widgets::common::Theme::Mode>(mode));
    return ratio;
}

/** The fourth round, with 12 of 30 answered and a measured model; nothing to train yet. */
inline querent::widgets::common::RoundStatus roundStatus() {
    querent::widgets::common::RoundStatus status;
    status.round = 4;
    status.done = 12;
    status.total = 30;
    status.modelRound = 3;
    status.value = 0.73;
    status.low = 0.69;
    status.high = 0.77;
    return status;
}

}  // namespace gallery
