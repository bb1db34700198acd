#include "engine/media/sound/time_stretch.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace querent::media::sound {

namespace {

constexpr double kHopSeconds = 0.020;
/** To either side: together two periods of the lowest voices. */
constexpr double kReachSeconds = 0.010;
/** Pieces are compared in about so many samples a second; more would find the same places. */
constexpr std::int64_t kComparedRate = 12'000;

}  // namespace

TimeStretch::TimeStretch(int rate, int channels, double speed)
    : m_channels(channels),
      m_speed(speed),
      m_hop(std::max<std::int64_t>(2, std::llround(kHopSeconds * rate))),
      m_reach(std::max<std::int64_t>(1, std::llround(kReachSeconds * rate))) {}

Result<TimeStretch> TimeStretch::create(int rate, int channels, double speed, bool keepPitch) {
    const bool goodSpeed = speed >= kSlowest && speed <= kFastest;  // not NaN either
    if (!goodSpeed || rate < 1 || channels < 1) {
        return fail(ErrorCode::InvalidArgument, "A sound can be played at 0.1 to 4 times its speed.");
    }
    TimeStretch made(rate, channels, speed);
    if (keepPitch) return made;
    // As if the sound had another rate, in millionths.
    constexpr int kUnit = 1'000'000;
    Result<Resampler> resampler = Resampler::create(static_cast<int>(std::lround(speed * kUnit)), kUnit, channels);
    if (!resampler) return resampler.error();
    made.m_resampler = std::move(resampler).value();
    return made;
}

Result<void> TimeStretch::push(std::span<const float> interleaved) {
    if (interleaved.size() % static_cast<std::size_t>(m_channels) != 0) {
        return fail(ErrorCode::InvalidArgument, "Sound comes in whole frames.");
    }
    const std::size_t frames = interleaved.size() / static_cast<std::size_t>(m_channels);
    m_taken += static_cast<std::int64_t>(frames);
    if (m_resampler) return m_resampler->push(interleaved, m_output);
    m_input.insert(m_input.end(), interleaved.begin(), interleaved.end());
    m_mono.resize(m_mono.size() + frames);
    mixDown(interleaved, m_channels, std::span(m_mono).last(frames));
    makeBlocks(false);
    return {};
}

Result<void> TimeStretch::finish() {
    if (m_resampler) return m_resampler->finish(m_output);
    const std::int64_t before = m_block * m_hop;
    const std::int64_t whole = std::llround(static_cast<double>(m_taken) / m_speed);
    makeBlocks(true);
    const std::int64_t surplus = m_block * m_hop - std::max(whole, before);
    m_output.resize(m_output.size() - static_cast<std::size_t>(surplus * m_channels));
    return {};
}

std::int64_t TimeStretch::available() const {
    return static_cast<std::int64_t>(m_output.size() - m_pulled) / m_channels;
}

std::int64_t TimeStretch::pull(std::span<float> interleaved) {
    const std::int64_t room = std::ssize(interleaved) / m_channels;
    const std::int64_t frames = std::min(room, available());
    const auto first = m_output.begin() + static_cast<std::ptrdiff_t>(m_pulled);
    std::copy_n(first, frames * m_channels, interleaved.begin());
    m_pulled += static_cast<std::size_t>(frames * m_channels);
    if (m_pulled > m_output.size() / 2) {
        m_output.erase(m_output.begin(), m_output.begin() + static_cast<std::ptrdiff_t>(m_pulled));
        m_pulled = 0;
    }
    return frames;
}

/** Where a block is taken from if it fits there: its middle is then on time. */
std::int64_t TimeStretch::target(std::int64_t block) const {
    const auto hop = static_cast<double>(m_hop);
    const double middle = (static_cast<double>(block) + 0.5) * hop * m_speed;
    return std::max<std::int64_t>(0, std::llround(middle - 0.5 * hop));
}

void TimeStretch::makeBlocks(bool ended) {
    const std::int64_t whole = std::llround(static_cast<double>(m_taken) / m_speed);
    while (true) {
        const std::int64_t wanted = target(m_block);
        const std::int64_t needed = std::max(wanted + m_reach, m_natural) + 2 * m_hop;
        if (ended ? m_block * m_hop >= whole : needed > inputEnd()) break;
        // What follows a piece must be there too, or slow sound would fade away before its end.
        const std::int64_t last = std::max<std::int64_t>(0, inputEnd() - 2 * m_hop);
        const std::int64_t start = m_block == 0 ? std::min(wanted, last) : bestFit(m_natural, wanted, last);
        crossfade(m_block == 0 ? start : m_natural, start);
        m_natural = start + m_hop;
        ++m_block;
    }
    forgetInput();
}

/** The start near `target`, and not behind `last`, of the piece that is most like the one at `natural`, by normalised
 * cross-correlation. */
std::int64_t TimeStretch::bestFit(std::int64_t natural, std::int64_t target, std::int64_t last) const {
    // Nothing fits better than what really follows; exactly on time it is taken even at the very end.
    if (natural == target || (natural <= last && std::abs(natural - target) <= m_reach)) return natural;
    if (inputEnd() < 2 * m_hop) return 0;
    const std::int64_t step = std::max<std::int64_t>(1, m_hop / std::llround(kHopSeconds * kComparedRate));
    std::vector<float> wanted;
    for (std::int64_t i = 0; i < m_hop; i += step)
        wanted.push_back(mono(natural + i));
    std::int64_t best = std::min(target, last);
    double bestScore = 0.0;
    const std::int64_t from = std::clamp<std::int64_t>(target - m_reach, 0, std::max<std::int64_t>(0, last - m_reach));
    for (std::int64_t start = from; start <= std::min(target + m_reach, last); ++start) {
        const float* candidate = m_mono.data() + (start - m_base);
        float dot = 0.0F;
        float power = 1e-12F;
        for (const float value : wanted) {
            dot += *candidate * value;
            power += *candidate * *candidate;
            candidate += step;
        }
        const double score = static_cast<double>(dot) / std::sqrt(static_cast<double>(power));
        if (score > bestScore) {
            bestScore = score;
            best = start;
        }
    }
    return best;
}

/** Appends a block that begins as the input at `from` and ends as the input at `to`. */
void TimeStretch::crossfade(std::int64_t from, std::int64_t to) {
    for (std::int64_t i = 0; i < m_hop; ++i) {
        const double phase = std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(m_hop);
        const auto in = static_cast<float>(0.5 - 0.5 * std::cos(phase));
        for (int c = 0; c < m_channels; ++c) {
            const float old = sample(from + i, c);
            const float value = sample(to + i, c);
            m_output.push_back(from == to ? value : old + in * (value - old));
        }
    }
}

void TimeStretch::forgetInput() {
    // When the sound ends, the last blocks are looked for before its last two.
    const std::int64_t needed = std::min({m_natural, target(m_block) - m_reach, inputEnd() - 2 * m_hop - m_reach});
    const std::int64_t old = std::clamp<std::int64_t>(needed - m_base, 0, std::ssize(m_mono));
    m_mono.erase(m_mono.begin(), m_mono.begin() + old);
    m_input.erase(m_input.begin(), m_input.begin() + old * m_channels);
    m_base += old;
}

/** Silence behind the end, as is needed for the last blocks. */
float TimeStretch::mono(std::int64_t frame) const {
    const auto at = static_cast<std::size_t>(frame - m_base);
    return at < m_mono.size() ? m_mono[at] : 0.0F;
}

float TimeStretch::sample(std::int64_t frame, int channel) const {
    const auto at = static_cast<std::size_t>((frame - m_base) * m_channels + channel);
    return at < m_input.size() ? m_input[at] : 0.0F;
}

}  // namespace querent::media::sound
