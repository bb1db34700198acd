#include "widgets/audio/sound_layers.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace querent::widgets::audio {

namespace {
constexpr int kPiece = 32;        // columns between two looks at the clock
constexpr int kShortestHop = 32;  // as a part of the window: nearer columns would tell nothing new
constexpr std::int64_t kLongestHop = std::int64_t{1} << 24;
}  // namespace

std::int64_t SpectrogramLayer::hopFor(double framesPerColumn, int fftSize) {
    const std::int64_t least = std::max(fftSize / kShortestHop, 1);
    const auto wanted = static_cast<std::uint64_t>(std::max(framesPerColumn, 1.0));
    return std::clamp(static_cast<std::int64_t>(std::bit_floor(wanted)), least, kLongestHop);
}

void SpectrogramLayer::setLook(const SpectrogramLook& look) {
    if (look == m_look) return;
    m_look = look;
    m_colours = colourTable(look.map, look.range);
    m_low = -1.0;
    m_cache.invalidate();
}

void SpectrogramLayer::invalidate(double firstFrame, double lastFrame) {
    // A column is mixed from the one before and the one behind, too.
    const double reach = static_cast<double>(m_hop);
    m_cache.invalidate(firstFrame - reach, lastFrame + reach);
}

void SpectrogramLayer::layRows(const FrequencyAxis& frequencies, double rate, int height) {
    const bool same = m_low == frequencies.lowest() && m_high == frequencies.highest() &&
                      m_scale == frequencies.scale() && std::ssize(m_rows) == height;
    if (same) return;
    m_low = frequencies.lowest();
    m_high = frequencies.highest();
    m_scale = frequencies.scale();
    const double perBin = rate / m_look.fftSize;
    const int lastBin = m_look.fftSize / 2;
    const double step = frequencies.height() / height;
    m_rows.resize(static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        const double top = frequencies.hzAt(frequencies.top() + y * step) / perBin;
        const double bottom = frequencies.hzAt(frequencies.top() + (y + 1) * step) / perBin;
        Row row;
        if (top - bottom >= 1.0) {
            row.bin = std::clamp(static_cast<int>(std::ceil(bottom)), 0, lastBin);
            row.last = std::clamp(static_cast<int>(std::ceil(top)) - 1, row.bin, lastBin);
        } else {
            const double centre = 0.5 * (top + bottom);
            row.bin = row.last = std::clamp(static_cast<int>(centre), 0, lastBin - 1);
            row.weight = std::clamp(static_cast<int>(256.0 * (centre - row.bin)), 0, 256);
        }
        m_rows[static_cast<std::size_t>(y)] = row;
    }
    m_cache.invalidate();
}

bool SpectrogramLayer::update(SoundProvider& provider, const TimeAxis& time, const FrequencyAxis& frequencies,
                              double deviceRatio, const PaintBudget& budget) {
    const SoundShape shape = provider.shape();
    const QSize size = (QSizeF(time.width(), frequencies.height()) * deviceRatio).toSize().expandedTo({1, 1});
    const double perColumn = time.framesPerDevicePixel();
    m_cache.moveTo(time.firstDevicePixel(), perColumn, size, m_colours.front());
    layRows(frequencies, shape.rate, size.height());
    m_hop = hopFor(perColumn, m_look.fftSize);
    m_levels.resize(static_cast<std::size_t>(m_look.fftSize / 2 + 1));
    const std::int64_t columns = (shape.frames + m_hop - 1) / m_hop;
    int from = 0;
    for (auto run = m_cache.nextStale(from, kPiece); !run.empty(); run = m_cache.nextStale(from, kPiece)) {
        for (int column = run.begin; column < run.end; ++column) {
            const bool known = mixColumn(provider, column, columns);
            if (known) paintColumn(column);
            m_cache.mark(column, known ? ScrollCache::Column::Done : ScrollCache::Column::Waiting);
        }
        from = run.end;
        if (budget.spent()) break;
    }
    m_held = {};
    return !m_cache.hasStale();
}

const SpectrumTile* SpectrogramLayer::tileOf(SoundProvider& provider, std::int64_t index) {
    for (const Held& held : m_held) {
        if (held.index == index) return held.tile.get();
    }
    m_nextHeld = 1 - m_nextHeld;
    m_held[m_nextHeld] = {index, provider.tile({m_look.channel, m_look.fftSize, m_hop, index})};
    return m_held[m_nextHeld].tile.get();
}

/** Takes a column of the spectrogram into the levels: the greater of both. */
bool SpectrogramLayer::addColumn(SoundProvider& provider, std::int64_t column) {
    const SpectrumTile* tile = tileOf(provider, column / SpectrumTile::kColumns);
    if (!tile || tile->bins != std::ssize(m_levels)) return false;
    const std::uint8_t* levels = tile->column(static_cast<int>(column % SpectrumTile::kColumns));
    for (std::size_t b = 0; b < m_levels.size(); ++b)
        m_levels[b] = std::max(m_levels[b], levels[b]);
    return true;
}

/** The levels of one column of the picture; false while its tile is not at hand. */
bool SpectrogramLayer::mixColumn(SoundProvider& provider, int column, std::int64_t columns) {
    std::fill(m_levels.begin(), m_levels.end(), std::uint8_t{0});
    const double hop = static_cast<double>(m_hop);
    const double from = m_cache.frameOf(column) / hop;
    const double step = m_cache.framesPerColumn() / hop;
    if (from >= static_cast<double>(columns)) return true;  // behind the end
    if (step >= 1.0) {
        const auto last = std::min(static_cast<std::int64_t>(std::ceil(from + step)), columns);
        bool known = true;
        for (auto c = static_cast<std::int64_t>(from); c < last; ++c)
            known = addColumn(provider, c) && known;
        return known;
    }
    // Between the middles of two columns.
    const double at = std::clamp(from + 0.5 * step - 0.5, 0.0, static_cast<double>(columns - 1));
    const auto left = static_cast<std::int64_t>(at);
    const auto right = std::min(left + 1, columns - 1);
    const SpectrumTile* a = tileOf(provider, left / SpectrumTile::kColumns);
    const SpectrumTile* b = tileOf(provider, right / SpectrumTile::kColumns);
    const auto bins = std::ssize(m_levels);
    if (!a || !b || a->bins != bins || b->bins != bins) return false;
    const std::uint8_t* before = a->column(static_cast<int>(left % SpectrumTile::kColumns));
    const std::uint8_t* after = b->column(static_cast<int>(right % SpectrumTile::kColumns));
    const int weight = static_cast<int>(256.0 * (at - static_cast<double>(left)));
    for (std::size_t i = 0; i < m_levels.size(); ++i)
        m_levels[i] = static_cast<std::uint8_t>((before[i] * (256 - weight) + after[i] * weight) >> 8);
    return true;
}

void SpectrogramLayer::paintColumn(int column) {
    QImage& image = m_cache.image();
    const auto stride = image.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
    QRgb* out = reinterpret_cast<QRgb*>(image.bits()) + column;
    for (const Row& row : m_rows) {
        const std::uint8_t* levels = m_levels.data() + row.bin;
        int level = levels[0];
        if (row.last > row.bin) {
            for (int i = 1; i <= row.last - row.bin; ++i)
                level = std::max<int>(level, levels[i]);
        } else if (row.weight > 0) {
            level = (level * (256 - row.weight) + levels[1] * row.weight) >> 8;
        }
        *out = m_colours[static_cast<std::size_t>(level)];
        out += stride;
    }
}

}  // namespace querent::widgets::audio
