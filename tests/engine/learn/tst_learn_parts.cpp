// The parts of learning that know no torch: suppression, assignment, augmentation, resizing, JSON, shards.

#include "engine/core/files.h"
#include "engine/learn/detect/augment.h"
#include "engine/learn/detect/nms.h"
#include "engine/learn/detect/shard.h"
#include "engine/learn/files/json.h"
#include "engine/learn/losses/assign.h"
#include "engine/learn/resize.h"
#include "tests/engine/learn/detect/shapes.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cmath>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::detect;
using namespace querent::learn::files;
using namespace querent::learn::losses;
namespace fs = std::filesystem;

namespace {

Candidates randomCandidates(Rng& rng, int count) {
    Candidates c;
    for (int i = 0; i < count; ++i) {
        const double x = rng.uniform(-20, 200);
        const double y = rng.uniform(-20, 200);
        c.left.push_back(static_cast<float>(x));
        c.top.push_back(static_cast<float>(y));
        c.right.push_back(static_cast<float>(x + rng.uniform(1, 90)));
        c.bottom.push_back(static_cast<float>(y + rng.uniform(1, 90)));
        c.score.push_back(static_cast<float>(rng.integer(0, 20)) / 20.0F);  // with ties
        c.label.push_back(rng.integer(0, 2));
    }
    return c;
}

/** Suppression as the books describe it. */
std::vector<std::size_t> slowSuppression(const Candidates& c, double threshold) {
    std::vector<std::size_t> left(c.count());
    for (std::size_t i = 0; i < left.size(); ++i)
        left[i] = i;
    const auto boxAt = [&c](std::size_t i) { return Box{c.left[i], c.top[i], c.right[i], c.bottom[i]}; };
    std::vector<std::size_t> kept;
    while (!left.empty()) {
        const std::size_t best = *std::max_element(left.begin(), left.end(), [&c](std::size_t a, std::size_t b) {
            return c.score[a] != c.score[b] ? c.score[a] < c.score[b] : a > b;
        });
        kept.push_back(best);
        std::erase_if(left, [&](std::size_t i) {
            return i == best || (c.label[i] == c.label[best] && iou(boxAt(i), boxAt(best)) > threshold);
        });
    }
    return kept;
}

Raster gradient(Size size) {
    Raster r{size, {}};
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            for (const int v : {x * 4, y * 4, 100})
                r.rgb.push_back(static_cast<std::uint8_t>(v));
        }
    }
    return r;
}

}  // namespace

class TestLearnParts : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

 private Q_SLOTS:
    void suppressionAgreesWithTheBooks() {
        Rng rng(11);
        for (int round = 0; round < 50; ++round) {
            const Candidates c = randomCandidates(rng, rng.integer(0, 120));
            const double threshold = rng.uniform(0.2, 0.8);
            const auto expected = slowSuppression(c, threshold);
            QCOMPARE(nonMaximumSuppression(c, threshold, 1000), expected);
            const auto first = nonMaximumSuppression(c, threshold, 7);
            QCOMPARE(first, std::vector(expected.begin(),
                                        expected.begin() + std::ptrdiff_t(std::min<std::size_t>(7, expected.size()))));
        }
    }

    void locationsCoverAnyInput() {
        const learn::networks::Locations at = networks::locationsOf({320, 240});
        QCOMPARE(at.count(), std::size_t{40 * 30 + 20 * 15 + 10 * 8});
        QCOMPARE(at.x[0], 4.0F);
        QCOMPARE(at.y[40], 12.0F);
        QCOMPARE(at.level.back(), std::size_t{2});
    }

    void everyBoxIsAnsweredForAndNothingOutsideOfIt() {
        const learn::networks::Locations at = networks::locationsOf({320, 240});
        Rng rng(5);
        for (int round = 0; round < 100; ++round) {
            const double x = rng.uniform(0, 250);
            const double y = rng.uniform(0, 180);
            const TrueBox truth{{x, y, x + rng.uniform(2, 320 - x), y + rng.uniform(2, 240 - y)}, 3};
            const Targets targets = assignTargets(at, {truth});
            std::size_t positives = 0;
            double squares = 0.0;
            for (std::size_t i = 0; i < at.count(); ++i) {
                if (targets.labels[i] < 0) continue;
                ++positives;
                squares += double(targets.weights[i]) * double(targets.weights[i]);
                QCOMPARE(targets.labels[i], std::int64_t{3});
                QCOMPARE(targets.boxes[i * 4 + 2], static_cast<float>(truth.box.right));
                const double radius = 1.5 * learn::networks::kStrides[at.level[i]];
                QVERIFY(std::abs(at.x[i] - truth.box.centreX()) < radius);
            }
            QVERIFY(positives >= 1);
            QVERIFY(std::abs(squares - 1.0) < 1e-5);  // 1 / sqrt(n) each
        }
    }

    void theSmallerBoxWinsAndCrowdsAreIgnored() {
        const learn::networks::Locations at = networks::locationsOf({320, 240});
        const TrueBox outer{{40, 40, 100, 100}, 0};
        const TrueBox inner{{60, 60, 80, 80}, 1};
        for (const auto& boxes : {std::vector{outer, inner}, std::vector{inner, outer}}) {
            const Targets targets = assignTargets(at, boxes);
            for (std::size_t i = 0; i < at.count(); ++i) {
                if (inner.box.contains(at.x[i], at.y[i]) && at.level[i] == 0)
                    QCOMPARE(targets.labels[i], std::int64_t{1});
            }
        }
        TrueBox crowd{{200, 100, 300, 200}, 0};
        crowd.crowd = true;
        const TrueBox within{{230, 130, 260, 160}, 1};
        const Targets targets = assignTargets(at, {within, crowd});
        std::array<int, 3> seen{};
        for (std::size_t i = 0; i < at.count(); ++i) {
            const bool inside = crowd.box.contains(at.x[i], at.y[i]);
            QVERIFY(inside ? targets.labels[i] != kBackground : targets.labels[i] == kBackground);
            if (inside) ++seen[targets.labels[i] == kIgnored ? 0 : 1];
        }
        QVERIFY(seen[0] > 0 && seen[1] > 0);
    }

    void viewsMovePicturesAndBoxesAlike() {
        // A white rectangle must still lie where its box says, whatever the view.
        const Size size{96, 64};
        Raster picture{size, std::vector<std::uint8_t>(96 * 64 * 3, 0)};
        const Box box{30, 20, 60, 44};
        for (int y = 20; y < 44; ++y) {
            for (int x = 30; x < 60; ++x) {
                for (int c = 0; c < 3; ++c)
                    picture.rgb[std::size_t((y * 96 + x) * 3 + c)] = 255;
            }
        }
        Augmentation strong;
        strong.flipVertical = 0.5;
        strong.colour = 0.0;
        Rng rng(2);
        for (int round = 0; round < 40; ++round) {
            const View view = drawView(strong, size, rng);
            std::vector<float> planes(96 * 64 * 3);
            renderPicture(picture, view, planes);
            const auto boxes = renderBoxes({{box, 0}}, view, size);
            QCOMPARE(boxes.size(), std::size_t{1});
            const Box moved = boxes[0].box;
            double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
            for (int y = 0; y < 64; ++y) {
                for (int x = 0; x < 96; ++x) {
                    if (planes[std::size_t(y * 96 + x)] < 128.0F) continue;
                    left = std::min(left, double(x));
                    right = std::max(right, x + 1.0);
                    top = std::min(top, double(y));
                    bottom = std::max(bottom, y + 1.0);
                }
            }
            for (const double off : {left - moved.left, right - moved.right, top - moved.top, bottom - moved.bottom}) {
                QVERIFY2(std::abs(off) <= 1.0, qPrintable(QString::number(off)));
            }
        }
    }

    void boxesThatAreMostlyGoneAreIgnored() {
        View view;
        view.shiftX = 80;
        const auto boxes =
            renderBoxes({{{0, 0, 40, 40}, 1}, {{10, 0, 90, 40}, 1}, {{60, 0, 90, 40}, 1}}, view, {100, 50});
        QCOMPARE(boxes.size(), std::size_t{2});
        QCOMPARE(boxes[0].box, (Box{80, 0, 100, 40}));
        QVERIFY(!boxes[0].crowd);  // half of it is left
        QVERIFY(boxes[1].crowd);   // an eighth
    }

    void noAugmentationChangesNothing() {
        const Raster picture = gradient({40, 32});
        std::vector<float> planes(40 * 32 * 3);
        Rng rng(1);
        renderPicture(picture, drawView({0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0}, {40, 32}, rng), planes);
        QCOMPARE(planes[5], 20.0F);
        QCOMPARE(planes[40 * 32 + 40 * 7], 28.0F);
    }

    void mosaicsKeepEveryBox() {
        const Shapes shapes(4, 9, {160, 128});
        std::vector<Sample> samples;
        for (std::size_t i = 0; i < 4; ++i)
            samples.push_back({*shapes.load(i, {}), shapes.truth(i).boxes});
        const std::array<const Sample*, 4> four{&samples[0], &samples[1], &samples[2], &samples[3]};
        const Sample mosaic = mosaicOf(four);
        QCOMPARE(mosaic.picture.size, (Size{160, 128}));
        QCOMPARE(mosaic.boxes.size(), std::size_t{8});
        const Box old = samples[3].boxes[0].box;
        QCOMPARE(mosaic.boxes[6].box,
                 (Box{old.left / 2 + 80, old.top / 2 + 64, old.right / 2 + 80, old.bottom / 2 + 64}));
    }

    void resizingKeepsMeansAndGradients() {
        const Raster half = resized(gradient({60, 40}), {30, 20});
        QCOMPARE(half.size, (Size{30, 20}));
        QVERIFY(std::abs(half.rgb[(10 * 30 + 10) * 3] - (20.5 * 4)) <= 1.0);
        QCOMPARE(int(half.rgb[(10 * 30 + 10) * 3 + 2]), 100);
        const Raster larger = resized(gradient({10, 10}), {20, 20});
        QVERIFY(std::abs(larger.rgb[(10 * 20 + 10) * 3] - (10.5 / 2 - 0.5) * 4) <= 1.0);
        QCOMPARE(resized(half, half.size).rgb, half.rgb);
    }

    void jsonIsReadStrictly() {
        const auto good = parseJson(R"( {"a": [1, -2.5e3, true, null, "x\u00e9\n\ud83d\ude00"], "b": {}} )");
        QVERIFY(good);
        QCOMPARE((*memberOf(*good, "a"))[1].get<double>(), -2500.0);
        QCOMPARE((*memberOf(*good, "a"))[4].get<std::string>(), std::string("x\xc3\xa9\n\xf0\x9f\x98\x80"));
        QVERIFY(!memberOf(*good, "c") && !memberOf((*good)["a"], "a"));
        QCOMPARE(jsonText(*parseJson(jsonText(*good))), jsonText(*good));
        for (const char* bad : {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "{\"a\":[{\"b\":1,\"b\":2}]}", "01", "1.", "nul",
                                "\"\\ud800\"", "[1] 2", "\"\n\"", "+1", "{a:1}", "1e999"}) {
            QVERIFY2(!parseJson(bad), bad);
        }
        QVERIFY(parseJson("{\"a\":{\"a\":1},\"b\":{\"a\":2}}"));
    }

    void jsonIsNotDeep() {
        const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
        QVERIFY(parseJson(nested(32)));
        QVERIFY(!parseJson(nested(34)));
        QVERIFY(!parseJson(nested(1000000)));
        QVERIFY(!parseJson(std::string(1000000, '[')));
    }

    // Words of texts, and so the pieces that a model keeps, may be cut within a character.
    void strayBytesInJsonAreReplaced() {
        const std::string replaced = "\"a\xef\xbf\xbd\"";
        QCOMPARE(jsonText(*parseJson("\"a\xc3\"")), replaced);
        QCOMPARE(jsonText(std::string("a\xc3")), replaced);
    }

    // Writers differ: 100000 as 1e+05, 640 as 640.0.
    void wholeNumbersAreReadHoweverWritten() {
        for (const char* text : {"100000", "1e+05", "100000.0"})
            QCOMPARE(wholeNumber(*parseJson(text)).value_or(-1), std::int64_t{100000});
        for (const char* text : {"1.5", "-1", "1e17", "18446744073709551615", "\"7\"", "null"})
            QVERIFY2(!wholeNumber(*parseJson(text)), text);
    }

    void shardsComeBackAsTheyWere() {
        Shapes shapes(3, 4, {200, 150});
        TrueBox odd{{1.25, 2.5, 30.125, 40.75}, 1};
        odd.crowd = true;
        odd.difficult = true;
        shapes.addBox(1, odd);
        DetectorConfig detector;
        detector.size = "base";
        detector.classes = 2;
        detector.input = {160, 128};
        QVERIFY(writeShard(path("a.shard"), detector, shapes, Job{}));
        const auto shard = readShard(path("a.shard"));
        QVERIFY(shard);
        QCOMPARE(shard->detector.size, std::string("base"));
        QCOMPARE(shard->detector.input, detector.input);
        QCOMPARE(shard->images->count(), std::size_t{3});
        const ItemTruth truth = shard->images->truth(1);
        QCOMPARE(truth.item, std::int64_t{2});
        QCOMPARE(truth.size, (Size{200, 150}));
        QCOMPARE(truth.boxes.size(), std::size_t{3});
        QCOMPARE(truth.boxes[2].box, odd.box);
        QVERIFY(truth.boxes[2].crowd && truth.boxes[2].difficult && !truth.boxes[0].crowd);
        QCOMPARE(shard->images->load(2, {})->rgb, resized(*shapes.load(2, {}), {160, 128}).rgb);
    }

    void damagedShardsAreRefused() {
        const Shapes shapes(1, 4);
        DetectorConfig detector;
        detector.input = {64, 64};
        detector.classes = 2;
        QVERIFY(writeShard(path("b.shard"), detector, shapes, Job{}));
        const std::string good = *readWhole(path("b.shard"));
        const auto codeOf = [this](const std::string& bytes) {
            if (!replaceWhole(path("c.shard"), bytes)) return ErrorCode::Io;
            const auto shard = readShard(path("c.shard"));
            return shard ? ErrorCode::Internal : shard.error().code;
        };
        for (std::size_t at = 8; at < good.size(); at += 97) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 0x10);
            const ErrorCode code = codeOf(bad);
            QVERIFY(code == ErrorCode::Corrupt || code == ErrorCode::NewerVersion);
        }
        for (const std::size_t length : {std::size_t{9}, std::size_t{20}, good.size() / 2, good.size() - 1}) {
            QCOMPARE(codeOf(good.substr(0, length)), ErrorCode::Corrupt);
        }
        QCOMPARE(codeOf("something else"), ErrorCode::Malformed);
        QCOMPARE(readShard(path("none.shard")).error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestLearnParts)
#include "tst_learn_parts.moc"
