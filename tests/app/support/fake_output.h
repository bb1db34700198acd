#pragma once

#include "app/sound/audio_output.h"

#include <QIODevice>

#include <vector>

namespace querent::app::test {

/** A sound device that hears as many frames as the test says, and remembers them. */
class FakeOutput : public sound::AudioOutput {
 public:
    /** What it takes besides a sound's own format: nothing but this when `only` is not empty. */
    explicit FakeOutput(SoundShape only = {}) : m_only(only) {}

    bool available() const override { return m_available; }
    SoundShape formatFor(const SoundShape& sound) const override {
        return m_only.rate > 0 ? m_only : SoundShape{sound.rate, sound.channels, 0};
    }
    void start(const SoundShape& format, QIODevice& source) override {
        m_format = format;
        m_source = &source;
        m_heard = 0;
        samples.clear();
        ++starts;
    }
    void stop() override { m_source = nullptr; }
    qint64 heardFrames() override { return m_heard; }
    void setVolume(double factor) override { volume = factor; }

    bool running() const { return m_source != nullptr; }
    const SoundShape& format() const { return m_format; }
    /** Takes so many frames, and has heard all of them but `waiting` ones. */
    void hear(qint64 frames, qint64 waiting = 0) {
        const auto before = static_cast<qint64>(samples.size());
        samples.resize(static_cast<std::size_t>(before + frames * m_format.channels));
        const qint64 bytes = frames * m_format.channels * static_cast<qint64>(sizeof(float));
        if (m_source->read(reinterpret_cast<char*>(samples.data() + before), bytes) != bytes) qFatal("a device waits");
        m_heard = static_cast<qint64>(samples.size()) / m_format.channels - waiting;
    }
    void setAvailable(bool available) {
        m_available = available;
        Q_EMIT availableChanged();
    }

    std::vector<float> samples;  // since the last start
    int starts = 0;
    double volume = -1.0;

 private:
    SoundShape m_only;
    SoundShape m_format;
    QIODevice* m_source = nullptr;
    qint64 m_heard = 0;
    bool m_available = true;
};

}  // namespace querent::app::test
