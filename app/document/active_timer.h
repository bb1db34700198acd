#pragma once

#include <QElapsedTimer>

#include <functional>

namespace querent::app::document {

/**
 * Counts the seconds somebody really works: it stops kIdleSeconds after the last touch() and while the window is not in
 * front. UI thread only.
 */
class ActiveTimer {
 public:
    static constexpr double kIdleSeconds = 30.0;
    /** Milliseconds that only grow; the default is a steady clock. */
    using Clock = std::function<qint64()>;

    explicit ActiveTimer(Clock clock = {});

    /** The person did something: a key, a mouse move, a click. */
    void touch();
    void setInFront(bool inFront);
    /** Active seconds since the last take(). */
    double take();
    /** Active seconds so far, without taking them. */
    double seconds();

 private:
    void settle();

    QElapsedTimer m_elapsed;
    Clock m_clock;
    qint64 m_settled = 0;    // up to here the time is counted
    qint64 m_lastTouch = 0;  // milliseconds
    double m_seconds = 0.0;
    bool m_inFront = true;
};

}  // namespace querent::app::document
