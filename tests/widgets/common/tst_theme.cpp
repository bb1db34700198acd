#include "widgets/common/theme.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace querent::widgets::common;

namespace {

// How much of a picture is inked.
int inked(const QIcon& icon, QIcon::Mode mode = QIcon::Normal) {
    const QImage image = icon.pixmap(QSize(48, 48), 1.0, mode).toImage();
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += qAlpha(image.pixel(x, y)) > 128;
    }
    return count;
}

}  // namespace

class TestTheme : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void textReadsOnEveryBackground_data() {
        QTest::addColumn<int>("mode");
        QTest::newRow("light") << int(Theme::Light);
        QTest::newRow("dark") << int(Theme::Dark);
    }
    void textReadsOnEveryBackground() {
        QFETCH(int, mode);
        const ThemeColours& c = Theme::colours(static_cast<Theme::Mode>(mode));
        for (const QColor& back : {c.window, c.surface, c.raised}) {
            for (const QColor& ink : {c.text, c.textMuted, c.accentText, c.info, c.success, c.warning, c.error}) {
                const QString what = ink.name() + " on " + back.name() + ": " + QString::number(contrast(ink, back));
                QVERIFY2(contrast(ink, back) >= 4.5, qPrintable(what));
            }
        }
        QVERIFY(contrast(c.text, c.selection) >= 4.5);
        QVERIFY(contrast(c.textMuted, c.selection) >= 4.5);
        QVERIFY(contrast(c.textMuted, c.canvas) >= 4.5);
        QVERIFY2(contrast(c.onAccent, c.accent) >= 4.5, qPrintable(QString::number(contrast(c.onAccent, c.accent))));
        for (const QColor& back : {c.infoBack, c.successBack, c.warningBack, c.errorBack}) {
            QVERIFY(contrast(c.text, back) >= 4.5);
            QVERIFY(contrast(c.accentText, back) >= 4.5);
        }
        QVERIFY(contrast(c.error, c.errorBack) >= 3.0);
    }

    void contrastIsWcag() {
        QVERIFY(std::abs(contrast(Qt::black, Qt::white) - 21.0) < 1e-6);
        QVERIFY(std::abs(contrast(QColor(0x777777), Qt::white) - 4.48) < 0.01);
    }

    void everyIconIsThereAndDraws() {
        const QStringList needed = QStringLiteral(
                                       "open new import export undo redo draw select zoom-in zoom-out fit one-to-one "
                                       "next previous skip unsure flag "
                                       "empty accept reject train cancel settings keys chart data label start search "
                                       "filter trash copy paste lock hide "
                                       "show info warning error check folder image play random round")
                                       .split(' ');
        const QStringList names = iconNames();
        for (const QString& name : needed)
            QVERIFY2(names.contains(name), qPrintable(name));
        for (const QString& name : names) {
            const int ink = inked(icon(name));
            QVERIFY2(ink > 20 && ink < 48 * 48 / 2, qPrintable(name + QString::number(ink)));
        }
        QVERIFY(icon(QStringLiteral("no-such-icon")).isNull());
    }

    // labelme once shipped the two swapped: plus has more ink than minus, and the pairs mirror each other.
    void iconsMatchTheirMeaning() {
        QVERIFY(inked(icon(QStringLiteral("zoom-in"))) > inked(icon(QStringLiteral("zoom-out"))));
        const auto leaning = [](const QString& name) {
            const QImage image = icon(name).pixmap(QSize(48, 48), 1.0).toImage();
            double tips = 0;
            for (int y = 22; y < 26; ++y) {
                for (int x = 0; x < 48; ++x)
                    tips += qAlpha(image.pixel(x, y)) > 128 ? x - 24 : 0;
            }
            return tips;
        };
        QVERIFY(leaning(QStringLiteral("next")) > 0);
        QVERIFY(leaning(QStringLiteral("previous")) < 0);
        QSet<QByteArray> shapes;
        for (const QString& name : iconNames()) {
            const QImage image = icon(name).pixmap(QSize(24, 24), 1.0).toImage();
            shapes.insert(QByteArray(reinterpret_cast<const char*>(image.constBits()), image.sizeInBytes()));
        }
        QCOMPARE(shapes.size(), iconNames().size());
    }

    void iconsFollowTheTheme() {
        setTheme(*qApp, Theme::Light);
        const QIcon one = icon(QStringLiteral("folder"));
        const auto darkest = [&](QIcon::Mode mode) {
            const QImage image = one.pixmap(QSize(48, 48), 1.0, mode).toImage();
            int best = 255;
            for (int y = 0; y < 48; ++y) {
                for (int x = 0; x < 48; ++x) {
                    if (qAlpha(image.pixel(x, y)) > 240) best = std::min(best, qGray(image.pixel(x, y)));
                }
            }
            return best;
        };
        const int light = darkest(QIcon::Normal);
        QVERIFY(darkest(QIcon::Disabled) > light + 60);
        setTheme(*qApp, Theme::Dark);
        QVERIFY(darkest(QIcon::Normal) > 180);
        QVERIFY(light < 80);
    }

    void classColoursAreDistinct() {
        for (int i = 0; i < 20; ++i) {
            for (int j = 0; j < i; ++j) {
                const QColor a = classColour(i), b = classColour(j);
                const int distance =
                    std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue());
                QVERIFY2(distance > 50, qPrintable(QStringLiteral("%1 and %2").arg(i).arg(j)));
            }
            QVERIFY(contrast(readableOn(classColour(i)), classColour(i)) >= 4.5);
        }
        QVERIFY(classColour(-3).isValid() && classColour(100000).isValid());
    }

    void theSheetHasNoOpenToken() {
        for (const auto mode : {Theme::Light, Theme::Dark, Theme::System}) {
            const QString sheet = Theme::styleSheet(mode);
            QVERIFY(sheet.size() > 1000);
            QVERIFY2(!sheet.contains('@'), qPrintable(sheet.mid(sheet.indexOf('@'), 30)));
        }
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
