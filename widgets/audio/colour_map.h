#pragma once

#include <QRgb>
#include <QString>

#include <array>

namespace querent::widgets::audio {

/** From quiet to loud; in each of them equal steps of level are about equal steps of lightness. */
enum class ColourMap { Viridis, Magma, Grey, InvertedGrey };

/** As people choose it. */
QString colourMapName(ColourMap map);
/** `t` in [0, 1], clamped. */
QRgb colourAt(ColourMap map, double t);

/** Which levels are seen: all below lowDb look the same, and all above highDb; the gain is added first. */
struct LevelRange {
    double lowDb = -90.0;
    double highDb = -10.0;
    double gainDb = 0.0;

    bool operator==(const LevelRange&) const = default;
};

using ColourTable = std::array<QRgb, 256>;
/** A colour for each level of a SpectrumTile. */
ColourTable colourTable(ColourMap map, const LevelRange& range);

}  // namespace querent::widgets::audio
