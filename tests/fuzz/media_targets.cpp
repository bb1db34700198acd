// Headers and content of pictures and sounds.

#include "engine/core/rng.h"
#include "engine/media/picture.h"
#include "engine/media/sound/peaks.h"
#include "engine/media/sound/sound_file.h"
#include "tests/engine/media/picture_fixtures.h"
#include "tests/engine/media/sound/packet_fixtures.h"
#include "tests/engine/media/sound/sound_fixtures.h"
#include "tests/fuzz/target.h"

#include <algorithm>
#include <cmath>
#include <sndfile.h>

namespace fuzz {
namespace fs = std::filesystem;
using namespace querent;
namespace {

std::string text(const fixtures::Bytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

void readPicture(std::string_view bytes) {
    const fs::path path = scratch() / "picture";
    writeFile(path, bytes);
    const Result<media::PictureInfo> info = media::probe(path);
    const Result<Raster> picture = media::decode(path, {.wanted = {32, 32}, .maxPixels = 1 << 20});
    if (!picture) return;
    require(info.ok(), "A picture was decoded whose header was refused.");
    require(picture->size.width > 0 && picture->size.height > 0, "A picture of nothing.");
    require(picture->size.width <= info->size.width && picture->size.height <= info->size.height,
            "A picture that is larger than its header says.");
    require(picture->rgb.size() >= picture->stride() * static_cast<std::size_t>(picture->size.height),
            "A picture with fewer bytes than pixels.");
}

void readSound(std::string_view bytes) {
    const fs::path path = scratch() / "sound";
    writeFile(path, bytes);
    Result<media::sound::SoundFile> file = media::sound::SoundFile::open(path);
    if (!file) return;
    const SoundShape shape = file->shape();
    require(shape.frames > 0 && shape.channels >= 1 && shape.channels <= media::sound::SoundFile::kMostChannels,
            "A sound of nothing.");
    require(shape.rate >= media::sound::SoundFile::kLowestRate && shape.rate <= media::sound::SoundFile::kHighestRate,
            "A sound of a rate out of range.");
    for (const std::int64_t begin :
         {std::int64_t{0}, shape.frames / 2, std::max<std::int64_t>(0, shape.frames - 100)}) {
        const Result<std::vector<float>> samples = file->read(begin, 1000);
        if (!samples) continue;
        require(samples->size() <= 1000U * static_cast<std::size_t>(shape.channels), "More samples than asked for.");
        require(std::all_of(samples->begin(), samples->end(), [](float v) { return std::isfinite(v); }),
                "A sample that is no number.");
    }
}

std::vector<std::string> pictures() {
    const cv::Mat colours = fixtures::quadrants(24, 16);
    const fixtures::Bytes jpeg = fixtures::encoded(".jpg", colours);
    const fixtures::Bytes png = fixtures::encoded(".png", colours);
    const fixtures::Bytes webp = fixtures::encoded(".webp", colours);
    std::vector<fixtures::Bytes> all = {jpeg,
                                        png,
                                        webp,
                                        fixtures::encoded(".bmp", colours),
                                        fixtures::encoded(".tiff", colours),
                                        fixtures::jpegWithExif(jpeg, fixtures::exif(6, true)),
                                        fixtures::pngWithChunk(png, "eXIf", fixtures::exif(3, false)),
                                        fixtures::webpWithExif(webp, 24, 16, fixtures::exif(8, true)),
                                        fixtures::tiffWithOrientation(colours, 5),
                                        fixtures::cmykJpeg(),
                                        fixtures::gif(12, 8, {10, 200}),
                                        fixtures::tiffOf(4, 4, {.pages = 2}, fixtures::Bytes(64)),
                                        fixtures::tiffOf(4, 4, {.big = true}, fixtures::Bytes(64)),
                                        fixtures::heif(colours, false, 6),
                                        fixtures::heif(colours, true, 1)};
    std::vector<std::string> seeds;
    for (const fixtures::Bytes& bytes : all)
        if (!bytes.empty()) seeds.push_back(text(bytes));
    return seeds;
}

std::vector<std::string> sounds() {
    const std::vector<float> wave = fixtures::sweep(8000, 1, 2000);
    const fs::path path = scratch() / "seed";
    std::vector<std::string> seeds;
    for (const int format :
         {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_FLOAT, SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM,
          SF_FORMAT_RF64 | SF_FORMAT_PCM_16, SF_FORMAT_W64 | SF_FORMAT_PCM_24, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
          SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS, SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
          SF_FORMAT_AU | SF_FORMAT_PCM_16, SF_FORMAT_CAF | SF_FORMAT_PCM_16, SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III})
        seeds.push_back(readFile(fixtures::writeSound(path, format, 8000, 1, wave)));
    const std::vector<float> finer = fixtures::sweep(48000, 1, 6000);
    for (const fixtures::Packing& packing : {fixtures::Packing{"a.m4a", "ipod", "aac", "fltp", 48000, 1},
                                             fixtures::Packing{"a.webm", "webm", "libopus", "flt", 48000, 1},
                                             fixtures::Packing{"a.aac", "adts", "aac", "fltp", 48000, 1},
                                             fixtures::Packing{"a.wma", "asf", "wmav2", "fltp", 48000, 1}}) {
        const fs::path packed = scratch() / packing.name;
        if (fixtures::writePacked(packed, packing, finer)) seeds.push_back(readFile(packed));
    }
    return seeds;
}

constexpr Target kTargets[] = {{"picture", readPicture, pictures}, {"sound", readSound, sounds}};

}  // namespace

std::span<const Target> mediaTargets() {
    return kTargets;
}

}  // namespace fuzz
