#include "tests/engine/formats/formats_support.h"

using namespace support;

namespace {

std::string shape(const std::string& label, const std::string& kind, const std::string& points,
                  const std::string& more = "") {
    return R"({"label":")" + label + R"(","shape_type":")" + kind + R"(","points":)" + points + more + "}";
}

std::string file(const std::string& image, const std::string& shapes, const std::string& more = "") {
    return R"({"version":"5.4.1","flags":{},"shapes":[)" + shapes + R"(],"imagePath":")" + image +
           R"(","imageData":null,"imageHeight":80,"imageWidth":100)" + more + "}";
}

Result<Dataset> readFolder(const Folder& folder) {
    return read(Format::Labelme, reading(folder / "data"));
}

}  // namespace

class TestLabelme : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void shapesBecomeBoxes() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        folder.write("data/a.json",
                     file(R"(..\\data\\a.jpg)", "\n" + shape("cobia", "rectangle", "[[83.2,38.2],[49.4,53.5]]") +
                                                    ",\n" + shape("cobia", "polygon", "[[10,10],[30,10],[30,24]]") +
                                                    ",\n" + shape(" eel ", "circle", "[[50,40],[53,44]]") + ",\n" +
                                                    shape("eel", "mask", "[[1,2],[3,4]]", R"(,"mask":"iVBORw0KGgo=")") +
                                                    ",\n" + shape("eel", "linestrip", "[[0,0],[5,5],[2,9]]") + ",\n" +
                                                    R"({"label":"old","points":[[0,0],[4,0],[4,4]]})"));
        const Result<Dataset> data = readFolder(folder);
        QVERIFY2(data.ok(), data ? "" : data.error().text().c_str());
        QCOMPARE(data->items.size(), std::size_t{1});
        const DatasetItem& item = data->items.front();
        QCOMPARE(item.name, std::string("a.jpg"));
        QVERIFY(item.state == ItemState::Labelled);
        QCOMPARE(item.boxes.size(), std::size_t{6});
        QCOMPARE(*item.boxes[0].box, (Box{49.4, 38.2, 83.2, 53.5}));
        QCOMPARE(*item.boxes[1].box, (Box{10, 10, 30, 24}));
        QCOMPARE(*item.boxes[2].box, (Box{45, 35, 55, 45}));
        QCOMPARE(item.boxes[2].label, std::string("eel"));
        QCOMPARE(*item.boxes[3].box, (Box{1, 2, 4, 5}));
        QCOMPARE(*item.boxes[4].box, (Box{0, 0, 5, 9}));
        QCOMPARE(*item.boxes[5].box, (Box{0, 0, 4, 4}));
        QCOMPARE(data->classes, (std::vector<std::string>{"cobia", "eel", "old"}));
        QVERIFY(complains(*data, "2 polygons were read as their boxes.", -1, false));
        QVERIFY(complains(*data, "1 circle was read as its box.", -1, false));
        QVERIFY(complains(*data, "1 mask was read as its box.", -1, false));
        QVERIFY(complains(*data, "1 line was read as its box.", -1, false));
        QCOMPARE(data->complaints.size(), std::size_t{4});
    }

    void whatIsNoBoxIsNamed() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        folder.write("data/a.json", file("a.jpg", "\n" + shape("x", "point", "[[5,5]]") + ",\n" +
                                                      shape("", "rectangle", "[[0,0],[5,5]]") + ",\n" +
                                                      shape("y", "rectangle", "[[0,0]]") + ",\n" +
                                                      shape("z", "rectangle", "[[0,0],[5,\"5\"]]") + ",\n" +
                                                      shape("w", "line", "[[0,3],[50,3]]") + ",\n7"));
        const Result<Dataset> data = readFolder(folder);
        QVERIFY(data.ok());
        QVERIFY(data->items.front().boxes.empty());
        QVERIFY(data->items.front().state == ItemState::Unlabelled);  // not empty: it had objects
        QVERIFY(complains(*data, "The point of 'x' was left out: points have no box.", 2, true));
        QVERIFY(complains(*data, "The shape has no class.", 3, true));
        QVERIFY(complains(*data, "fewer than two points", 4, true));
        QVERIFY(complains(*data, "a point that is not two numbers", 5, true));
        QVERIFY(complains(*data, "has no area", 6, true));
        QVERIFY(complains(*data, "The shape has no class.", 0, true));
    }

    void marksAndWhatIsUnread() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        folder.write("data/a.json",
                     file("a.jpg", shape("x", "rectangle", "[[0,0],[5,5]]",
                                         R"(,"group_id":3,"flags":{"occluded":true,"difficult":false},"score":0.5)") +
                                       "," +
                                       shape("x", "rectangle", "[[0,0],[5,5]]",
                                             R"(,"group_id":null,"description":"","flags":{"wet":true})") +
                                       "," + shape("x", "rectangle", "[[0,0],[5,5]]", R"(,"flags":{"wet":false})")));
        std::string flagged = file("b.jpg", "");
        flagged.replace(flagged.find(R"("flags":{})"), 10, R"("flags":{"night":true})");
        folder.write("data/b.jpg", "100 80");
        folder.write("data/b.json", flagged);
        const Result<Dataset> data = readFolder(folder);
        QVERIFY(data.ok());
        const DatasetBox& first = itemNamed(*data, "a.jpg")->boxes.front();
        QVERIFY(first.occluded && !first.difficult && first.score == 0.5);
        QVERIFY(complains(*data, "2 shapes have groups, descriptions or flags, which are not read.", -1, false));
        QVERIFY(complains(*data, "1 picture has flags of its own, which are not read.", -1, false));
        QVERIFY(itemNamed(*data, "b.jpg")->state == ItemState::ConfirmedEmpty);
    }

    void picturesWithoutAFileAreUnlabelled() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        folder.write("data/b.jpg", "10 10");
        folder.write("data/a.json", file("a.jpg", ""));
        folder.write("data/labels.txt", "__ignore__\n_background_\nsecond\nfirst\n");
        const Result<Dataset> data = readFolder(folder);
        QVERIFY(itemNamed(*data, "a.jpg")->state == ItemState::ConfirmedEmpty);
        QVERIFY(itemNamed(*data, "b.jpg")->state == ItemState::Unlabelled);
        QCOMPARE(data->classes, (std::vector<std::string>{"second", "first"}));
        QVERIFY2(data->complaints.empty(), allComplaints(*data).c_str());
    }

    void whatLiesBesideTheFileComesFirst() {
        const Folder folder;
        const std::string box = shape("x", "rectangle", "[[0,0],[5,5]]");
        for (const char* cam : {"cam1", "cam2"}) {
            folder.write("data/" + std::string(cam) + "/a.jpg", "100 80");
            folder.write("data/" + std::string(cam) + "/a.json", file(R"(C:\\cam1\\a.jpg)", box));
        }
        folder.write("data/cam3/a.json", file("a.jpg", box));  // its picture is gone
        folder.write("data/cam3/renamed.jpg", "100 80");
        folder.write("data/cam3/renamed.json", file("IMG_1.jpg", box));
        folder.write("data/cam4/moved.json", file("alone.jpg", box));
        folder.write("data/cam5/alone.jpg", "100 80");
        const Result<Dataset> data = readFolder(folder);
        QVERIFY(data.ok());
        QCOMPARE(itemNamed(*data, "cam1/a.jpg")->boxes.size(), std::size_t{1});
        QCOMPARE(itemNamed(*data, "cam2/a.jpg")->boxes.size(), std::size_t{1});
        QVERIFY(complains(*data, "'cam3/a.jpg' is missing", -1, false));
        QVERIFY(complains(*data, "'IMG_1.jpg' is not there; 'cam3/renamed.jpg' was taken for it", -1, false));
        QVERIFY(complains(*data, "'alone.jpg' is not there; 'cam5/alone.jpg' was taken for it", -1, false));
    }

    void picturesInAFolderOfTheirOwn() {
        const Folder folder;
        folder.write("img/s/a.jpg", "100 80");
        folder.write("data/s/a.json", file(R"(..\\..\\img\\s\\a.jpg)", shape("x", "rectangle", "[[0,0],[5,5]]")));
        const Result<Dataset> data = readFolder(folder);
        QVERIFY(data.ok());
        QCOMPARE(data->items.size(), std::size_t{1});
        QCOMPARE(data->items.front().file, folder / "img" / "s" / "a.jpg");
    }

    void twoFilesOfOnePicture() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        folder.write("data/a.json", file("a.jpg", shape("x", "rectangle", "[[0,0],[5,5]]")));
        folder.write("data/b.json", file("a.jpg", shape("x", "rectangle", "[[0,0],[9,9]]")));
        const Result<Dataset> data = readFolder(folder);
        QCOMPARE(data->boxCount(), std::int64_t{1});
        QVERIFY(complains(*data, "'a.jpg' has a label file already", -1, true));
    }

    void splitsByFolder() {
        const Folder folder;
        folder.write("data/valid/a.jpg", "100 80");
        folder.write("data/valid/a.json", file("a.jpg", ""));
        const Result<Dataset> data = readFolder(folder);
        QVERIFY(data->items.front().split == Split::Val);
    }

    void filesOfOthers() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        folder.write("data/coco.json", R"({"images":[],"annotations":[],"categories":[]})");
        const Result<Dataset> none = readFolder(folder);
        QVERIFY(!none.ok());
        QVERIFY2(none.error().sentence.find("not a file of labelme") != std::string::npos,
                 none.error().sentence.c_str());
        folder.write("data/a.json", file("a.jpg", ""));
        folder.write("data/cut.json", "{\"shapes\":[");
        const Result<Dataset> one = readFolder(folder);
        QVERIFY(one.ok());
        QVERIFY(complains(*one, "not a file of labelme", -1, true));
        QVERIFY(complains(*one, "The file ends in the middle", 1, true));
    }

    void hostileFiles() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        std::string deep = R"({"shapes":[],"imagePath":"a.jpg","x":)";
        folder.write("data/a.json", deep + std::string(200000, '[') + std::string(200000, ']') + "}");
        const Result<Dataset> data = readFolder(folder);
        QVERIFY(!data.ok());
        QVERIFY2(data.error().sentence.find("nested deeper") != std::string::npos, data.error().sentence.c_str());
        // A picture inside of the file costs nothing but its length.
        folder.write("data/a.json", file("a.jpg", shape("x", "rectangle", "[[0,0],[5,5]]"))
                                        .replace(file("a.jpg", shape("x", "rectangle", "[[0,0],[5,5]]")).find("null"),
                                                 4, '"' + std::string(1 << 20, 'A') + '"'));
        QCOMPARE(readFolder(folder)->boxCount(), std::int64_t{1});
        std::string wide = R"({"shapes":[],"imagePath":"a.jpg","x":[)";
        for (int i = 0; i < 4100000; ++i)
            wide += "0,";
        folder.write("data/a.json", wide + "0]}");
        QVERIFY(readFolder(folder).error().sentence.find("more values than can be read") != std::string::npos);
    }

    void losses() {
        const Folder folder;
        Dataset data;
        data.classes = {"x"};
        DatasetItem item;
        item.name = "a.jpg";
        item.file = folder.write("images/a.jpg", "10 10");
        item.size = {10, 10};
        item.state = ItemState::Labelled;
        DatasetBox box;
        box.label = "x";
        box.box = Box{1, 1, 4, 5};
        box.annotator = "ana";
        item.boxes = {box};
        box.box.reset();
        box.annotator.clear();
        item.boxes.push_back(box);
        data.items = {item};
        const Result<LossReport> report = write(Format::Labelme, data, writing(folder / "out"));
        QVERIFY(report.ok());
        QCOMPARE(report->lines,
                 (std::vector<std::string>{"1 class of a whole item is left out: labelme has boxes only.",
                                           "1 box loses its annotator: labelme has no place for it."}));
        QVERIFY(fs::exists(folder / "out" / "a.json") && fs::exists(folder / "out" / "labels.txt"));
    }

    void copiesInFoldersCalledLikeOurs() {
        const Folder folder;
        Dataset data = namedData(folder, {"images/a.jpg", "sub/a.jpg", "splits/a.jpg"});
        data.classes = {"_background_", "x", "__ignore__"};  // not at the head, where labelme means no class
        WriteOptions options = writing(folder / "out");
        options.images = Images::Copy;
        QVERIFY(write(Format::Labelme, data, options).ok());
        const Result<Dataset> back = read(Format::Labelme, reading(folder / "out"));
        QCOMPARE(allComplaints(*back), std::string());
        for (DatasetItem& item : data.items)
            item.file = folder.root() / "out" / item.name;
        QCOMPARE(difference(data, *back), std::string());
        QVERIFY(back->classes == data.classes);
    }
};

QTEST_GUILESS_MAIN(TestLabelme)
#include "tst_labelme.moc"
