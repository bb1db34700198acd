#include "widgets/audio/colour_map.h"

#include "widgets/audio/sound_provider.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace querent::widgets::audio {

namespace {

// Polynomials of degree six in t for red, green and blue, fitted by M. Zucker (2019, public domain) to the maps of
// N. Smith and S. van der Walt, "A better default colormap for Matplotlib" (2015).
struct Polynomial {
    std::array<std::array<double, 3>, 7> c;
};

constexpr Polynomial kViridis{{{{0.2777273, 0.0054073, 0.3340998},
                                {0.1050930, 1.4046135, 1.3845902},
                                {-0.3308618, 0.2148476, 0.0950952},
                                {-4.6342305, -5.7991010, -19.3324410},
                                {6.2282699, 14.1799334, 56.6905526},
                                {4.7763850, -13.7451454, -65.3530326},
                                {-5.4354559, 4.6458526, 26.3124352}}}};

constexpr Polynomial kMagma{{{{-0.0021365, -0.0007497, -0.0053861},
                              {0.2516605, 0.6775232, 2.4940266},
                              {8.3537173, -3.5777195, 0.3144679},
                              {-27.6687331, 14.2647308, -13.6492132},
                              {52.1761398, -27.9436061, 12.9441694},
                              {-50.7685254, 29.0465828, 4.2341530},
                              {18.6557051, -11.4897735, -5.6019615}}}};

int channel(const Polynomial& p, std::size_t which, double t) {
    double value = 0.0;
    for (std::size_t i = p.c.size(); i-- > 0;)
        value = value * t + p.c[i][which];
    return static_cast<int>(std::lround(255.0 * std::clamp(value, 0.0, 1.0)));
}

QRgb evaluated(const Polynomial& p, double t) {
    return qRgb(channel(p, 0, t), channel(p, 1, t), channel(p, 2, t));
}

}  // namespace

QString colourMapName(ColourMap map) {
    const char* const kContext = "ColourMap";
    switch (map) {
        case ColourMap::Viridis:
            return QCoreApplication::translate(kContext, "Viridis");
        case ColourMap::Magma:
            return QCoreApplication::translate(kContext, "Magma");
        case ColourMap::Grey:
            return QCoreApplication::translate(kContext, "Grey");
        case ColourMap::InvertedGrey:
            return QCoreApplication::translate(kContext, "Grey on white");
    }
    return {};
}

QRgb colourAt(ColourMap map, double t) {
    t = std::clamp(t, 0.0, 1.0);
    if (map == ColourMap::Viridis) return evaluated(kViridis, t);
    if (map == ColourMap::Magma) return evaluated(kMagma, t);
    const int grey = static_cast<int>(std::lround(255.0 * (map == ColourMap::Grey ? t : 1.0 - t)));
    return qRgb(grey, grey, grey);
}

ColourTable colourTable(ColourMap map, const LevelRange& range) {
    ColourTable table{};
    const double span = std::max(range.highDb - range.lowDb, 1.0);
    for (std::size_t level = 0; level < table.size(); ++level) {
        const double db = SpectrumTile::kFloorDb * (1.0 - static_cast<double>(level) / 255.0) + range.gainDb;
        table[level] = colourAt(map, (db - range.lowDb) / span);
    }
    return table;
}

}  // namespace querent::widgets::audio
