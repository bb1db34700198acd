#include "app/bridge/image_convert.h"

namespace querent::app {

QImage toImage(const Raster& raster) {
    const std::size_t expected = raster.stride() * static_cast<std::size_t>(std::max(raster.size.height, 0));
    if (raster.empty() || raster.rgb.size() < expected) return {};
    const QImage view(raster.rgb.data(), raster.size.width, raster.size.height, static_cast<qsizetype>(raster.stride()),
                      QImage::Format_RGB888);
    return view.convertToFormat(QImage::Format_RGB32);
}

QString toQString(const std::filesystem::path& path) {
    const auto text = path.u8string();
    return QString::fromUtf8(reinterpret_cast<const char*>(text.data()), static_cast<qsizetype>(text.size()));
}

std::filesystem::path toPath(const QString& path) {
    const QByteArray text = path.toUtf8();
    const auto* begin = reinterpret_cast<const char8_t*>(text.constData());
    return std::filesystem::path(std::u8string(begin, begin + text.size()));
}

}  // namespace querent::app
