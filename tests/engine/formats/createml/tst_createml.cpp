#include "tests/engine/formats/formats_support.h"

using namespace support;

namespace {

std::string annotation(const std::string& label, double x, double y, double width, double height) {
    return R"({"label":")" + label + R"(","coordinates":{"x":)" + std::to_string(x) + R"(,"y":)" + std::to_string(y) +
           R"(,"width":)" + std::to_string(width) + R"(,"height":)" + std::to_string(height) + "}}";
}

Result<Dataset> readJson(const Folder& folder, const std::string& text,
                         const std::string& name = "_annotations.createml.json") {
    folder.write("data/" + name, text);
    return read(Format::CreateMl, reading(folder / "data"));
}

}  // namespace

class TestCreateMl : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void boxesAreGivenByTheirCentre() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        folder.write("data/b.jpg", "100 80");
        folder.write("data/c.jpg", "100 80");
        const Result<Dataset> data =
            readJson(folder, "[{\"image\":\"a.jpg\",\"annotations\":[\n" + annotation("cat", 50, 40, 20, 20) +
                                 "]},\n{\"imagefilename\":\"b.jpg\",\"annotation\":[" + annotation("dog", 5, 5, 20, 4) +
                                 "]},\n{\"imageURL\":\"file:///x/y/c.jpg\",\"annotations\":[]}]");
        QVERIFY2(data.ok(), data ? "" : data.error().text().c_str());
        QCOMPARE(data->classes, (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(*itemNamed(*data, "a.jpg")->boxes[0].box, (Box{40, 30, 60, 50}));
        QCOMPARE(*itemNamed(*data, "b.jpg")->boxes[0].box, (Box{0, 3, 15, 7}));
        QVERIFY(itemNamed(*data, "c.jpg")->state == ItemState::Unlabelled);
        QVERIFY(complains(*data, "reaches out of the image", 3, false));
        QVERIFY(complains(*data, "'/x/y/c.jpg' is not there; 'c.jpg' was taken for it", 4, false));
        QCOMPARE(data->complaints.size(), std::size_t{2});
    }

    void sharesOfTheSides() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        const Result<Dataset> data =
            readJson(folder, R"([{"image":"a.jpg","annotations":[)" + annotation("cat", 0.5, 0.5, 0.2, 0.5) + "]}]");
        const Box read = *data->items.front().boxes.front().box;
        QVERIFY(std::abs(read.left - 40) < 1e-9 && std::abs(read.bottom - 60) < 1e-9);
        QVERIFY(complains(*data, "read as shares of the sides", 0, false));
    }

    void classesOfWholePictures() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        folder.write("data/b.jpg", "100 80");
        const Result<Dataset> data = readJson(
            folder, R"([{"image":"a.jpg","annotations":[{"label":"x"},"y"]},{"image":"b.jpg","annotation":"z"}])");
        QCOMPARE(itemNamed(*data, "a.jpg")->boxes.size(), std::size_t{2});
        QVERIFY(!itemNamed(*data, "a.jpg")->boxes[1].box);
        QCOMPARE(itemNamed(*data, "b.jpg")->boxes[0].label, std::string("z"));
    }

    void whatIsLostIsNamed() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        const Result<Dataset> data =
            readJson(folder,
                     "[{\"image\":\"a.jpg\",\"annotations\":[\n{\"label\":\"\",\"coordinates\":{}},\n"
                     "{\"label\":\"x\",\"coordinates\":{\"x\":1,\"y\":1,\"width\":NaN,\"height\":2}},\n7]},3,[4]]");
        QVERIFY(data.ok());
        QVERIFY(data->items.front().boxes.empty() && data->items.front().state == ItemState::Unlabelled);
        QVERIFY(complains(*data, "The annotation has no class.", 2, true));
        QVERIFY(complains(*data, "lacks a number of its place", 3, true));
        QVERIFY(complains(*data, "1 value NaN or Infinity", 0, false));
        QVERIFY(complains(*data, "2 entries have no picture with annotations", 0, true));
    }

    void splitsAndNamesakes() {
        const Folder folder;
        for (const char* split : {"train", "valid"})
            folder.write("data/" + std::string(split) + "/a.jpg", "100 80");
        folder.write("data/train/_annotations.createml.json",
                     R"([{"image":"a.jpg","annotations":[)" + annotation("cat", 50, 40, 20, 20) + "]}]");
        const Result<Dataset> data =
            readJson(folder, R"([{"image":"a.jpg","annotations":[]}])", "valid/_annotations.createml.json");
        const DatasetItem* train = itemNamed(*data, "train/a.jpg");
        const DatasetItem* valid = itemNamed(*data, "valid/a.jpg");
        QVERIFY(train && valid);
        QVERIFY(train->split == Split::Train && train->boxes.size() == 1);
        QVERIFY(valid->split == Split::Val && valid->boxes.empty());
    }

    void filesOfOthers() {
        const Folder folder;
        folder.write("data/a.jpg", "100 80");
        for (const char* text : {"[]", "{}", "[1,2]", R"([{"image_id":1,"category_id":1,"bbox":[1,1,2,2]}])", "7",
                                 R"({"image":"a.jpg","annotations":[]})"}) {
            const Result<Dataset> data = readJson(folder, text);
            QVERIFY2(!data.ok() && data.error().sentence.find("not a file of CreateML") != std::string::npos, text);
        }
        QVERIFY(!readJson(folder, "[{\"image\":").ok());
        QVERIFY(write(Format::CreateMl, {}, writing(folder / "out")).error().code == ErrorCode::Unsupported);
    }
};

QTEST_GUILESS_MAIN(TestCreateMl)
#include "tst_createml.moc"
