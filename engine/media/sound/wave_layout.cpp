#include "engine/media/sound/wave_layout.h"

#include <array>
#include <string_view>

namespace querent::media::sound {

namespace {

constexpr std::uint64_t kRunOver = std::uint64_t{1} << 32;
/** Programs that write to a pipe cannot know the length, and leave this or more. */
constexpr std::uint64_t kOpenEnd = 0x7FFF0000;
constexpr std::uint64_t kLargestFormat = 4096;

class Reader {
 public:
    explicit Reader(const SoundBytes& file) : m_file(file) {}

    bool has(std::uint64_t at, std::uint64_t count) const { return at <= m_file.size() && count <= m_file.size() - at; }
    bool matches(std::uint64_t at, std::string_view name) const {
        std::array<std::uint8_t, 4> bytes{};
        return m_file.readAt(at, bytes) == 4 &&
               std::string_view(reinterpret_cast<const char*>(bytes.data()), 4) == name;
    }
    std::uint64_t number(std::uint64_t at, std::size_t count, bool bigEndian) const {
        std::array<std::uint8_t, 8> bytes{};
        (void)m_file.readAt(at, std::span(bytes).first(count));
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < count; ++i)
            value = value << 8 | bytes[bigEndian ? i : count - 1 - i];
        return value;
    }
    /** Whether chunks, each with a name of letters, fill the file from here to its end. */
    bool chunksToTheEnd(std::uint64_t at, bool bigEndian) const {
        for (int chunk = 0; chunk < 1000; ++chunk) {
            if (at >= m_file.size()) return true;
            for (std::uint64_t i = 0; i < 4; ++i) {
                const std::uint64_t letter = number(at + i, 1, true);
                if (letter < ' ' || letter > '~') return false;
            }
            if (!has(at, 8)) return false;
            const std::uint64_t size = number(at + 4, 4, bigEndian);
            if (!has(at + 8, size)) return false;
            at += 8 + size + (size & 1);
        }
        return false;
    }

 private:
    const SoundBytes& m_file;
};

void append(std::vector<std::uint8_t>& to, std::string_view text) {
    to.insert(to.end(), text.begin(), text.end());
}

void append(std::vector<std::uint8_t>& to, std::uint64_t value, std::size_t count, bool bigEndian) {
    for (std::size_t i = 0; i < count; ++i)
        to.push_back(static_cast<std::uint8_t>(value >> 8 * (bigEndian ? count - 1 - i : i)));
}

/** What the header's length of samples comes to. */
void settle(SampleBytes& samples, const Reader& file, std::uint64_t rest, bool wide) {
    const std::uint64_t size = samples.promised;
    const bool ranOver = !wide && rest >= kRunOver && rest - size >= kRunOver;
    const bool open = size == 0 || (!wide && size >= kOpenEnd) || (wide && size == ~std::uint64_t{0});
    if (ranOver && size < kOpenEnd) {
        samples.there = size + (rest - size) / kRunOver * kRunOver;
        samples.lengthIsWrong = true;
    } else if (open && (size >= rest || !file.chunksToTheEnd(samples.begin + size + (size & 1), samples.bigEndian))) {
        samples.there = rest;
        samples.lengthIsWrong = rest > 0;
    } else {
        samples.there = std::min(size, rest);
        return;
    }
    samples.promised = samples.there;
}

}  // namespace

std::optional<SampleBytes> sampleBytes(const SoundBytes& bytes) {
    const Reader file(bytes);
    const bool aiff = file.matches(0, "FORM") && (file.matches(8, "AIFF") || file.matches(8, "AIFC"));
    const bool wide = file.matches(0, "RF64");
    const bool wave = (wide || file.matches(0, "RIFF") || file.matches(0, "RIFX")) && file.matches(8, "WAVE");
    if (!aiff && !wave) return std::nullopt;
    SampleBytes samples;
    samples.bigEndian = aiff || file.matches(0, "RIFX");
    std::uint64_t at = 12;
    for (int chunk = 0; chunk < 1000 && file.has(at, 8); ++chunk) {
        std::uint64_t size = file.number(at + 4, 4, samples.bigEndian);
        if (file.matches(at, aiff ? "SSND" : "data")) {
            const bool large = wide && size == 0xFFFFFFFF && file.matches(12, "ds64");
            samples.begin = at + 8;
            samples.promised = large ? file.number(28, 8, false) : size;
            const std::uint64_t rest = bytes.size() - samples.begin;
            if (aiff) {
                samples.there = std::min(samples.promised, rest);
            } else {
                settle(samples, file, rest, large);
            }
            return samples;
        }
        if (wave && file.matches(at, "fmt ") && size <= kLargestFormat && file.has(at + 8, size)) {
            samples.format.resize(size);
            (void)bytes.readAt(at + 8, samples.format);
        }
        at += 8 + size + (size & 1);
    }
    return std::nullopt;
}

SoundBytes withRightHeader(const SoundBytes& file, const SampleBytes& samples) {
    const bool big = samples.bigEndian;
    std::vector<std::uint8_t> format = samples.format;
    if (format.size() % 2 != 0) format.push_back(0);
    const std::uint64_t whole = 4 + 8 + format.size() + 8 + samples.there;
    const bool wide = whole >= kRunOver - 64 && !big;
    std::vector<std::uint8_t> header;
    append(header, wide ? "RF64" : big ? "RIFX" : "RIFF");
    append(header, wide ? 0xFFFFFFFF : whole, 4, big);
    append(header, "WAVE");
    if (wide) {
        append(header, "ds64");
        append(header, 28, 4, false);
        append(header, whole + 36, 8, false);
        append(header, samples.there, 8, false);
        append(header, 0, 8, false);  // frames: for packed sound only
        append(header, 0, 4, false);  // no further sizes
    }
    append(header, "fmt ");
    append(header, format.size(), 4, big);
    header.insert(header.end(), format.begin(), format.end());
    append(header, "data");
    append(header, wide ? 0xFFFFFFFF : samples.there, 4, big);
    return file.part(samples.begin, samples.begin + samples.there, std::move(header));
}

}  // namespace querent::media::sound
