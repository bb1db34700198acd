#include "tests/engine/formats/formats_support.h"

using namespace support;

namespace {

Dataset smallData(const Folder& folder) {
    Dataset data;
    data.classes = {"x"};
    for (const char* name : {"a.jpg", "b.jpg", "c.jpg"}) {
        DatasetItem item;
        item.name = name;
        item.file = folder.write(std::string("images/") + name, "10 10");
        item.size = {10, 10};
        item.split = Split::Train;
        item.state = ItemState::Labelled;
        item.boxes = {{.label = "x", .box = Box{1, 2, 3, 4}}};
        data.items.push_back(item);
    }
    return data;
}

std::size_t filesIn(const fs::path& folder) {
    std::size_t count = 0;
    if (fs::exists(folder)) {
        for (const auto& entry : fs::recursive_directory_iterator(folder))
            count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
}

bool says(const LossReport& report, const std::string& line) {
    return std::find(report.lines.begin(), report.lines.end(), line) != report.lines.end();
}

bool mentions(const LossReport& report, const std::string& words) {
    return std::any_of(report.lines.begin(), report.lines.end(),
                       [&](const std::string& line) { return line.find(words) != std::string::npos; });
}

}  // namespace

/** What an export may do to the disk, and what it must tell. */
class TestExport : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void namesOfFormats() {
        for (const char* word : {"voc", "coco", "yolo", "csv", "audacity", "raven", "birdnet", "folders", "labelstudio",
                                 "labelme", "cvat", "createml", "megadetector"}) {
            QVERIFY(formatFromText(word));
            QCOMPARE(std::string(toText(*formatFromText(word))), std::string(word));
        }
        QVERIFY(!formatFromText("VOC2007") && !formatFromText(""));
    }

    void dryRunWritesNothing() {
        for (const Format format :
             {Format::Voc, Format::Coco, Format::Yolo, Format::Csv, Format::Labelme, Format::Cvat}) {
            const Folder folder;
            const Dataset data = smallData(folder);
            WriteOptions options = writing(folder / "out");
            options.dryRun = true;
            options.images = Images::Copy;
            const Result<LossReport> dry = write(format, data, options);
            QVERIFY(dry.ok());
            QVERIFY(!fs::exists(folder / "out"));
            options.dryRun = false;
            const Result<LossReport> wet = write(format, data, options);
            QVERIFY(wet.ok());
            QVERIFY(wet->files == dry->files);
            QCOMPARE(filesIn(folder / "out"), wet->files.size() + 1);  // and the list of what was written
            for (const fs::path& file : wet->files)
                QVERIFY(fs::is_regular_file(file));
            QCOMPARE(wet->items, std::int64_t{3});
            QCOMPARE(wet->boxes, std::int64_t{3});
        }
    }

    void neverReplacesForeignFiles() {
        const Folder folder;
        Dataset data = smallData(folder);
        const fs::path foreign = folder.write("out/labels/train/b.txt", "somebody's work\n");
        const Result<LossReport> refused = write(Format::Yolo, data, writing(folder / "out"));
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().where.path == foreign);
        QCOMPARE(contents(foreign), std::string("somebody's work\n"));
        QCOMPARE(filesIn(folder / "out"), std::size_t{1});
        WriteOptions options = writing(folder / "out");
        options.dryRun = true;
        QCOMPARE(write(Format::Yolo, data, options)->conflicts, std::vector<fs::path>{foreign});
        options.dryRun = false;
        options.overwrite = true;
        QVERIFY(write(Format::Yolo, data, options).ok());
        QVERIFY(contents(foreign).starts_with("0 0.2"));
    }

    void replacesItsOwnFilesUnlessChanged() {
        const Folder folder;
        Dataset data = smallData(folder);
        QVERIFY(write(Format::Yolo, data, writing(folder / "out")).ok());
        data.items[0].boxes[0].box = Box{0, 0, 5, 5};
        QVERIFY(write(Format::Yolo, data, writing(folder / "out")).ok());
        folder.write("out/labels/train/a.txt", "0 0.5 0.5 0.5 0.5\n");  // corrected by hand
        data.items[0].boxes[0].box = Box{0, 0, 6, 6};
        QVERIFY(!write(Format::Yolo, data, writing(folder / "out")).ok());
        QCOMPARE(contents(folder / "out/labels/train/a.txt"), std::string("0 0.5 0.5 0.5 0.5\n"));
    }

    void removesWhatWentOutOfDate() {
        const Folder folder;
        Dataset data = smallData(folder);
        QVERIFY(write(Format::Yolo, data, writing(folder / "out")).ok());
        folder.write("out/labels/train/c.txt", "changed by hand\n");
        folder.write("out/labels/train/mine.txt", "foreign\n");
        folder.write("out/labels/train.cache", "stale");
        for (DatasetItem& item : data.items)
            item.split = Split::Val;
        const Result<LossReport> report = write(Format::Yolo, data, writing(folder / "out"));
        QVERIFY(report.ok());
        QVERIFY(!fs::exists(folder / "out/labels/train/a.txt"));
        QVERIFY(fs::exists(folder / "out/labels/train/c.txt"));
        QVERIFY(fs::exists(folder / "out/labels/train/mine.txt"));
        QVERIFY(!fs::exists(folder / "out/labels/train.cache"));
        QVERIFY(says(*report, "2 files of an earlier export were out of date and removed."));
        QVERIFY(says(*report, "1 file of an earlier export is out of date but stayed, having been changed since."));
    }

    void formatsShareAFolder() {
        const Folder folder;
        const Dataset data = smallData(folder);
        QVERIFY(write(Format::Yolo, data, writing(folder / "out")).ok());
        QVERIFY(write(Format::Coco, data, writing(folder / "out")).ok());
        QVERIFY(write(Format::Coco, data, writing(folder / "out/one.json")).ok());
        QVERIFY(write(Format::Coco, data, writing(folder / "out/two.json")).ok());
        for (const char* name :
             {"out/data.yaml", "out/annotations/instances_train.json", "out/one.json", "out/two.json"})
            QVERIFY2(fs::exists(folder / name), name);
    }

    void staysOutOfTheSources() {
        const Folder folder;
        const Dataset data = smallData(folder);
        const std::size_t before = filesIn(folder / "images");
        for (const char* target : {"images", "images/export", "images/../images/x"}) {
            QVERIFY(!write(Format::Coco, data, writing(folder / target)).ok());
            QVERIFY(!write(Format::Csv, data, writing(folder.root() / target / "x.csv")).ok());
        }
        // data.yaml would go beside the sources, the copies among them.
        WriteOptions options = writing(folder.root());
        options.images = Images::Copy;
        QVERIFY(!write(Format::Yolo, data, options).ok());
        fs::create_directory_symlink(folder / "images", folder / "link");
        QVERIFY(!write(Format::Coco, data, writing(folder / "link")).ok());
        QCOMPARE(filesIn(folder / "images"), before);
        options = writing(folder / "closed/in");
        options.sourceFolders = {folder / "closed"};
        QVERIFY(!write(Format::Coco, data, options).ok());
    }

    // They cost their own item, not the export. A colon or a backslash within a name is harmless.
    void namesThatLeadOutAreLeftOut() {
        for (const char* name :
             {"../a.jpg", "x/../../a.jpg", "x\\..\\a.jpg", "/etc/a.jpg", "C:\\a.jpg", "C:/a.jpg", ""}) {
            const Folder folder;
            Dataset data = smallData(folder);
            data.items[1].name = name;
            for (const Format format : {Format::Voc, Format::Csv, Format::LabelStudio}) {
                WriteOptions options = writing(folder.root() / "out" / toText(format));
                options.images = Images::Copy;
                const Result<LossReport> report = write(format, data, options);
                QVERIFY(report.ok());
                QCOMPARE(report->items, std::int64_t{2});
                QVERIFY(says(*report, "1 item is left out, because the name leads out of the target; the first is '" +
                                          std::string(name) + "'."));
                QVERIFY(says(*report, "1 box goes with the items that are left out."));
            }
            QCOMPARE(filesIn(folder.root()) - filesIn(folder / "out"), std::size_t{3});  // the images themselves
        }
        const Folder folder;
        Dataset data = smallData(folder);
        data.items[0].name = "a:b.jpg";
        data.items[1].name = "sub\\b.jpg";
        QVERIFY(write(Format::Voc, data, writing(folder / "out")).ok());
        QVERIFY(fs::exists(folder / "out/Annotations/a:b.xml") && fs::exists(folder / "out/Annotations/sub\\b.xml"));
    }

    void sidecarsHaveNamesOfTheirOwn() {
        const Folder folder;
        Dataset data = smallData(folder);
        data.items[0].name = "a.jpg";
        data.items[1].name = "a.png";
        data.items[2].name = "a.jpg.png";  // without its ending it is the first one
        QVERIFY(write(Format::Voc, data, writing(folder / "out")).ok());
        QVERIFY(fs::exists(folder / "out/Annotations/a.jpg.xml") && fs::exists(folder / "out/Annotations/a.png.xml") &&
                fs::exists(folder / "out/Annotations/a.jpg.png.xml"));
        // One that stays at home lies beside the others all the same.
        data.items[1].state = ItemState::Unlabelled;
        data.items[2].name = "b.jpg";
        QVERIFY(write(Format::Voc, data, writing(folder / "less")).ok());
        QVERIFY(fs::exists(folder / "less/Annotations/a.jpg.xml") && fs::exists(folder / "less/Annotations/b.xml"));
    }

    void listsOfOneNameALine() {
        const Folder folder;
        Dataset data = smallData(folder);
        data.classes = {"x", "two\nlines", "a\ttab"};
        data.items[0].name = "a\nb.jpg";
        const Result<LossReport> report = write(Format::Voc, data, writing(folder / "out"));
        QVERIFY(
            says(*report, "1 class name has a line end and is not in the list of classes, which has a name a line."));
        QVERIFY(says(*report, "1 item loses its split: the name has a line end, and a list has a name a line."));
        QCOMPARE(contents(folder / "out/classes.txt"), std::string("x\na\ttab\n"));
        QCOMPARE(contents(folder / "out/ImageSets/Main/train.txt"), std::string("b\nc\n"));
    }

    // Without its one answer an item is neither labelled nor empty.
    void whatLosesAllAnswersIsNotEmpty() {
        const Folder folder;
        Dataset data = smallData(folder);
        data.items[0].boxes = {{.label = "x"}};
        data.items[1].state = ItemState::Unlabelled;
        WriteOptions options = writing(folder / "out");
        options.allStates = true;
        const Result<LossReport> report = write(Format::Yolo, data, options);
        QVERIFY(says(*report, "1 class of a whole item is left out: YOLO has boxes only."));
        QVERIFY(says(*report, "1 item loses all its answers and becomes unlabelled."));
        QVERIFY(!mentions(*report, "status"));  // an unlabelled item comes back as what it is
        QVERIFY(mentions(*report, "2 unlabelled items lose their splits: without a label file"));
        QVERIFY(!fs::exists(folder / "out/labels/train/a.txt") && fs::exists(folder / "out/labels/train/c.txt"));
    }

    void cancellingLeavesNothing() {
        const Folder folder;
        const Dataset data = smallData(folder);
        std::stop_source stop;
        const Job job(stop.get_token(), [&](const Progress&) { stop.request_stop(); });
        const Result<LossReport> cancelled = write(Format::Voc, data, writing(folder / "out/deep"), job);
        QVERIFY(!cancelled.ok() && cancelled.error().code == ErrorCode::Cancelled);
        QVERIFY(!fs::exists(folder / "out"));
    }

    void targetsThatCannotBeWritten() {
        const Folder folder;
        const Dataset data = smallData(folder);
        folder.write("file", "x");
        QVERIFY(!write(Format::Voc, data, writing(folder / "file/out")).ok());
        QVERIFY(!write(Format::Voc, data, writing({})).ok());
        QCOMPARE(contents(folder / "file"), std::string("x"));
    }

    void losses() {
        const Folder folder;
        Dataset data = smallData(folder);
        data.items[0].boxes[0].score = 0.5;
        data.items[0].boxes[0].annotator = "ana";
        data.items[0].boxes[0].crowd = true;
        data.items[0].boxes.push_back({.label = "x", .box = Box{0.5, 0, 3, 12}, .difficult = true});
        data.items[0].boxes.push_back({.label = "x", .box = Box{3, 3, 3, 5}});
        data.items[0].boxes.push_back({.label = "x"});
        data.items[1].state = ItemState::Unsure;
        data.items[2].state = ItemState::Skipped;
        const Result<LossReport> voc = write(Format::Voc, data, writing(folder / "voc"));
        QVERIFY(says(*voc, "1 unsure item is left out."));
        QVERIFY(says(*voc, "1 skipped item is left out."));
        QVERIFY(says(*voc, "2 boxes go with the items that are left out."));
        QVERIFY(says(*voc, "1 class of a whole item is left out: VOC has boxes only."));
        QVERIFY(says(*voc, "1 box has no area inside the image and is left out."));
        QVERIFY(says(*voc, "1 box is rounded to whole pixels."));
        QVERIFY(says(*voc, "1 box reaches out of the image and is cut at the edge."));
        QVERIFY(says(*voc, "1 box loses its score: VOC has no place for it."));
        QVERIFY(says(*voc, "1 crowd region becomes an ordinary box: VOC has no crowds."));
        QCOMPARE(voc->boxes, std::int64_t{2});
        const Result<LossReport> yolo = write(Format::Yolo, data, writing(folder / "yolo"));
        QVERIFY(says(*yolo, "1 box loses its mark 'difficult': YOLO has no place for it."));
        WriteOptions all = writing(folder / "coco");
        all.allStates = true;
        const Result<LossReport> coco = write(Format::Coco, data, all);
        QCOMPARE(coco->items, std::int64_t{3});
        QCOMPARE(coco->lines.size(), std::size_t{2});  // the box without area, the class without box
    }

    // One name that the disk does not take costs one item, not the export.
    void namesOfAllLengths() {
        const Folder folder;
        Dataset data;
        data.classes = {"x"};
        for (const std::size_t length : {10U, 246U, 300U}) {
            DatasetItem item;
            item.name = std::string(length, 'n') + ".jpg";
            item.size = {100, 80};
            item.state = ItemState::Labelled;
            item.split = Split::Train;
            item.boxes = {{.label = "x", .box = Box{1, 2, 3, 4}}};
            data.items.push_back(item);
        }
        for (const Format format : {Format::Yolo, Format::Voc}) {
            const fs::path to = folder.root() / toText(format);
            const Result<LossReport> report = write(format, data, writing(to));
            QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
            QVERIFY(std::any_of(report->lines.begin(), report->lines.end(), [](const std::string& line) {
                return line.find("the file system does not take the name") != std::string::npos;
            }));
            std::int64_t labels = 0;
            for (const auto& entry : fs::recursive_directory_iterator(to)) {
                labels += entry.path().filename().string().starts_with("nnn") ? 1 : 0;
                QVERIFY(!entry.path().filename().string().ends_with(".tmp"));
            }
            QCOMPARE(labels, std::int64_t{2});
        }
    }
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export.moc"
