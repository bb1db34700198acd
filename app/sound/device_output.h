#pragma once

#include "app/sound/audio_output.h"

#include <QElapsedTimer>

#include <memory>

class QAudioSink;
class QMediaDevices;

namespace querent::app::sound {

/** The system's default sound device, through Qt Multimedia. A machine without one is no error. */
class DeviceOutput : public AudioOutput {
    Q_OBJECT

 public:
    explicit DeviceOutput(QObject* parent = nullptr);
    ~DeviceOutput() override;

    bool available() const override;
    SoundShape formatFor(const SoundShape& sound) const override;
    void start(const SoundShape& format, QIODevice& source) override;
    void stop() override;
    qint64 heardFrames() override;
    void setVolume(double factor) override;

 private:
    std::unique_ptr<QMediaDevices> m_devices;
    std::unique_ptr<QIODevice> m_converted;  // for devices that do not take floats
    std::unique_ptr<QAudioSink> m_sink;
    double m_volume = 1.0;
    qint64 m_told = 0;   // frames, when the device last said something new
    qint64 m_heard = 0;  // never goes back
    QElapsedTimer m_since;
};

}  // namespace querent::app::sound
