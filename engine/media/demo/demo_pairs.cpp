#include "engine/media/demo/demo_pairs.h"

#include "engine/core/files.h"
#include "engine/core/rng.h"
#include "engine/media/demo/demo_sounds.h"
#include "engine/media/demo/scene.h"
#include "engine/media/picture.h"
#include "engine/media/sound/wav_writer.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <system_error>

namespace querent::media::demo {

namespace fs = std::filesystem;

namespace {

using demo::SoundingThing;

constexpr int kQuality = 92;
constexpr int kLeastEdge = 64;
constexpr int kLargestEdge = 4096;
constexpr double kValShare = 0.15;
constexpr double kTestShare = 0.25;
constexpr double kLongTail = 16.0;  // the most frequent class against the rarest
constexpr double kSpoiltPictures = 0.1;
constexpr double kSpoiltSounds = 0.4;

/** A class: what can be seen of it, and which sound it makes, now and then another one. */
struct Kind {
    const char* name;
    SoundingThing thing;
    const char* sound;
    const char* otherSound;  // null: always the first
    bool hasTwin;            // another class looks the same
};

// The rarer of two that are taken for each other comes late, where people would label few of it by chance.
constexpr Kind kKinds[] = {
    {"singer", SoundingThing::Face, "voice", nullptr, true},
    {"car", SoundingThing::Car, "engine", nullptr, false},
    {"bell", SoundingThing::Bell, "bell", nullptr, false},
    {"rain", SoundingThing::Cloud, "rain", nullptr, false},
    {"bird", SoundingThing::Bird, "bird", nullptr, false},
    {"drum", SoundingThing::Drum, "drum", nullptr, false},
    {"ambulance", SoundingThing::Ambulance, "siren", "engine", false},
    {"tap", SoundingThing::Tap, "drops", nullptr, false},
    {"clock", SoundingThing::Clock, "clock", "bell", false},
    {"whistler", SoundingThing::Face, "whistle", nullptr, true},
};
constexpr double kOtherSound = 0.6;
constexpr auto kClasses = static_cast<int>(std::size(kKinds));

/** A class and a part for every item, in an order that says nothing. */
struct PairPlace {
    int label = 0;
    Split split = Split::Train;
};

/** Items of each class in the pool: a geometric row that adds up to `pool`, none empty. */
std::vector<int> longTail(int pool) {
    std::vector<double> weights;
    double sum = 0.0;
    for (int c = 0; c < kClasses; ++c)
        sum += weights.emplace_back(std::pow(kLongTail, -static_cast<double>(c) / (kClasses - 1)));
    std::vector<int> counts;
    int left = pool;
    for (const double weight : weights) {
        counts.push_back(std::max(1, static_cast<int>(pool * weight / sum)));
        left -= counts.back();
    }
    counts.front() += left;
    return counts;
}

std::vector<PairPlace> dealtPlaces(int items, std::uint64_t seed) {
    const auto each = [items](double share) { return std::max(1, static_cast<int>(items * share / kClasses)); };
    const int val = each(kValShare);
    const int test = each(kTestShare);
    const std::vector<int> pool = longTail(items - kClasses * (val + test));
    std::vector<PairPlace> places;
    for (int c = 0; c < kClasses; ++c) {
        places.insert(places.end(), static_cast<std::size_t>(pool[static_cast<std::size_t>(c)]), {c, Split::Train});
        places.insert(places.end(), static_cast<std::size_t>(val), {c, Split::Val});
        places.insert(places.end(), static_cast<std::size_t>(test), {c, Split::Test});
    }
    Rng(seed, "pairs").shuffle(places);
    return places;
}

/** What went wrong with a photograph beyond use: out of focus, far too dark, or nothing but noise. */
cv::Mat spoilt(const cv::Mat& picture, Rng& rng) {
    const int fault = rng.integer(0, 2);
    if (fault == 0) {
        cv::Mat blurred;
        cv::GaussianBlur(picture, blurred, {}, picture.cols * rng.uniform(0.07, 0.12));
        return blurred;
    }
    const double keep = fault == 1 ? rng.uniform(0.01, 0.03) : rng.uniform(0.02, 0.06);
    const double grain = fault == 1 ? rng.uniform(4.0, 10.0) : rng.uniform(50.0, 90.0);
    const double base = fault == 1 ? 0.0 : 110.0;
    cv::Mat out(picture.size(), CV_8UC3);
    for (int y = 0; y < out.rows; ++y) {
        const auto* from = picture.ptr<std::uint8_t>(y);
        auto* to = out.ptr<std::uint8_t>(y);
        for (int x = 0; x < out.cols * 3; ++x)
            to[x] = cv::saturate_cast<std::uint8_t>(base + keep * from[x] + grain * rng.normal());
    }
    return out;
}

cv::Mat pictureOf(const Kind& kind, const DemoPair& pair, Size size, Rng& rng) {
    // A quarter of the spoilt pictures were taken when the thing was out of sight.
    const bool away = pair.spoiltPicture && rng.chance(0.25);
    const demo::Shape* thing = away ? nullptr : &demo::soundingThing(kind.thing);
    const cv::Mat picture = demo::drawPortrait(thing, {size.width, size.height}, rng);
    return pair.spoiltPicture && !away ? spoilt(picture, rng) : picture;
}

std::vector<float> soundOf(const std::string& name, const DemoPair& pair, Rng& rng) {
    if (pair.spoiltSound) return demoBackground(rng());
    const std::vector<std::string> names = demoSoundClasses();
    const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    return demoSound(at, rng(), rng.uniform(0.3, 0.9));
}

Result<DemoPair> drawPair(const fs::path& folder, const DemoPairOptions& options, int index, const PairPlace& place) {
    const Kind& kind = kKinds[place.label];
    char stem[32];
    std::snprintf(stem, sizeof stem, "pair_%04d", index + 1);
    DemoPair pair{std::string(stem) + ".jpg", std::string(stem) + ".wav", place.label, place.split};
    Rng rng(options.seed, stem);
    const bool other = kind.otherSound != nullptr && rng.chance(kOtherSound);
    const double luck = rng.uniform();
    // Where one medium does not tell, the other one is sound: every pair has an answer.
    pair.spoiltPicture = luck < kSpoiltPictures && !other;
    pair.spoiltSound = luck >= 1.0 - kSpoiltSounds && !kind.hasTwin;

    cv::Mat bgr;
    cv::cvtColor(pictureOf(kind, pair, options.size, rng), bgr, cv::COLOR_RGB2BGR);
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, kQuality});
    if (const auto written = replaceWhole(folder / pair.picture, bytes, Durability::Cache); !written)
        return written.error();
    const std::vector<float> sound = soundOf(other ? kind.otherSound : kind.sound, pair, rng);
    if (const auto written = sound::writeWav(folder / pair.sound, sound, kDemoSoundRate); !written)
        return written.error();
    return pair;
}

}  // namespace

Result<DemoPairSummary> drawDemoPairs(const fs::path& folder, const DemoPairOptions& options, const Job& job) {
    const Size size = options.size;
    const bool fits =
        std::min(size.width, size.height) >= kLeastEdge && std::max(size.width, size.height) <= kLargestEdge;
    if (options.items < kFewestDemoPairs || !fits) {
        return fail(ErrorCode::InvalidArgument, "Demo pairs need at least " + std::to_string(kFewestDemoPairs) +
                                                    " items and pictures of 64 to 4096 pixels a side.");
    }
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) return fail(ErrorCode::Io, "The folder cannot be made: " + problem.message() + ".", folder);

    quietDecoding();
    DemoPairSummary summary;
    for (const Kind& kind : kKinds)
        summary.classes.emplace_back(kind.name);
    const std::vector<PairPlace> places = dealtPlaces(options.items, options.seed);
    try {
        for (int i = 0; i < options.items; ++i) {
            if (job.cancelled()) return Job::stopped();
            Result<DemoPair> pair = drawPair(folder, options, i, places[static_cast<std::size_t>(i)]);
            if (!pair) return pair.error();
            summary.items.push_back(std::move(pair).value());
            job.report("Drawing", i + 1, options.items);
        }
    } catch (const std::exception&) {  // std::bad_alloc, or cv::Exception: OpenCV's word for the same
        return fail(ErrorCode::OutOfMemory, "There is no memory left to draw the demo pairs.", folder);
    }
    return summary;
}

}  // namespace querent::media::demo
