#include "engine/session/sound/playback_stream.h"

#include "engine/media/sound/resample.h"
#include "engine/media/sound/sound_file.h"
#include "engine/media/sound/time_stretch.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace querent::session::sound {

namespace {

constexpr std::int64_t kPieceFrames = 4096;

/** Frames with other channels than the file has. */
void remix(std::span<const float> input, int from, int to, std::vector<float>& output) {
    const std::size_t frames = input.size() / static_cast<std::size_t>(from);
    output.assign(frames * static_cast<std::size_t>(to), 0.0F);
    std::vector<float> mean;
    if (to < from) {
        mean.resize(frames);
        media::sound::mixDown(input, from, mean);
    }
    for (std::size_t i = 0; i < frames; ++i) {
        const float* in = input.data() + i * static_cast<std::size_t>(from);
        float* out = output.data() + i * static_cast<std::size_t>(to);
        if (to < from) {
            std::fill_n(out, to, mean[i]);
        } else {
            std::copy_n(in, from, out);
            if (from == 1 && to > 1) out[1] = in[0];
        }
    }
}

}  // namespace

static_assert(PlaybackStream::kSlowest == media::sound::TimeStretch::kSlowest);
static_assert(PlaybackStream::kFastest == media::sound::TimeStretch::kFastest);

struct PlaybackStream::State {
    explicit State(media::sound::SoundFile opened) : file(std::move(opened)) {}

    media::sound::SoundFile file;
    PlaybackPlan plan;
    std::optional<media::sound::TimeStretch> stretch;  // none at speed 1: nothing may touch the samples
    std::optional<media::sound::Resampler> resampler;  // none at the file's own rate
    std::int64_t next = 0;                             // the frame of the file that is read next
    bool ended = false;
    std::vector<float> samples;  // scratch: as in the file, stretched
    std::vector<float> stretched;
    std::vector<float> resampled;
    std::vector<float> ready;  // as it goes out
    std::size_t used = 0;      // samples of `ready`

    Result<void> readPiece();
    Result<void> stretchPiece(std::span<const float> piece);
    Result<void> more();
};

/** The next frames of the range into `samples`; none when it has ended. */
Result<void> PlaybackStream::State::readPiece() {
    if (next >= plan.end && plan.loop) next = plan.first;
    const std::int64_t frames = std::min(kPieceFrames, plan.end - next);
    samples.resize(static_cast<std::size_t>(frames * file.shape().channels));
    ended = frames == 0;
    if (ended) return {};
    const Result<std::int64_t> got = file.readInto(next, samples);
    if (!got) return got.error();
    next += frames;
    return {};
}

Result<void> PlaybackStream::State::stretchPiece(std::span<const float> piece) {
    if (!stretch) {
        stretched.assign(piece.begin(), piece.end());
        return {};
    }
    const Result<void> pushed = ended ? stretch->finish() : stretch->push(piece);
    if (!pushed) return pushed;
    stretched.resize(static_cast<std::size_t>(stretch->available() * file.shape().channels));
    stretch->pull(stretched);
    return {};
}

Result<void> PlaybackStream::State::more() {
    if (Result<void> read = readPiece(); !read) return read;
    if (Result<void> done = stretchPiece(samples); !done) return done;
    std::span<const float> piece = stretched;
    if (resampler) {
        resampled.clear();
        if (Result<void> pushed = resampler->push(piece, resampled); !pushed) return pushed;
        if (ended) {
            if (Result<void> finished = resampler->finish(resampled); !finished) return finished;
        }
        piece = resampled;
    }
    remix(piece, file.shape().channels, plan.channels, ready);
    used = 0;
    return {};
}

PlaybackStream::PlaybackStream(std::unique_ptr<State> state) : m_state(std::move(state)) {}
PlaybackStream::~PlaybackStream() = default;

Result<std::unique_ptr<PlaybackStream>> PlaybackStream::open(const std::filesystem::path& path) {
    Result<media::sound::SoundFile> file = media::sound::SoundFile::open(path);
    if (!file) return file.error();
    auto stream = std::unique_ptr<PlaybackStream>(new PlaybackStream(std::make_unique<State>(std::move(file).value())));
    if (Result<void> started = stream->start({}); !started) return started.error();
    return stream;
}

const SoundShape& PlaybackStream::shape() const {
    return m_state->file.shape();
}

const PlaybackPlan& PlaybackStream::plan() const {
    return m_state->plan;
}

Result<void> PlaybackStream::start(const PlaybackPlan& wanted) {
    PlaybackPlan plan = wanted;
    plan.end = plan.end < 0 ? shape().frames : std::min(plan.end, shape().frames);
    plan.first = std::max<std::int64_t>(0, plan.first);
    if (plan.first >= plan.end) return fail(ErrorCode::InvalidArgument, "There is nothing to play in this range.");
    // A loop has no end to stand at.
    plan.from = std::clamp(plan.from, plan.first, plan.loop ? plan.end - 1 : plan.end);
    if (plan.rate <= 0) plan.rate = shape().rate;
    if (plan.channels <= 0) plan.channels = shape().channels;
    auto stretch = media::sound::TimeStretch::create(shape().rate, shape().channels, plan.speed, plan.keepPitch);
    if (!stretch) return stretch.error();
    auto resampler = media::sound::Resampler::create(shape().rate, plan.rate, shape().channels);
    if (!resampler) return resampler.error();
    State& state = *m_state;
    state.plan = plan;
    state.stretch.reset();
    state.resampler.reset();
    if (plan.speed != 1.0) state.stretch = *std::move(stretch);
    if (plan.rate != shape().rate) state.resampler = *std::move(resampler);
    state.next = plan.from;
    state.ended = false;
    state.ready.clear();
    state.used = 0;
    return {};
}

SoundShape PlaybackStream::output() const {
    const PlaybackPlan& plan = m_state->plan;
    if (plan.loop) return {plan.rate, plan.channels, -1};
    const auto heard = std::llround(static_cast<double>(plan.end - plan.from) / plan.speed);
    return {plan.rate, plan.channels, media::sound::resampledLength(heard, shape().rate, plan.rate)};
}

Result<std::int64_t> PlaybackStream::pull(std::span<float> interleaved) {
    State& state = *m_state;
    const auto channels = static_cast<std::size_t>(state.plan.channels);
    const std::size_t room = interleaved.size() / channels * channels;
    std::size_t filled = 0;
    while (filled < room) {
        if (state.used == state.ready.size()) {
            if (state.ended) break;
            if (Result<void> made = state.more(); !made) return made.error();
            continue;
        }
        const std::size_t count = std::min(room - filled, state.ready.size() - state.used);
        std::copy_n(state.ready.data() + state.used, count, interleaved.data() + filled);
        state.used += count;
        filled += count;
    }
    return static_cast<std::int64_t>(filled / channels);
}

double PlaybackStream::positionOf(const PlaybackPlan& plan, const SoundShape& shape, std::int64_t output) {
    // At the file's own rate and speed a whole number, however long the sound is.
    const double heard = static_cast<double>(output) * shape.rate / plan.rate * plan.speed;
    const double at = static_cast<double>(plan.from) + heard;
    if (!plan.loop) return std::min(at, static_cast<double>(plan.end));
    const auto first = static_cast<double>(plan.first);
    return first + std::fmod(at - first, static_cast<double>(plan.end - plan.first));
}

}  // namespace querent::session::sound
