#pragma once

#include "engine/core/raster.h"

#include <QColor>
#include <QImage>
#include <QString>

#include <filesystem>
#include <string>

namespace querent::app::bridge {

/** A copy of the picture as 32-bit RGB, which paints fastest; a null image for an empty raster. Any thread. */
QImage toImage(const Raster& raster);

QString toQString(const std::filesystem::path& path);
std::filesystem::path toPath(const QString& path);
inline QString toQString(const std::string& text) {
    return QString::fromStdString(text);
}

}  // namespace querent::app::bridge
