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
};

QTEST_GUILESS_MAIN(TestSoundTrips)
#include "tst_sound_trips.moc"
