#include "tests/app/support/shell_fixture.h"

#include "app/bridge/image_convert.h"
#include "app/preferences/settings.h"
#include "engine/core/rng.h"
#include "engine/media/sound/wav_writer.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QPainter>

#include <cmath>
#include <numbers>
#include <vector>

using namespace querent::app::bridge;
using namespace querent::app::preferences;
using namespace querent::app::shell;

namespace querent::app::test {
namespace {

QRect drawPicture(const QString& file, int number) {
    Rng rng(static_cast<std::uint64_t>(number), "shell picture");
    QImage image(160, 120, QImage::Format_RGB32);
    image.fill(QColor::fromHsv(rng.integer(0, 359), 40, 200));
    const QRect square(rng.integer(4, 100), rng.integer(4, 60), rng.integer(28, 50), rng.integer(28, 50));
    QPainter painter(&image);
    painter.fillRect(square, QColor::fromHsv(rng.integer(0, 359), 220, 140));
    painter.end();
    image.save(file);
    return square;
}

QString numbered(int number) {
    return QStringLiteral("%1").arg(number, 3, 10, QLatin1Char('0'));
}

}  // namespace

void writeText(const QString& file, const QString& text) {
    QDir().mkpath(QFileInfo(file).path());
    QFile out(file);
    if (out.open(QIODevice::WriteOnly)) out.write(text.toUtf8());
}

void drawSounds(const QString& folder, int count) {
    constexpr int kRate = 8000;
    QDir().mkpath(folder);
    for (int number = 1; number <= count; ++number) {
        std::vector<float> samples(kRate);
        const double step = 2.0 * std::numbers::pi * (number % 2 == 1 ? 500.0 : 2500.0) / kRate;
        for (std::size_t i = 0; i < samples.size(); ++i)
            samples[i] = static_cast<float>(0.4 * std::sin(step * static_cast<double>(i)));
        const auto written = media::sound::writeWav(
            toPath(QDir(folder).filePath(numbered(number) + QStringLiteral(".wav"))), samples, kRate);
        if (!written) qFatal("%s", written.error().text().c_str());
    }
}

void drawPictures(const QString& folder, int count, int firstNumber) {
    QDir().mkpath(folder);
    for (int i = 0; i < count; ++i) {
        const int number = firstNumber + i;
        drawPicture(QDir(folder).filePath(numbered(number) + QStringLiteral(".png")), number);
    }
}

void drawVocSet(const QString& folder, int count) {
    const QDir dir(folder);
    for (const char* part : {"JPEGImages", "Annotations", "ImageSets/Main"})
        dir.mkpath(QLatin1String(part));
    QString train, val;
    for (int i = 0; i < count; ++i) {
        const QString name = QStringLiteral("voc") + numbered(i);
        const QRect box = drawPicture(dir.filePath(QStringLiteral("JPEGImages/%1.png").arg(name)), 5000 + i);
        writeText(dir.filePath(QStringLiteral("Annotations/%1.xml").arg(name)),
                  QStringLiteral(
                      "<annotation><folder>JPEGImages</folder><filename>%1.png</filename><size><width>160</width>"
                      "<height>120</height><depth>3</depth></size><object><name>square</name><difficult>0</difficult>"
                      "<bndbox><xmin>%2</xmin><ymin>%3</ymin><xmax>%4</xmax><ymax>%5</ymax></bndbox></object>"
                      "</annotation>\n")
                      .arg(name)
                      .arg(box.left() + 1)
                      .arg(box.top() + 1)
                      .arg(box.right() + 1)
                      .arg(box.bottom() + 1));
        (i % 3 == 2 ? val : train) += name + QLatin1Char('\n');
    }
    writeText(dir.filePath(QStringLiteral("ImageSets/Main/train.txt")), train);
    writeText(dir.filePath(QStringLiteral("ImageSets/Main/val.txt")), val);
}

Shell::Shell() {
    restart();
}

void Shell::restart() {
    m_app.reset();
    auto settings = std::make_unique<Settings>(m_folder.filePath(QStringLiteral("settings.ini")));
    settings->setLastFolder(m_folder.path());
    settings->setAuthor(QStringLiteral("Ada"));
    if (!settings->raw().contains(QStringLiteral("look/theme"))) settings->setTheme(QStringLiteral("light"));
    m_app = std::make_unique<Application>(std::move(settings));
}

}  // namespace querent::app::test
