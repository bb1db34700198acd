#include "app/sound/device_output.h"

#include <QAudioDevice>
#include <QAudioFormat>
#include <QAudioSink>
#include <QMediaDevices>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace querent::app::sound {

namespace {

constexpr double kBufferSeconds = 0.08;  // short, so that stopping is heard at once
constexpr qint64 kLongestGuessMs = 40;   // how long the clock stands in for what the device has not said yet

/** Floats as the samples of 16 bits that every device takes. */
class Int16Source : public QIODevice {
 public:
    explicit Int16Source(QIODevice& floats) : m_floats(floats) { open(QIODevice::ReadOnly); }
    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override { return m_floats.bytesAvailable() / 2; }

 protected:
    qint64 readData(char* data, qint64 most) override {
        m_samples.resize(static_cast<std::size_t>(most / 2));
        const auto bytes = static_cast<qint64>(m_samples.size() * sizeof(float));
        const qint64 got = m_floats.read(reinterpret_cast<char*>(m_samples.data()), bytes);
        const qint64 count = std::max<qint64>(got, 0) / static_cast<qint64>(sizeof(float));
        for (qint64 i = 0; i < count; ++i) {
            const float sample = std::clamp(m_samples[static_cast<std::size_t>(i)], -1.0F, 1.0F);
            const auto value = static_cast<qint16>(std::lround(sample * 32767.0F));
            std::memcpy(data + 2 * i, &value, sizeof value);
        }
        return 2 * count;
    }
    qint64 writeData(const char*, qint64) override { return -1; }

 private:
    QIODevice& m_floats;
    std::vector<float> m_samples;
};

QAudioFormat audioFormat(const SoundShape& shape, QAudioFormat::SampleFormat samples) {
    QAudioFormat format;
    format.setSampleRate(shape.rate);
    format.setChannelCount(shape.channels);
    format.setSampleFormat(samples);
    return format;
}

bool takes(const QAudioDevice& device, const SoundShape& shape) {
    return device.isFormatSupported(audioFormat(shape, QAudioFormat::Float)) ||
           device.isFormatSupported(audioFormat(shape, QAudioFormat::Int16));
}

}  // namespace

DeviceOutput::DeviceOutput(QObject* parent) : AudioOutput(parent), m_devices(std::make_unique<QMediaDevices>()) {
    connect(m_devices.get(), &QMediaDevices::audioOutputsChanged, this, &AudioOutput::availableChanged);
}

DeviceOutput::~DeviceOutput() {
    stop();
}

bool DeviceOutput::available() const {
    return !QMediaDevices::defaultAudioOutput().isNull();
}

SoundShape DeviceOutput::formatFor(const SoundShape& sound) const {
    const QAudioDevice device = QMediaDevices::defaultAudioOutput();
    const QAudioFormat preferred = device.preferredFormat();
    for (const int channels : {sound.channels, preferred.channelCount(), 2}) {
        if (takes(device, {sound.rate, channels, 0})) return {sound.rate, channels, 0};
    }
    return {preferred.sampleRate(), preferred.channelCount(), 0};
}

void DeviceOutput::start(const SoundShape& format, QIODevice& source) {
    stop();
    const QAudioDevice device = QMediaDevices::defaultAudioOutput();
    const bool floats = device.isFormatSupported(audioFormat(format, QAudioFormat::Float));
    const QAudioFormat wanted = audioFormat(format, floats ? QAudioFormat::Float : QAudioFormat::Int16);
    m_sink = std::make_unique<QAudioSink>(device, wanted);
    m_sink->setBufferSize(wanted.bytesForDuration(static_cast<qint64>(kBufferSeconds * 1e6)));
    m_sink->setVolume(m_volume);
    connect(m_sink.get(), &QAudioSink::stateChanged, this, [this](QAudio::State state) {
        if (state != QAudio::StoppedState || m_sink->error() == QAudio::NoError) return;
        Q_EMIT failed(tr("The sound device has stopped."));
    });
    if (!floats) m_converted = std::make_unique<Int16Source>(source);
    m_told = m_heard = 0;
    m_since.start();
    m_sink->start(floats ? &source : m_converted.get());
}

void DeviceOutput::stop() {
    if (!m_sink) return;
    m_sink->disconnect(this);
    m_sink->reset();
    m_sink = nullptr;
    m_converted = nullptr;
}

/** What has been handed over less what waits in the buffer; between two answers of the device, time goes on. */
qint64 DeviceOutput::heardFrames() {
    if (!m_sink) return m_heard;
    const QAudioFormat format = m_sink->format();
    const auto waiting = static_cast<qint64>(m_sink->bufferSize() - m_sink->bytesFree()) / format.bytesPerFrame();
    const qint64 given = format.framesForDuration(m_sink->processedUSecs());
    const qint64 told = std::max<qint64>(0, given - std::max<qint64>(0, waiting));
    if (told != m_told) {
        m_told = told;
        m_since.restart();
    }
    const qint64 guessed = m_told > 0 ? std::min(m_since.elapsed(), kLongestGuessMs) * format.sampleRate() / 1000 : 0;
    m_heard = std::max(m_heard, std::min(m_told + guessed, std::max(given, m_told)));
    return m_heard;
}

void DeviceOutput::setVolume(double factor) {
    m_volume = factor;
    if (m_sink) m_sink->setVolume(factor);
}

}  // namespace querent::app::sound
