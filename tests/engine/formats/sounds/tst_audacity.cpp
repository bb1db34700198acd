#include "tests/engine/formats/sound_support.h"

using namespace support;

namespace {

// One sound of two seconds and its label track.
Result<Dataset> readTrack(const Folder& folder, const std::string& text) {
    writeSound(folder, "audio/a.wav", 2.0);
    folder.write("labels/a.txt", text);
    return read(Format::Audacity, hearing(folder / "labels", folder / "audio"));
}

}  // namespace

class TestAudacity : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void labels() {
        const Folder folder;
        const Result<Dataset> data = readTrack(folder,
                                               "\xEF\xBB\xBF"
                                               "0.100000\t0.500000\tcuckoo call\r\n"
                                               "\\\t80.000000\t3800.500000\r\n"
                                               "0.25\t1.25\t owl \r\n"
                                               "\r\n"
                                               "1.0\t2.0\t7\r\n"
                                               "\\\t-1\t1000\r\n"
                                               "\\\tsomething\telse\r\n"
                                               "1.5\t2.0\t7\r\n"
                                               "\\\t1000\t-1");
        QVERIFY(data.ok());
        QCOMPARE(allComplaints(*data), std::string());
        QCOMPARE(data->items.size(), std::size_t{1});
        const DatasetItem& item = data->items[0];
        QCOMPARE(item.name, std::string("a.wav"));
        QVERIFY(item.sound == (SoundShape{8000, 1, 16000}) && modalityOf(item) == Modality::Audio);
        QVERIFY(item.state == ItemState::Labelled);
        QCOMPARE(item.boxes.size(), std::size_t{4});
        QCOMPARE(*item.boxes[0].box, (Box{800, 80, 4000, 3800.5}));
        QCOMPARE(item.boxes[0].label, std::string("cuckoo call"));
        QCOMPARE(*item.boxes[1].box, (Box{2000, 0, 10000, 4000}));
        QCOMPARE(*item.boxes[2].box, (Box{8000, 0, 16000, 1000}));
        QCOMPARE(*item.boxes[3].box, (Box{12000, 1000, 16000, 4000}));
        QCOMPARE(data->classes, (std::vector<std::string>{"7", "cuckoo call", "owl"}));
    }

    void positionsAreNotRounded() {
        const Folder folder;
        const Result<Dataset> data = readTrack(folder, "0.00006\t0.1\tx\n");
        QCOMPARE(data->items[0].boxes[0].box->left, 0.00006 * 8000);
    }

    void badLines() {
        const Folder folder;
        const Result<Dataset> data = readTrack(folder,
                                               "\\\t1\t2\n"              // 1: belongs to nothing
                                               "noise\t1\tx\n"           // 2
                                               "\\\t100\t200\n"          // 3: belongs to the bad line
                                               "0.5\tonly a mark\n"      // 4: one side only
                                               "0.5\t0.5\tpoint\n"       // 5
                                               "\\\t100\t200\n"          // 6
                                               "0.5\t0.6\t\n"            // 7
                                               "0.5\t0.6\n"              // 8
                                               "1.5\t2.5\tlong\n"        // 9
                                               "2.5\t3.5\tlate\n"        // 10
                                               "-2\t-1\tearly\n"         // 11
                                               "1.5\t1.0\tswapped\n"     // 12
                                               "\\\t900\t500\n"          // 13
                                               "0.1 0.2 blanks\n"        // 14
                                               "0,25\t0,75\tcomma\n"     // 15
                                               "\\\t100,5\tloud\n"       // 16
                                               "0.1\t0.2\tx\tmore\n"     // 17
                                               "\\\t100\t9000\n"         // 18
                                               "0.1\t0.2\tflat\n"        // 19
                                               "\\\t500\t500\n"          // 20
                                               "0.1\t0.2\tultrasound\n"  // 21
                                               "\\\t5000\t6000\n"        // 22
                                               "nan\t1\tx\n");           // 23
        QVERIFY(data.ok());
        QVERIFY(complains(*data, "begins with 'noise' where the time", 2, true));
        QVERIFY(complains(*data, "'only a mark' is a point in time", 4, true));
        QVERIFY(complains(*data, "'point' is a point in time", 5, true));
        QVERIFY(complains(*data, "no text, so it has no class", 7, true));
        QVERIFY(complains(*data, "no text, so it has no class", 8, true));
        QVERIFY(complains(*data, "'long' reaches out of the sound", 9, false));
        QVERIFY(complains(*data, "'late' lies wholly outside", 10, true));
        QVERIFY(complains(*data, "'early' lies wholly outside", 11, true));
        QVERIFY(complains(*data, "'swapped' ends before it begins", 12, false));
        QVERIFY(complains(*data, "'swapped' has its frequencies swapped", 12, false));
        QVERIFY(complains(*data, "begins with '0.1 0.2 blanks'", 14, true));
        QVERIFY(complains(*data, "3 numbers have decimal commas", 15, false));
        QVERIFY(complains(*data, "frequency 'loud' is not a number", 16, false));
        QVERIFY(complains(*data, "1 label has more columns", 17, false));
        QVERIFY(complains(*data, "1 label reaches beyond the frequencies", 17, false));
        QVERIFY(complains(*data, "'flat' has no height", 19, true));
        QVERIFY(complains(*data, "'ultrasound' lies above", 21, true));
        QVERIFY(complains(*data, "begins with 'nan'", 23, true));
        const std::vector<DatasetBox>& boxes = data->items[0].boxes;
        QCOMPARE(boxes.size(), std::size_t{4});
        QCOMPARE(*boxes[0].box, (Box{12000, 0, 16000, 4000}));
        QCOMPARE(*boxes[1].box, (Box{8000, 500, 12000, 900}));
        QCOMPARE(*boxes[2].box, (Box{2000, 100.5, 6000, 4000}));
        QCOMPARE(*boxes[3].box, (Box{800, 100, 1600, 4000}));
    }

    void emptyAndMissing() {
        const Folder folder;
        for (const char* name : {"audio/none.wav", "audio/empty.wav", "audio/points.wav", "audio/two.wav",
                                 "audio/two.flac", "audio/deep/sub.wav"})
            writeSound(folder, name, 1.0);
        folder.write("audio/broken.wav", "no sound");
        folder.write("labels/empty.txt", "\r\n");
        folder.write("labels/points.txt", "0.5\t0.5\tx\n");
        folder.write("labels/two.txt", "0\t1\tx\n");
        folder.write("labels/two.flac.txt", "0\t1\ty\n");
        folder.write("labels/broken.txt", "0\t1\tx\n0.5\t1\tx\n");
        folder.write("labels/gone.txt", "0\t1\tx\n");
        folder.write("labels/README.txt", "These are labels.\n");
        folder.write("labels/sub.txt", "0\t1\tz\n");
        folder.write("labels/classes.txt", "z\nx\ny\n");
        const Result<Dataset> data = read(Format::Audacity, hearing(folder / "labels", folder / "audio"));
        QVERIFY(data.ok());
        QVERIFY(itemNamed(*data, "none.wav")->state == ItemState::Unlabelled);
        QVERIFY(itemNamed(*data, "empty.wav")->state == ItemState::ConfirmedEmpty);
        QVERIFY(itemNamed(*data, "points.wav")->state == ItemState::Unlabelled);
        QVERIFY(itemNamed(*data, "two.wav")->boxes.empty());
        QCOMPARE(itemNamed(*data, "two.flac")->boxes[0].label, std::string("y"));
        QCOMPARE(itemNamed(*data, "deep/sub.wav")->boxes.size(), std::size_t{1});
        const DatasetItem* broken = itemNamed(*data, "broken.wav");
        QVERIFY(broken && broken->boxes.empty() && broken->state == ItemState::Unlabelled);
        QVERIFY(!itemNamed(*data, "gone.wav"));  // a label file alone is no item
        QCOMPARE(itemNamed(*data, "broken.wav")->lost, std::int64_t{2});
        QVERIFY(!itemNamed(*data, "README.wav"));
        QVERIFY(complains(*data, "Several sounds share the name", 0, true));
        QVERIFY(complains(*data, "cannot be read: This is no wav.", 0, false));
        QVERIFY(complains(*data, "'broken.wav' cannot be placed", 1, true));
        QVERIFY(complains(*data, "There is no sound to which this file could belong", 0, true));
        QVERIFY(complains(*data, "no label track; it was passed over", 0, false));
        QVERIFY(complains(*data, "no sound to which this file could belong", 0, true));
        QCOMPARE(data->classes, (std::vector<std::string>{"z", "x", "y"}));
        QCOMPARE(data->items.size(), std::size_t{7});
    }

    void foldersAndSplits() {
        const Folder folder;
        writeSound(folder, "set/audio/a.wav", 1.0);
        writeSound(folder, "set/audio/b.wav", 1.0);
        folder.write("set/audacity/a.txt", "0\t1\tx\n");
        folder.write("set/splits/test.txt", "a\n");
        ReadOptions options = hearing(folder / "set/audacity");
        options.splits = folder / "set/splits";
        const Result<Dataset> data = read(Format::Audacity, options);
        QVERIFY(data.ok());
        QVERIFY(itemNamed(*data, "a.wav")->split == Split::Test && !itemNamed(*data, "b.wav")->split);
        QCOMPARE(read(Format::Audacity, hearing(folder / "set/audacity/a.txt"))->boxCount(), std::int64_t{1});
        QVERIFY(read(Format::Audacity, hearing(folder / "set/audio")).error().code == ErrorCode::NotFound);
        QVERIFY(read(Format::Audacity, hearing(folder / "nowhere")).error().code == ErrorCode::NotFound);
        const Result<Dataset> deaf = read(Format::Audacity, reading(folder / "set/audacity"));
        QVERIFY(complains(*deaf, "Sounds cannot be opened here", 0, false));
        options.asPredictions = true;
        const Result<Dataset> predictions = read(Format::Audacity, options);
        QVERIFY(itemNamed(*predictions, "a.wav")->state == ItemState::Unlabelled);
        QVERIFY(complains(*predictions, "1 prediction has no score", 0, false));
    }

    void eachSoundIsAskedOnce() {
        const Folder folder;
        writeSound(folder, "a.wav", 1.0);
        writeSound(folder, "b.wav", 1.0);
        folder.write("a.txt", "0\t1\tx\n0\t1\ty\n");
        ReadOptions options = hearing(folder.root());
        std::map<fs::path, int> asked;
        options.soundShape = [&](const fs::path& path) {
            ++asked[path];
            return wavShape(path);
        };
        QVERIFY(read(Format::Audacity, options).ok());
        QCOMPARE(asked, (std::map<fs::path, int>{{folder / "a.wav", 1}, {folder / "b.wav", 1}}));
    }

    void goldenBytes() {
        const Folder folder;
        Dataset data;
        data.classes = {"x"};
        DatasetItem item = soundItem(folder, "a.wav", 8000);
        item.split = Split::Val;
        item.boxes = {{.label = "late\tone", .box = Box{8000, 0, 99999, 4000}, .difficult = true},
                      {.label = "x", .box = Box{1, 80, 4001, 3800.25}, .score = 0.5},
                      {.label = "x", .box = Box{20000, 0, 20001, 1}},
                      {.label = "x"}};
        data.classes.push_back("late\tone");
        data.items = {item};
        data.items.emplace_back(item).name = "b.jpg";
        data.items.back().sound = {};
        data.items.emplace_back(item).name = "c.wav";
        data.items.back().state = ItemState::Unlabelled;
        WriteOptions options = writing(folder / "out");
        const Result<LossReport> report = write(Format::Audacity, data, options);
        QVERIFY(report.ok());
        QCOMPARE(contents(folder / "out/a.txt"), std::string("0.000125\t0.500125\tx\n\\\t80.000000\t3800.250000\n"
                                                             "1.000000\t2.000000\tlate one\n"));
        QCOMPARE(contents(folder / "out/splits/val.txt"), std::string("a.wav\n"));
        const std::string none = ": An Audacity label track has no place for it.";
        QVERIFY(says(*report, "1 picture is left out: An Audacity label track has no place for such items."));
        QVERIFY(says(*report, "1 unlabelled item is left out."));
        QVERIFY(says(*report, "1 box loses its mark 'difficult'" + none));
        QVERIFY(says(*report, "1 box loses its score" + none));
        QVERIFY(says(*report, "1 box reaches out of the sound and is cut at the edge."));
        QVERIFY(says(*report, "1 box has no area inside the sound and is left out."));
        QVERIFY(says(*report, "1 class of a whole item is left out: An Audacity label track has boxes only."));
        QVERIFY(says(*report, "1 class name has a tab or a line end, which becomes a blank."));
        QCOMPARE(report->boxes, std::int64_t{2});
    }
};

QTEST_GUILESS_MAIN(TestAudacity)
#include "tst_audacity.moc"
