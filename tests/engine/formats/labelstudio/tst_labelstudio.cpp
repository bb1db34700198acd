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

// A brush as Label Studio packs it: every byte of the RGBA picture on its own, in one run.
std::string brushOf(int width, int height, const std::vector<int>& painted) {
    std::string bits;
    const auto put = [&](unsigned number, int count) {
        for (int i = count - 1; i >= 0; --i)
            bits += (number >> i & 1U) != 0 ? '1' : '0';
    };
    const int count = width * height * 4;
    put(static_cast<unsigned>(count), 32);
    put(7, 5);  // words of 8 bits
    for (const unsigned size : {2U, 3U, 7U, 15U})
        put(size, 4);
    put(0, 1);  // a run of different bytes
    put(2, 2);
    put(static_cast<unsigned>(count - 1), 8);
    for (int i = 0; i < count; ++i)
        put(i % 4 == 3 && std::find(painted.begin(), painted.end(), i / 4) != painted.end() ? 255 : 0, 8);
    while (bits.size() % 8 != 0)
        bits += '0';
    std::string bytes;
    for (std::size_t i = 0; i < bits.size(); i += 8)
        bytes += (i > 0 ? "," : "") + std::to_string(std::stoi(bits.substr(i, 8), nullptr, 2));
    return "{\"type\":\"brushlabels\",\"original_width\":" + std::to_string(width) +
           ",\"original_height\":" + std::to_string(height) + ",\"value\":{\"rle\":[" + bytes +
           "],\"brushlabels\":[\"cat\"]}}";
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
        QVERIFY(!readTasks(folder, "[]").ok());  // nothing read is no success
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
        QVERIFY(says(*report, "2 classes lose their scores: several classes of one item are one choice."));
        QVERIFY(says(*report, "1 box is left out, because the size of the image is not known."));
        QCOMPARE(report->boxes, std::int64_t{5});
    }

    // Which member of a task is its picture is never a matter of the alphabet.
    void theMediumIsWhatTheConfigurationSays() {
        const Folder folder;
        const std::string box = rectangle("\"x\":0,\"y\":0,\"width\":10,\"height\":10");
        const std::string two = "{\"a_mask\":\"a.jpg\",\"url\":\"b c.jpg\"}";
        const Result<Dataset> unknown =
            readTasks(folder, "[" + task(two, box) + "," + task("{\"image\":\"a.jpg\"}", box) + "]");
        QVERIFY(complains(*unknown, "no labelling configuration beside it says which one", 1, true));
        QCOMPARE(unknown->items.size(), std::size_t{1});  // the one that its name tells
        folder.write("labeling_config.xml",
                     "<View><Image name=\"i\" value=\"$url\"/><Image name=\"m\" value=\"$a_mask\"/></View>");
        const std::string other =
            "{\"type\":\"rectanglelabels\",\"to_name\":\"m\",\"value\":{\"x\":1,\"y\":1,"
            "\"width\":5,\"height\":5,\"rectanglelabels\":[\"c\"]}}";
        const Result<Dataset> known = readTasks(folder, "[" + task(two, box + "," + other) + "]");
        const DatasetItem* item = itemNamed(*known, "b c.jpg");
        QVERIFY(item && item->boxes.size() == 1 && item->lost == 1);
        QVERIFY(complains(*known, "about 'm', which is not the medium that is imported ('i')", 1, true));
    }

    void outlinesAreReadAsBoxes() {
        const Folder folder;
        const std::string polygon =
            "{\"type\":\"polygonlabels\",\"value\":{\"points\":[[10,10],[30,10],[30,30]],"
            "\"polygonlabels\":[\"cat\"]}}";
        const std::string ellipse =
            "{\"type\":\"ellipselabels\",\"value\":{\"x\":50,\"y\":50,\"radiusX\":10,"
            "\"radiusY\":20,\"rotation\":0,\"ellipselabels\":[\"cat\"]}}";
        // 4 x 2 pixels, of which those at (1, 0) and (2, 1) are painted.
        const std::string brush = brushOf(4, 2, {1, 6});
        const Result<Dataset> data =
            readTasks(folder, "[" + task("{\"image\":\"a.jpg\"}", polygon + "," + ellipse + "," + brush) + "]");
        const DatasetItem* item = itemNamed(*data, "a.jpg");
        QCOMPARE(item->boxes.size(), std::size_t{3});
        QVERIFY(iou(*item->boxes[0].box, Box{20, 10, 60, 30}) > 1 - 1e-9);
        QVERIFY(iou(*item->boxes[1].box, Box{80, 30, 120, 70}) > 1 - 1e-9);
        QVERIFY(iou(*item->boxes[2].box, Box{50, 0, 150, 100}) > 1 - 1e-9);
        QCOMPARE(item->lost, std::int64_t{0});
        const Result<Dataset> broken = readTasks(
            folder, "[" +
                        task("{\"image\":\"a.jpg\"}", polygon + ",{\"type\":\"brushlabels\",\"original_width\":9,"
                                                                "\"original_height\":9,\"value\":{\"rle\":[0,1,2],"
                                                                "\"brushlabels\":[\"cat\"]}}") +
                        "]");
        QVERIFY(itemNamed(*broken, "a.jpg")->lost == 1);
        QVERIFY(itemNamed(*broken, "a.jpg")->state == ItemState::Unlabelled);
    }

    // The template for texts writes a place and its class as two results with one id.
    void aPlaceAndItsClassAreOneObject() {
        const Folder folder;
        const std::string place = "\"x\":10,\"y\":10,\"width\":20,\"height\":20";
        const Result<Dataset> data =
            readTasks(folder, "[" +
                                  task("{\"ocr\":\"a.jpg\"}",
                                       "{\"id\":\"q\",\"type\":\"rectangle\",\"value\":{" + place +
                                           "}},{\"id\":\"q\",\"type\":\"labels\",\"value\":{" + place +
                                           ",\"labels\":[\"Text\"]}},{\"id\":\"q\",\"type\":\"textarea\",\"value\":{" +
                                           place + ",\"text\":[\"abc\"]}}") +
                                  "]");
        const DatasetItem* item = itemNamed(*data, "a.jpg");
        QCOMPARE(item->boxes.size(), std::size_t{1});
        QCOMPARE(item->boxes[0].label, std::string("Text"));
        QVERIFY(item->lost == 0 && item->state == ItemState::Labelled);
    }

    void otherExportsOfTheSameTool() {
        const Folder folder;
        const Result<Dataset> minimal = readTasks(
            folder, R"([{"image":"/data/upload/3/cb044c20-a.jpg","id":3,"annotator":1,"annotation_id":5,"lead_time":3.2,
"label":[{"x":40,"y":37.5,"width":20,"height":25,"rotation":0,"rectanglelabels":["cat"],"original_width":200,
"original_height":100}]}])");
        QVERIFY(minimal.ok());
        QVERIFY(iou(*itemNamed(*minimal, "a.jpg")->boxes[0].box, Box{80, 37.5, 120, 62.5}) > 1 - 1e-9);
        const std::string box = rectangle("\"x\":0,\"y\":0,\"width\":10,\"height\":10");
        const Result<Dataset> lines =
            readTasks(folder, task("{\"image\":\"a.jpg\"}", box) + "\n" + task("{\"image\":\"b c.jpg\"}", box) + "\n");
        QVERIFY(lines.ok());
        QCOMPARE(lines->boxCount(), std::int64_t{2});
        // Another tool's file of one object is no task.
        QVERIFY(!readTasks(folder, R"({"version":"5.0","imagePath":"a.jpg","shapes":[]})").ok());
    }

    void namesOfOtherSystems() {
        const Folder folder;
        const std::string box = rectangle("\"x\":0,\"y\":0,\"width\":10,\"height\":10");
        const Result<Dataset> data =
            readTasks(folder, "[" + task("{\"image\":\"/data/local-files/?d=files%5Cb%20c.jpg\"}", box) + "," +
                                  task("{\"image\":\"/data/local-files/?d=files\\\\a.jpg\"}", box) + "]");
        QVERIFY(itemNamed(*data, "a.jpg")->boxes.size() == 1 && itemNamed(*data, "b c.jpg")->boxes.size() == 1);
    }

    // Before there is an answer the configuration has the classes all the same.
    void classesWithoutAnswers() {
        const Folder folder;
        Dataset data = namedData(folder, {"a.jpg"});
        data.items[0].boxes.clear();
        data.items[0].state = ItemState::ConfirmedEmpty;
        QVERIFY(write(Format::LabelStudio, data, writing(folder / "out")).ok());
        const Result<Dataset> back = read(Format::LabelStudio, reading(folder / "out", folder / "files"));
        QCOMPARE(back->classes, data.classes);
        QVERIFY(back->items[0].state == ItemState::ConfirmedEmpty);
    }
};

QTEST_GUILESS_MAIN(TestLabelStudio)
#include "tst_labelstudio.moc"
