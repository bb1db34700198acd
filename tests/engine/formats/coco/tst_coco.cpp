#include "tests/engine/formats/formats_support.h"

using namespace support;

namespace {

const char* const kImages = R"("images":[{"id":1,"file_name":"a.jpg","width":100,"height":80},
{"id":2,"file_name":"b.jpg","width":100,"height":80}])";
const char* const kCategories = R"("categories":[{"id":7,"name":"cell"},{"id":90,"name":"blob"}])";

const char* const kGolden = R"({"info":{"description":"Exported by Querent","version":"1.0"},
"licenses":[],
"categories":[
{"id":1,"name":"cell","supercategory":""},
{"id":5,"name":"\"q\" ö","supercategory":""}],
"images":[
{"id":1,"file_name":"sub/ö.jpg","width":64,"height":48,"al_status":"labelled"}],
"annotations":[
{"id":1,"image_id":1,"category_id":5,"bbox":[0.1,10,0.19999999999999998,38],"area":7.6,"iscrowd":0,"segmentation":[],"score":0.25,"attributes":{"provenance":"human","difficult":true}}]}
)";

Result<Dataset> readText(const Folder& folder, const std::string& text, EmptyMeans empty = EmptyMeans::Unlabelled) {
    folder.write("images/a.jpg", "100 80");
    folder.write("images/b.jpg", "100 80");
    folder.write("instances.json", text);
    ReadOptions options = reading(folder / "instances.json", folder / "images");
    options.emptyMeans = empty;
    return read(Format::Coco, options);
}

// Annotations that come before what they refer to.
Result<Dataset> readAnnotations(const Folder& folder, const std::string& annotations) {
    return readText(folder, "{\n\"annotations\":[\n" + annotations + "\n],\n" + kImages + "," + kCategories + "}");
}

}  // namespace

class TestCoco : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void sparseCategoriesMapByName() {
        const Folder folder;
        const Result<Dataset> data = readAnnotations(
            folder, R"({"id":1,"image_id":1,"category_id":90,"bbox":[1,2,3,4.5],"area":13.5,"iscrowd":0})");
        QVERIFY(data.ok());
        QCOMPARE(allComplaints(*data), std::string());
        QCOMPARE(data->classes, (std::vector<std::string>{"cell", "blob"}));
        QCOMPARE(data->items[0].boxes[0].label, std::string("blob"));
        QCOMPARE(*data->items[0].boxes[0].box, (Box{1, 2, 4, 6.5}));
        QCOMPARE(data->items[0].id, std::int64_t{1});
        QVERIFY(data->items[0].state == ItemState::Labelled);
    }

    void badNumbers() {
        const Folder folder;
        const Result<Dataset> data =
            readAnnotations(folder,
                            R"({"id":"1","image_id":"1","category_id":"7","bbox":["1","2.5","3","4"]},
{"id":2,"image_id":1,"category_id":7,"bbox":[NaN,2,3,4]},
{"id":3,"image_id":1,"category_id":7,"bbox":[true,2,3,4]},
{"id":4,"image_id":true,"category_id":7,"bbox":[1,2,3,4]},
{"id":5,"image_id":1,"category_id":7.5,"bbox":[1,2,3,4]},
{"id":6,"image_id":1,"category_id":7,"bbox":[1,2,3]},
{"id":7,"image_id":1,"category_id":7},
{"id":8,"image_id":1,"category_id":7,"bbox":[1,2,-Infinity,4]},
{"id":9,"image_id":1,"category_id":7,"bbox":[1,2,Infinity,4]},
{"id":10,"image_id":1,"category_id":7,"bbox":["x",2,3,4]},
{"id":11,"image_id":1,"category_id":7,"bbox":[1,2,3,4],"iscrowd":null,"score":"NaN"})");
        QVERIFY2(data.ok(), data.ok() ? "" : data.error().text().c_str());
        QCOMPARE(data->boxCount(), std::int64_t{2});
        QCOMPARE(*data->items[0].boxes[0].box, (Box{1, 2.5, 4, 6.5}));
        QVERIFY(complains(*data, "numbers are written as text", 3, false));
        QVERIFY(complains(*data, "entry that is not a number", 4, true));
        QVERIFY(complains(*data, "entry that is not a number", 5, true));
        QVERIFY(complains(*data, "no image_id", 6, true));
        QVERIFY(complains(*data, "no category_id", 7, true));
        QVERIFY(complains(*data, "not four numbers", 8, true));
        QVERIFY(complains(*data, "no bbox", 9, true));
        QVERIFY(complains(*data, "entry that is not a number", 10, true));
        QVERIFY(complains(*data, "entry that is not a number", 12, true));
        QVERIFY(complains(*data, "iscrowd is null", 13, false));
        QVERIFY(complains(*data, "3 values NaN or Infinity", -1, false));
    }

    void idsAndReferences() {
        const Folder folder;
        const Result<Dataset> data = readAnnotations(folder,
                                                     R"({"id":0,"image_id":1,"category_id":7,"bbox":[1,2,3,4]},
{"id":0,"image_id":1,"category_id":7,"bbox":[1,2,3,5]},
{"id":2,"image_id":99,"category_id":7,"bbox":[1,2,3,4]},
{"id":3,"image_id":2,"category_id":8,"bbox":[1,2,3,4]})");
        QCOMPARE(data->boxCount(), std::int64_t{2});
        QVERIFY(complains(*data, "2 annotations have the id 0", 3, false));
        QVERIFY(complains(*data, "another annotation has already", 4, false));
        QVERIFY(complains(*data, "image 99, which is not in the file", 5, true));
        QVERIFY(complains(*data, "category 8, which is not in the file", 6, true));
        QVERIFY(data->items[1].state == ItemState::Unlabelled);  // it had a box, which was left out
    }

    void imagesAndCategoriesTwice() {
        const Folder folder;
        const Result<Dataset> data = readText(folder, R"({"images":[{"id":1,"file_name":"a.jpg"},
{"id":1,"file_name":"b.jpg"},
{"id":3,"file_name":"a.jpg"},
{"id":4},
{"file_name":"b.jpg"},
{"id":5,"file_name":"../x.jpg"},
{"id":6,"file_name":"D:\\pics\\b.jpg","width":"100","height":80},
{"id":7,"file_name":"/abs/gone.jpg","width":5,"height":5}],
"categories":[{"id":1,"name":"x"},
{"id":2,"name":"x"},
{"id":1,"name":"y"},
{"id":3}],
"annotations":[{"id":1,"image_id":1,"category_id":2,"bbox":[0,0,5,5]}]})");
        QVERIFY(data.ok());
        QVERIFY(complains(*data, "an id that another image has already", 2, true));
        QVERIFY(complains(*data, "listed a second time", 3, false));
        QVERIFY(complains(*data, "no file_name", 4, true));
        QVERIFY(complains(*data, "no id", 5, true));
        QVERIFY(complains(*data, "leads out of the folder", 6, true));
        QVERIFY(complains(*data, "'gone.jpg' is missing", 8, false));
        QVERIFY(complains(*data, "'x' appears twice", 10, false));
        QVERIFY(complains(*data, "the id of the category 'x'", 11, true));
        QVERIFY(complains(*data, "no name", 12, true));
        QCOMPARE(data->items.size(), std::size_t{3});
        QCOMPARE(data->items[0].size, (Size{100, 80}));  // of the image itself
        QCOMPARE(data->classes, (std::vector<std::string>{"x"}));
    }

    void crowdsMasksAndBoxesAtTheEdge() {
        const Folder folder;
        const Result<Dataset> data =
            readAnnotations(folder,
                            R"({"id":1,"image_id":1,"category_id":7,"bbox":[1,2,3,4],"iscrowd":1,
"segmentation":{"counts":[1,2,{"x":[]}],"size":[80,100]},"attributes":{"annotator":"ana","deep":{"round":9},"round":2}},
{"id":2,"image_id":1,"category_id":7,"bbox":[90,-5,20,10],"segmentation":[[1,2,3,4]]},
{"id":3,"image_id":1,"category_id":7,"bbox":[90,5,-20,10],"segmentation":[]},
{"id":4,"image_id":1,"category_id":7,"bbox":[90,5,0,10],"score":1.5},
{"id":5,"image_id":1,"category_id":7,"bbox":[190,5,10,10]})");
        QCOMPARE(data->boxCount(), std::int64_t{3});
        const std::vector<DatasetBox>& boxes = data->items[0].boxes;
        QVERIFY(boxes[0].crowd && boxes[0].annotator == "ana" && boxes[0].round == 2);
        QCOMPARE(*boxes[1].box, (Box{90, 0, 100, 5}));
        QCOMPARE(*boxes[2].box, (Box{70, 5, 90, 15}));
        QVERIFY(complains(*data, "2 annotations have a mask", 4, false));
        QVERIFY(complains(*data, "reaches out of the image", 5, false));
        QVERIFY(complains(*data, "corners swapped", 6, false));
        QVERIFY(complains(*data, "no area", 7, true));
        QVERIFY(complains(*data, "outside of the image", 8, true));
    }

    void imagesWithoutBoxes() {
        const Folder folder;
        const std::string text = std::string("{") + kImages + "," + kCategories + "}";
        QVERIFY(readText(folder, text)->items[0].state == ItemState::Unlabelled);
        QVERIFY(readText(folder, text, EmptyMeans::ConfirmedEmpty)->items[0].state == ItemState::ConfirmedEmpty);
        const Result<Dataset> said = readText(
            folder,
            R"({"images":[{"id":1,"file_name":"a.jpg","al_status":"empty"},{"id":2,"file_name":"b.jpg","al_status":"unsure"}]})");
        QVERIFY(said->items[0].state == ItemState::ConfirmedEmpty);
        QVERIFY(said->items[1].state == ItemState::Unsure);
    }

    void filesThatAreNotWhole() {
        const Folder folder;
        const std::string whole = std::string("{\n") + kImages + ",\n" + kCategories + "}";
        for (const std::size_t length : {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
            const Result<Dataset> data = readText(folder, whole.substr(0, length));
            QVERIFY(!data.ok());
            QVERIFY(data.error().code == ErrorCode::Malformed);
            QVERIFY(data.error().where.line >= 1);
        }
        const std::string deep(1000000, '[');
        const std::string bytes = "{\"images\":[{\"id\":\"\xFF\xFE\"}]}";
        for (const std::string& text : {std::string("[1,2]"), std::string("{\"x\":1}"), std::string("3"), deep, bytes})
            QVERIFY(!readText(folder, text).ok());
        const std::string marked = "\xEF\xBB\xBF" + whole;
        QVERIFY(readText(folder, marked).ok());
    }

    void splitsFromFileNames() {
        const Folder folder;
        for (const char* split : {"train", "valid"}) {
            folder.write(std::string("roboflow/") + split + "/_annotations.coco.json",
                         R"({"images":[{"id":1,"file_name":"a.jpg","width":10,"height":10}]})");
            folder.write(std::string("roboflow/") + split + "/a.jpg", "10 10");
        }
        folder.write("roboflow/other.json", R"([{"image_id":1,"category_id":1,"bbox":[1,1,1,1],"score":1}])");
        const Result<Dataset> data = read(Format::Coco, reading(folder / "roboflow"));
        QVERIFY(data.ok());
        QVERIFY(itemNamed(*data, "train/a.jpg")->split == Split::Train);
        QVERIFY(itemNamed(*data, "valid/a.jpg")->split == Split::Val);
        QVERIFY(complains(*data, "list of results", -1, true));
        folder.write("one/annotations/instances_val2017.json",
                     R"({"images":[{"id":1,"file_name":"val2017/a.jpg","width":10,"height":10}]})");
        folder.write("one/val2017/a.jpg", "10 10");
        ReadOptions options = reading(folder / "one/annotations/instances_val2017.json", folder / "one/val2017");
        QVERIFY(itemNamed(*read(Format::Coco, options), "a.jpg")->split == Split::Val);
    }

    void basenamesDoNotCollapse() {
        const Folder folder;
        folder.write("images/x/1.jpg", "10 10");
        const Result<Dataset> data = readText(folder, R"({"images":[{"id":1,"file_name":"1.jpg","width":10,"height":10},
{"id":2,"file_name":"x/1.jpg","width":10,"height":10},{"id":3,"file_name":"y/1.jpg","width":10,"height":10}]})");
        QCOMPARE(data->items.size(), std::size_t{3});
        QVERIFY(itemNamed(*data, "1.jpg") && itemNamed(*data, "x/1.jpg") && itemNamed(*data, "y/1.jpg"));
    }

    void results() {
        const Folder folder;
        Rng rng(8);
        Dataset data = randomDataset(rng, folder / "images", {});
        for (DatasetItem& item : data.items) {
            item.state = ItemState::Unlabelled;
            for (DatasetBox& box : item.boxes) {
                box.score = rng.uniform();
                box.difficult = box.truncated = box.occluded = false;
            }
        }
        WriteOptions all = writing(folder / "truth.json");
        all.allStates = true;
        QVERIFY(write(Format::Coco, data, all).ok());
        const Result<LossReport> written = writeCocoResults(data, writing(folder / "results.json"));
        QVERIFY(written.ok());
        QCOMPARE(written->boxes, data.boxCount());
        ReadOptions options = reading(folder / "results.json", folder / "images");
        QVERIFY(!read(Format::Coco, options).ok());  // results are never labels
        options.asPredictions = true;
        options.reference = folder / "truth.json";
        const Result<Dataset> back = read(Format::Coco, options);
        QVERIFY(back.ok());
        QCOMPARE(back->boxCount(), data.boxCount());
        for (const DatasetItem& item : back->items) {
            const DatasetItem* original = itemNamed(data, item.name);
            QVERIFY(original && item.state == ItemState::Unlabelled);
            for (std::size_t i = 0; i < item.boxes.size(); ++i) {
                QCOMPARE(item.boxes[i].label, original->boxes[i].label);
                QCOMPARE(*item.boxes[i].score, *original->boxes[i].score);
                QVERIFY(iou(*item.boxes[i].box, *original->boxes[i].box) > 1 - 1e-9);
            }
        }
    }

    void resultsByTheCallersNames() {
        const Folder folder;
        folder.write("images/a.jpg", "100 80");
        folder.write("results.json", R"([{"image_id":5,"category_id":1,"bbox":[1,2,3,4],"score":0.5},
{"image_id":6,"category_id":1,"bbox":[1,2,3,4],"score":0.5},
{"image_id":5,"category_id":3,"bbox":[1,2,3,4],"score":0.5},
{"image_id":"a","category_id":2,"bbox":[1,2,3,4]}])");
        ReadOptions options = reading(folder / "results.json", folder / "images");
        options.asPredictions = true;
        options.classes = {"x", "y"};
        options.imageNames = {{5, "a.jpg"}};
        const Result<Dataset> data = read(Format::Coco, options);
        QVERIFY(data.ok());
        QCOMPARE(data->items.size(), std::size_t{1});
        QCOMPARE(data->boxCount(), std::int64_t{2});
        QVERIFY(complains(*data, "no image '6'", 2, true));
        QVERIFY(complains(*data, "category 3, which is not known", 3, true));
        QVERIFY(complains(*data, "1 prediction has no score", -1, false));
    }

    void cancelling() {
        const Folder folder;
        std::string text = std::string("{") + kImages + "," + kCategories + ",\"annotations\":[";
        for (int i = 1; i < 20000; ++i)
            text += (i > 1 ? ",{\"id\":" : "{\"id\":") + std::to_string(i) +
                    ",\"image_id\":1,\"category_id\":7,\"bbox\":[1,2,3,4]}";
        folder.write("big.json", text + "]}");
        std::stop_source stop;
        int reports = 0;
        const Job job(stop.get_token(), [&](const Progress&) {
            if (++reports == 3) stop.request_stop();
        });
        folder.write("images/a.jpg", "100 80");
        const Result<Dataset> data = read(Format::Coco, reading(folder / "big.json", folder / "images"), job);
        QVERIFY(!data.ok() && data.error().code == ErrorCode::Cancelled);
        QVERIFY(reports < 6);
    }

    void goldenBytes() {
        const Folder folder;
        Dataset data;
        data.classes = {"cell", "\"q\" ö"};
        DatasetItem item;
        item.name = "sub/ö.jpg";
        item.size = {64, 48};
        item.state = ItemState::Labelled;
        item.split = Split::Val;
        DatasetBox box;
        box.label = "\"q\" ö";
        box.box = Box{0.1, 10, 0.3, 48};
        box.score = 0.25;
        box.provenance = "human";
        box.difficult = true;
        item.boxes.push_back(box);
        data.items.push_back(item);
        WriteOptions options = writing(folder / "out");
        options.classes = {{"cell", 0}, {"\"q\" ö", 4}};
        QVERIFY(write(Format::Coco, data, options).ok());
        const std::string actual = contents(folder / "out/annotations/instances_val.json");
        QVERIFY2(actual == kGolden, actual.c_str());
    }

    void idsOfAnyKind() {
        const Folder folder;
        folder.write("images/c.jpg", "100 80");
        const Result<Dataset> data = readText(folder, R"({"images":[{"id":9007199254740992,"file_name":"a.jpg"},
{"id":9007199254740993,"file_name":"b.jpg"},
{"id":340282366920938463463374607431768211455,"file_name":"c.jpg"},
{"id":"deer_1","file_name":"images/d.jpg"}],
"categories":[{"id":1,"name":"x"},{"id":"two","name":"y"}],
"annotations":[{"id":1,"image_id":9007199254740993,"category_id":1,"bbox":[1,2,3,4]},
{"id":2,"image_id":340282366920938463463374607431768211455,"category_id":"two","bbox":[1,2,3,4]}]})");
        QVERIFY(data.ok());
        QCOMPARE(itemNamed(*data, "a.jpg")->boxes.size(), std::size_t{0});
        QCOMPARE(itemNamed(*data, "b.jpg")->boxes[0].label, std::string("x"));
        QCOMPARE(itemNamed(*data, "c.jpg")->boxes[0].label, std::string("y"));
    }

    void outlinesWithoutBoxes() {
        const Folder folder;
        // Ten columns from x = 20 and rows 30 to 49 of a picture 80 high, as numbers and as COCO's tools pack them.
        std::string counts = "1630,20";
        for (int i = 0; i < 9; ++i)
            counts += ",60,20";
        const Result<Dataset> data = readAnnotations(
            folder, R"({"id":1,"image_id":1,"category_id":7,"segmentation":[[10,8,30,8,30,24],[12,9,13,9,13,10]]},
{"id":2,"image_id":1,"category_id":7,"iscrowd":1,"segmentation":{"size":[80,100],"counts":[)" +
                        counts + R"(]}},
{"id":3,"image_id":1,"category_id":7,"segmentation":{"counts":"nb1d0","size":[80,100]}},
{"id":4,"image_id":2,"category_id":7,"bbox":[],"segmentation":[]})");
        QVERIFY(data.ok());
        const DatasetItem* item = itemNamed(*data, "a.jpg");
        QCOMPARE(item->boxes.size(), std::size_t{3});
        QCOMPARE(*item->boxes[0].box, (Box{10, 8, 30, 24}));
        QCOMPARE(*item->boxes[1].box, (Box{20, 30, 30, 50}));
        QVERIFY(item->boxes[1].crowd);
        QCOMPARE(*item->boxes[2].box, (Box{20, 30, 21, 50}));
        QVERIFY(complains(*data, "3 annotations have a mask or polygon and no bbox", 3, false));
        const DatasetItem* other = itemNamed(*data, "b.jpg");
        QVERIFY(other->lost == 1 && other->state == ItemState::Unlabelled);
    }

    // A merged file lists a picture twice: both annotations are about the one picture.
    void twoEntriesOfOnePicture() {
        const Folder folder;
        const Result<Dataset> data =
            readText(folder, R"({"images":[{"id":1,"file_name":"a.jpg"},{"id":2,"file_name":"a.jpg"}],)" +
                                 std::string(kCategories) +
                                 R"(,"annotations":[{"id":1,"image_id":1,"category_id":7,"bbox":[1,2,3,4]},
{"id":2,"image_id":2,"category_id":7,"bbox":[5,2,3,4]},{"id":3,"image_id":2,"category_id":7,"bbox":[5,2,3,4]},
{"id":4,"image_id":2,"category_id":99,"bbox":[5,2,3,4]}]})");
        const DatasetItem* item = itemNamed(*data, "a.jpg");
        QCOMPARE(item->boxes.size(), std::size_t{2});  // the third is the second again
        QVERIFY(item->lost == 1 && item->state == ItemState::Unlabelled);
        QVERIFY(complains(*data, "1 answer was there more than once", 0, false));
    }

    void headingsAreNoClasses() {
        const Folder folder;
        const Result<Dataset> data = readText(folder, R"({"images":[{"id":1,"file_name":"a.jpg"}],
"categories":[{"id":0,"name":"fish","supercategory":"none"},{"id":1,"name":"cod","supercategory":"fish"}],
"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4]}]})");
        QCOMPARE(data->classes, (std::vector<std::string>{"cod"}));
        QVERIFY(complains(*data, "'fish' is only the heading of others", 0, false));
    }

    // Another data set's folder of images close by holds pictures of the same names.
    void picturesBesideTheFileComeFirst() {
        const Folder folder;
        folder.write("boxes/a.jpg", "100 80");
        folder.write("images/a.jpg", "100 80");
        folder.write("boxes/x.json", R"({"images":[{"id":1,"file_name":"a.jpg","width":100,"height":80}]})");
        const Result<Dataset> data = read(Format::Coco, reading(folder / "boxes/x.json"));
        QCOMPARE(data->items.size(), std::size_t{1});
        QCOMPARE(data->items[0].file, folder / "boxes/a.jpg");
    }

    // A tool that knows no EXIF says the stored size, and its boxes are on the stored pixels.
    void picturesThatExifTurns() {
        const Folder folder;
        folder.write("images/a.jpg", "100 200");
        const std::string text = R"({"images":[{"id":1,"file_name":"a.jpg","width":200,"height":100}],)" +
                                 std::string(kCategories) +
                                 R"(,"annotations":[{"id":1,"image_id":1,"category_id":7,"bbox":[20,10,40,30]}]})";
        const std::pair<int, Box> turns[] = {{5, {10, 20, 40, 60}},
                                             {6, {60, 20, 90, 60}},
                                             {7, {60, 140, 90, 180}},
                                             {8, {10, 140, 40, 180}},
                                             {1, {20, 10, 60, 40}}};
        folder.write("x.json", text);
        for (const auto& [orientation, box] : turns) {
            ReadOptions options = reading(folder / "x.json", folder / "images");
            options.orientation = [orientation = orientation](const fs::path&) { return orientation; };
            const Result<Dataset> data = read(Format::Coco, options);
            QCOMPARE(*data->items[0].boxes[0].box, box);
            QCOMPARE(complains(*data, "turned by its EXIF data", -1, false), orientation != 1);
        }
    }
};

QTEST_GUILESS_MAIN(TestCoco)
#include "tst_coco.moc"
