#include "tests/engine/formats/formats_support.h"

using namespace support;

namespace {

const char* const kYaml = "names:\n  0: cell\n  1: blob\n";

Result<Dataset> readLines(const Folder& folder, const std::string& lines, bool predictions = false) {
    folder.write("data.yaml", kYaml);
    folder.write("images/train/a.jpg", "100 80");
    folder.write("labels/train/a.txt", lines);
    ReadOptions options = reading(folder.root());
    options.asPredictions = predictions;
    return read(Format::Yolo, options);
}

Result<Dataset> readNames(const Folder& folder, const std::string& yaml) {
    folder.write("images/a.jpg", "100 80");
    folder.write("labels/a.txt", "0 0.5 0.5 0.5 0.5\n");
    folder.write("data.yaml", yaml);
    return read(Format::Yolo, reading(folder.root()));
}

}  // namespace

class TestYolo : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void lines() {
        const Folder folder;
        const Result<Dataset> data = readLines(folder,
                                               "0 0.5 0.5 0.2 0.5\r\n"
                                               "  1\t0.25   0.5\t0.5 0.5  \n"
                                               "\n"
                                               "2 0.5 0.5 0.2 0.5\n"
                                               "-1 0.5 0.5 0.2 0.5\n"
                                               "0.0 0.5 0.5 0.2 0.5\n"
                                               "0 0.5 0.5 0.2 0.5 0.9\n"
                                               "0 0.1 0.1 0.2 0.1 0.2 0.2 0.1 0.2\n"
                                               "0 0.1 0.1 0.2 0.1 0.2 0.2\n"
                                               "cell 10 20 30 40\n"
                                               "0 50 40 20 20\n"
                                               "0 0.5 0.5\n"
                                               "0 nan 0.5 0.1 0.1\n"
                                               "0 0.5 0.5 0 0.1\n"
                                               "0 0.95 0.5 0.2 0.1\n"
                                               "0 0.5 x 0.2 0.1\n");
        QVERIFY(data.ok());
        const std::vector<DatasetBox>& boxes = data->items[0].boxes;
        QCOMPARE(boxes.size(), std::size_t{4});
        QCOMPARE(*boxes[0].box, (Box{40, 20, 60, 60}));
        QCOMPARE(boxes[1].label, std::string("blob"));
        QVERIFY(iou(*boxes[2].box, Box{10, 8, 20, 16}) > 1 - 1e-9);  // around the four corners, and around the polygon
        QCOMPARE(boxes[3].box->right, 100.0);
        QVERIFY(complains(*data, "2 answers were there more than once", 0, false));
        QCOMPARE(data->items[0].lost, std::int64_t{9});
        QVERIFY(data->items[0].state == ItemState::Unlabelled);
        QVERIFY(complains(*data, "no class '2'; the names end at 1", 4, true));
        QVERIFY(complains(*data, "no class '-1'", 5, true));
        QVERIFY(complains(*data, "six columns", 7, true));
        QVERIFY(complains(*data, "1 turned box (four corners)", -1, false));
        QVERIFY(complains(*data, "1 polygon was read as the box around it", -1, false));
        QVERIFY(complains(*data, "'cell' where a class number belongs", 10, true));
        QVERIFY(complains(*data, "not shares of the image", 11, true));
        QVERIFY(complains(*data, "3 columns where a box has five", 12, true));
        QVERIFY(complains(*data, "'nan' is not a number", 13, true));
        QVERIFY(complains(*data, "no area", 14, true));
        QVERIFY(complains(*data, "reaches out of the image", 15, false));
        QVERIFY(complains(*data, "'x' is not a number", 16, true));
        QVERIFY(data->items[0].split == Split::Train);
    }

    void confidences() {
        const Folder folder;
        const Result<Dataset> data = readLines(folder, "0 0.5 0.5 0.2 0.5 0.9\n0 0.5 0.5 0.2 0.5 17\n", true);
        QCOMPARE(data->boxCount(), std::int64_t{1});
        QCOMPARE(*data->items[0].boxes[0].score, 0.9);
        QVERIFY(data->items[0].state == ItemState::Unlabelled);
        QVERIFY(complains(*data, "'17' is not between 0 and 1", 2, true));
    }

    void statesOfItems() {
        const Folder folder;
        folder.write("images/val/empty.png", "10 10");
        folder.write("labels/val/empty.txt", "");
        folder.write("images/val/none.png", "10 10");
        folder.write("labels/val/gone.txt", "0 0.5 0.5 0.2 0.5\n");
        folder.write("images/val/broken.png", "no size");
        folder.write("labels/val/broken.txt", "0 0.5 0.5 0.2 0.5\n");
        const Result<Dataset> data = readLines(folder, "9 0.5 0.5 0.2 0.5\n");
        QVERIFY(itemNamed(*data, "val/empty.png")->state == ItemState::ConfirmedEmpty);
        QVERIFY(itemNamed(*data, "val/none.png")->state == ItemState::Unlabelled);
        QVERIFY(itemNamed(*data, "val/none.png")->split == Split::Val);
        QVERIFY(itemNamed(*data, "train/a.jpg")->state == ItemState::Unlabelled);  // its only line was left out
        QVERIFY(!itemNamed(*data, "val/gone"));                                    // a label file alone is no item
        QVERIFY(complains(*data, "no image to this label file", -1, true));
        QVERIFY(complains(*data, "size of the image is not known", -1, true));
        QVERIFY(itemNamed(*data, "val/broken.png")->state == ItemState::Unlabelled);
    }

    void namesInManyForms() {
        const Folder folder;
        QCOMPARE(readNames(folder, "nc: 2\nnames: ['a', \"b\"]\n")->classes, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(readNames(folder, "names: {3: c, 0: a}\n")->classes, (std::vector<std::string>{"a", "c"}));
        const Result<Dataset> twice = readNames(folder, "names: [a, a]\n");
        QCOMPARE(twice->classes, (std::vector<std::string>{"a"}));
        QVERIFY(complains(*twice, "'a' appears twice", -1, false));
        QVERIFY(complains(*readNames(folder, "names: {x: c, 0: a}\n"), "'x' is not a whole number", 1, true));
        for (const char* yaml : {"names: 5\n", "names: [[1]]\n", "names: [a\n", "\t- :\n  - {"}) {
            const Result<Dataset> data = readNames(folder, yaml);
            QVERIFY2(!data.ok() && data.error().code == ErrorCode::Malformed && data.error().where.line > 0, yaml);
        }
    }

    void namesFromOtherFiles() {
        const Folder folder;
        folder.write("images/a.jpg", "100 80");
        folder.write("labels/a.txt", "1 0.5 0.5 0.5 0.5\n");
        const Result<Dataset> none = read(Format::Yolo, reading(folder.root()));
        QVERIFY(!none.ok() && none.error().code == ErrorCode::NotFound);
        ReadOptions options = reading(folder.root());
        options.classes = {"given", "by the caller"};
        QCOMPARE(read(Format::Yolo, options)->items[0].boxes[0].label, std::string("by the caller"));
        folder.write("obj.names", "p\nq\n");
        QCOMPARE(read(Format::Yolo, options)->items[0].boxes[0].label, std::string("q"));
        folder.write("classes.txt", "\xEF\xBB\xBFx\r\ny\r\n");
        QCOMPARE(read(Format::Yolo, options)->items[0].boxes[0].label, std::string("y"));
        folder.write("data.yaml", kYaml);
        QCOMPARE(read(Format::Yolo, options)->items[0].boxes[0].label, std::string("blob"));
        options.from = folder / "data.yaml";
        QCOMPARE(read(Format::Yolo, options)->items[0].boxes[0].label, std::string("blob"));
        options.imageSize = nullptr;
        QVERIFY(!read(Format::Yolo, options).ok());
    }

    void otherLayouts() {
        const Folder folder;
        folder.write("robo/data.yaml", kYaml);
        folder.write("robo/valid/images/a.jpg", "100 80");
        folder.write("robo/valid/labels/a.txt", "0 0.5 0.5 0.5 0.5\n");
        const Result<Dataset> robo = read(Format::Yolo, reading(folder / "robo"));
        QCOMPARE(robo->items.size(), std::size_t{1});
        QVERIFY(robo->items[0].split == Split::Val && robo->boxCount() == 1);
        folder.write("dark/obj.names", "x\n");
        folder.write("dark/train.txt", "data/obj_train_data/a.jpg\n");
        folder.write("dark/obj_train_data/a.jpg", "100 80");
        folder.write("dark/obj_train_data/a.txt", "0 0.5 0.5 0.5 0.5\n");
        const Result<Dataset> dark = read(Format::Yolo, reading(folder / "dark"));
        QCOMPARE(dark->items.size(), std::size_t{1});
        QVERIFY(dark->items[0].split == Split::Train && dark->boxCount() == 1);
        QCOMPARE(allComplaints(*dark), std::string());
    }

    void anotherOrderOfClassesMapsByName() {
        const Folder folder;
        Dataset data;
        data.classes = {"a", "b"};
        DatasetItem item;
        item.name = "i.jpg";
        item.file = folder.write("images/i.jpg", "100 80");
        item.size = {100, 80};
        item.state = ItemState::Labelled;
        item.split = Split::Train;
        item.boxes = {{.label = "a", .box = Box{1, 2, 3, 4}}};
        data.items = {item};
        WriteOptions options = writing(folder / "out");
        options.classes = {{"b", 0}, {"a", 2}};
        QVERIFY(write(Format::Yolo, data, options).ok());
        QVERIFY(contents(folder / "out/labels/train/i.txt").starts_with("2 "));
        QVERIFY(contents(folder / "out/classes.txt") == "b\nunused_1\na\n");
        const Result<Dataset> back = read(Format::Yolo, reading(folder / "out", folder / "images"));
        QCOMPARE(back->classes, (std::vector<std::string>{"b", "a"}));
        QCOMPARE(back->items[0].boxes[0].label, std::string("a"));
        options.classes = {{"b", 0}};
        QVERIFY(!write(Format::Yolo, data, options).ok());
        options.classes = {{"b", 0}, {"a", 0}};
        QVERIFY(!write(Format::Yolo, data, options).ok());
    }

    // Trainers refuse a whole image for one value outside of [0, 1]; the decimal numbers themselves must be inside.
    void neverLeavesTheImage() {
        const Folder folder;
        Rng rng(17);
        Dataset data;
        data.classes = {"x"};
        for (int i = 0; i < 40; ++i) {
            DatasetItem item;
            item.name = "i" + std::to_string(i) + ".jpg";
            item.size = {rng.integer(1, 9999), rng.integer(1, 9999)};
            item.state = ItemState::Labelled;
            item.split = Split::Train;
            const double w = item.size.width;
            const double h = item.size.height;
            for (const Box& box : {Box{0, 0, w, h}, Box{w / 3, h / 7, w, h}, Box{-5, -5, w / 3, h + 9}})
                item.boxes.push_back({.label = "x", .box = box});
            data.items.push_back(item);
        }
        QVERIFY(write(Format::Yolo, data, writing(folder / "out")).ok());
        for (const DatasetItem& item : data.items) {
            std::ifstream file(folder.root() / "out/labels/train" /
                               (item.name.substr(0, item.name.size() - 4) + ".txt"));
            std::string cells[5];
            int lines = 0;
            for (; file >> cells[0] >> cells[1] >> cells[2] >> cells[3] >> cells[4]; ++lines) {
                for (int axis = 0; axis < 2; ++axis) {
                    std::int64_t units[2];
                    for (int k = 0; k < 2; ++k) {
                        std::string digits = cells[1 + axis + 2 * k];
                        QCOMPARE(digits.size(), std::size_t{14});
                        units[k] = std::stoll(digits.erase(1, 1));
                    }
                    QVERIFY(2 * units[0] - units[1] >= 0);
                    QVERIFY(2 * units[0] + units[1] <= 2000000000000LL);
                    QVERIFY(units[1] > 0);
                }
            }
            QCOMPARE(lines, 3);
        }
    }

    void goldenBytes() {
        const Folder folder;
        Dataset data;
        data.classes = {"cell: \"q\"", "ö"};
        DatasetItem item;
        item.name = "sub/ö.jpg";
        item.size = {64, 48};
        item.state = ItemState::Labelled;
        item.split = Split::Val;
        item.boxes = {{.label = "ö", .box = Box{0, 12, 32, 48}}};
        DatasetItem empty = item;
        empty.name = "e.jpg";
        empty.state = ItemState::ConfirmedEmpty;
        empty.split = Split::Train;
        empty.boxes.clear();
        data.items = {item, empty};
        const Result<LossReport> report = write(Format::Yolo, data, writing(folder / "out"));
        QVERIFY(report.ok());
        QCOMPARE(contents(folder / "out/labels/val/sub/ö.txt"),
                 std::string("1 0.250000000000 0.625000000000 0.500000000000 0.750000000000\n"));
        QCOMPARE(contents(folder / "out/labels/train/e.txt"), std::string());
        const std::string yaml =
            "# Without an entry 'path', the folders are looked for beside this file.\ntrain: images/train\n"
            "val: images/val\nnc: 2\nnames:\n  0: \"cell: \\\"q\\\"\"\n  1: \"ö\"\n";
        QCOMPARE(contents(folder / "out/data.yaml"), yaml);
    }

    // labelImg writes its .txt beside the pictures, whatever their folder is called; notes lie there as well.
    void labelsBesideThePictures() {
        const Folder folder;
        folder.write("set/images/a.jpg", "100 80");
        folder.write("set/images/a.txt", "1 0.5 0.5 0.5 0.5\n");
        folder.write("set/other/images/b.jpg", "100 80");
        folder.write("set/other/images/b.txt", "0 0.5 0.5 0.5 0.5\n");
        folder.write("set/test.jpg", "100 80");
        folder.write("set/test.txt", "0 0.5 0.5 0.5 0.5\n");
        folder.write("set/classes.txt", "x\ny\n");
        folder.write("set/README.roboflow.txt", "helmets - v1\nExported by a tool\n");
        folder.write("set/notes.txt", "5 boxes are missing here, please look\n");
        folder.write("set/autosplit_train.txt", "./images/a.jpg\n");
        const Result<Dataset> data = read(Format::Yolo, reading(folder / "set"));
        QVERIFY(data.ok());
        QCOMPARE(data->items.size(), std::size_t{3});
        QCOMPARE(itemNamed(*data, "images/a.jpg")->boxes[0].label, std::string("y"));
        QCOMPARE(itemNamed(*data, "other/images/b.jpg")->boxes.size(), std::size_t{1});
        QCOMPARE(itemNamed(*data, "test.jpg")->boxes.size(), std::size_t{1});
        QCOMPARE(allComplaints(*data), std::string());
    }

    void splitsThatTheDataNames() {
        const Folder folder;
        for (const char* name : {"a", "b", "c", "d"}) {
            folder.write(std::string("set/images/") + name + ".jpg", "100 80");
            folder.write(std::string("set/labels/") + name + ".txt", "0 0.5 0.5 0.5 0.5\n");
        }
        folder.write("set/train.txt", "./images/a.jpg\n./images/b.jpg\n");
        folder.write("set/val.txt", "images/c.jpg\nimages/gone.jpg\n");
        const auto splitOf = [](const Result<Dataset>& data, const char* name) {
            return itemNamed(*data, name)->split;
        };
        folder.write("set/data.yaml", "path: ./\ntrain: train.txt\nval: val.txt\ntest: elsewhere\nnames: [x]\n");
        const Result<Dataset> lists = read(Format::Yolo, reading(folder / "set"));
        QVERIFY(splitOf(lists, "a.jpg") == Split::Train && splitOf(lists, "b.jpg") == Split::Train);
        QVERIFY(splitOf(lists, "c.jpg") == Split::Val && !splitOf(lists, "d.jpg"));
        QVERIFY(complains(*lists, "1 image of the list is not there", 2, false));
        QVERIFY(complains(*lists, "names 'elsewhere' for its test split, but nothing was found there", 0, false));
        // Where the configuration lies elsewhere, its path leads to the data.
        folder.write("cfg/mine.yaml", "path: ../set\ntrain: [images]\nval: val.txt\nnames: {0: x}\n");
        const Result<Dataset> elsewhere = read(Format::Yolo, reading(folder / "cfg/mine.yaml"));
        QVERIFY2(elsewhere.ok(), elsewhere ? "" : elsewhere.error().text().c_str());
        QCOMPARE(elsewhere->items.size(), std::size_t{4});
        // The same images for both are no split.
        folder.write("cfg/mine.yaml", "path: ../set\ntrain: images\nval: images\nnames: {0: x}\n");
        const Result<Dataset> same = read(Format::Yolo, reading(folder / "cfg/mine.yaml"));
        QVERIFY(!splitOf(same, "a.jpg") && complains(*same, "the same images for train and for val", 0, false));
    }

    void keypointsAndRounding() {
        const Folder folder;
        const Result<Dataset> data = readLines(folder,
                                               "0 0.5 0.5 0.2 0.5 0.5 0.5 2 0.55 0.5 1 0.45 0.5 0\n"
                                               "0 0.5 0.5 1.0000002 1\n"
                                               "0 1.0000001 0.5 0.2 0.2\n"
                                               "0 1.537 0.5 0.2 0.2\n"
                                               "0 0.5 -0.042 0.2 0.2\n");
        QCOMPARE(data->boxCount(), std::int64_t{3});
        QCOMPARE(data->items[0].lost, std::int64_t{2});
        QVERIFY(complains(*data, "1 box has keypoints", -1, false));
        QVERIFY(complains(*data, "not shares of the image", 4, true));
        QVERIFY(complains(*data, "not shares of the image", 5, true));
    }

    void namesThatAreWordsOfYaml() {
        const Folder folder;
        const Result<Dataset> data = readNames(folder, "names: [no, yes, on, null, ~, 1, 1.0, 0x1F]\n");
        QCOMPARE(data->classes, (std::vector<std::string>{"no", "yes", "on", "null", "~", "1", "1.0", "0x1F"}));
    }

    // A folder of pictures may be called labels or images itself.
    void foldersCalledLikeOurs() {
        const Folder folder;
        Dataset data = namedData(folder, {"a.jpg", "labels/a.jpg", "images/a.jpg", "classes.jpg"});
        data.items[0].split = Split::Val;
        data.items[3].boxes.clear();
        data.items[3].state = ItemState::ConfirmedEmpty;
        QVERIFY(write(Format::Yolo, data, writing(folder / "out")).ok());
        const Result<Dataset> back = read(Format::Yolo, reading(folder / "out", folder / "files"));
        QCOMPARE(allComplaints(*back), std::string());
        QCOMPARE(difference(data, *back, 1e-6), std::string());
    }

    // labels/train/a.txt may be about train/a.jpg or about a.jpg: about neither, rather than about the wrong one.
    void twoImagesThatMayBeMeant() {
        const Folder folder;
        folder.write("out/data.yaml", kYaml);
        folder.write("out/labels/train/a.txt", "0 0.5 0.5 0.2 0.5\n");
        folder.write("files/a.jpg", "100 80");
        folder.write("files/train/a.jpg", "100 80");
        const Result<Dataset> data = read(Format::Yolo, reading(folder / "out", folder / "files"));
        QCOMPARE(data->boxCount(), std::int64_t{0});
        QVERIFY(complains(*data, "Several images share the name", 0, true));
        folder.write("out/labels/val/b.txt", "0 0.5 0.5 0.2 0.5\n");
        folder.write("files/b.jpg", "100 80");  // now it is clear what the folders are
        QCOMPARE(itemNamed(*read(Format::Yolo, reading(folder / "out", folder / "files")), "a.jpg")->boxes.size(),
                 std::size_t{1});
    }

    // What a gap in the numbers is called may be somebody's class.
    void aClassCalledUnused() {
        const Folder folder;
        Dataset data = namedData(folder, {"a.jpg"});
        data.classes = {"unused_0", "unused_1"};
        data.items[0].boxes[0].label = "unused_1";
        QVERIFY(write(Format::Yolo, data, writing(folder / "out")).ok());
        const Result<Dataset> back = read(Format::Yolo, reading(folder / "out", folder / "files"));
        QCOMPARE(allComplaints(*back), std::string());
        QCOMPARE(back->classes, (std::vector<std::string>{"unused_0", "unused_1"}));
        QCOMPARE(difference(data, *back, 1e-6), std::string());
    }
};

QTEST_GUILESS_MAIN(TestYolo)
#include "tst_yolo.moc"
