#include "engine/media/sound/chain_decoder.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace querent::media::sound {

ChainDecoder::ChainDecoder(std::vector<std::unique_ptr<Decoder>> parts, bool more) : m_parts(std::move(parts)) {
    m_shape = m_parts.front()->shape();
    m_shape.frames = 0;
    for (const std::unique_ptr<Decoder>& part : m_parts) {
        const SoundShape& shape = part->shape();
        if (shape.rate != m_shape.rate || shape.channels != m_shape.channels) {
            noteRest("sound of another rate or number of channels");
            break;
        }
        m_shape.frames += framesThere(*part);
        m_ends.push_back(m_shape.frames);
    }
    m_parts.resize(m_ends.size());
    if (more && m_problem.empty()) noteRest("more sounds than are joined");
}

void ChainDecoder::noteRest(const char* what) {
    char sentence[160];
    std::snprintf(sentence, sizeof sentence, "The file goes on with %s, which is left out: %.1f s can be read.", what,
                  m_shape.seconds());
    m_problem = sentence;
}

std::int64_t ChainDecoder::read(std::int64_t first, std::span<float> interleaved) {
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    const auto wanted = static_cast<std::int64_t>(interleaved.size() / channels);
    std::int64_t done = 0;
    for (std::size_t i = 0; i < m_parts.size() && done < wanted; ++i) {
        const std::int64_t at = first + done;
        if (at >= m_ends[i]) continue;
        const std::int64_t count = std::min(wanted - done, m_ends[i] - at);
        const auto room =
            interleaved.subspan(static_cast<std::size_t>(done) * channels, static_cast<std::size_t>(count) * channels);
        const std::int64_t got = m_parts[i]->read(at - (i == 0 ? 0 : m_ends[i - 1]), room);
        done += got;
        if (got < count) break;
    }
    return done;
}

Result<void> ChainDecoder::restart() {
    for (const std::unique_ptr<Decoder>& part : m_parts) {
        if (Result<void> again = part->restart(); !again) return again;
    }
    return {};
}

}  // namespace querent::media::sound
