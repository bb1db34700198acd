#include "tests/app/support/media_fixture.h"

#include "app/bridge/image_convert.h"
#include "engine/media/sound/wav_writer.h"
#include "engine/session/transfer/transfer.h"

#include <QDir>
#include <QFile>
#include <QImage>

#include <cmath>
#include <numbers>

using namespace querent::app::bridge;

namespace querent::app::test {

namespace {

constexpr int kRate = 8000;

[[noreturn]] void giveUp(const QString& why) {
    qFatal("%s", qPrintable(why));
}

void writeTone(const QString& file, double seconds, int number) {
    std::vector<float> samples(static_cast<std::size_t>(seconds * kRate));
    const double step = 2.0 * std::numbers::pi * (300.0 + 100.0 * (number % 20)) / kRate;
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<float>(0.6 * std::sin(step * static_cast<double>(i)));
    if (const auto written = media::sound::writeWav(toPath(file), samples, kRate); !written)
        giveUp(toQString(written.error().text()));
}

void writeSound(const QString& file, double seconds, int number) {
    if (seconds > 0.0) return writeTone(file, seconds, number);
    QFile broken(file);
    if (!broken.open(QIODevice::WriteOnly)) giveUp(broken.errorString());
    broken.write("this is no sound");
}

QByteArray quoted(const std::string& text) {
    QByteArray out = QByteArray::fromStdString(text);
    return '"' + out.replace('"', "\"\"") + '"';
}

}  // namespace

std::unique_ptr<session::Project> makeMixedProject(const QString& folder, const std::vector<MixedItem>& items,
                                                   ProjectSettings settings, const std::vector<std::string>& classes) {
    QFile manifest(folder + QStringLiteral("/manifest.csv"));
    if (!manifest.open(QIODevice::WriteOnly)) giveUp(manifest.errorString());
    manifest.write("id,split,class,image,audio,text\n");
    for (std::size_t i = 0; i < items.size(); ++i) {
        const QString stem = QStringLiteral("i%1").arg(i, 3, 10, QLatin1Char('0'));
        const MixedItem& item = items[i];
        QImage picture(64, 48, QImage::Format_RGB888);
        picture.fill(QColor::fromHsv(static_cast<int>(i * 37 % 360), 120, 220));
        if (item.picture && !picture.save(folder + QLatin1Char('/') + stem + QStringLiteral(".png"))) giveUp(stem);
        if (item.seconds != 0.0) {
            writeSound(folder + QLatin1Char('/') + stem + QStringLiteral(".wav"), item.seconds, static_cast<int>(i));
        }
        manifest.write(stem.toUtf8() + ",train," + QByteArray::fromStdString(item.label) + ',' +
                       (item.picture ? stem.toUtf8() + ".png" : QByteArray()) + ',' +
                       (item.seconds != 0.0 ? stem.toUtf8() + ".wav" : QByteArray()) + ',' + quoted(item.text) + '\n');
    }
    manifest.close();
    settings.name = "mixed";
    settings.holdoutShare = 0.0;
    auto project =
        session::project::Project::create(toPath(folder + QStringLiteral("/mixed.querent")), settings, classes);
    if (!project) giveUp(toQString(project.error().text()));
    session::transfer::ImportRequest request;
    request.format = "csv";
    request.from = toPath(manifest.fileName());
    const auto report = session::transfer::importInto(**project, request, Job());
    if (!report) giveUp(toQString(report.error().text()));
    return *std::move(project);
}

}  // namespace querent::app::test
