#include "engine/media/sound/sound_thumbnail.h"

#include "engine/media/raster_mat.h"
#include "engine/media/sound/sound_file.h"
#include "engine/media/sound/spectrogram.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace querent::media::sound {

namespace {

constexpr double kHeardWhole = 300.0;  // seconds; an hour would take that many
constexpr double kGlance = 0.5;        // seconds of a longer sound behind each column

/** Grey levels of a long sound: a short stretch from the place of each column. */
Result<Raster> glances(SoundFile& file, Size size) {
    SpectrogramLook look;
    const Result<double> top = spectrogramTop(file, look);
    if (!top) return top.error();
    look.topDb = *top;
    Raster picture = emptyRaster(size);
    cv::Mat all = matOver(picture);
    const auto glance = static_cast<std::int64_t>(std::lround(kGlance * file.shape().rate));
    for (int x = 0; x < size.width; ++x) {
        const std::int64_t first = file.shape().frames * x / size.width;
        const Result<Raster> column = spectrogramPicture(file.path(), {first, glance}, {1, size.height}, look);
        if (!column) return column;
        matOver(*column).copyTo(all.col(x));
    }
    return picture;
}

}  // namespace

Result<Raster> soundThumbnail(const std::filesystem::path& path, int edge) {
    Result<SoundFile> file = SoundFile::open(path);
    if (!file) return file.error();
    const Size size{edge, std::max(1, edge * 3 / 4)};
    const bool whole = file->shape().seconds() <= kHeardWhole;
    const Result<Raster> grey = whole ? spectrogramPicture(path, {}, size) : glances(*file, size);
    if (!grey) return grey.error();
    try {
        cv::Mat upright, coloured;
        cv::flip(matOver(*grey), upright, 0);
        cv::cvtColor(upright, upright, cv::COLOR_RGB2GRAY);
        cv::applyColorMap(upright, coloured, cv::COLORMAP_VIRIDIS);
        return rasterFromBgr(coloured);
    } catch (const std::exception&) {  // std::bad_alloc, or cv::Exception: OpenCV's word for the same
        return fail(ErrorCode::OutOfMemory, "There is no memory left for a thumbnail.", path);
    }
}

}  // namespace querent::media::sound
