#include "app/sound/sound_player.h"

#include "app/sound/device_output.h"

#include <algorithm>
#include <cmath>

namespace querent::app::sound {

namespace {

constexpr int kTickMs = 16;

}  // namespace

SoundPlayer::SoundPlayer(std::unique_ptr<AudioOutput> output, QObject* parent)
    : QObject(parent), m_output(output ? std::move(output) : std::make_unique<DeviceOutput>()) {
    m_tick.setTimerType(Qt::PreciseTimer);
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &SoundPlayer::tick);
    connect(&m_feed, &PlaybackFeed::ready, this, &SoundPlayer::onReady);
    connect(&m_feed, &PlaybackFeed::failed, this, [this](int number, const QString& sentence) {
        if (number == m_number) onFailed(sentence);
    });
    connect(m_output.get(), &AudioOutput::failed, this, &SoundPlayer::onFailed);
    connect(m_output.get(), &AudioOutput::availableChanged, this, [this] {
        if (!m_output->available()) pause();
        Q_EMIT noteChanged(note());
    });
}

SoundPlayer::~SoundPlayer() {
    m_output->disconnect(this);
    m_output->stop();
}

void SoundPlayer::setSound(const std::filesystem::path& file, const SoundShape& shape) {
    halt();
    m_file = file;
    m_shape = shape;
    m_once.reset();
    m_loop = {};
    m_position = m_startedAt = 0;
}

bool SoundPlayer::canPlay() const {
    return !m_shape.empty() && m_output->available();
}

QString SoundPlayer::note() const {
    return m_output->available() ? QString() : tr("No sound device was found: sounds can be looked at, not heard.");
}

// --- what people ask for

void SoundPlayer::play() {
    if (!canPlay() || m_playing) return;
    m_once.reset();
    if (m_position >= m_shape.frames) moveTo(0);
    begin();
}

void SoundPlayer::playRange(qint64 first, qint64 last) {
    first = std::clamp<qint64>(first, 0, m_shape.frames);
    last = std::clamp<qint64>(last, 0, m_shape.frames);
    if (!canPlay() || first >= last) return;
    halt();
    m_once = Range{first, last};
    moveTo(first);
    begin();
}

void SoundPlayer::pause() {
    if (m_playing) tick();
    halt();
}

void SoundPlayer::stop() {
    halt();
    moveTo(m_startedAt);
}

void SoundPlayer::seek(qint64 frame) {
    const bool playing = m_playing;
    halt();
    m_once.reset();
    moveTo(std::clamp<qint64>(frame, 0, m_shape.frames));
    m_startedAt = m_position;
    if (playing && m_position < m_shape.frames) begin();
}

void SoundPlayer::setLoop(qint64 first, qint64 last) {
    const Range loop{std::clamp<qint64>(first, 0, m_shape.frames), std::clamp<qint64>(last, 0, m_shape.frames)};
    if (loop == m_loop) return;
    m_loop = loop;
    if (m_looping) restart();
}

void SoundPlayer::setLooping(bool on) {
    if (on == m_looping) return;
    m_looping = on;
    restart();
}

void SoundPlayer::setSpeed(double speed) {
    speed = std::clamp(speed, session::sound::PlaybackStream::kSlowest, session::sound::PlaybackStream::kFastest);
    if (speed == m_speed) return;
    m_speed = speed;
    restart();
}

void SoundPlayer::setKeepPitch(bool on) {
    if (on == m_keepPitch) return;
    m_keepPitch = on;
    if (m_speed != 1.0) restart();
}

void SoundPlayer::setVolume(double volume) {
    // The third power is near to how loudness is felt.
    m_output->setVolume(std::pow(std::clamp(volume, 0.0, 1.0), 3.0));
}

// --- playing

session::sound::PlaybackPlan SoundPlayer::plan() const {
    session::sound::PlaybackPlan plan;
    plan.end = m_shape.frames;
    if (m_once) {
        plan.first = m_once->first;
        plan.end = m_once->last;
    } else if (m_looping) {
        plan.loop = true;
        plan.first = m_loop.empty() ? 0 : m_loop.first;
        plan.end = m_loop.empty() ? m_shape.frames : m_loop.last;
    }
    // Behind a loop, or before it, playing begins with its first frame.
    plan.from = m_position >= plan.first && m_position < plan.end ? m_position : plan.first;
    plan.speed = m_speed;
    plan.keepPitch = m_keepPitch;
    plan.rate = m_format.rate;
    plan.channels = m_format.channels;
    return plan;
}

void SoundPlayer::begin() {
    m_startedAt = m_position;
    m_format = m_output->formatFor(m_shape);
    m_heard = false;
    m_number = m_feed.begin(m_file, plan());
    setPlaying(true);
}

/** Goes on from where it is, otherwise than before. */
void SoundPlayer::restart() {
    if (!m_playing) return;
    tick();
    if (!m_playing) return;  // it has just come to its end
    const qint64 started = m_startedAt;
    m_output->stop();
    begin();
    m_startedAt = started;
}

void SoundPlayer::halt() {
    m_tick.stop();
    m_output->stop();
    m_feed.end();
    m_heard = false;
    setPlaying(false);
}

void SoundPlayer::onReady(int number) {
    if (number != m_number || !m_playing) return;
    m_output->start(m_format, m_feed);
    m_heard = true;
    m_tick.start();
}

void SoundPlayer::onFailed(const QString& sentence) {
    if (!m_playing) return;
    halt();
    Q_EMIT failed(sentence);
}

void SoundPlayer::tick() {
    if (!m_heard) return;
    const qint64 heard = m_output->heardFrames();
    if (m_feed.isOver(heard)) return finish();
    moveTo(static_cast<qint64>(std::floor(m_feed.positionOf(heard))));
}

void SoundPlayer::finish() {
    const auto once = std::exchange(m_once, std::nullopt);
    halt();
    moveTo(once ? once->first : m_shape.frames);
}

void SoundPlayer::moveTo(qint64 frame) {
    if (frame == m_position) return;
    m_position = frame;
    Q_EMIT positionChanged(frame);
}

void SoundPlayer::setPlaying(bool playing) {
    if (playing == m_playing) return;
    m_playing = playing;
    Q_EMIT playingChanged(playing);
}

}  // namespace querent::app::sound
