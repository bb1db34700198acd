#include "app/sound/playback_feed.h"

#include "app/bridge/between_threads.h"

#include <algorithm>
#include <cstring>

namespace querent::app::sound {

namespace {

constexpr double kAheadSeconds = 0.5;
constexpr std::size_t kPieceFrames = 2048;

}  // namespace

PlaybackFeed::PlaybackFeed(QObject* parent) : QIODevice(parent) {
    QIODevice::open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    m_thread = std::jthread([this](const std::stop_token& token) { work(token); });
}

PlaybackFeed::~PlaybackFeed() = default;

int PlaybackFeed::begin(const std::filesystem::path& file, const session::sound::PlaybackPlan& plan) {
    const std::lock_guard lock(m_mutex);
    m_wish = Wish{++m_number, file, plan};
    m_active = false;
    m_wake.notify_one();
    return m_number;
}

void PlaybackFeed::end() {
    const std::lock_guard lock(m_mutex);
    ++m_number;
    m_wish.reset();
    m_active = false;
}

// --- the thread that reads

void PlaybackFeed::work(const std::stop_token& token) {
    while (!token.stop_requested()) {
        std::optional<Wish> wish;
        {
            std::unique_lock lock(m_mutex);
            const auto hungry = [this] {
                return m_active && !m_ended && room() >= kPieceFrames * static_cast<std::size_t>(m_output.channels);
            };
            m_wake.wait(lock, token, [&] { return m_wish || hungry(); });
            if (token.stop_requested()) return;
            wish = std::exchange(m_wish, std::nullopt);
        }
        if (wish) open(*wish);
        fill();
        if (wish) {
            const std::lock_guard lock(m_mutex);
            if (m_active && !m_failed && m_number == wish->number) tell(wish->number, {});
        }
    }
}

void PlaybackFeed::open(const Wish& wish) {
    QString problem;
    if (!m_stream || m_file != wish.file) {
        auto opened = session::sound::PlaybackStream::open(wish.file);
        m_stream = opened ? *std::move(opened) : nullptr;
        m_file = wish.file;
        if (!opened) problem = QString::fromStdString(opened.error().sentence);
    }
    if (m_stream) {
        const auto started = m_stream->start(wish.plan);
        if (!started) problem = QString::fromStdString(started.error().sentence);
    }
    const std::lock_guard lock(m_mutex);
    if (m_number != wish.number) return;  // nobody wants it any more
    if (!problem.isEmpty()) return tell(wish.number, problem);
    m_plan = m_stream->plan();
    m_shape = m_stream->shape();
    m_output = m_stream->output();
    m_ring.assign(static_cast<std::size_t>(kAheadSeconds * m_output.rate + kPieceFrames) *
                      static_cast<std::size_t>(m_output.channels),
                  0.0F);
    m_first = m_filled = 0;
    m_given = 0;
    m_gaps.clear();
    m_ended = m_failed = false;
    m_active = true;
}

/** Reads one piece; the mutex is not held meanwhile. */
void PlaybackFeed::fill() {
    int number = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_active || m_ended) return;
        number = m_number;
        m_piece.resize(kPieceFrames * static_cast<std::size_t>(m_output.channels));
    }
    const auto got = m_stream->pull(m_piece);
    const std::lock_guard lock(m_mutex);
    if (!m_active || m_number != number) return;
    if (!got) {
        m_ended = m_failed = true;
        return tell(number, QString::fromStdString(got.error().sentence));
    }
    const auto count = static_cast<std::size_t>(*got) * static_cast<std::size_t>(m_output.channels);
    m_ended = count < m_piece.size();
    for (std::size_t i = 0; i < count; ++i)
        m_ring[(m_first + m_filled + i) % m_ring.size()] = m_piece[i];
    m_filled += count;
}

/** Signals leave this thread as queued events: their receivers live in the window's. */
void PlaybackFeed::tell(int number, const QString& problem) {
    bridge::callLater(this, [this, number, problem] {
        if (problem.isEmpty()) {
            Q_EMIT ready(number);
        } else {
            Q_EMIT failed(number, problem);
        }
    });
}

// --- the device's side

qint64 PlaybackFeed::bytesAvailable() const {
    // Silence follows where there is nothing else: a device never has to wait.
    constexpr qint64 kAlways = 1 << 16;
    return kAlways + QIODevice::bytesAvailable();
}

qint64 PlaybackFeed::readData(char* data, qint64 most) {
    const std::lock_guard lock(m_mutex);
    const auto channels = static_cast<std::size_t>(std::max(m_output.channels, 1));
    const std::size_t frames = static_cast<std::size_t>(most) / sizeof(float) / channels;
    const std::size_t there = m_active ? std::min(frames, m_filled / channels) : 0;
    for (std::size_t done = 0; done < there * channels;) {
        const std::size_t count = std::min(there * channels - done, m_ring.size() - m_first);
        std::memcpy(data + done * sizeof(float), m_ring.data() + m_first, count * sizeof(float));
        m_first = (m_first + count) % m_ring.size();
        done += count;
    }
    m_filled -= there * channels;
    std::memset(data + there * channels * sizeof(float), 0, (frames - there) * channels * sizeof(float));
    if (there < frames && m_active && !m_ended) {
        m_gaps.push_back({m_given + static_cast<qint64>(there), static_cast<qint64>(frames - there)});
    }
    m_given += static_cast<qint64>(frames);
    m_wake.notify_one();
    return static_cast<qint64>(frames * channels * sizeof(float));
}

/** Frames of the plan among the first ones heard: those without the silence that was no part of it. */
qint64 PlaybackFeed::playedFrames(qint64 heardFrames) const {
    qint64 played = heardFrames;
    for (const Gap& gap : m_gaps)
        played -= std::clamp<qint64>(heardFrames - gap.at, 0, gap.frames);
    return played;
}

double PlaybackFeed::positionOf(qint64 heardFrames) const {
    const std::lock_guard lock(m_mutex);
    return session::sound::PlaybackStream::positionOf(m_plan, m_shape, playedFrames(heardFrames));
}

bool PlaybackFeed::isOver(qint64 heardFrames) const {
    const std::lock_guard lock(m_mutex);
    return m_active && !m_plan.loop && playedFrames(heardFrames) >= m_output.frames;
}

}  // namespace querent::app::sound
