#pragma once

#include "app/sound/audio_output.h"
#include "app/sound/playback_feed.h"

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>

namespace querent::app::sound {

/**
 * Plays one sound: from the playhead, a range once, or a range again and again; slower or faster, with the pitch kept
 * or not. It keeps the playhead also where nothing can be heard: a machine without a sound device is no error, note()
 * says it. Positions are frames of the file. UI thread only, which never waits here.
 */
class SoundPlayer : public QObject {
    Q_OBJECT

 public:
    /** Plays on `output`; without one, on the system's device. */
    explicit SoundPlayer(std::unique_ptr<AudioOutput> output = nullptr, QObject* parent = nullptr);
    ~SoundPlayer() override;

    /** Stops, and turns to another sound: its beginning, without a loop. An empty shape: none. */
    void setSound(const std::filesystem::path& file, const SoundShape& shape);
    bool canPlay() const;
    bool isPlaying() const { return m_playing; }
    qint64 position() const { return m_position; }
    /** One sentence when nothing can be heard here; empty otherwise. */
    QString note() const;

    void play();
    void pause();
    /** Pauses, and goes back to where playing began. */
    void stop();
    void seek(qint64 frame);
    /** These frames once; the playhead goes back to their first one afterwards. */
    void playRange(qint64 first, qint64 last);

    /** What is played again and again while setLooping(true); an empty range: the whole sound. */
    void setLoop(qint64 first, qint64 last);
    void setLooping(bool on);
    bool isLooping() const { return m_looping; }
    /** In session::sound::PlaybackStream::kSlowest to kFastest. */
    void setSpeed(double speed);
    void setKeepPitch(bool on);
    /** In [0, 1] as the ear measures it. */
    void setVolume(double volume);

 Q_SIGNALS:
    /** About sixty times a second while it plays. */
    void positionChanged(qint64 frame);
    void playingChanged(bool playing);
    void noteChanged(const QString& sentence);
    /** The sound cannot be played; one sentence. */
    void failed(const QString& sentence);

 private:
    struct Range {
        qint64 first = 0;
        qint64 last = 0;
        bool empty() const { return first >= last; }
        bool operator==(const Range&) const = default;
    };

    session::sound::PlaybackPlan plan() const;
    void begin();
    void restart();
    void halt();
    void onReady(int number);
    void onFailed(const QString& sentence);
    void tick();
    void finish();
    void moveTo(qint64 frame);
    void setPlaying(bool playing);

    std::unique_ptr<AudioOutput> m_output;
    PlaybackFeed m_feed;
    QTimer m_tick;
    std::filesystem::path m_file;
    SoundShape m_shape;
    qint64 m_position = 0;
    qint64 m_startedAt = 0;
    std::optional<Range> m_once;
    Range m_loop;
    bool m_looping = false;
    double m_speed = 1.0;
    bool m_keepPitch = true;
    bool m_playing = false;
    bool m_heard = false;  // the device is pulling
    int m_number = 0;      // of what the feed makes ready
    SoundShape m_format;
};

}  // namespace querent::app::sound
