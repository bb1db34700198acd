// One way in for every picture: size, turn and colours are the same whatever the file is made of.

#include "engine/media/hash.h"
#include "engine/media/picture.h"
#include "engine/media/resize.h"
#include "tests/engine/media/picture_fixtures.h"
#include "tests/support/slowness.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/imgcodecs.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <sys/stat.h>

using namespace querent;
using namespace querent::media;
using namespace fixtures;

namespace {

using Rgb = std::array<int, 3>;
const Rgb kRed{250, 0, 0}, kGreen{0, 250, 0}, kBlue{0, 0, 250}, kWhite{250, 250, 250};

/** Corners as shown: top left, top right, bottom left, bottom right. Worked out by hand from the EXIF standard. */
const std::array<std::array<Rgb, 4>, 8> kShown = {{
    {kRed, kGreen, kBlue, kWhite},  // 1: as stored
    {kGreen, kRed, kWhite, kBlue},  // 2: mirrored
    {kWhite, kBlue, kGreen, kRed},  // 3: half a turn
    {kBlue, kWhite, kRed, kGreen},  // 4: upside down, mirrored
    {kRed, kBlue, kGreen, kWhite},  // 5: along the diagonal
    {kBlue, kRed, kWhite, kGreen},  // 6: needs a quarter turn clockwise
    {kWhite, kGreen, kBlue, kRed},  // 7: along the other diagonal
    {kGreen, kWhite, kRed, kBlue},  // 8: needs a quarter turn back
}};

bool showsCorners(const Raster& r, const std::array<Rgb, 4>& corners, int tolerance) {
    const int x = r.size.width / 4;
    const int y = r.size.height / 4;
    const int right = r.size.width - 1 - x;
    const int bottom = r.size.height - 1 - y;
    return near(at(r, x, y), corners[0], tolerance) && near(at(r, right, y), corners[1], tolerance) &&
           near(at(r, x, bottom), corners[2], tolerance) && near(at(r, right, bottom), corners[3], tolerance);
}

}  // namespace

class TestPicture : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::filesystem::path file(const char* name) { return std::filesystem::path(m_dir.path().toStdString()) / name; }
    std::string sentence(const std::filesystem::path& path) {
        const auto result = decode(path);
        return result ? std::string() : result.error().sentence;
    }

 private Q_SLOTS:
    void orientation_data();
    void orientation();
    void reducesJpegs();
    void reducesTurnedJpegs();
    void reducesEverythingElse();
    void colours();
    void alphaLiesOnWhite();
    void cutShort_data();
    void cutShort();
    void brokenFiles();
    void headerFuzz();
    void wideAndLimited();
    void heicAndAvif_data();
    void heicAndAvif();
    void gifs();
    void tiffsThatMeasure();
    void jpegsWithStrayBytes();
    void names();
    void hashes();
    void fitsAndCrops();
    void writes();
};

void TestPicture::orientation_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<int>("orientation");
    for (const char* format : {"jpeg", "jpeg-big-endian", "png", "webp", "tiff", "tiff16"}) {
        for (int i = 1; i <= 8; ++i)
            QTest::newRow(qPrintable(QString("%1 %2").arg(format).arg(i))) << QString(format) << i;
    }
}

void TestPicture::orientation() {
    QFETCH(QString, format);
    QFETCH(int, orientation);
    const cv::Mat picture = quadrants(48, 32);
    Bytes bytes;
    if (format == "jpeg") bytes = jpegWithExif(encoded(".jpg", picture), exif(orientation, false));
    if (format == "jpeg-big-endian") bytes = jpegWithExif(encoded(".jpg", picture), exif(orientation, true));
    if (format == "png") bytes = pngWithChunk(encoded(".png", picture), "eXIf", exif(orientation, true));
    if (format == "webp") bytes = webpWithExif(encoded(".webp", picture), 48, 32, exif(orientation, false));
    if (format == "tiff") bytes = tiffWithOrientation(picture, orientation);
    if (format == "tiff16") {
        cv::Mat deep;
        picture.convertTo(deep, CV_16U, 257.0);
        bytes = tiffWithOrientation(deep, orientation);
    }
    const auto path = write(file("turned"), bytes);

    const auto info = probe(path);
    QVERIFY2(info.ok(), info.ok() ? "" : info.error().sentence.c_str());
    const bool lying = orientation >= 5;
    QCOMPARE(info->orientation, orientation);
    QCOMPARE(info->storedSize.width, 48);
    QCOMPARE(info->storedSize.height, 32);
    QCOMPARE(info->size.width, lying ? 32 : 48);
    QCOMPARE(info->size.height, lying ? 48 : 32);

    const auto shown = decode(path);
    QVERIFY2(shown.ok(), shown.ok() ? "" : shown.error().sentence.c_str());
    QCOMPARE(shown->size.width, info->size.width);
    QCOMPARE(shown->size.height, info->size.height);
    QVERIFY(showsCorners(*shown, kShown[static_cast<std::size_t>(orientation - 1)], 30));
}

void TestPicture::reducesJpegs() {
    const auto path = write(file("large.jpg"), encoded(".jpg", quadrants(1001, 601)));
    const auto sizeFor = [&](Size wanted) { return decode(path, {.wanted = wanted})->size; };
    QVERIFY((sizeFor({}) == Size{1001, 601}));
    QVERIFY((sizeFor({501, 301}) == Size{501, 301}));
    QVERIFY((sizeFor({502, 100}) == Size{1001, 601}));
    QVERIFY((sizeFor({250, 150}) == Size{251, 151}));
    QVERIFY((sizeFor({126, 76}) == Size{126, 76}));
    QVERIFY((sizeFor({20, 10}) == Size{32, 19}));         // beyond libjpeg's 1/8
    QVERIFY((sizeFor({5000, 5000}) == Size{1001, 601}));  // never larger than the file
}

void TestPicture::reducesTurnedJpegs() {
    const auto path = write(file("turned.jpg"), jpegWithExif(encoded(".jpg", quadrants(800, 400)), exif(6, false)));
    const auto picture = decode(path, {.wanted = {100, 200}});
    QVERIFY(picture.ok());
    QVERIFY((picture->size == Size{100, 200}));
    QVERIFY(showsCorners(*picture, kShown[5], 12));
}

void TestPicture::reducesEverythingElse() {
    for (const char* extension : {".png", ".bmp", ".webp", ".tiff"}) {
        const auto path = write(file("large"), encoded(extension, quadrants(640, 480)));
        const auto picture = decode(path, {.wanted = {150, 100}});
        QVERIFY2(picture.ok(), extension);
        QVERIFY((picture->size == Size{160, 120}));
        QVERIFY(showsCorners(*picture, kShown[0], 30));
    }
}

void TestPicture::colours() {
    cv::Mat grey(20, 30, CV_8UC1, cv::Scalar(77));
    cv::Mat deep(20, 30, CV_16UC3, cv::Scalar(100 * 257, 150 * 257, 200 * 257));
    cv::Mat deepGrey(20, 30, CV_16UC1, cv::Scalar(90 * 257));
    for (const char* extension : {".png", ".jpg", ".bmp", ".tiff"}) {
        const auto picture = decode(write(file("grey"), encoded(extension, grey)));
        QVERIFY2(picture.ok() && near(at(*picture, 5, 5), {77, 77, 77}, 1), extension);
    }
    for (const char* extension : {".png", ".tiff"}) {
        const auto path = write(file("deep"), encoded(extension, deep));
        QCOMPARE(probe(path)->bitDepth, 16);
        const auto picture = decode(path);
        QVERIFY2(picture.ok() && near(at(*picture, 5, 5), {200, 150, 100}, 1), extension);
        const auto one = decode(write(file("deepGrey"), encoded(extension, deepGrey)));
        QVERIFY2(one.ok() && near(at(*one, 5, 5), {90, 90, 90}, 1), extension);
    }
    const auto path = write(file("cmyk.jpg"), cmykJpeg());
    QCOMPARE(probe(path)->channels, 4);
    const auto cmyk = decode(path);
    QVERIFY(cmyk.ok());
    QVERIFY(near(at(*cmyk, 4, 1), {255, 0, 0}, 40));
    QVERIFY(near(at(*cmyk, 4, 6), {0, 0, 255}, 40));
}

void TestPicture::alphaLiesOnWhite() {
    cv::Mat clear(16, 16, CV_8UC4, cv::Scalar(0, 0, 0, 0));
    clear(cv::Rect(8, 0, 8, 16)).setTo(cv::Scalar(0, 0, 200, 128));
    cv::Mat deep;
    clear.convertTo(deep, CV_16U, 257.0);
    for (const cv::Mat& picture : {clear, deep}) {
        const auto shown = decode(write(file("alpha.png"), encoded(".png", picture)));
        QVERIFY(shown.ok());
        QVERIFY(near(at(*shown, 2, 5), {255, 255, 255}, 1));
        QVERIFY(near(at(*shown, 12, 5), {227, 127, 127}, 2));
    }
    std::vector<std::uint8_t> lossless;
    cv::imencode(".webp", clear, lossless, {cv::IMWRITE_WEBP_QUALITY, 101});
    const auto webp = decode(write(file("alpha.webp"), lossless));
    QVERIFY(webp.ok());
    QVERIFY(near(at(*webp, 12, 5), {227, 127, 127}, 3));
    QCOMPARE(probe(file("alpha.webp"))->channels, 4);

    // 8 x 4, made with ImageMagick: a palette of red (left half) and transparent (right half).
    const QByteArray palette = QByteArray::fromHex(
        "89504e470d0a1a0a0000000d494844520000000800000004080300000084138ec200000006504c5445ffffffff0000eb5ae79300000001"
        "74"
        "524e530040e6d866000000124944415408d76360606464640001469c0c0001410010a2f85f4d0000000049454e44ae426082");
    const auto path = write(file("palette.png"), Bytes(palette.begin(), palette.end()));
    QCOMPARE(probe(path)->channels, 1);
    const auto indexed = decode(path);
    QVERIFY(indexed.ok());
    QVERIFY((indexed->size == Size{8, 4}));
    QVERIFY(near(at(*indexed, 2, 2), {255, 0, 0}, 0));
    QVERIFY(near(at(*indexed, 6, 2), {255, 255, 255}, 0));
}

void TestPicture::cutShort_data() {
    QTest::addColumn<QString>("extension");
    QTest::addColumn<double>("share");
    for (const char* extension : {".jpg", ".png", ".bmp", ".tiff", ".webp"}) {
        for (const double share : {0.3, 0.7, 0.995})
            QTest::newRow(qPrintable(QString("%1 %2").arg(extension).arg(share))) << QString(extension) << share;
    }
}

void TestPicture::cutShort() {
    QFETCH(QString, extension);
    QFETCH(double, share);
    cv::Mat noise(200, 300, CV_8UC3);
    cv::RNG(7).fill(noise, cv::RNG::UNIFORM, 0, 255);
    Bytes bytes = encoded(qPrintable(extension), noise);
    const auto whole = write(file("whole"), bytes);
    QVERIFY(decode(whole).ok());
    bytes.resize(static_cast<std::size_t>(share * static_cast<double>(bytes.size())));
    const auto cut = write(file("cut"), bytes);
    const auto picture = decode(cut);
    QVERIFY(!picture.ok());
    QCOMPARE(picture.error().code, ErrorCode::Malformed);
    QCOMPARE(picture.error().where.path, cut);
    // Behind the picture there may be anything.
    Bytes more = read(whole);
    more.insert(more.end(), 100, 0);
    QVERIFY(decode(write(file("more"), more)).ok());
}

void TestPicture::brokenFiles() {
    const auto missing = decode(file("nowhere.jpg"));
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QCOMPARE(probe(file("nowhere.jpg")).error().code, ErrorCode::NotFound);
    QCOMPARE(sentence(write(file("empty.jpg"), {})), std::string("The file is empty (0 bytes)."));
    const std::string text = "Dear Sir or Madam, this is no picture at all.";
    const auto letter = write(file("letter.jpg"), Bytes(text.begin(), text.end()));
    QVERIFY(sentence(letter).find("not a picture") != std::string::npos);
    QVERIFY(!probe(letter).ok());
    const std::string begins = "BM is how this sentence begins, and that makes no bitmap.";
    QVERIFY(sentence(write(file("bm.bmp"), Bytes(begins.begin(), begins.end()))).find("not a picture") !=
            std::string::npos);
    const std::string photoshop = "8BPS and so on";
    const auto unread = decode(write(file("layers.psd"), Bytes(photoshop.begin(), photoshop.end())));
    QCOMPARE(unread.error().code, ErrorCode::Unsupported);
    QVERIFY(unread.error().sentence.find("Photoshop") != std::string::npos);
    const auto pipe = file("pipe.png");
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(sentence(pipe), std::string("This is not a regular file."));
    QVERIFY(!probe("/dev/zero").ok());
    QVERIFY(timer.elapsed() < 1000 * test::kSlowness);
    QVERIFY(sentence(m_dir.path().toStdString()).find("folder") != std::string::npos);
    // A picture by content under a wrong name is a picture.
    QVERIFY(decode(write(file("really.txt"), encoded(".png", quadrants(8, 8)))).ok());
}

void TestPicture::headerFuzz() {
    // Every file with some bytes of its first kilobyte exchanged: any answer will do, but there must be one.
    cv::RNG random(3);
    int refused = 0;
    for (const char* extension : {".jpg", ".png", ".bmp", ".tiff", ".webp"}) {
        const Bytes whole = encoded(extension, quadrants(40, 30));
        for (int i = 0; i < 60; ++i) {
            Bytes bytes = whole;
            for (int k = 0; k < 4; ++k) {
                const int place = random.uniform(2, std::min<int>(static_cast<int>(bytes.size()), 1024));
                bytes[static_cast<std::size_t>(place)] = static_cast<std::uint8_t>(random.uniform(0, 256));
            }
            const auto path = write(file("fuzz"), bytes);
            const auto picture = decode(path, {.wanted = {}, .maxPixels = 4'000'000});
            if (!picture) ++refused;
            if (picture) QVERIFY(picture->size == probe(path)->size);
        }
    }
    QVERIFY(refused > 20);
}

void TestPicture::wideAndLimited() {
    const auto path = write(file("wide.png"), encoded(".png", quadrants(40'000, 4)));
    QVERIFY((probe(path)->size == Size{40'000, 4}));
    QVERIFY((decode(path)->size == Size{40'000, 4}));
    QVERIFY((decode(path, {.wanted = {1000, 1}})->size == Size{1250, 1}));
    const auto limited = decode(path, {.wanted = {}, .maxPixels = 100'000});
    QCOMPARE(limited.error().code, ErrorCode::Unsupported);
    QVERIFY(limited.error().sentence.find("40000 x 4") != std::string::npos);
    // A JPEG counts after its reduction, and is reduced as far as that helps.
    const auto jpeg = write(file("big.jpg"), encoded(".jpg", quadrants(800, 800)));
    QVERIFY((decode(jpeg, {.wanted = {}, .maxPixels = 100'000})->size == Size{200, 200}));
    QVERIFY((decode(jpeg, {.wanted = {100, 100}, .maxPixels = 100'000})->size == Size{100, 100}));
    QVERIFY(!decode(jpeg, {.wanted = {}, .maxPixels = 5'000}).ok());
    // A progressive one is held whole while it is read.
    Bytes progressive;
    cv::imencode(".jpg", quadrants(800, 800), progressive, {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
    const auto held = write(file("held.jpg"), progressive);
    QVERIFY(decode(held).ok());
    QVERIFY(!decode(held, {.wanted = {}, .maxPixels = 100'000}).ok());

    // A file of some bytes that unpacks to gigabytes: the header tells.
    Bytes bomb = encoded(".png", quadrants(8, 8));
    for (const auto& [place, value] : {std::pair{16, 390}, {20, 1'000'000}}) {
        for (int i = 0; i < 4; ++i)
            bomb[static_cast<std::size_t>(place + i)] = static_cast<std::uint8_t>(value >> 8 * (3 - i));
    }
    const auto refused = decode(write(file("bomb.png"), bomb));
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    QVERIFY(refused.error().sentence.find("390 x 1000000") != std::string::npos);
    QCOMPARE(probe(file("bomb.png")).error().sentence, refused.error().sentence);
}

void TestPicture::heicAndAvif_data() {
    QTest::addColumn<bool>("avif");
    QTest::addColumn<int>("orientation");
    for (const bool avif : {false, true}) {
        for (int i = 1; i <= 8; ++i)
            QTest::newRow(qPrintable(QString("%1 %2").arg(avif ? "avif" : "heic").arg(i))) << avif << i;
    }
}

void TestPicture::heicAndAvif() {
    QFETCH(bool, avif);
    QFETCH(int, orientation);
    const Bytes bytes = heif(quadrants(96, 64), avif, orientation);
    if (bytes.empty()) QSKIP("no such encoder on this machine");
    const auto path = write(file("photo"), bytes);
    const auto info = probe(path);
    QVERIFY2(info.ok(), info.ok() ? "" : info.error().sentence.c_str());
    QVERIFY(info->format == (avif ? PictureFormat::Avif : PictureFormat::Heic));
    QVERIFY((info->size == (orientation >= 5 ? Size{64, 96} : Size{96, 64})));
    const auto shown = decode(path);
    QVERIFY2(shown.ok(), shown.ok() ? "" : shown.error().sentence.c_str());
    QVERIFY(shown->size == info->size);
    QVERIFY(showsCorners(*shown, kShown[static_cast<std::size_t>(orientation - 1)], 30));
    QVERIFY((decode(path, {.wanted = {24, 16}})->size.width < 50));

    for (const double share : {0.1, 0.5, 0.95}) {
        Bytes cut = bytes;
        cut.resize(static_cast<std::size_t>(share * static_cast<double>(cut.size())));
        QVERIFY(!decode(write(file("cut"), cut)).ok());
    }
}

void TestPicture::gifs() {
    const auto path = write(file("moving.gif"), gif(40, 30, {80, 200}));
    const auto info = probe(path);
    QVERIFY2(info.ok(), info.ok() ? "" : info.error().sentence.c_str());
    QVERIFY((info->size == Size{40, 30}));
    QCOMPARE(info->remark, std::string("The GIF holds several pictures; only the first is used."));
    const auto shown = decode(path);
    QVERIFY2(shown.ok(), shown.ok() ? "" : shown.error().sentence.c_str());
    QVERIFY((shown->size == Size{40, 30}));
    QVERIFY(near(at(*shown, 39, 29), {80, 80, 80}, 1));
    QCOMPARE(probe(write(file("still.gif"), gif(40, 30, {80})))->remark, std::string());
    Bytes cut = gif(40, 30, {80});
    cut.resize(cut.size() - 3);
    QVERIFY(!decode(write(file("cut.gif"), cut)).ok());
    QVERIFY(!decode(write(file("head.gif"), Bytes(cut.begin(), cut.begin() + 20))).ok());
}

void TestPicture::tiffsThatMeasure() {
    const auto floats = [](std::initializer_list<float> values) {
        Bytes bytes(values.size() * sizeof(float));
        std::memcpy(bytes.data(), std::data(values), bytes.size());
        return bytes;
    };
    const auto greysOf = [&](const TiffForm& form, const Bytes& pixels) {
        const auto shown = decode(write(file("deep.tif"), tiffOf(2, 2, form, pixels)));
        std::vector<int> greys;
        for (int i = 0; shown && i < 4; ++i)
            greys.push_back(at(*shown, i % 2, i / 2)[1]);
        return greys;
    };
    using Greys = std::vector<int>;
    QCOMPARE(greysOf({}, floats({0.0F, 0.5F, 0.8F, 0.2F})), (Greys{0, 128, 204, 51}));
    QCOMPARE(greysOf({}, floats({-100.0F, 0.0F, 100.0F, NAN})), (Greys{0, 128, 255, 0}));
    QCOMPARE(greysOf({32, 1}, {0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 2, 0}), (Greys{0, 64, 255, 128}));
    QCOMPARE(greysOf({8, 2}, {0x80, 0, 0x7f, 0}), (Greys{0, 128, 255, 128}));
    // Of five channels the first three are shown, as they are.
    const auto five = decode(write(file("five.tif"), tiffOf(1, 1, {8, 1, 5}, {10, 20, 30, 40, 50})));
    QVERIFY2(five.ok(), five.ok() ? "" : five.error().sentence.c_str());
    QVERIFY(near(at(*five, 0, 0), {10, 20, 30}, 0));
    QVERIFY(
        sentence(write(file("half.tif"), tiffOf(1, 1, {16, 3}, {0, 60}))).starts_with("The TIFF has 1 channels of 16"));
    QVERIFY(!decode(write(file("cut.tif"), tiffOf(2, 2, {}, floats({1.0F})))).ok());

    const auto pages = probe(write(file("pages.tif"), tiffOf(2, 2, {8, 1, 1, 3}, {1, 2, 3, 4})));
    QCOMPARE(pages->remark, std::string("The TIFF holds 3 pages; only the first is used."));
    QCOMPARE(greysOf({8, 1, 1, 3, true}, {1, 2, 3, 4}), (Greys{1, 2, 3, 4}));
    QCOMPARE(probe(file("deep.tif"))->remark, pages->remark);
    QCOMPARE(probe(write(file("page.tif"), tiffOf(2, 2, {8, 1}, {1, 2, 3, 4})))->remark, std::string());
}

void TestPicture::jpegsWithStrayBytes() {
    Bytes jpeg = encoded(".jpg", quadrants(48, 32));
    jpeg.insert(jpeg.begin() + 20, {0, 1, 2});  // behind the first segment, which has 18 bytes
    const auto path = write(file("stray.jpg"), jpeg);
    QVERIFY((probe(path)->size == Size{48, 32}));
    QVERIFY(showsCorners(*decode(path), kShown[0], 30));
}

void TestPicture::names() {
    const auto folder = file("M\u00e4rz \u65e5\u672c");
    std::filesystem::create_directory(folder);
    const auto path = write(folder / "\u00dcber die Br\u00fccke (2).jpg", encoded(".jpg", quadrants(16, 8)));
    QVERIFY(probe(path).ok());
    QVERIFY(decode(path).ok());
    QVERIFY(contentHash(path).ok());
    QVERIFY(writeJpeg(*decode(path), folder / "\u00c4nderung.jpg").ok());
    QVERIFY(decode(folder / "\u00c4nderung.jpg").ok());
}

void TestPicture::hashes() {
    // Known value of XXH3-64 for no bytes at all, from the library's own documentation.
    QCOMPARE(*contentHash(write(file("nothing"), {})), std::string("2d06800538d394c2"));
    Bytes large(3'000'000);
    std::iota(large.begin(), large.end(), std::uint8_t{0});
    const auto first = contentHash(write(file("large"), large));
    QCOMPARE(first->size(), std::size_t{16});
    QCOMPARE(*contentHash(write(file("copy"), large)), *first);
    large[2'999'999] ^= 1;
    QVERIFY(*contentHash(write(file("other"), large)) != *first);
    QCOMPARE(contentHash(file("nowhere")).error().code, ErrorCode::NotFound);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(contentHash(file("large"), Job(stop.get_token())).error().code, ErrorCode::Cancelled);
}

void TestPicture::fitsAndCrops() {
    QVERIFY((fittedSize({400, 200}, {100, 100}) == Size{100, 50}));
    QVERIFY((fittedSize({40, 20}, {100, 100}) == Size{40, 20}));
    QVERIFY((fittedSize({40'000, 4}, {1000, 1000}) == Size{1000, 1}));
    const auto picture = decode(write(file("quad.png"), encoded(".png", quadrants(40, 20))));
    QVERIFY(showsCorners(resized(*picture, {20, 10}), kShown[0], 1));
    QVERIFY(showsCorners(resized(*picture, {80, 40}), kShown[0], 1));
    QVERIFY(resized(*picture, {}).empty());
    const Raster part = cropped(*picture, {15.0, 5.0, 25.0, 15.0});
    QVERIFY((part.size == Size{10, 10}));
    QVERIFY(showsCorners(part, kShown[0], 0));
    QVERIFY((cropped(*picture, {30.0, 10.0, 90.0, 90.0}).size == Size{10, 10}));
    QVERIFY(cropped(*picture, {50.0, 50.0, 60.0, 60.0}).empty());
}

void TestPicture::writes() {
    const auto picture = decode(write(file("quad.png"), encoded(".png", quadrants(40, 20))));
    QVERIFY(writePng(*picture, file("again.png")).ok());
    QVERIFY(decode(file("again.png"))->rgb == picture->rgb);
    QVERIFY(writeJpeg(*picture, file("again.jpg"), 95).ok());
    QVERIFY(showsCorners(*decode(file("again.jpg")), kShown[0], 12));
    QVERIFY(!writePng(*picture, file("no/such/folder.png")).ok());
    QVERIFY(!writePng(Raster{}, file("void.png")).ok());
    QVERIFY(!std::filesystem::exists(file("void.png")));
    for (const auto& entry : std::filesystem::directory_iterator(m_dir.path().toStdString())) {
        QVERIFY(entry.path().extension() != ".tmp");
    }
}

QTEST_GUILESS_MAIN(TestPicture)
#include "tst_picture.moc"
