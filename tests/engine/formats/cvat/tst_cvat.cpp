#include "tests/engine/formats/formats_support.h"

#include <chrono>

using namespace support;

namespace {

std::string box(const std::string& label, const std::string& more = "", const std::string& inside = "") {
    return "<box label=\"" + label +
           "\" source=\"manual\" occluded=\"0\" xtl=\"10.0\" ytl=\"10.0\" xbr=\"40.0\" ybr=\"40.0\" " + more + ">" +
           inside + "</box>\n";
}

std::string image(const std::string& name, const std::string& objects, const std::string& more = "") {
    return "<image id=\"0\" name=\"" + name + "\" width=\"100\" height=\"80\" " + more + ">\n" + objects + "</image>\n";
}

Result<Dataset> readXml(const Folder& folder, const std::string& inside, EmptyMeans empty = EmptyMeans::Unlabelled) {
    folder.write("data/annotations.xml",
                 "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n" + inside + "</annotations>\n");
    ReadOptions options = reading(folder / "data");
    options.emptyMeans = empty;
    return read(Format::Cvat, options);
}

}  // namespace

class TestCvat : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void boxesAndTags() {
        const Folder folder;
        folder.write("data/images/a.jpg", "100 80");
        folder.write("data/images/train/b.jpg", "100 80");
        const Result<Dataset> data = readXml(
            folder,
            "<meta><task><labels><label><name>dog</name></label><label><name>cat &amp; cow</name></label>"
            "<label><name>ear</name><parent>dog</parent></label></labels></task></meta>" +
                image("a.jpg", box("cat &amp; cow", "z_order=\"0\"") + "<tag label=\"night\" source=\"auto\"/>") +
                image("b.jpg", "", "subset=\"train\"") + image("c.jpg", "", "subset=\"odd\""));
        QVERIFY2(data.ok(), data ? "" : data.error().text().c_str());
        QCOMPARE(data->classes, (std::vector<std::string>{"dog", "cat & cow", "night"}));
        const DatasetItem* a = itemNamed(*data, "a.jpg");
        QCOMPARE(a->file, folder / "data" / "images" / "a.jpg");
        QVERIFY(a->state == ItemState::Labelled);
        QCOMPARE(*a->boxes[0].box, (Box{10, 10, 40, 40}));
        QVERIFY(a->boxes[1].label == "night" && !a->boxes[1].box);
        const DatasetItem* b = itemNamed(*data, "train/b.jpg");
        QVERIFY(b && b->split == Split::Train && b->state == ItemState::Unlabelled);
        QVERIFY(complains(*data, "'c.jpg' is missing", 8, false));
        QVERIFY(complains(*data, "1 image is in a subset that is called neither", 8, false));
        QCOMPARE(data->complaints.size(), std::size_t{2});
    }

    void emptyImagesAsTheCallerSays() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        QVERIFY(readXml(folder, image("a.jpg", ""), EmptyMeans::ConfirmedEmpty)->items.front().state ==
                ItemState::ConfirmedEmpty);
    }

    void shapesBecomeBoxes() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        const Result<Dataset> data = readXml(
            folder,
            image("a.jpg",
                  "<polygon label=\"p\" points=\"1.5,2;30,4;7,20.5\"/>\n"
                  "<polyline label=\"l\" points=\"1,1;5,9\"/>\n"
                  "<mask label=\"m\" rle=\"3, 5\" left=\"10\" top=\"20\" width=\"4\" height=\"2\"/>\n"
                  "<ellipse label=\"e\" cx=\"50\" cy=\"40\" rx=\"10\" ry=\"5\" rotation=\"90\"/>\n"
                  "<cuboid label=\"c\" xtl1=\"1\" ytl1=\"2\" xbl1=\"1\" ybl1=\"9\" xtr1=\"8\" ytr1=\"2\" xbr1=\"8\" "
                  "ybr1=\"9\" xtl2=\"3\" ytl2=\"1\" xbl2=\"3\" ybl2=\"7\" xtr2=\"12\" ytr2=\"1\" xbr2=\"12\" "
                  "ybr2=\"7\"/>\n"
                  "<skeleton label=\"s\"><points label=\"1\" outside=\"0\" points=\"5,5\"/><points label=\"2\" "
                  "outside=\"1\" points=\"90,70\"/><points label=\"3\" outside=\"0\" points=\"9,8\"/></skeleton>\n" +
                      box("r", "rotation=\"90.0\"") + box("gone", "outside=\"1\"")));
        QVERIFY(data.ok());
        const auto& boxes = data->items.front().boxes;
        QCOMPARE(boxes.size(), std::size_t{7});
        QCOMPARE(*boxes[0].box, (Box{1.5, 2, 30, 20.5}));
        QCOMPARE(*boxes[1].box, (Box{1, 1, 5, 9}));
        QCOMPARE(*boxes[2].box, (Box{10, 20, 14, 22}));
        QVERIFY(std::abs(boxes[3].box->left - 45) < 1e-9 && std::abs(boxes[3].box->bottom - 50) < 1e-9);
        QCOMPARE(*boxes[4].box, (Box{1, 1, 12, 9}));
        QCOMPARE(*boxes[5].box, (Box{5, 5, 9, 8}));
        QVERIFY(std::abs(boxes[6].box->left - 10) < 1e-9);
        for (const char* sentence :
             {"1 polygon was read as its box.", "1 mask was read as its box.", "1 skeleton was read as its box.",
              "1 box is turned; the upright box around it was read.", "1 object is marked as outside"})
            QVERIFY2(complains(*data, sentence, -1, false), sentence);
        QVERIFY(data->items.front().state == ItemState::Labelled);
    }

    void whatIsNoBoxIsNamed() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        const Result<Dataset> data =
            readXml(folder, image("a.jpg", "<points label=\"x\" points=\"1,1;2,2\"/>\n" + box("") +
                                               "<polygon label=\"y\" points=\"1,1;2\"/>\n" +
                                               "<mask label=\"z\" rle=\"1\" left=\"1\"/>\n"
                                               "<box label=\"v\" xtl=\"a\" ytl=\"1\" xbr=\"2\" ybr=\"2\"/>\n"
                                               "<polygon label=\"w\" points=\"\"/>\n"));
        QVERIFY(data.ok());
        QVERIFY(data->items.front().state == ItemState::Unlabelled && data->items.front().boxes.empty());
        QVERIFY(complains(*data, "The points of 'x' were left out: points have no box.", 4, true));
        QVERIFY(complains(*data, "The box has no class.", 5, true));
        for (const int line : {6, 7, 8, 9})
            QVERIFY(complains(*data, "lacks a number of its place", line, true));
    }

    void attributes() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        const Result<Dataset> data =
            readXml(folder, image("a.jpg", box("x", "",
                                               "<attribute name=\"difficult\">true</attribute><attribute "
                                               "name=\"colour\">red</attribute>") +
                                               box("y", "", "<attribute name=\"age\">3</attribute>")));
        QCOMPARE(data->boxCount(), std::int64_t{2});
        QVERIFY(data->items.front().boxes[0].difficult && !data->items.front().boxes[1].difficult);
        QVERIFY(complains(*data, "2 attributes of objects are not kept ('age', 'colour').", 0, false));
    }

    void aPictureListedTwiceKeepsAllObjects() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        const Result<Dataset> data = readXml(folder, image("a.jpg", box("x")) + image("a.jpg", box("y")));
        QCOMPARE(data->boxCount(), std::int64_t{2});
        QVERIFY(complains(*data, "listed a second time; the objects of both were read", 6, false));
    }

    void aNameInAnotherFolderIsSomebodyElses() {
        const Folder folder;
        folder.write("data/cam1/a.jpg", "100 80");
        folder.write("data/cam2/b.jpg", "100 80");
        const Result<Dataset> data =
            readXml(folder, image("cam0/a.jpg", box("x")) + image("cam1/a.jpg", box("y")) + image("b.jpg", box("z")));
        QCOMPARE(itemNamed(*data, "cam1/a.jpg")->boxes.size(), std::size_t{1});
        QCOMPARE(itemNamed(*data, "cam1/a.jpg")->boxes.front().label, std::string("y"));
        QVERIFY(complains(*data, "'cam0/a.jpg' is missing", 3, false));
        QVERIFY(complains(*data, "'b.jpg' is not there; 'cam2/b.jpg' was taken for it", -1, false));
    }

    void filmsAndOtherFiles() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        const std::string track =
            "<track id=\"0\" label=\"x\"><box frame=\"0\" xtl=\"1\" ytl=\"1\" xbr=\"2\" ybr=\"2\" "
            "outside=\"0\"/></track>";
        const Result<Dataset> film = readXml(folder, track);
        QVERIFY(!film.ok() && film.error().code == ErrorCode::Unsupported);
        QVERIFY(film.error().sentence.find("CVAT for video") != std::string::npos);
        QVERIFY(complains(*readXml(folder, image("a.jpg", "") + track), "CVAT for video", 5, true));
        QVERIFY(readXml(folder, "").error().sentence.find("no <image>") != std::string::npos);
        folder.write("data/annotations.xml", "<annotation><object/></annotation>");
        QVERIFY(read(Format::Cvat, reading(folder / "data")).error().sentence.find("not CVAT's") != std::string::npos);
        folder.write("data/annotations.xml", "<annotations>\n<image");
        QCOMPARE(read(Format::Cvat, reading(folder / "data")).error().where.line, std::int64_t{2});
    }

    void manyObjectsInOneImage() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        std::string objects;
        for (int i = 0; i < 100000; ++i)
            objects += box("x");
        const auto before = std::chrono::steady_clock::now();
        const Result<Dataset> data = readXml(folder, image("a.jpg", objects));
        const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
        QCOMPARE(data->boxCount(), std::int64_t{1});  // equal answers come in once
        QVERIFY2(seconds < 20.0, std::to_string(seconds).c_str());
    }

    void classesOfWholeItemsComeBack() {
        const Folder folder;
        Dataset data;
        data.classes = {"a<b", "c"};
        for (const char* name : {"1.jpg", "2 ü&.jpg"}) {
            DatasetItem item;
            item.name = name;
            item.file = folder.write(std::string("images/") + name, "10 10");
            item.size = {10, 10};
            item.state = ItemState::Labelled;
            DatasetBox answer;
            answer.label = name[0] == '1' ? "a<b" : "c";
            item.boxes.push_back(answer);
            data.items.push_back(item);
        }
        data.items[0].boxes[0].score = 0.5;
        const Result<LossReport> report = write(Format::Cvat, data, writing(folder / "out"));
        QVERIFY(report.ok());
        QCOMPARE(report->lines, (std::vector<std::string>{"1 answer loses its score: CVAT has no place for it."}));
        const Result<Dataset> back = read(Format::Cvat, reading(folder / "out", folder / "images"));
        QVERIFY(back.ok());
        QVERIFY2(back->complaints.empty(), allComplaints(*back).c_str());
        for (const DatasetItem& item : data.items) {
            const DatasetItem* other = itemNamed(*back, item.name);
            QVERIFY(other && other->boxes.size() == 1 && !other->boxes[0].box);
            QCOMPARE(other->boxes[0].label, item.boxes[0].label);
            QVERIFY(other->state == item.state);
        }
    }
};

QTEST_GUILESS_MAIN(TestCvat)
#include "tst_cvat.moc"
