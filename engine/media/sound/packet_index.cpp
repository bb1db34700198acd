#include "engine/media/sound/packet_index.h"

#include "engine/media/sound/packet_reader.h"

#include <algorithm>
#include <cstdio>
#include <list>
#include <mutex>
#include <utility>

namespace querent::media::sound {

namespace {

constexpr double kStretchSeconds = 5.0;
/** So long a decoder may take until nothing is left of what it does not know: long for Opus and AMR, enough for all. */
constexpr double kRunUpSeconds = 1.0;
constexpr std::size_t kFewestRunUp = 2;
/** An hour of AAC has 155,000 packets, of 24 bytes. */
constexpr std::size_t kRememberedPackets = 2'000'000;
constexpr std::int32_t kMostFrames = 1 << 20;  // of a packet
/** Five days of AAC, and half a gigabyte: a file of packets of one byte would take more. */
constexpr std::size_t kMostPackets = 20'000'000;

/** Indexes of files that were opened lately. */
class Memory {
 public:
    std::shared_ptr<const PacketIndex> find(const std::string& stamp) {
        const std::lock_guard lock(m_mutex);
        const auto found =
            std::find_if(m_known.begin(), m_known.end(), [&](const Known& k) { return k.stamp == stamp; });
        if (found == m_known.end()) return nullptr;
        m_known.splice(m_known.begin(), m_known, found);
        return found->index;
    }
    void add(const std::string& stamp, std::shared_ptr<const PacketIndex> index) {
        const std::lock_guard lock(m_mutex);
        m_packets += index->packets.size();
        m_known.push_front({stamp, std::move(index)});
        while (m_packets > kRememberedPackets && m_known.size() > 1) {
            m_packets -= m_known.back().index->packets.size();
            m_known.pop_back();
        }
    }

 private:
    struct Known {
        std::string stamp;
        std::shared_ptr<const PacketIndex> index;
    };
    std::mutex m_mutex;
    std::list<Known> m_known;  // the latest first
    std::size_t m_packets = 0;
};

std::string asSeconds(std::int64_t frames, int rate) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", rate > 0 ? static_cast<double>(frames) / rate : 0.0);
    return text;
}

class Maker {
 public:
    explicit Maker(PacketReader& reader) : m_reader(reader) {}

    Result<std::shared_ptr<const PacketIndex>> make() {
        while (m_index.packets.size() < kMostPackets && m_reader.next())
            take();
        m_tooLong = m_index.packets.size() == kMostPackets;
        const PacketSound rest = m_equal || m_tooLong ? PacketSound{} : m_reader.drain();
        add(PacketReader::kNoTime, static_cast<std::int32_t>(std::min<std::int64_t>(rest.frames, kMostFrames)),
            rest.skip, rest.spare);
        m_index.shape.rate = m_reader.rate();
        m_index.shape.channels = m_reader.channels();
        cutToPlayed();
        if (m_index.shape.empty())
            return fail(ErrorCode::Malformed, "The sound is empty: the file does not hold a single sample.",
                        m_reader.path());
        cutIntoStretches();
        noteProblem();
        return std::make_shared<const PacketIndex>(std::move(m_index));
    }

 private:
    void take() {
        std::int64_t time = m_reader.time();
        // A time that does not say which packet it is is none.
        if (time <= m_lastTime) time = PacketReader::kNoTime;
        m_lastTime = std::max(m_lastTime, time);
        std::int32_t frames = m_usual;
        std::int64_t skip = 0;
        std::int64_t spare = 0;
        if (m_equal) {
            const PacketReader::Padding padding = m_reader.padding();
            skip = padding.all ? m_usual : padding.skip;
            spare = padding.spare;
        } else {
            const PacketSound sound = m_reader.decode();
            frames = static_cast<std::int32_t>(std::min<std::int64_t>(sound.frames, kMostFrames));
            skip = sound.skip;
            spare = sound.spare;
            if (sound.damaged) {
                if (m_damagedAt < 0) m_damagedAt = m_index.shape.frames;
                if (frames == 0) frames = m_usual;  // silence of that length
            }
            if (frames > 0) m_usual = frames;
            constexpr std::size_t kTried = 4;
            m_equal = !sound.damaged && m_index.packets.size() >= kTried && m_usual == 1024 && m_damagedAt < 0 &&
                      m_reader.packetsAreEqual();
        }
        add(time, frames, skip, spare);
    }

    void add(std::int64_t time, std::int32_t frames, std::int64_t skip, std::int64_t spare) {
        PacketIndex::Packet packet{time, frames, 0, 0};
        // Padding can be longer than the packet that tells of it.
        m_toSkip = std::max(m_toSkip, skip);
        packet.skip = static_cast<std::int32_t>(std::min<std::int64_t>(m_toSkip, packet.frames));
        m_toSkip -= packet.skip;
        packet.keep = static_cast<std::int32_t>(std::max<std::int64_t>(0, packet.frames - packet.skip - spare));
        m_index.shape.frames += packet.keep;
        m_index.packets.push_back(packet);
    }

    /** MPEG-4 says how much of its last packets is sound by the length alone. */
    void cutToPlayed() {
        constexpr std::int64_t kMostPackets = 3;
        const std::int64_t played = m_reader.playedFrames();
        std::int64_t beyond = m_index.shape.frames - played;
        if (played < 1 || beyond < 1 || beyond > kMostPackets * m_usual) return;
        m_index.shape.frames = played;
        for (auto packet = m_index.packets.rbegin(); packet != m_index.packets.rend() && beyond > 0; ++packet) {
            const auto cut = static_cast<std::int32_t>(std::min<std::int64_t>(beyond, packet->keep));
            packet->keep -= cut;
            beyond -= cut;
        }
    }

    void cutIntoStretches() {
        const auto longest = static_cast<std::int64_t>(kStretchSeconds * m_index.shape.rate);
        std::int64_t frame = 0;
        for (std::size_t i = 0; i < m_index.packets.size(); ++i) {
            if (m_index.stretches.empty() || frame - m_index.stretches.back().frame >= longest)
                m_index.stretches.push_back({i, frame});
            frame += m_index.packets[i].keep;
        }
    }

    void noteProblem() {
        const double promised = m_reader.promisedSeconds();
        constexpr double kSlack = 0.5;  // padding, which some files count
        if (m_damagedAt >= 0) {
            m_index.problem = "The sound is damaged at ";
            m_index.problem.append(asSeconds(m_damagedAt, m_index.shape.rate)).append("; there is silence instead.");
        } else if (m_tooLong) {
            m_index.problem = "The sound is too long: its first ";
            m_index.problem.append(asSeconds(m_index.shape.frames, m_index.shape.rate)).append(" can be read.");
        } else if (promised > m_index.shape.seconds() + kSlack && promised < 1e6) {
            const int rate = m_index.shape.rate;
            m_index.problem = "The file is cut short: ";
            m_index.problem.append(asSeconds(m_index.shape.frames, rate)).append(" of sound are there, ");
            m_index.problem.append(asSeconds(static_cast<std::int64_t>(promised * rate), rate))
                .append(" were expected.");
        }
    }

    PacketReader& m_reader;
    PacketIndex m_index;
    std::int64_t m_lastTime = PacketReader::kNoTime;
    std::int32_t m_usual = 0;  // frames of the packet before
    std::int64_t m_toSkip = 0;
    std::int64_t m_damagedAt = -1;
    bool m_equal = false;
    bool m_tooLong = false;
};

}  // namespace

std::size_t PacketIndex::runUp(std::size_t packet) const {
    const auto wanted = static_cast<std::int64_t>(kRunUpSeconds * shape.rate);
    std::int64_t frames = 0;
    std::size_t first = packet;
    while (first > 0 && (frames < wanted || packet - first < kFewestRunUp))
        frames += packets[--first].frames;
    return first;
}

Result<std::shared_ptr<const PacketIndex>> packetIndex(PacketReader& reader) {
    static Memory memory;
    if (auto known = memory.find(reader.stamp())) return known;
    auto made = Maker(reader).make();
    if (made) memory.add(reader.stamp(), *made);
    return made;
}

}  // namespace querent::media::sound
