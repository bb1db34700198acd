#pragma once

#include "engine/session/sound/playback_stream.h"

#include <QIODevice>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace querent::app::sound {

/**
 * What a sound device pulls from: frames that a thread of its own reads and stretches ahead, so that nobody who asks
 * waits for a file. Where that thread is late, and behind the end, it gives silence, and knows where. readData() and
 * the questions may come from any thread; begin() and end() from the UI thread.
 */
class PlaybackFeed : public QIODevice {
    Q_OBJECT

 public:
    explicit PlaybackFeed(QObject* parent = nullptr);
    ~PlaybackFeed() override;

    /**
     * Opens the file and makes the plan's first frames ready; ready() or failed() follows, with the number that is
     * returned. What was before is forgotten.
     */
    int begin(const std::filesystem::path& file, const session::sound::PlaybackPlan& plan);
    /** Nothing is read any more. */
    void end();

    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override;

    /** The frame of the file that is heard when the device has played so many frames. */
    double positionOf(qint64 heardFrames) const;
    /** Whether all of the plan has been heard then. */
    bool isOver(qint64 heardFrames) const;

 Q_SIGNALS:
    void ready(int number);
    void failed(int number, const QString& sentence);

 protected:
    qint64 readData(char* data, qint64 most) override;
    qint64 writeData(const char*, qint64) override { return -1; }

 private:
    struct Wish {
        int number = 0;
        std::filesystem::path file;
        session::sound::PlaybackPlan plan;
    };
    /** Silence that was given in place of frames that were late. */
    struct Gap {
        qint64 at = 0;  // frame of the output
        qint64 frames = 0;
    };

    void work(const std::stop_token& token);
    void open(const Wish& wish);
    void fill();
    void tell(int number, const QString& problem);
    qint64 playedFrames(qint64 heardFrames) const;
    std::size_t room() const { return m_ring.size() - m_filled; }

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Wish> m_wish;
    int m_number = 0;
    bool m_active = false;  // frames of the newest wish are read
    bool m_ended = false;   // and there are no more of them
    bool m_failed = false;
    session::sound::PlaybackPlan m_plan;
    SoundShape m_shape;
    SoundShape m_output;
    std::vector<float> m_ring;
    std::size_t m_first = 0;
    std::size_t m_filled = 0;
    qint64 m_given = 0;  // frames of output, silence included
    std::vector<Gap> m_gaps;

    // Of the thread alone.
    std::unique_ptr<session::sound::PlaybackStream> m_stream;
    std::filesystem::path m_file;
    std::vector<float> m_piece;

    std::jthread m_thread;  // last: dies first
};

}  // namespace querent::app::sound
