#pragma once

#include "engine/core/sound.h"

#include <QObject>

class QIODevice;

namespace querent::app::sound {

/**
 * Something that plays frames of 32-bit floats: a sound device, or what stands in for one in tests. It pulls from a
 * QIODevice, whose readData() may be called on another thread. UI thread only.
 */
class AudioOutput : public QObject {
    Q_OBJECT

 public:
    using QObject::QObject;

    virtual bool available() const = 0;
    /** Rate and channels to send for such a sound: its own where they can be had. */
    virtual SoundShape formatFor(const SoundShape& sound) const = 0;
    /** Begins to pull; what was playing has been stopped. */
    virtual void start(const SoundShape& format, QIODevice& source) = 0;
    /** Silence at once; nothing is pulled any more when it returns. */
    virtual void stop() = 0;
    /** Frames heard since start(), as far as the device tells. */
    virtual qint64 heardFrames() = 0;
    /** What samples are multiplied with, 0 to 1. */
    virtual void setVolume(double factor) = 0;

 Q_SIGNALS:
    /** available() may be another now. */
    void availableChanged();
    /** The device has gone or refuses; one sentence. */
    void failed(const QString& sentence);
};

}  // namespace querent::app::sound
