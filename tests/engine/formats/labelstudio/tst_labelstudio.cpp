#include "tests/engine/formats/sound_support.h"

using namespace support;

namespace {

Result<Dataset> readTasks(const Folder& folder, const std::string& text, bool asPredictions = false) {
    folder.write("files/a.jpg", "200 100");
    folder.write("files/b c.jpg", "200 100");
    folder.write("files/deep/ü.jpg", "200 100");
    writeSound(folder, "files/s.wav", 2.0);
    folder.write("tasks.json", text);
    ReadOptions options = hearing(folder / "tasks.json", folder / "files");
    options.asPredictions = asPredictions;
    return read(Format::LabelStudio, options);
}

std::string task(const std::string& data, const std::string& result, const std::string& more = "") {
    return "{\"data\":" + data + ",\"annotations\":[{\"result\":[" + result + "]" + more + "}]}";
}

std::string rectangle(const std::string& value, const std::string& more = "") {
    return "{\"type\":\"rectanglelabels\",\"from_name\":\"l\",\"to_name\":\"i\",\"original_width\":200,"
           "\"original_height\":100" +
           more + ",\"value\":{" + value + ",\"rectanglelabels\":[\"cell\"]}}";
}

const DatasetItem& only(const Result<Dataset>& data) {
    return data->items.at(0);
}

}  // namespace

class TestLabelStudio : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void rectangles() {
        const Folder folder;
        const Result<Dataset> data =
            readTasks(folder, "\xEF\xBB\xBF[\n" +
                                  task("{\"image\":\"/data/upload/3/0123abcd-a.jpg\",\"other\":5}",
                                       rectangle("\"x\":10,\"y\":20,\"width\":5.5,\"height\":30,\"rotation\":0")) +
                                  ",\n" + task("{\"pic\":\"deep/%C3%BC.jpg\"}", "") + "]");
        QVERIFY(data.ok());
        QCOMPARE(QString::fromStdString(allComplaints(*data)), QString());
        const DatasetItem* a = itemNamed(*data, "a.jpg");
        QVERIFY(a && a->state == ItemState::Labelled && a->boxes.size() == 1 && a->media.empty());
        QCOMPARE(a->boxes[0].label, std::string("cell"));
        QCOMPARE(*a->boxes[0].box, (Box{20, 20, 31, 50}));
        QVERIFY(itemNamed(*data, "deep/ü.jpg")->state == ItemState::ConfirmedEmpty);
    }

    void turned() {
        const Folder folder;
        const std::string value = "\"x\":50,\"y\":20,\"width\":10,\"height\":30,\"rotation\":90";
        Result<Dataset> data = readTasks(folder, "[" + task("{\"image\":\"a.jpg\"}", rectangle(value)) + "]");
        const Box box = *only(data).boxes[0].box;
        QVERIFY(std::abs(box.left - 70) < 1e-9 && std::abs(box.right - 100) < 1e-9);
        QVERIFY(std::abs(box.top - 20) < 1e-9 && std::abs(box.bottom - 40) < 1e-9);
        QVERIFY(complains(*data, "is turned", 1, false));
        data = readTasks(folder, "[" + task("{\"image\":\"a.jpg\"}", rectangle(value, ",\"image_rotation\":90")) + "]");
        QVERIFY(only(data).boxes.empty() && only(data).state == ItemState::Unlabelled);
        QVERIFY(complains(*data, "image that was turned", 1, true));
    }

    void names_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* url, const char* name) { QTest::newRow(url) << url << name; };
        row("a.jpg", "a.jpg");
        row("b%20c.jpg", "b c.jpg");
        row("b c.jpg", "b c.jpg");
        row("/data/upload/12/89ABcdef-b_c.jpg", "b_c.jpg");
        row("/data/upload/12/89ABcdef-a.jpg", "a.jpg");
        row("http://localhost:8080/data/upload/12/89ABcdef-a.jpg?x=1", "a.jpg");
        row("/data/local-files/?d=deep/%C3%BC.jpg", "deep/ü.jpg");
        row("http://host/data/local-files/?d=root%2Ffiles/deep/%C3%BC.jpg&v=2", "deep/ü.jpg");
        row("s3://bucket/pictures/b%20c.jpg", "b c.jpg");
        row("C:\\\\pictures\\\\a.jpg", "a.jpg");
        row("01234567-a.jpg", "a.jpg");
    }

    void names() {
        QFETCH(QString, url);
        QFETCH(QString, name);
        const Folder folder;
        const Result<Dataset> data =
            readTasks(folder, "[" + task("{\"image\":\"" + url.toStdString() + "\"}", "") + "]");
        QVERIFY(data.ok());
        QCOMPARE(QString::fromStdString(only(data).name), name);
    }

    void sounds() {
        const Folder folder;
        const std::string labels = ",\"labels\":[\"owl\"]}}";
        const std::string head = "{\"type\":\"labels\",\"value\":{";
        Result<Dataset> data = readTasks(
            folder, "[" +
                        task("{\"audio\":\"s.wav\"}", head + "\"start\":0.5,\"end\":1.5,\"channel\":0" + labels + "," +
                                                          head + "\"start\":1.5,\"end\":2.5" + labels + "," + head +
                                                          "\"start\":2.5,\"end\":3.5" + labels + "," + head +
                                                          "\"start\":2.5" + labels) +
                        ",\n" + task("{\"audio\":\"gone.wav\"}", head + "\"start\":0.5,\"end\":1.5" + labels) + "]");
        const DatasetItem* item = itemNamed(*data, "s.wav");
        QCOMPARE(item->boxes.size(), std::size_t{2});
        QCOMPARE(*item->boxes[0].box, (Box{4000, 0, 12000, 4000}));
        QCOMPARE(*item->boxes[1].box, (Box{12000, 0, 16000, 4000}));
        QVERIFY(complains(*data, "reaches out of the sound", 1, false));
        QVERIFY(complains(*data, "wholly outside", 1, true));
        QVERIFY(complains(*data, "lacks its start or its end", 1, true));
        QVERIFY(complains(*data, "'gone.wav' is missing", 2, false));
        QVERIFY(complains(*data, "its sound is missing", 2, true));
        QVERIFY(itemNamed(*data, "gone.wav")->state == ItemState::Unlabelled);
    }

    void choices() {
        const Folder folder;
        const std::string choice = "{\"type\":\"choices\",\"value\":{\"choices\":[\"cat\",\" dog \"]}}";
        const Result<Dataset> data = readTasks(
            folder,
            "[" + task("{\"image\":\"a.jpg\",\"text\":\"what, \\\"is\\\" it?\\n👩‍👩‍👧‍👦\"}", choice) +
                "," + "{\"id\":7,\"data\":{\"text\":\"مرحبا\"},\"completions\":[{\"result\":[" + choice + "]}]}," +
                "{\"id\":8,\"data\":{\"image\":\"a.jpg\",\"text\":\"again\"}}]");
        QVERIFY(data.ok());
        const DatasetItem* both = itemNamed(*data, "a.jpg");
        QCOMPARE(both->boxes.size(), std::size_t{2});
        QVERIFY(!both->boxes[1].box && both->boxes[1].label == "dog");
        QVERIFY(both->media.size() == 2 && both->media[1].text == "what, \"is\" it?\n👩‍👩‍👧‍👦");
        const DatasetItem* text = itemNamed(*data, "task 7");
        QVERIFY(text && text->file.empty() && text->boxes.size() == 2 && modalityOf(*text) == Modality::Text);
        QVERIFY(itemNamed(*data, "a.jpg#8")->state == ItemState::Unlabelled);
    }

    void annotationsOfSeveralKinds() {
        const Folder folder;
        const std::string one = "{\"result\":[" + rectangle("\"x\":0,\"y\":0,\"width\":10,\"height\":10") + "]";
        const std::string two = "{\"result\":[" + rectangle("\"x\":50,\"y\":0,\"width\":10,\"height\":10") + "]";
        const auto read = [&](const std::string& annotations) {
            return readTasks(folder, "[{\"data\":{\"image\":\"a.jpg\"},\"annotations\":[" + annotations + "]}]");
        };
        QVERIFY(only(read(one + ",\"was_cancelled\":true}")).state == ItemState::Skipped);
        QCOMPARE(only(read(one + ",\"was_cancelled\":true}," + two + "}")).boxes[0].box->left, 100.0);
        const Result<Dataset> several = read(one + "}," + two + "}");
        QCOMPARE(only(several).boxes[0].box->left, 0.0);
        QVERIFY(complains(*several, "1 task has several annotations", 1, false));
        QCOMPARE(only(read(one + "}," + two + ",\"ground_truth\":true}")).boxes[0].box->left, 100.0);
        QVERIFY(only(read("")).state == ItemState::Unlabelled);
        const Result<Dataset> numbers = read("5,6");
        QVERIFY(only(numbers).state == ItemState::Unlabelled);
        QVERIFY(complains(*numbers, "2 annotations are only numbers", 1, false));
    }

    void predictions() {
        const Folder folder;
        const std::string box = rectangle("\"x\":0,\"y\":0,\"width\":10,\"height\":10");
        const std::string scored = rectangle("\"x\":50,\"y\":0,\"width\":10,\"height\":10", ",\"score\":0.25");
        const std::string text =
            "[{\"data\":{\"image\":\"a.jpg\"},\"annotations\":[],\"predictions\":[{\"result\":[]},{"
            "\"score\":0.75,\"result\":[" +
            box + "," + scored + "]}]}]";
        const Result<Dataset> labels = readTasks(folder, text);
        QVERIFY(only(labels).boxes.empty() && only(labels).state == ItemState::Unlabelled);
        QVERIFY(complains(*labels, "1 task has predictions, which are no labels", 1, false));
        const Result<Dataset> predictions = readTasks(folder, text, true);
        QCOMPARE(only(predictions).boxes.size(), std::size_t{2});
        QCOMPARE(only(predictions).boxes[0].score, std::optional(0.75));
        QCOMPARE(only(predictions).boxes[1].score, std::optional(0.25));
        QVERIFY(only(predictions).state == ItemState::Unlabelled);
        QVERIFY(complains(*predictions, "several predictions; the last", 1, false));
        const Result<Dataset> numbers =
            readTasks(folder, "[{\"data\":{\"image\":\"a.jpg\"},\"predictions\":[12]}]", true);
        QVERIFY(complains(*numbers, "1 annotation is only a number", 1, false));
    }

    void badTasks() {
        const Folder folder;
        const std::string good = rectangle("\"x\":0,\"y\":0,\"width\":10,\"height\":10");
        const Result<Dataset> data = readTasks(
            folder,
            "[{\"id\":1},\n{\"data\":{\"number\":1}},\n5,\n" + task("{\"image\":\"../secret.jpg\"}", "") + ",\n" +
                task("{\"image\":\"data:image/png;base64,AAAA\"}", "") + ",\n" +
                task("{\"image\":\"a.jpg\"}",
                     "{\"type\":\"polygonlabels\",\"value\":{}},{\"type\":\"rectanglelabels\",\"value\":{\"x\":1,"
                     "\"rectanglelabels\":[\"c\"]}},{\"type\":\"rectanglelabels\",\"value\":{\"x\":1}},7," +
                         rectangle("\"x\":95,\"y\":0,\"width\":10,\"height\":10", ",\"score\":3") + "," +
                         rectangle("\"x\":NaN,\"y\":0,\"width\":10,\"height\":10")) +
                ",\n" + task("{\"image\":\"a.jpg\"}", good) + ",\n" + task("{\"image\":\"gone.jpg\"}", good) +
                ",\n{\"data\":{\"image\":\"b c.jpg\"},"
                "\"annotations\":[{\"result\":null}]}]");
        QVERIFY(data.ok());
        QVERIFY(complains(*data, "no data", 1, true));
        QVERIFY(complains(*data, "no image, no sound and no text", 2, true));
        QVERIFY(complains(*data, "leads out of the folder", 4, true));
        QVERIFY(complains(*data, "holds its picture or sound itself", 5, true));
        QVERIFY(complains(*data, "kind 'polygonlabels' is not read", 6, true));
        QVERIFY(complains(*data, "'c' lacks a number", 6, true));
        QVERIFY(complains(*data, "has no class", 6, true));
        QVERIFY(complains(*data, "kind '' is not read", 6, true));
        QVERIFY(complains(*data, "reaches out of the image", 6, false));
        QVERIFY(complains(*data, "score is not between", 6, false));
        QVERIFY(complains(*data, "1 value NaN", 0, false));
        QVERIFY(complains(*data, "there a second time", 7, true));
        QVERIFY(complains(*data, "'gone.jpg' is missing", 8, false));
        QVERIFY(complains(*data, "no list of results", 9, true));
        QCOMPARE(itemNamed(*data, "a.jpg")->boxes.size(), std::size_t{1});
        QCOMPARE(*itemNamed(*data, "gone.jpg")->boxes[0].box, (Box{0, 0, 20, 10}));
        QVERIFY(itemNamed(*data, "b c.jpg")->state == ItemState::Unlabelled);
        const Result<Dataset> cut = readTasks(folder, "[{\"data\":{\"image\":\"a.jpg\"}},\n{\"da");
        QVERIFY(!cut.ok() && cut.error().where.line == 2);
        QVERIFY(!readTasks(folder, "").ok() && !readTasks(folder, "5").ok());
        QCOMPARE(readTasks(folder, "[]")->items.size(), std::size_t{0});
    }

    void goldenBytes() {
        const Folder folder;
        Dataset data;
        data.classes = {"<&\"", "never used"};
        DatasetItem item;
        item.name = "ü b.jpg";
        item.size = {200, 100};
        item.split = Split::Val;
        item.state = ItemState::Labelled;
        item.boxes = {{.label = "<&\"", .box = Box{20, 20, 30, 50}, .score = 0.5}};
        data.items = {item};
        QVERIFY(write(Format::LabelStudio, data, writing(folder / "out")).ok());
        QCOMPARE(
            QString::fromStdString(contents(folder / "out/tasks.json")),
            QString("[\n{\"id\":1,\"data\":{\"image\":\"/data/local-files/?d=%C3%BC%20b.jpg\"},\"meta\":{\"split\":"
                    "\"val\"},\"annotations\":[{\"result\":[{\"id\":\"r1\",\"from_name\":\"box\",\"to_name\":"
                    "\"image\",\"type\":\"rectanglelabels\",\"original_width\":200,\"original_height\":100,\"image_"
                    "rotation\":0,\"value\":{\"x\":10.0,\"y\":20.0,\"width\":5.0,\"height\":30.0,\"rotation\":0,"
                    "\"rectanglelabels\":[\"<&\\\"\"]},\"score\":0.5}],\"was_cancelled\":false,\"ground_truth\":"
                    "false}],\"predictions\":[]}\n]\n"));
        QCOMPARE(QString::fromStdString(contents(folder / "out/labeling_config.xml")),
                 QString("<View>\n  <Image name=\"image\" value=\"$image\" />\n  <RectangleLabels name=\"box\" "
                         "toName=\"image\">\n    <Label value=\"&lt;&amp;&quot;\" />\n    <Label value=\"never used\" "
                         "/>\n  </RectangleLabels>\n</View>\n"));
    }

    void pictureTrips() {
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            const Folder folder;
            Rng rng(seed);
            Dataset data = randomDataset(rng, folder / "images", {.splits = seed % 2 == 0});
            for (DatasetItem& item : data.items) {
                for (DatasetBox& box : item.boxes) {
                    box.difficult = box.truncated = box.occluded = false;
                    if (rng.chance(0.5)) box.score = rng.uniform();
                }
                if (rng.chance(0.2)) item.state = ItemState::Skipped;
            }
            for (const char* target : {"out", "one.json"}) {
                WriteOptions options = writing(folder / target);
                options.allStates = true;
                const Result<LossReport> report = write(Format::LabelStudio, data, options);
                QVERIFY(report.ok());
                QCOMPARE(QString::fromStdString(allLines(*report)), QString());
                const Result<Dataset> back = read(Format::LabelStudio, hearing(folder / target, folder / "images"));
                QVERIFY(back.ok());
                QCOMPARE(QString::fromStdString(allComplaints(*back) + difference(data, *back, 1e-9)), QString());
                QVERIFY(back->classes == data.classes || data.boxCount() == 0);
            }
        }
    }

    void soundTrips() {
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            const Folder folder;
            Rng rng(seed);
            Dataset data = randomSounds(rng, folder, {.scores = true});
            for (DatasetItem& item : data.items) {
                for (DatasetBox& box : item.boxes)
                    box.box->top = 0.0, box.box->bottom = item.sound.nyquist();
            }
            const Result<LossReport> report = write(Format::LabelStudio, data, writing(folder / "out"));
            QCOMPARE(QString::fromStdString(allLines(*report)), QString());
            const Result<Dataset> back = read(Format::LabelStudio, hearing(folder / "out", folder / "audio"));
            QVERIFY(back.ok());
            QCOMPARE(QString::fromStdString(allComplaints(*back) + difference(data, *back)), QString());
        }
    }

    void predictionsAndTextsComeBack() {
        const Folder folder;
        Dataset data;
        data.classes = {"cat", "dog"};
        for (const char* key : {"one", "two", "three"}) {
            DatasetItem& item = data.items.emplace_back();
            item.key = item.name = key;
            item.state = ItemState::Labelled;
            item.media = {{Modality::Text, {}, {}, std::string("=what,\n\"is\" 👩‍👩‍👧‍👦 ") + key}};
            item.boxes = {{.label = "dog", .score = 0.25}};
        }
        data.items[1].boxes = {{.label = "cat"}, {.label = "dog"}};
        WriteOptions options = writing(folder / "out");
        options.asPredictions = true;
        QCOMPARE(QString::fromStdString(allLines(*write(Format::LabelStudio, data, options))), QString());
        QVERIFY(contents(folder / "out/labeling_config.xml").find("choice=\"multiple\"") != std::string::npos);
        ReadOptions in = hearing(folder / "out");
        QCOMPARE(read(Format::LabelStudio, in)->boxCount(), std::int64_t{0});
        in.asPredictions = true;
        const Result<Dataset> back = read(Format::LabelStudio, in);
        QVERIFY(back.ok());
        QCOMPARE(back->items.size(), std::size_t{3});
        for (const DatasetItem& item : data.items) {
            const auto same = [&](const DatasetItem& other) {
                return other.key == item.key && other.media == item.media && other.boxes == item.boxes;
            };
            QVERIFY2(std::any_of(back->items.begin(), back->items.end(), same), item.key.c_str());
        }
    }

    void losses() {
        const Folder folder;
        Dataset data;
        data.classes = {"x", "y"};
        DatasetItem item;
        item.name = "s.wav";
        item.sound = {8000, 1, 16000};
        item.state = ItemState::Labelled;
        item.boxes = {{.label = "x", .box = Box{0, 100, 800, 3000}, .difficult = true, .annotator = "ana"},
                      {.label = "x", .score = 0.5},
                      {.label = "y"}};
        data.items = {item, item, item};
        data.items[1].name = "unsure.wav";
        data.items[1].state = ItemState::Unsure;
        data.items[2].name = "a.jpg";
        data.items[2].sound = {};
        WriteOptions options = writing(folder / "out");
        options.allStates = true;
        options.dryRun = true;
        const Result<LossReport> report = write(Format::LabelStudio, data, options);
        QVERIFY(report.ok());
        QVERIFY(!fs::exists(folder / "out"));
        const std::string none = ": Label Studio has no place for it.";
        QVERIFY(says(*report, "2 answers lose their mark 'difficult'" + none));
        QVERIFY(says(*report, "2 answers lose their annotator" + none));
        QVERIFY(says(*report, "2 boxes lose their frequencies" + none));
        QVERIFY(says(*report, "1 unsure item becomes unlabelled" + none));
        QVERIFY(says(*report, "3 answers of items that are not labelled cannot be told from labels and are left out."));
        QVERIFY(says(*report, "3 classes lose their scores: several classes of one item are one choice."));
        QVERIFY(says(*report, "1 box is left out, because the size of the image is not known."));
        QCOMPARE(report->boxes, std::int64_t{5});
    }
};

QTEST_GUILESS_MAIN(TestLabelStudio)
#include "tst_labelstudio.moc"
