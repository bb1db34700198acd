#include "tests/engine/formats/formats_support.h"

using namespace support;

namespace {

const char* const kHead = "path,item_status,class,x0,y0,x1,y1,score,split\n";

Result<Dataset> readText(const Folder& folder, const std::string& text, EmptyMeans empty = EmptyMeans::Unlabelled) {
    folder.write("images/a.jpg", "100 80");
    folder.write("images/b c.jpg", "100 80");
    folder.write("images/sub/d.jpg", "100 80");
    folder.write("data.csv", text);
    ReadOptions options = reading(folder / "data.csv", folder / "images");
    options.emptyMeans = empty;
    return read(Format::Csv, options);
}

}  // namespace

class TestCsv : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void rows() {
        const Folder folder;
        const Result<Dataset> data = readText(folder, std::string("\xEF\xBB\xBF") + kHead +
                                                          "a.jpg,labelled,\"cell, \"\"big\"\"\",1,2.5,3,4,0.5,train\r\n"
                                                          "\r\n"
                                                          "\"b c.jpg\",,\"two\nlines\",5,6,7,8,,val\r\n"
                                                          "a.jpg,labelled,'=1+1,5,6,7,8,,train\r\n"
                                                          "sub/d.jpg,empty,,,,,,,test");
        QVERIFY(data.ok());
        QCOMPARE(allComplaints(*data), std::string());
        const DatasetItem* a = itemNamed(*data, "a.jpg");
        QCOMPARE(a->boxes.size(), std::size_t{2});
        QCOMPARE(a->boxes[0].label, std::string("cell, \"big\""));
        QCOMPARE(*a->boxes[0].box, (Box{1, 2.5, 3, 4}));
        QCOMPARE(*a->boxes[0].score, 0.5);
        QCOMPARE(a->boxes[1].label, std::string("=1+1"));
        QCOMPARE(itemNamed(*data, "b c.jpg")->boxes[0].label, std::string("two\nlines"));
        QVERIFY(itemNamed(*data, "b c.jpg")->split == Split::Val);
        QVERIFY(itemNamed(*data, "sub/d.jpg")->state == ItemState::ConfirmedEmpty);
    }

    void badRows() {
        const Folder folder;
        const Result<Dataset> data = readText(folder, std::string(kHead) +
                                                          ",labelled,x,1,2,3,4,,\n"               // 2
                                                          "a.jpg,odd,x,1,2,3,4,,\n"               // 3
                                                          "a.jpg,,x,1,two,3,4,,\n"                // 4
                                                          "a.jpg,,,1,2,3,4,,\n"                   // 5
                                                          "a.jpg,,x,9,2,3,4,,\n"                  // 6
                                                          "a.jpg,,x,1,2,300,4,7,\n"               // 7
                                                          "a.jpg,,x,3,2,3,4,,\n"                  // 8
                                                          "../secret.jpg,,x,1,2,3,4,,\n"          // 9
                                                          "C:\\pics\\d.jpg,,x,1,2,3,4,,middle\n"  // 10
                                                          "gone.jpg,,x,1,2,3,4,,train\n"          // 11
                                                          "gone.jpg,,x,1,2,3\n"                   // 12
                                                          "gone.jpg,,x,1,2,3,4,,test\n"           // 13
                                                          "b c.jpg,,\"x,1,2,3,4\n");              // 14
        QVERIFY(data.ok());
        QVERIFY(complains(*data, "no path", 2, true));
        QVERIFY(complains(*data, "no item status 'odd'", 3, false));
        QVERIFY(complains(*data, "'two', is not a number", 4, true));
        QVERIFY(complains(*data, "no class", 5, true));
        QVERIFY(complains(*data, "corners swapped", 6, false));
        QVERIFY(complains(*data, "reaches out", 7, false));
        QVERIFY(complains(*data, "score '7'", 7, false));
        QVERIFY(complains(*data, "no area", 8, true));
        QVERIFY(complains(*data, "leads out of the folder", 9, true));
        QVERIFY(complains(*data, "no split 'middle'", 10, false));
        QVERIFY(complains(*data, "'gone.jpg' is missing", 11, false));
        QVERIFY(complains(*data, "y1 of 'x', '', is not a number", 12, true));
        QVERIFY(complains(*data, "do not agree on its split", 13, false));
        QVERIFY(complains(*data, "quote is not closed", 14, false));
        QCOMPARE(itemNamed(*data, "a.jpg")->boxes.size(), std::size_t{3});
        QCOMPARE(itemNamed(*data, "sub/d.jpg")->boxes.size(), std::size_t{1});
    }

    void headers() {
        const Folder folder;
        QVERIFY(readText(folder, "").error().code == ErrorCode::Malformed);
        QVERIFY(readText(folder, "class,x0,y0,x1,y1\n").error().sentence.find("path, file") != std::string::npos);
        QVERIFY(readText(folder, "path,x0,y0,x1,y1\n").error().sentence.find("class, label") != std::string::npos);
        QVERIFY(readText(folder, "path,class,x0,y0,y1\n").error().sentence.find("'x1'") != std::string::npos);
        QVERIFY(complains(*readText(folder, "path,class,class,x0,y0,x1,y1\na.jpg,x,x,1,2,3,4\n"),
                          "'class' is there twice", 1, false));
        const Result<Dataset> other = readText(folder, "Filename;Label;xmin;ymin;xmax;ymax\na;x;1;2;3;4\n");
        QCOMPARE(*itemNamed(*other, "a.jpg")->boxes[0].box, (Box{1, 2, 3, 4}));
        QVERIFY(complains(*other, "read from 0", 1, false));
    }

    void emptyRowsMeanWhatTheCallerSays() {
        const Folder folder;
        const std::string text = std::string(kHead) + "a.jpg,,,,,,,,\n";
        QVERIFY(readText(folder, text)->items[0].state == ItemState::Unlabelled);
        QVERIFY(readText(folder, text, EmptyMeans::ConfirmedEmpty)->items[0].state == ItemState::ConfirmedEmpty);
    }

    void classesOfWholeItems() {
        const Folder folder;
        const Result<Dataset> data = readText(folder, "path,class\na.jpg,cat\na.jpg,dog\n");
        QCOMPARE(data->items[0].boxes.size(), std::size_t{2});
        QVERIFY(!data->items[0].boxes[0].box);
        QVERIFY(write(Format::Csv, *data, writing(folder / "out.csv")).ok());
        const Result<Dataset> back = read(Format::Csv, reading(folder / "out.csv", folder / "images"));
        QVERIFY(back->items[0].boxes == data->items[0].boxes);
    }

    void manifests() {
        const Folder folder;
        folder.write("m/images/1.png", "10 10");
        folder.write("m/audio/1.wav", "");
        folder.write("m/manifest.csv",
                     "id,split,class,image,audio,text\n"
                     "one,train,cat|dog|cat,images/1.png,audio/1.wav,\n"
                     "two,test,,images/1.png,,\"what, is it?\"\n"
                     "three,,x,,,only text\n"
                     "four,val,x,,,\n"
                     "two,val,x,images/1.png,,\n"
                     "five,nosplit,x,../x.png,,\n"
                     "six,val,x,images/none.png,,\n");
        const Result<Dataset> data = read(Format::Csv, reading(folder / "m"));
        QVERIFY(data.ok());
        const DatasetItem* one = itemNamed(*data, "images/1.png");
        QVERIFY(one && one->key == "one" && one->split == Split::Train && one->media.size() == 2);
        QCOMPARE(one->boxes.size(), std::size_t{2});
        QVERIFY(one->media[1].modality == Modality::Audio && one->state == ItemState::Labelled);
        QCOMPARE(one->size, (Size{10, 10}));
        const DatasetItem* two = itemNamed(*data, "images/1.png#two");
        QVERIFY(two && two->state == ItemState::Unlabelled && two->media[1].text == "what, is it?");
        QVERIFY(itemNamed(*data, "three") && itemNamed(*data, "three")->file.empty());
        QVERIFY(complains(*data, "no image, no audio and no text", 5, true));
        QVERIFY(complains(*data, "id 'two' is there already", 6, true));
        QVERIFY(complains(*data, "leads out of the folder", 7, true));
        QVERIFY(complains(*data, "'images/none.png' is missing", 8, false));
        QCOMPARE(data->classes, (std::vector<std::string>{"cat", "dog", "x"}));
        folder.write("s/test.txt", "one\n");
        ReadOptions options = reading(folder / "m/manifest.csv");
        options.splits = folder / "s";
        QVERIFY(itemNamed(*read(Format::Csv, options), "images/1.png")->split == Split::Test);
    }

    void goldenBytes() {
        const Folder folder;
        Dataset data;
        data.classes = {"=c, \"1\"", "-2", "'@x"};
        DatasetItem item;
        item.name = "sub/ö.jpg";
        item.size = {64, 48};
        item.state = ItemState::Labelled;
        item.split = Split::Val;
        item.boxes = {
            {.label = "=c, \"1\"", .box = Box{0.1, 2, 1e-7, 4}, .difficult = true, .score = 0.25, .round = 3}};
        item.boxes[0].box = Box{1e-7, 2, 0.1, 4};
        item.boxes.push_back({.label = "'@x", .box = Box{0, 0, 64, 48}, .provenance = "human", .annotator = "+1"});
        DatasetItem empty;
        empty.name = "e.jpg";
        empty.state = ItemState::ConfirmedEmpty;
        data.items = {item, empty};
        QVERIFY(write(Format::Csv, data, writing(folder / "out.csv")).ok());
        const std::string golden =
            "path,item_status,class,x0,y0,x1,y1,t0,t1,f0,f1,score,provenance,annotator,round,updated_utc,split,width,"
            "height,difficult,crowd,truncated,occluded\n"
            "e.jpg,empty,,,,,,,,,,,,,,,,,,,,,\n"
            "sub/ö.jpg,labelled,\"'=c, \"\"1\"\"\",1e-07,2,0.1,4,,,,,0.25,,,3,,val,64,48,1,0,0,0\n"
            "sub/ö.jpg,labelled,''@x,0,0,64,48,,,,,,human,'+1,,,val,64,48,0,0,0,0\n";
        QCOMPARE(contents(folder / "out.csv"), golden);
    }

    void columnsOfOtherTools() {
        const Folder folder;
        for (const char* text :
             {"filename,class,x_min,y_min,x_max,y_max\na.jpg,cat,10,10,40,40\n",
              "image,label,x1,y1,x2,y2\na.jpg,cat,10,10,40,40\n",
              "filename,class,x,y,width,height\na.jpg,cat,10,10,30,30\n",
              "filename,class,bbox\na.jpg,cat,\"[10, 10, 30, 30]\"\n", "a.jpg,10,10,40,40,cat\nb c.jpg,,,,,\n",
              "path\tclass\tx0\ty0\tx1\ty1\na.jpg\tcat\t10\t10\t40\t40\n"}) {
            const Result<Dataset> data = readText(folder, text);
            QVERIFY2(data.ok(), text);
            QVERIFY2(itemNamed(*data, "a.jpg") && itemNamed(*data, "a.jpg")->boxes.size() == 1, text);
            QCOMPARE(*itemNamed(*data, "a.jpg")->boxes[0].box, (Box{10, 10, 40, 40}));
            QCOMPARE(itemNamed(*data, "a.jpg")->boxes[0].label, std::string("cat"));
        }
    }

    void sharesOfThePicture() {
        const Folder folder;
        const Result<Dataset> data = readText(folder, "image_id,class,XMin,XMax,YMin,YMax\na,cat,0.1,0.4,0.1,0.5\n");
        const DatasetItem* item = itemNamed(*data, "a.jpg");
        const double w = item->size.width;
        const double h = item->size.height;
        QVERIFY(iou(*item->boxes[0].box, Box{0.1 * w, 0.1 * h, 0.4 * w, 0.5 * h}) > 1 - 1e-9);
        QVERIFY(complains(*data, "read as shares of the picture", 1, false));
    }

    void aTableOfClassesIsNoTableOfBoxes() {
        const Folder folder;
        folder.write("t.csv", "filename,label\na.jpg,cat\n");
        folder.write("a.jpg", "100 80");
        ReadOptions options = reading(folder / "t.csv");
        options.task = TaskKind::Detect;
        const Result<Dataset> boxes = read(Format::Csv, options);
        QVERIFY(!boxes.ok() && boxes.error().sentence.find("xmin, ymin, xmax, ymax") != std::string::npos);
        options.task = TaskKind::Classify;
        QCOMPARE(read(Format::Csv, options)->items[0].boxes[0].label, std::string("cat"));
    }

    void aStrayQuoteMakesNoClass() {
        const Folder folder;
        const std::string text = std::string(kHead) + "a.jpg,,cat,1,2,3,4,,\na.jpg,,\"dog,1,2,3,4,,\n" +
                                 std::string(1000, 'x') + ",1,2,3,4,,\n";
        const Result<Dataset> data = readText(folder, text);
        QVERIFY(data.ok());
        for (const std::string& name : data->classes)
            QVERIFY(name.size() < 256);
        QVERIFY(itemNamed(*data, "a.jpg")->state == ItemState::Unlabelled || itemNamed(*data, "a.jpg")->lost == 0);
    }

    void soundsInAFolderBesideTheTable() {
        const Folder folder;
        folder.write("set/meta/esc.csv", "filename,fold,target,category\n1-a.wav,1,0,dog\n1-b.wav,1,1,hen\n");
        folder.write("set/audio/1-a.wav", "x");
        folder.write("set/audio/1-b.wav", "x");
        const Result<Dataset> data = read(Format::Csv, reading(folder / "set/meta/esc.csv"));
        QCOMPARE(data->items.size(), std::size_t{2});
        QCOMPARE(itemNamed(*data, "1-b.wav")->boxes[0].label, std::string("hen"));
        QCOMPARE(itemNamed(*data, "1-b.wav")->file, folder / "set/audio/1-b.wav");
    }

    void blanksAroundAPath() {
        const Folder folder;
        folder.write("images/ a.jpg", "100 80");
        const Result<Dataset> data = readText(folder, std::string(kHead) +
                                                          "\" a.jpg\",,x,1,2,3,4,,\n"
                                                          " b c.jpg ,,x,5,6,7,8,,\n"
                                                          "b c.jpg,,x,6,7,8,9,,\n"
                                                          "a.jpg,,x,2,3,4,5,,\n");
        QCOMPARE(allComplaints(*data), std::string());
        QCOMPARE(itemNamed(*data, " a.jpg")->boxes.size(), std::size_t{1});
        QCOMPARE(itemNamed(*data, "b c.jpg")->boxes.size(), std::size_t{2});  // nothing is called " b c.jpg "
        QCOMPARE(*itemNamed(*data, "a.jpg")->boxes[0].box, (Box{2, 3, 4, 5}));
    }

    // All of its boxes lie within one pixel, and are pixels all the same.
    void ourOwnTablesHaveNoShares() {
        const Folder folder;
        Dataset data = namedData(folder, {"a.jpg"});
        data.items[0].boxes[0].box = Box{0, 0, 0.5, 1};
        QVERIFY(write(Format::Csv, data, writing(folder / "out")).ok());
        const Result<Dataset> back = read(Format::Csv, reading(folder / "out", folder / "files"));
        QCOMPARE(allComplaints(*back), std::string());
        QCOMPARE(*back->items[0].boxes[0].box, (Box{0, 0, 0.5, 1}));
    }

    void aSingleFileHasNoListOfClasses() {
        const Folder folder;
        Dataset data = namedData(folder, {"a.jpg"});
        data.classes = {"never", "x"};
        for (const Images images : {Images::None, Images::Copy}) {
            WriteOptions options = writing(folder / "one.csv");
            options.images = images;
            options.overwrite = true;
            const Result<LossReport> report = write(Format::Csv, data, options);
            QVERIFY(report.ok());
            QCOMPARE(report->lines, (std::vector<std::string>{"1 class that nothing has is left out: a single CSV file "
                                                              "has no place for a list of classes."}));
        }
    }
};

QTEST_GUILESS_MAIN(TestCsv)
#include "tst_csv.moc"
