#include "tests/engine/formats/formats_support.h"

using namespace support;

/** Export, import, compare: the strongest promise of the formats. */
class TestRoundTrip : public QObject {
    Q_OBJECT

 private:
    static constexpr int kSeeds = 4;

    // Writes, reads with the original images, and compares; returns the first difference.
    static QString trip(Format format, const Dataset& data, const Folder& folder, const char* target, double tolerance,
                        bool allStates) {
        WriteOptions out = writing(folder / target);
        out.allStates = allStates;
        const Result<LossReport> written = write(format, data, out);
        if (!written) return QString::fromStdString(written.error().text());
        const Result<Dataset> back = read(format, reading(folder / target, folder / "images"));
        if (!back) return QString::fromStdString(back.error().text());
        const std::string complaints = allComplaints(*back);
        if (!complaints.empty()) return QString::fromStdString(complaints);
        return QString::fromStdString(difference(data, *back, tolerance));
    }

    // Takes away what the report of losses names.
    static void forget(Dataset& data, bool scores) {
        for (DatasetItem& item : data.items) {
            for (DatasetBox& box : item.boxes) {
                box.provenance.clear();
                box.annotator.clear();
                box.round = 0;
                if (!scores) box.score.reset();
            }
        }
    }

 private Q_SLOTS:
    void vocKeepsWholePixels() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            const Dataset data =
                randomDataset(rng, folder / "images", {.whole = true, .allStates = true, .splits = seed % 3 != 0});
            QCOMPARE(trip(Format::Voc, data, folder, "out", 0.0, true), QString());
            const Result<Dataset> back = read(Format::Voc, reading(folder / "out", folder / "images"));
            QVERIFY(back->classes == data.classes);
        }
    }

    void vocOfLabelImgKeepsWholePixels() {
        const Folder folder;
        Rng rng(99);
        const Dataset data = randomDataset(rng, folder / "images", {.whole = true});
        WriteOptions out = writing(folder / "out");
        out.vocOrigin = VocOrigin::LabelImg;
        QVERIFY(write(Format::Voc, data, out).ok());
        const Result<Dataset> back = read(Format::Voc, reading(folder / "out", folder / "images"));
        QVERIFY(back.ok());
        QCOMPARE(QString::fromStdString(difference(data, *back)), QString());
    }

    void vocRoundsOnceAndNeverAgain() {
        const Folder folder;
        Rng rng(5);
        const Dataset data = randomDataset(rng, folder / "images", {});
        const Result<LossReport> report = write(Format::Voc, data, writing(folder / "out"));
        QVERIFY(report.ok());
        const bool said = std::any_of(report->lines.begin(), report->lines.end(), [](const std::string& line) {
            return line.find("rounded to whole pixels") != std::string::npos;
        });
        QVERIFY(said);
        const Result<Dataset> once = read(Format::Voc, reading(folder / "out", folder / "images"));
        QVERIFY(once.ok());
        QCOMPARE(QString::fromStdString(difference(data, *once, 1.0)), QString());
        QCOMPARE(trip(Format::Voc, *once, folder, "again", 0.0, false), QString());
    }

    void cocoKeepsEveryBit() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            Dataset data = randomDataset(rng, folder / "images", {.allStates = true, .splits = seed % 3 != 0});
            addDetails(rng, data);
            QCOMPARE(trip(Format::Coco, data, folder, "out", 0.0, true), QString());
            QCOMPARE(trip(Format::Coco, data, folder, "one.json", 0.0, true), QString());
            const Result<Dataset> back = read(Format::Coco, reading(folder / "out", folder / "images"));
            QVERIFY(back->classes == data.classes);
        }
    }

    void csvKeepsEveryBit() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            Dataset data = randomDataset(rng, folder / "images", {.allStates = true, .splits = seed % 3 != 0});
            addDetails(rng, data);
            QCOMPARE(trip(Format::Csv, data, folder, "out", 0.0, true), QString());
            QCOMPARE(trip(Format::Csv, data, folder, "one.csv", 0.0, true), QString());
            const Result<Dataset> back = read(Format::Csv, reading(folder / "out", folder / "images"));
            QVERIFY(back->classes == data.classes);
        }
    }

    void labelmeKeepsEveryBit() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            Dataset data = randomDataset(rng, folder / "images", {.allStates = true, .splits = seed % 3 != 0});
            addDetails(rng, data);
            forget(data, true);
            QCOMPARE(trip(Format::Labelme, data, folder, "out", 0.0, true), QString());
            const Result<Dataset> back = read(Format::Labelme, reading(folder / "out", folder / "images"));
            QVERIFY(back->classes == data.classes);
        }
    }

    void cvatKeepsEveryBit() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            Dataset data = randomDataset(rng, folder / "images", {.allStates = true, .splits = seed % 3 != 0});
            addDetails(rng, data);
            forget(data, false);
            QCOMPARE(trip(Format::Cvat, data, folder, "out", 0.0, true), QString());
            QCOMPARE(trip(Format::Cvat, data, folder, "one.xml", 0.0, true), QString());
            const Result<Dataset> back = read(Format::Cvat, reading(folder / "out", folder / "images"));
            QVERIFY(back->classes == data.classes);
        }
    }

    void yoloKeepsAMillionthOfAPixel() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            Dataset data = randomDataset(rng, folder / "images", {.longestSide = 40000, .splits = seed % 3 != 0});
            for (DatasetItem& item : data.items) {
                for (DatasetBox& box : item.boxes)
                    box.difficult = box.truncated = box.occluded = false;
            }
            QCOMPARE(trip(Format::Yolo, data, folder, "out", 1e-6, false), QString());
            const Result<Dataset> once = read(Format::Yolo, reading(folder / "out", folder / "images"));
            QVERIFY(once->classes == data.classes);
            const fs::path label = folder / "out" / "labels";
            QVERIFY(write(Format::Yolo, *once, writing(folder / "again")).ok());
            for (const auto& entry : fs::recursive_directory_iterator(label)) {
                if (entry.is_regular_file())
                    QCOMPARE(contents(folder / "again" / "labels" / entry.path().lexically_relative(label)),
                             contents(entry.path()));
            }
        }
    }

    void yoloWithCopiedImagesStandsAlone() {
        const Folder folder;
        Rng rng(3);
        const Dataset data = randomDataset(rng, folder / "images", {});
        WriteOptions out = writing(folder / "out");
        out.images = Images::Copy;
        QVERIFY(write(Format::Yolo, data, out).ok());
        const Result<Dataset> back = read(Format::Yolo, reading(folder / "out"));
        QVERIFY(back.ok());
        QCOMPARE(back->items.size(), data.items.size());
        QCOMPARE(back->boxCount(), data.boxCount());
        for (const DatasetItem& item : data.items) {
            const DatasetItem* other = itemNamed(*back, std::string(toText(*item.split)) + "/" + item.name);
            QVERIFY(other && other->split == item.split && other->state == item.state);
        }
    }

    void copiesStandAlone() {
        const std::map<Format, std::string> places = {{Format::Voc, "JPEGImages"},
                                                      {Format::Coco, "images"},
                                                      {Format::Csv, "images"},
                                                      {Format::Cvat, "images"},
                                                      {Format::Labelme, "."}};
        for (const auto& [format, place] : places) {
            const Folder folder;
            Rng rng(4);
            const Dataset data = randomDataset(rng, folder / "images", {.whole = true});
            WriteOptions out = writing(folder / "out");
            out.images = Images::Copy;
            QVERIFY(write(format, data, out).ok());
            const Result<Dataset> back = read(format, reading(folder / "out"));
            QVERIFY(back.ok());
            Dataset expected = data;
            const fs::path images = folder / "out" / place;
            for (DatasetItem& item : expected.items)
                item.file = (images / item.file.lexically_relative(folder / "images")).lexically_normal();
            QCOMPARE(QString::fromStdString(difference(expected, *back)), QString());
        }
    }

    void imagesOfOneStemKeepTheirOwnFiles() {
        const Folder folder;
        Dataset data;
        data.classes = {"x"};
        for (const char* name : {"a.jpg", "a.png"}) {
            DatasetItem item;
            item.name = name;
            item.file = folder.write(std::string("images/") + name, "10 10");
            item.size = {10, 10};
            item.state = ItemState::Labelled;
            DatasetBox box;
            box.label = "x";
            box.box = Box{1, 1, name[2] == 'j' ? 4.0 : 6.0, 5};
            item.boxes.push_back(box);
            data.items.push_back(item);
        }
        QCOMPARE(trip(Format::Voc, data, folder, "out", 0.0, false), QString());
        QCOMPARE(trip(Format::Labelme, data, folder, "labelme", 0.0, false), QString());
        const Result<LossReport> yolo = write(Format::Yolo, data, writing(folder / "yolo"));
        QVERIFY(!yolo.ok());
        QVERIFY(yolo.error().sentence.find("would share a label file") != std::string::npos);
    }

    // What a careless reader takes for one another: blanks at the ends, a backslash for a slash, accents, case.
    void namesThatResembleOneAnother() {
        const std::vector<std::string> names = {"a.jpg",        " a.jpg",
                                                "a .jpg",       "A.jpg",
                                                "\u00e4.jpg",   "a\u0308.jpg",
                                                "sub/a.jpg",    "sub\\a.jpg",
                                                "labels/a.jpg", "images/a.jpg",
                                                "a:b.jpg",      "a%20b.jpg",
                                                "a b.jpg",      "upload/0a1b2c3d-a.jpg"};
        for (const Format format :
             {Format::Voc, Format::Coco, Format::Yolo, Format::Csv, Format::Labelme, Format::Cvat}) {
            const Folder folder;
            const Dataset data = namedData(folder, names);
            QVERIFY(write(format, data, writing(folder / "out")).ok());
            const Result<Dataset> back = read(format, reading(folder / "out", folder / "files"));
            QVERIFY2(back.ok(), toText(format));
            QVERIFY2(allComplaints(*back).empty() || format == Format::Yolo, allComplaints(*back).c_str());
            const std::string wrong = difference(data, *back, 1e-6);
            QVERIFY2(wrong.empty(), (toText(format) + (": " + wrong)).c_str());
        }
        const Folder folder;
        const Dataset data = namedData(folder, names);
        for (const Images images : {Images::None, Images::Copy}) {
            WriteOptions out = writing(folder / "out");
            out.images = images;
            QVERIFY(write(Format::LabelStudio, data, out).ok());
            const Result<Dataset> back =
                read(Format::LabelStudio, reading(folder / "out", images == Images::Copy ? "" : folder / "files"));
            QVERIFY(back.ok());
            for (const DatasetItem& item : data.items) {
                const DatasetItem* other = itemNamed(*back, (images == Images::Copy ? "media/" : "") + item.name);
                QVERIFY2(other && other->boxes.size() == 1, item.name.c_str());
                QVERIFY(std::abs(other->boxes[0].box->left - item.boxes[0].box->left) < 1e-6);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestRoundTrip)
#include "tst_round_trip.moc"
