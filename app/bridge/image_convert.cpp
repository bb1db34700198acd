#include "app/bridge/image_convert.h"

#include "engine/core/paths.h"

namespace querent::app::bridge {

QImage toImage(const Raster& raster) {
    const std::size_t expected = raster.stride() * static_cast<std::size_t>(std::max(raster.size.height, 0));
    if (raster.empty() || raster.rgb.size() < expected) return {};
    const QImage view(raster.rgb.data(), raster.size.width, raster.size.height, static_cast<qsizetype>(raster.stride()),
                      QImage::Format_RGB888);
    return view.convertToFormat(QImage::Format_RGB32);
}

QString toQString(const std::filesystem::path& path) {
    return toQString(utf8(path));
}

std::filesystem::path toPath(const QString& path) {
    return pathFromUtf8(path.toStdString());
}

}  // namespace querent::app::bridge
