#include "tests/engine/formats/formats_support.h"

using namespace support;

namespace {

Result<Dataset> readJson(const Folder& folder, const std::string& text, bool asPredictions = true) {
    folder.write("data/C01/IMG_1.JPG", "100 80");
    folder.write("data/md.json", text);
    ReadOptions options = reading(folder / "data" / "md.json");
    options.asPredictions = asPredictions;
    return read(Format::MegaDetector, options);
}

std::string batch(const std::string& detections, const std::string& file = R"(C01\\IMG_1.JPG)") {
    return "{\"images\":[{\"file\":\"" + file + "\",\"detections\":[\n" + detections +
           "]}],\n\"detection_categories\":{\"1\":\"animal\",\"2\":\"person\",\"3\":\"vehicle\"},"
           "\"info\":{\"format_version\":\"1.3\",\"detector\":\"md_v5a\"}}";
}

}  // namespace

class TestMegaDetector : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void predictions() {
        const Folder folder;
        const Result<Dataset> data = readJson(
            folder,
            batch(R"({"category":"1","conf":0.92,"bbox":[0.1,0.1,0.3,0.3]},)"
                  "\n"
                  R"({"category":"2","conf":0.2,"bbox":[0.5,0.5,0.5001,0.5001],"classifications":[["3",0.9]]})"));
        QVERIFY2(data.ok(), data ? "" : data.error().text().c_str());
        QCOMPARE(data->classes, (std::vector<std::string>{"animal", "person", "vehicle"}));
        const DatasetItem* item = itemNamed(*data, "C01/IMG_1.JPG");
        QVERIFY(item && item->state == ItemState::Unlabelled);
        QCOMPARE(item->boxes.size(), std::size_t{2});
        QCOMPARE(item->boxes[0].label, std::string("animal"));
        QCOMPARE(item->boxes[0].score, std::optional(0.92));
        QVERIFY(std::abs(item->boxes[0].box->left - 10) < 1e-9 && std::abs(item->boxes[0].box->bottom - 32) < 1e-9);
        QCOMPARE(item->boxes[1].box->right, 100.0);
        QVERIFY(complains(*data, "1 detection has a classification, which is not read.", 0, false));
        QCOMPARE(data->complaints.size(), std::size_t{1});
    }

    void theyAreNoLabels() {
        const Folder folder;
        const Result<Dataset> data = readJson(folder, batch(""), false);
        QVERIFY(!data.ok());
        QVERIFY(data.error().code == ErrorCode::Unsupported);
        QVERIFY(data.error().sentence.find("MegaDetector") != std::string::npos);
        QVERIFY(data.error().sentence.find("predictions") != std::string::npos);
    }

    void theLaterFormHasCornersAndNames() {
        const Folder folder;
        const Result<Dataset> data =
            readJson(folder, R"([{"file":"C01/IMG_1.JPG","detections":[{"category":"animal","confidence":0.9,)"
                             R"("bbox":[10.5,8,40,32]}]}])");
        QVERIFY(data.ok());
        const DatasetBox& box = itemNamed(*data, "C01/IMG_1.JPG")->boxes.front();
        QCOMPARE(*box.box, (Box{10.5, 8, 40, 32}));
        QVERIFY(box.label == "animal" && box.score == 0.9);
    }

    void whatIsLostIsNamed() {
        const Folder folder;
        const Result<Dataset> data = readJson(folder, batch("{\"category\":\"9\",\"conf\":0.9,\"bbox\":[0,0,1,1]},\n"
                                                            "{\"category\":\"1\",\"conf\":0.9,\"bbox\":[0,0,1]},\n"
                                                            "{\"category\":\"1\",\"conf\":7,\"bbox\":[0,0,1,1]}"));
        QCOMPARE(itemNamed(*data, "C01/IMG_1.JPG")->boxes.size(), std::size_t{1});
        QVERIFY(complains(*data, "category '9', which is not in the file", 2, true));
        QVERIFY(complains(*data, "no box of four numbers", 3, true));
        QVERIFY(complains(*data, "score that is not between 0 and 1", 4, false));
        const Result<Dataset> failed = readJson(
            folder, R"({"images":[{"file":"C01/IMG_1.JPG","detections":null,"failure":"Failure image access"}]})");
        QVERIFY(complains(*failed, "1 picture could not be read by the program", 0, false));
        const Result<Dataset> gone =
            readJson(folder, batch(R"({"category":"1","conf":0.9,"bbox":[0,0,1,1]})", "x/y.jpg"));
        QVERIFY(complains(*gone, "'x/y.jpg' is missing", -1, false));
        QVERIFY(complains(*gone, "size of its picture is not known", 2, true));
    }

    void filesOfOthers() {
        const Folder folder;
        for (const char* text : {"{}", "[]", R"({"images":[{"id":1,"file_name":"a.jpg"}],"annotations":[]})"}) {
            const Result<Dataset> data = readJson(folder, text);
            QVERIFY2(!data.ok() && data.error().sentence.find("not MegaDetector's") != std::string::npos, text);
        }
    }
};

QTEST_GUILESS_MAIN(TestMegaDetector)
#include "tst_megadetector.moc"
