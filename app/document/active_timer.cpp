#include "app/document/active_timer.h"

#include <algorithm>
#include <utility>

namespace querent::app::document {

ActiveTimer::ActiveTimer(Clock clock) : m_clock(std::move(clock)) {
    m_elapsed.start();
    if (!m_clock) m_clock = [this] { return m_elapsed.elapsed(); };
    m_settled = m_lastTouch = m_clock();
}

void ActiveTimer::settle() {
    const qint64 now = m_clock();
    const qint64 asleepFrom = m_lastTouch + static_cast<qint64>(kIdleSeconds * 1000.0);
    const qint64 until = std::min(now, asleepFrom);
    if (m_inFront && until > m_settled) m_seconds += static_cast<double>(until - m_settled) / 1000.0;
    m_settled = now;
}

void ActiveTimer::touch() {
    settle();
    m_lastTouch = m_settled;
}

void ActiveTimer::setInFront(bool inFront) {
    settle();
    m_inFront = inFront;
    if (inFront) m_lastTouch = m_settled;
}

double ActiveTimer::seconds() {
    settle();
    return m_seconds;
}

double ActiveTimer::take() {
    settle();
    return std::exchange(m_seconds, 0.0);
}

}  // namespace querent::app::document
