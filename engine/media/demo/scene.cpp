#include "engine/media/demo/scene.h"

#include "engine/media/demo/backgrounds.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace querent::media::demo {

namespace {

constexpr int kSupersampling = 2;
constexpr double kEmptyShare = 0.055;
constexpr double kLeastVisible = 0.25;
constexpr double kReferenceWidth = 480.0;  // object sizes below are in pixels of a picture this wide
constexpr int kClutterOwner = 255;

/** An object on the canvas; `label` < 0 is clutter. */
struct Placed {
    const Shape* shape = nullptr;
    int label = -1;
    double radius = 0.0;  // canvas pixels
    Point at;             // its middle, canvas pixels
};

/** The canvas, and which object owns each of its pixels (0: none, n: object n - 1, 255: clutter). */
struct Canvas {
    Backdrop drop;
    cv::Mat owner;
};

/** A sprite's part of the canvas, and the same part of the sprite. */
struct Overlap {
    cv::Rect canvas;
    cv::Rect sprite;
};

Overlap overlapOf(const Canvas& canvas, const cv::Mat& sprite, cv::Point corner) {
    const cv::Rect whole(corner, sprite.size());
    const cv::Rect inside = whole & cv::Rect(0, 0, canvas.owner.cols, canvas.owner.rows);
    return {inside, inside - corner};
}

void castShadow(Canvas& canvas, const cv::Mat& alpha, cv::Point corner, double radius) {
    const Backdrop& drop = canvas.drop;
    if (drop.shadow <= 0.0) return;
    cv::Mat shadow;
    cv::GaussianBlur(alpha, shadow, {}, std::max(1.5, radius * 0.09 * drop.shadowShift));
    const double shift = radius * 0.13 * drop.shadowShift;
    const cv::Point moved =
        corner + cv::Point(static_cast<int>(-drop.light.x * shift), static_cast<int>(-drop.light.y * shift));
    const Overlap part = overlapOf(canvas, shadow, moved);
    for (int y = 0; y < part.canvas.height; ++y) {
        const auto* cover = shadow.ptr<std::uint8_t>(part.sprite.y + y) + part.sprite.x;
        auto* row = canvas.drop.colour.ptr<cv::Vec3b>(part.canvas.y + y) + part.canvas.x;
        for (int x = 0; x < part.canvas.width; ++x) {
            const int keep = 256 - static_cast<int>(drop.shadow * cover[x]);
            for (int c = 0; c < 3; ++c)
                row[x][c] = static_cast<std::uint8_t>(row[x][c] * keep >> 8);
        }
    }
}

/** A warm halo: the light of a lantern on what surrounds it. */
void addGlow(Canvas& canvas, const Placed& object, double strength) {
    const double reach = object.radius * 2.2;
    const cv::Rect area =
        cv::Rect(cv::Point(static_cast<int>(object.at.x - reach), static_cast<int>(object.at.y - reach)),
                 cv::Size(static_cast<int>(2 * reach), static_cast<int>(2 * reach))) &
        cv::Rect(0, 0, canvas.owner.cols, canvas.owner.rows);
    for (int y = area.y; y < area.y + area.height; ++y) {
        auto* row = canvas.drop.colour.ptr<cv::Vec3b>(y);
        for (int x = area.x; x < area.x + area.width; ++x) {
            const double d2 =
                ((x - object.at.x) * (x - object.at.x) + (y - object.at.y) * (y - object.at.y)) / (reach * reach);
            const double light = strength * 110.0 * std::max(0.0, std::exp(-4.5 * d2) - std::exp(-4.5));
            row[x][0] = cv::saturate_cast<std::uint8_t>(row[x][0] + light);
            row[x][1] = cv::saturate_cast<std::uint8_t>(row[x][1] + light * 0.7);
            row[x][2] = cv::saturate_cast<std::uint8_t>(row[x][2] + light * 0.3);
        }
    }
}

void paste(Canvas& canvas, const Sprite& sprite, cv::Point corner, const Colour& tint, int owner) {
    const Overlap part = overlapOf(canvas, sprite.alpha, corner);
    const double factors[] = {tint.r, tint.g, tint.b};
    for (int y = 0; y < part.canvas.height; ++y) {
        const auto* alpha = sprite.alpha.ptr<std::uint8_t>(part.sprite.y + y) + part.sprite.x;
        const auto* colour = sprite.colour.ptr<cv::Vec3b>(part.sprite.y + y) + part.sprite.x;
        auto* row = canvas.drop.colour.ptr<cv::Vec3b>(part.canvas.y + y) + part.canvas.x;
        auto* owners = canvas.owner.ptr<std::uint8_t>(part.canvas.y + y) + part.canvas.x;
        for (int x = 0; x < part.canvas.width; ++x) {
            if (alpha[x] == 0) continue;
            const double cover = alpha[x] / 255.0;
            for (int c = 0; c < 3; ++c) {
                row[x][c] =
                    cv::saturate_cast<std::uint8_t>(colour[x][c] * factors[c] * cover + row[x][c] * (1.0 - cover));
            }
            if (alpha[x] > 127) owners[x] = static_cast<std::uint8_t>(owner);
        }
    }
}

/** What is known of a drawn object before others cover it. */
struct Footprint {
    cv::Rect box;    // on the canvas, may reach over its border
    int pixels = 0;  // all of them, inside the canvas or not
};

Footprint place(Canvas& canvas, const Placed& object, int owner, Rng& rng) {
    const bool mirrored = rng.chance(0.5);
    const double angle = rng.uniform(-object.shape->maxTilt, object.shape->maxTilt);
    Painter painter(object.radius, angle, mirrored);
    object.shape->draw(painter, rng);
    const Sprite sprite = painter.finish(canvas.drop.light, rng.uniform(0.5, 0.9));
    const int half = painter.edge() / 2;
    const cv::Point corner(static_cast<int>(object.at.x) - half, static_cast<int>(object.at.y) - half);

    castShadow(canvas, sprite.alpha, corner, object.radius);
    const double dark = 1.0 - (canvas.drop.tint.r + canvas.drop.tint.g + canvas.drop.tint.b) / 3.0;
    if (object.shape->glow > 0.0) addGlow(canvas, object, object.shape->glow * (0.25 + 1.6 * dark));
    const Colour tint = mix(canvas.drop.tint, {1.0, 1.0, 1.0}, object.shape->glow);
    paste(canvas, sprite, corner, tint, owner);

    const cv::Mat solid = sprite.alpha > 127;
    const cv::Rect inSprite = cv::boundingRect(solid);
    return {inSprite + corner, cv::countNonZero(solid)};
}

std::size_t pick(std::span<const Shape> shapes, Place place, Rng& rng) {
    std::vector<double> weights;
    for (const Shape& shape : shapes)
        weights.push_back(shape.weight * shape.fits[static_cast<int>(place)]);
    return rng.weighted(weights);
}

Place choosePlace(Rng& rng) {
    const double weights[kPlaces] = {1.1, 0.55, 1.3, 1.0, 1.3, 1.7, 0.9};
    return static_cast<Place>(rng.weighted(weights));
}

/** Longest side about 2 radii: log-uniform, so that small objects are as usual as in real pictures. */
double objectRadius(double scale, Rng& rng) {
    const double side = 34.0 * std::pow(150.0 / 34.0, rng.uniform());
    return 0.5 * side * scale;
}

/** A place with some distance to the others where that is possible; overlaps stay, but not piles. */
Point findRoom(const std::vector<Placed>& others, cv::Size canvas, double radius, Rng& rng) {
    Point best;
    double bestGap = -1e9;
    const int tries = rng.chance(0.25) ? 1 : 6;
    for (int i = 0; i < tries; ++i) {
        const double margin = std::min(radius * rng.uniform(0.3, 1.1), 0.45 * canvas.height);
        const Point at(rng.uniform(margin, canvas.width - margin), rng.uniform(margin, canvas.height - margin));
        double gap = 1e9;
        for (const Placed& other : others) {
            gap = std::min(gap, cv::norm(at - other.at) - 0.8 * (radius + other.radius));
        }
        if (gap > bestGap) {
            bestGap = gap;
            best = at;
        }
        if (gap > 0.0) break;
    }
    return best;
}

std::vector<Placed> plan(Place place, cv::Size canvas, bool empty, Rng& rng) {
    const double scale = canvas.width / kReferenceWidth;
    std::vector<Placed> placed;
    const auto add = [&](std::span<const Shape> shapes, bool labelled, double radius) {
        const std::size_t index = pick(shapes, place, rng);
        Placed object{&shapes[index], labelled ? static_cast<int>(index) : -1, radius, {}};
        object.at = findRoom(placed, canvas, radius, rng);
        placed.push_back(object);
    };
    const int distractors = rng.integer(0, 4) + (empty ? 2 : 0);
    for (int i = 0; i < distractors; ++i)
        add(clutter(), false, objectRadius(scale, rng) * 0.75);
    if (empty) return placed;
    const double counts[] = {0.16, 0.22, 0.22, 0.18, 0.12, 0.1};
    const auto objects = static_cast<int>(rng.weighted(counts)) + 1;
    for (int i = 0; i < objects; ++i)
        add(classes(), true, objectRadius(scale, rng));
    rng.shuffle(placed);  // who lies on top
    return placed;
}

/** One large thing, and smaller clutter that does not cover it. */
std::vector<Placed> planPortrait(const Shape* thing, Place place, cv::Size canvas, Rng& rng) {
    std::vector<Placed> placed;
    if (thing != nullptr) {
        Placed object{thing, 0, canvas.height * rng.uniform(0.3, 0.45), {}};
        object.at = findRoom({}, canvas, object.radius, rng);
        placed.push_back(object);
    }
    const int distractors = rng.integer(0, 2) + (thing == nullptr ? 1 : 0);
    for (int i = 0; i < distractors; ++i) {
        Placed object{&clutter()[pick(clutter(), place, rng)], -1, canvas.height * rng.uniform(0.08, 0.16), {}};
        object.at = findRoom(placed, canvas, object.radius, rng);
        placed.push_back(object);
    }
    std::reverse(placed.begin(), placed.end());  // the thing lies on top
    return placed;
}

/** Exposure, white balance, contrast, focus, vignette and sensor noise. */
cv::Mat photographed(const cv::Mat& scene, Rng& rng) {
    const double exposure = std::exp(std::clamp(rng.normal(), -2.0, 1.6) * 0.13);
    const double contrast = rng.uniform(0.82, 1.12);
    const double warmth = rng.normal() * 0.05;
    const double vignette = rng.uniform(0.0, 0.35);
    const double sigma = rng.chance(0.75) ? rng.uniform(0.3, 2.5) : rng.uniform(2.5, 7.0);
    const double gains[] = {exposure * (1.0 + warmth), exposure, exposure * (1.0 - warmth)};
    cv::Mat image = scene.clone();
    if (rng.chance(0.25)) cv::GaussianBlur(image, image, {}, rng.uniform(0.5, 1.3));
    cv::Mat grain(image.size(), CV_32F);
    for (int y = 0; y < grain.rows; ++y) {
        // The sum of uniform numbers is near enough to normal, and much faster.
        for (int x = 0; x < grain.cols; ++x) {
            const std::uint64_t bits = rng();
            const auto sum =
                static_cast<double>((bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48));
            grain.at<float>(y, x) = static_cast<float>((sum / 65535.0 - 2.0) * 1.73);
        }
    }
    for (int y = 0; y < image.rows; ++y) {
        auto* row = image.ptr<cv::Vec3b>(y);
        const double v = 2.0 * y / image.rows - 1.0;
        for (int x = 0; x < image.cols; ++x) {
            const double u = 2.0 * x / image.cols - 1.0;
            const double shaded = 1.0 - vignette * 0.5 * (u * u + v * v);
            const double noisy = sigma * grain.at<float>(y, x);
            for (int c = 0; c < 3; ++c) {
                const double value = 118.0 + (row[x][c] * gains[c] * shaded - 118.0) * contrast;
                row[x][c] = cv::saturate_cast<std::uint8_t>(value + noisy);
            }
        }
    }
    return image;
}

cv::Mat reduced(const cv::Mat& canvas, cv::Size size) {
    cv::Mat picture;
    cv::resize(canvas, picture, size, 0, 0, cv::INTER_AREA);
    return picture;
}

}  // namespace

Scene drawScene(cv::Size size, Rng& rng) {
    const cv::Size canvasSize = size * kSupersampling;
    const Place where = choosePlace(rng);
    const bool empty = rng.chance(kEmptyShare);
    Canvas canvas{drawBackdrop(where, canvasSize, rng), cv::Mat::zeros(canvasSize, CV_8UC1)};
    const std::vector<Placed> placed = plan(where, canvasSize, empty, rng);

    std::vector<Footprint> footprints;
    for (std::size_t i = 0; i < placed.size(); ++i) {
        const int owner = placed[i].label < 0 ? kClutterOwner : static_cast<int>(i) + 1;
        footprints.push_back(place(canvas, placed[i], owner, rng));
    }

    Scene scene;
    const cv::Rect frame(0, 0, canvasSize.width, canvasSize.height);
    for (std::size_t i = 0; i < placed.size(); ++i) {
        if (placed[i].label < 0) continue;
        const int visible = cv::countNonZero(canvas.owner == static_cast<double>(i + 1));
        if (visible < kLeastVisible * footprints[i].pixels) continue;
        const cv::Rect box = footprints[i].box & frame;
        TrueBox truth;
        truth.box = {static_cast<double>(box.x) / kSupersampling, static_cast<double>(box.y) / kSupersampling,
                     static_cast<double>(box.x + box.width) / kSupersampling,
                     static_cast<double>(box.y + box.height) / kSupersampling};
        truth.label = placed[i].label;
        scene.boxes.push_back(truth);
    }
    scene.picture = photographed(reduced(canvas.drop.colour, size), rng);
    return scene;
}

cv::Mat drawPortrait(const Shape* thing, cv::Size size, Rng& rng) {
    const cv::Size canvasSize = size * kSupersampling;
    const Place where = thing == nullptr ? choosePlace(rng) : static_cast<Place>(rng.weighted(thing->fits));
    Canvas canvas{drawBackdrop(where, canvasSize, rng), cv::Mat::zeros(canvasSize, CV_8UC1)};
    for (const Placed& object : planPortrait(thing, where, canvasSize, rng))
        place(canvas, object, kClutterOwner, rng);
    return photographed(reduced(canvas.drop.colour, size), rng);
}

}  // namespace querent::media::demo
