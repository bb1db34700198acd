#include "tests/engine/formats/sound_support.h"

using namespace support;

/** Export, import, compare, for sounds. */
class TestSoundTrips : public QObject {
    Q_OBJECT

 private:
    static constexpr int kSeeds = 6;

    static QString trip(Format format, const Dataset& data, const Folder& folder, const char* target,
                        double tolerance) {
        const Result<LossReport> written = write(format, data, writing(folder / target));
        if (!written) return QString::fromStdString(written.error().text());
        const Result<Dataset> back = read(format, hearing(folder / target, folder / "audio"));
        if (!back) return QString::fromStdString(back.error().text());
        const std::string complaints = allComplaints(*back);
        if (!complaints.empty()) return QString::fromStdString(complaints);
        if (back->classes != data.classes) return "classes";
        return QString::fromStdString(difference(data, *back, tolerance));
    }

 private Q_SLOTS:
    void ravenKeepsWholeFramesExactly() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            const Dataset data = randomSounds(rng, folder, {.scores = seed % 2 == 0, .splits = seed % 3 != 0});
            QCOMPARE(trip(Format::Raven, data, folder, "out", 0.0), QString());
        }
    }

    void ravenKeepsFractionsOfFrames() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            const Dataset data = randomSounds(rng, folder, {.wholeFrames = false});
            QCOMPARE(trip(Format::Raven, data, folder, "out", 2e-9), QString());
        }
    }

    void csvKeepsWholeFramesExactly() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            Dataset data = randomSounds(rng, folder, {.scores = true, .splits = seed % 3 != 0});
            addDetails(rng, data);
            QCOMPARE(trip(Format::Csv, data, folder, "out", 0.0), QString());
        }
    }

    void csvOfSoundsThatAreMissing() {
        const Folder folder;
        writeSound(folder, "audio/a.wav", 2.0);
        folder.write("boxes.csv",
                     "path,class,t0,t1,f0,f1\na.wav,x,0.5,1.5,,\na.wav,x,1.5,2.5,100,200\na.wav,x,one,2,,\n"
                     "gone.wav,x,0.5,1.5,,\na.wav,y,,,,\n");
        const Result<Dataset> data = read(Format::Csv, hearing(folder / "boxes.csv", folder / "audio"));
        QVERIFY(data.ok());
        const DatasetItem* item = itemNamed(*data, "a.wav");
        QCOMPARE(item->boxes.size(), std::size_t{3});
        QCOMPARE(*item->boxes[0].box, (Box{4000, 0, 12000, 4000}));
        QCOMPARE(*item->boxes[1].box, (Box{12000, 100, 16000, 200}));
        QVERIFY(!item->boxes[2].box);
        QVERIFY(complains(*data, "reaches out of the sound", 3, false));
        QVERIFY(complains(*data, "t0 of 'x', 'one', is not a number", 4, true));
        QVERIFY(complains(*data, "its sound is missing", 5, true));
        Dataset unheard = *data;
        unheard.items.at(0).sound = {};
        unheard.items.at(0).state = ItemState::Labelled;  // it lost a row, so it was not
        const Result<LossReport> report = write(Format::Csv, unheard, writing(folder / "out"));
        QVERIFY(says(*report, "2 boxes are left out, because the size of the image is not known."));
    }

    void audacityKeepsAMillionthOfASecond() {
        for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
            const Folder folder;
            Rng rng(seed);
            const Dataset data = randomSounds(rng, folder, {.splits = seed % 3 != 0});
            QCOMPARE(trip(Format::Audacity, data, folder, "out", 0.51e-6 * 48000), QString());
            const Result<Dataset> once = read(Format::Audacity, hearing(folder / "out", folder / "audio"));
            QVERIFY(write(Format::Audacity, *once, writing(folder / "again")).ok());
            for (const auto& entry : fs::recursive_directory_iterator(folder / "out")) {
                if (entry.is_regular_file())
                    QCOMPARE(
                        contents(folder / "again" / entry.path().lexically_relative(folder / "out").string().c_str()),
                        contents(entry.path()));
            }
        }
    }

    void copiesStandAlone() {
        for (const Format format : {Format::Audacity, Format::Raven}) {
            const Folder folder;
            Rng rng(7);
            const Dataset data = randomSounds(rng, folder, {});
            WriteOptions out = writing(folder / "out");
            out.images = Images::Copy;
            QVERIFY(write(format, data, out).ok());
            const Result<Dataset> back = read(format, hearing(folder / "out"));
            QVERIFY(back.ok());
            Dataset expected = data;
            for (DatasetItem& item : expected.items)
                item.file = folder / "out/audio" / item.file.lexically_relative(folder / "audio");
            QCOMPARE(QString::fromStdString(difference(expected, *back, 0.0245)), QString());
        }
    }

    void formatsOfPicturesLeaveSoundsOut() {
        const Folder folder;
        Rng rng(1);
        const Dataset data = randomSounds(rng, folder, {});
        for (const auto& [format, name] :
             {std::pair(Format::Voc, "VOC"), {Format::Coco, "COCO"}, {Format::Yolo, "YOLO"}}) {
            const Result<LossReport> report = write(format, data, writing(folder / toText(format)));
            QVERIFY(says(*report, std::string("12 sounds are left out: ") + name + " has no place for such items."));
            QCOMPARE(report->items, std::int64_t{0});
        }
    }

    // Names that end as label files do, and a folder that is called like that of our lists.
    void soundsThatAreCalledLikeLabelFiles() {
        for (const Format format : {Format::Raven, Format::Audacity}) {
            const Folder folder;
            Dataset data;
            data.classes = {"x"};
            for (const char* name : {"a.wav", "a.results.wav", "a.BirdNET.wav", "a.Table.1.wav", "a.wav.wav", "A.wav",
                                     "splits/train.wav", "splits/b.wav", "a.flac", "b.wav.flac", "B.wav"}) {
                DatasetItem item = soundItem(folder, name, 8000);
                const auto begin = static_cast<double>(data.items.size()) * 1000;
                item.boxes = {{.label = "x", .box = Box{begin, 0, begin + 800, 4000}}};
                item.split = static_cast<Split>(data.items.size() % 3);
                data.items.push_back(std::move(item));
            }
            QVERIFY(write(format, data, writing(folder / "out")).ok());
            const Result<Dataset> back = read(format, hearing(folder / "out", folder / "audio"));
            QVERIFY2(back.ok() && back->complaints.empty(), back ? allComplaints(*back).c_str() : "");
            QCOMPARE(difference(data, *back, 0.01), std::string());
        }
    }

    void theShortestLabelStays() {
        const Folder folder;
        Dataset data;
        data.classes = {"x"};
        data.items = {soundItem(folder, "a.wav", 8000)};
        data.items[0].boxes = {{.label = "x", .box = Box{100, 50, 100.001, 50.0000001}},
                               {.label = "x", .box = Box{15999.999, 0, 16000, 4000}}};
        const Result<LossReport> report = write(Format::Audacity, data, writing(folder / "out"));
        QVERIFY(says(*report, "2 boxes are rounded to a millionth of a second and of a Hertz."));
        const Result<Dataset> back = read(Format::Audacity, hearing(folder / "out", folder / "audio"));
        QCOMPARE(allComplaints(*back), std::string());
        QCOMPARE(difference(data, *back, 0.01), std::string());
    }

    // Two classes that a label track cannot tell apart.
    void classesThatMeet() {
        const Folder folder;
        Dataset data;
        data.classes = {"a b", "a\tb"};
        data.items = {soundItem(folder, "a.wav", 8000)};
        data.items[0].boxes = {{.label = "a\tb", .box = Box{0, 0, 800, 4000}}};
        const Result<LossReport> report = write(Format::Raven, data, writing(folder / "out"));
        QVERIFY(says(*report, "1 class name has a tab or a line end, which becomes a blank."));
        const Result<Dataset> back = read(Format::Raven, hearing(folder / "out", folder / "audio"));
        QCOMPARE(allComplaints(*back), std::string());
        QCOMPARE(back->classes, (std::vector<std::string>{"a b"}));
    }

    // In a folder above the sounds' own it is still the name to the last letter that counts.
    void soundsOfAFolderBelow() {
        for (const Format format : {Format::Raven, Format::Audacity}) {
            const Folder folder;
            Dataset data;
            data.classes = {"x"};
            for (const char* name : {"A.wav", "a.wav.wav", "sub/t.wav", "a\\sub/t.wav.wav"}) {
                DatasetItem item = soundItem(folder, std::string("day/") + name, 8000);
                item.name = name;
                const auto begin = static_cast<double>(data.items.size()) * 1000;
                item.boxes = {{.label = "x", .box = Box{begin, 0, begin + 800, 4000}}};
                data.items.push_back(std::move(item));
            }
            QVERIFY(write(format, data, writing(folder / "out")).ok());
            const Result<Dataset> back = read(format, hearing(folder / "out", folder / "audio"));
            QVERIFY2(back.ok() && back->complaints.empty(), back ? allComplaints(*back).c_str() : "");
            for (const DatasetItem& item : data.items)
                QCOMPARE(itemNamed(*back, "day/" + item.name)->boxes.at(0).box->left, item.boxes[0].box->left);
        }
    }
};

QTEST_GUILESS_MAIN(TestSoundTrips)
#include "tst_sound_trips.moc"
