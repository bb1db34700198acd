// Features that nothing is learnt for: what makes them alike and what does not, and how they are kept.

#include "engine/core/files.h"
#include "engine/core/rng.h"
#include "engine/learn/instant/feature_file.h"
#include "engine/learn/instant/frozen_encoder.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

using namespace querent;
using namespace querent::learn::instant;

namespace {

/** Items whose media are made on the spot. */
class MadeItems : public ItemSource {
 public:
    using Make = std::function<Result<Content>(std::size_t, Modality)>;
    MadeItems(std::size_t count, Make make) : m_count(count), m_make(std::move(make)) {}

    std::size_t count() const override { return m_count; }
    ItemTruth truth(std::size_t index) const override { return {static_cast<std::int64_t>(index + 100), {}}; }
    Result<Raster> load(std::size_t, Size) const override { return fail(ErrorCode::Unsupported, "No planes."); }
    Result<Content> content(std::size_t index, Modality modality, Size) const override {
        return m_make(index, modality);
    }

 private:
    std::size_t m_count;
    Make m_make;
};

/** Stripes of a width and direction, in a colour, with some noise of its own. */
Raster stripes(Size size, int width, bool upright, Rng& rng) {
    Raster raster{size, std::vector<std::uint8_t>(static_cast<std::size_t>(size.width) * size.height * 3)};
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const int at = (upright ? x : y) / width;
            for (int c = 0; c < 3; ++c) {
                const double value = (at % 2 == 0 ? 200.0 : 60.0) + 10.0 * rng.normal();
                raster.rgb[(static_cast<std::size_t>(y) * size.width + x) * 3 + static_cast<std::size_t>(c)] =
                    static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
            }
        }
    }
    return raster;
}

/** Each second band is loud in the first half of the time, the others in the second; louder by `gain` in all. */
Matrix bands(std::size_t columns, std::size_t count, float gain, bool reversed) {
    Matrix sound(columns, count);
    for (std::size_t t = 0; t < columns; ++t) {
        for (std::size_t b = 0; b < count; ++b) {
            const bool first = (t < columns / 2) != reversed;
            sound.at(t, b) = gain + ((b % 2 == 0) == first ? 10.0F : -10.0F);
        }
    }
    return sound;
}

double distance(std::span<const float> a, std::span<const float> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i] - b[i]) * static_cast<double>(a[i] - b[i]);
    return std::sqrt(sum);
}

Matrix encoded(const FrozenEncoder& encoder, const MadeItems& items) {
    std::vector<learn::UnreadItem> unread;
    auto features = encoder.encode(items, unread, Job());
    if (!features || !unread.empty()) qFatal("The items could not be encoded.");
    return std::move(features).value();
}

}  // namespace

class TestFrozenEncoder : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    std::filesystem::path file(const char* name) const { return m_dir.filePath(name).toStdString(); }

 private Q_SLOTS:
    void alikePicturesAreNear_data() {
        QTest::addColumn<int>("side");
        QTest::newRow("photographs") << 300;
        QTest::newRow("small pictures") << 28;
    }

    void alikePicturesAreNear() {
        QFETCH(int, side);
        const auto encoder = FrozenEncoder::make({Modality::Image}, 64);
        QVERIFY2(encoder.ok(), encoder ? "" : encoder.error().text().c_str());
        Rng rng(1);
        std::vector<Raster> pictures;
        for (int i = 0; i < 6; ++i)
            pictures.push_back(stripes({side, side * 3 / 4}, side / 7, i % 2 == 0, rng));
        const MadeItems items(6, [&](std::size_t i, Modality) { return Content(pictures[i]); });
        const Matrix seen = encoded(**encoder, items);
        QCOMPARE(seen.rows, std::size_t{6});
        QCOMPARE(seen.cols, (*encoder)->sizes().front());
        QVERIFY(allFinite(seen.values));
        for (std::size_t i = 0; i < 6; ++i) {
            for (std::size_t j = 0; j < 6; ++j) {
                if (i == j || i % 2 != j % 2) continue;
                QVERIFY(distance(seen.row(i), seen.row(j)) < 0.7 * distance(seen.row(i), seen.row((j + 1) % 6)));
            }
        }
        // Alone as in company.
        const MadeItems last(1, [&](std::size_t, Modality) { return Content(pictures[5]); });
        const Matrix alone = encoded(**encoder, last);
        QVERIFY(distance(alone.row(0), seen.row(5)) < 0.05 * distance(seen.row(4), seen.row(5)));
    }

    void loudnessAndLengthOfSoundsDoNotCount() {
        const auto encoder = FrozenEncoder::make({Modality::Audio}, 8);
        QVERIFY(encoder.ok());
        const std::vector<Matrix> sounds = {bands(40, 8, 0.0F, false), bands(80, 8, -30.0F, false),
                                            bands(40, 8, 0.0F, true), bands(3, 8, 0.0F, false)};
        const MadeItems items(4, [&](std::size_t i, Modality) { return Content(sounds[i]); });
        const Matrix seen = encoded(**encoder, items);
        QVERIFY(distance(seen.row(0), seen.row(1)) < 1e-3);
        QVERIFY(distance(seen.row(0), seen.row(2)) > 10.0);
        QVERIFY(allFinite(seen.row(3)));
    }

    void wordsOfTextsCount() {
        const auto encoder = FrozenEncoder::make({Modality::Text}, 8);
        QVERIFY(encoder.ok());
        const std::vector<std::string> texts = {"Is the circle red?", "is the CIRCLE red", "What shape is blue?", ""};
        const MadeItems items(4, [&](std::size_t i, Modality) { return Content(texts[i]); });
        const Matrix seen = encoded(**encoder, items);
        QCOMPARE(distance(seen.row(0), seen.row(1)), 0.0);
        QVERIFY(distance(seen.row(0), seen.row(2)) > 1.0);
        QVERIFY(allFinite(seen.row(3)));
    }

    void whatIsMissingIsNoNumber() {
        const auto encoder = FrozenEncoder::make({Modality::Audio, Modality::Text}, 8);
        QVERIFY(encoder.ok());
        const MadeItems items(4, [&](std::size_t i, Modality modality) -> Result<Content> {
            if (i == 1) return fail(ErrorCode::Io, "It cannot be read.");
            if (i == 3) return Content(Matrix(4, 5));  // other bands
            if (modality == Modality::Audio) return i == 2 ? Content() : Content(bands(10, 8, 0.0F, false));
            return Content(std::string("words"));
        });
        std::vector<learn::UnreadItem> unread;
        const auto seen = (*encoder)->encode(items, unread, Job());
        QVERIFY(seen.ok());
        QCOMPARE(unread.size(), std::size_t{2});
        QCOMPARE(unread[0].item, std::int64_t{101});
        QCOMPARE(unread[1].item, std::int64_t{103});
        const std::size_t sound = (*encoder)->sizes().front();
        const auto missing = [](float value) { return std::isnan(value); };
        QVERIFY(std::ranges::all_of(seen->row(1), missing));
        QVERIFY(std::ranges::all_of(seen->row(2).first(sound), missing));
        QVERIFY(allFinite(seen->row(2).subspan(sound)));
        QVERIFY(allFinite(seen->row(0)));
    }

    // Not even the picture of an item counts whose sound cannot be read, and the others' go where they belong.
    void nothingIsHalf() {
        const auto encoder = FrozenEncoder::make({Modality::Image, Modality::Audio}, 8);
        QVERIFY(encoder.ok());
        Rng rng(2);
        const std::vector<Raster> pictures = {stripes({120, 90}, 9, true, rng), stripes({120, 90}, 9, false, rng),
                                              stripes({120, 90}, 30, true, rng)};
        const auto make = [&](bool damaged) {
            return [&, damaged](std::size_t i, Modality modality) -> Result<Content> {
                if (modality == Modality::Image) return Content(pictures[i]);
                if (damaged && i == 1) return fail(ErrorCode::Io, "It cannot be read.");
                return Content(bands(10, 8, 0.0F, false));
            };
        };
        const Matrix whole = encoded(**encoder, MadeItems(3, make(false)));
        std::vector<learn::UnreadItem> unread;
        const auto seen = (*encoder)->encode(MadeItems(3, make(true)), unread, Job());
        QVERIFY(seen.ok());
        QCOMPARE(unread.size(), std::size_t{1});
        QVERIFY(std::ranges::all_of(seen->row(1), [](float value) { return std::isnan(value); }));
        QVERIFY(distance(seen->row(0), whole.row(0)) < 0.05 * distance(whole.row(0), whole.row(1)));
        QVERIFY(distance(seen->row(2), whole.row(2)) < 0.05 * distance(whole.row(0), whole.row(2)));
    }

    void aStopIsHeard() {
        const auto encoder = FrozenEncoder::make({Modality::Text}, 8);
        std::stop_source stop;
        const MadeItems items(1000, [&](std::size_t i, Modality) {
            if (i == 10) stop.request_stop();
            return Content(std::string("words"));
        });
        std::vector<learn::UnreadItem> unread;
        const auto seen = (*encoder)->encode(items, unread, Job(stop.get_token()));
        QVERIFY(!seen.ok());
        QCOMPARE(seen.error().code, ErrorCode::Cancelled);
    }

    void featuresComeBackFromTheirFile() {
        StoredFeatures features{{7, -1, std::numeric_limits<std::int64_t>::max()}, Matrix(3, 2)};
        features.values.values = {1.0F, -0.333F, std::numeric_limits<float>::quiet_NaN(), 1e-3F, 1e9F, -1e9F};
        QVERIFY(writeFeatures(file("some.safetensors"), features).ok());
        const auto read = readFeatures(file("some.safetensors"));
        QVERIFY2(read.ok(), read ? "" : read.error().text().c_str());
        QCOMPARE(read->keys, features.keys);
        QCOMPARE(read->values.rows, std::size_t{3});
        QCOMPARE(read->values.at(0, 0), 1.0F);
        QVERIFY(std::abs(read->values.at(0, 1) + 0.333F) < 1e-3F);
        QVERIFY(std::isnan(read->values.at(1, 0)));
        QCOMPARE(read->values.at(2, 0), 65504.0F);
        QCOMPARE(read->values.at(2, 1), -65504.0F);
    }

    void damagedFeaturesAreRefused() {
        StoredFeatures features{{1, 2}, Matrix(2, 50)};
        QVERIFY(writeFeatures(file("cut.safetensors"), features).ok());
        auto bytes = readWhole(file("cut.safetensors"));
        QVERIFY(bytes.ok());
        for (const std::size_t length : {std::size_t{0}, std::size_t{7}, bytes->size() / 2, bytes->size() - 1}) {
            QVERIFY(replaceWhole(file("cut.safetensors"), std::string_view(*bytes).substr(0, length)).ok());
            QVERIFY(!readFeatures(file("cut.safetensors")).ok());
        }
        (*bytes)[bytes->size() - 3] = static_cast<char>((*bytes)[bytes->size() - 3] ^ 1);
        QVERIFY(replaceWhole(file("cut.safetensors"), *bytes).ok());
        QVERIFY(!readFeatures(file("cut.safetensors")).ok());
    }
};

QTEST_GUILESS_MAIN(TestFrozenEncoder)
#include "tst_frozen_encoder.moc"
