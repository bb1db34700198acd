#include "engine/media/sound/packet_decoder.h"

#include "engine/media/sound/packet_index.h"
#include "engine/media/sound/packet_reader.h"

#include <algorithm>
#include <utility>

namespace querent::media::sound {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

}  // namespace

PacketDecoder::PacketDecoder(std::unique_ptr<PacketReader> reader) : m_reader(std::move(reader)) {}
PacketDecoder::~PacketDecoder() = default;

Result<std::unique_ptr<Decoder>> PacketDecoder::open(SoundKind kind, std::shared_ptr<const InputFile> file,
                                                     const std::filesystem::path& path) {
    auto reader = PacketReader::open(kind, std::move(file), path);
    if (!reader) return reader.error();
    std::unique_ptr<PacketDecoder> decoder(new PacketDecoder(std::move(reader).value()));
    auto index = packetIndex(*decoder->m_reader);
    if (!index) return index.error();
    decoder->m_index = std::move(index).value();
    decoder->m_shape = decoder->m_index->shape;
    decoder->m_problem = decoder->m_index->problem;
    return std::unique_ptr<Decoder>(std::move(decoder));
}

Result<void> PacketDecoder::restart() {
    m_loaded = kNone;
    return {};
}

bool PacketDecoder::load(std::size_t stretch) {
    if (stretch == m_loaded) return true;
    m_loaded = kNone;
    m_stretch.clear();
    const PacketIndex& index = *m_index;
    const std::size_t first = index.stretches[stretch].packet;
    const std::size_t end =
        stretch + 1 < index.stretches.size() ? index.stretches[stretch + 1].packet : index.packets.size();
    const std::size_t from = index.runUp(first);
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    if (!m_reader->seek(index.packets[from].time, from)) return false;
    for (std::size_t i = from; i < end; ++i) {
        const bool behindLast = i + 1 == index.packets.size();
        if (!behindLast && !m_reader->next()) return false;
        const PacketSound sound = behindLast ? m_reader->drain() : m_reader->decode();
        if (i < first) continue;
        const PacketIndex::Packet& packet = index.packets[i];
        // What does not come out as it did when the packets were counted is silence, so that nothing moves.
        const std::size_t at = m_stretch.size();
        m_stretch.resize(at + static_cast<std::size_t>(packet.keep) * channels, 0.0F);
        if (sound.frames < packet.skip) continue;
        const std::int64_t there = std::min<std::int64_t>(packet.keep, sound.frames - packet.skip);
        std::copy_n(sound.samples.begin() + static_cast<std::ptrdiff_t>(packet.skip) * m_shape.channels,
                    there * m_shape.channels, m_stretch.begin() + static_cast<std::ptrdiff_t>(at));
    }
    m_loaded = stretch;
    return true;
}

std::int64_t PacketDecoder::read(std::int64_t first, std::span<float> interleaved) {
    const std::vector<PacketIndex::Stretch>& stretches = m_index->stretches;
    const auto channels = static_cast<std::size_t>(m_shape.channels);
    const auto wanted =
        std::min<std::int64_t>(static_cast<std::int64_t>(interleaved.size() / channels), m_shape.frames - first);
    std::int64_t done = 0;
    while (done < wanted) {
        const std::int64_t at = first + done;
        const auto behind = std::upper_bound(stretches.begin(), stretches.end(), at,
                                             [](std::int64_t frame, const auto& s) { return frame < s.frame; });
        const auto number = static_cast<std::size_t>(behind - stretches.begin()) - 1;
        if (!load(number)) break;
        const std::int64_t offset = at - stretches[number].frame;
        const std::int64_t there = static_cast<std::int64_t>(m_stretch.size() / channels) - offset;
        const std::int64_t count = std::min(wanted - done, there);
        if (count <= 0) break;
        std::copy_n(m_stretch.begin() + offset * m_shape.channels, count * m_shape.channels,
                    interleaved.begin() + done * m_shape.channels);
        done += count;
    }
    return done;
}

}  // namespace querent::media::sound
