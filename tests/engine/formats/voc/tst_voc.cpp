#include "tests/engine/formats/formats_support.h"
#include "tests/support/slowness.h"

using namespace support;

namespace {

std::string object(const std::string& name, const std::string& corners) {
    return "<object>\n<name>" + name + "</name>\n<bndbox>" + corners + "</bndbox></object>\n";
}

std::string corners(const std::string& xmin, const std::string& ymin, const std::string& xmax,
                    const std::string& ymax) {
    // In the order of other tools: children are read by name.
    return "<xmin>" + xmin + "</xmin><xmax>" + xmax + "</xmax><ymin>" + ymin + "</ymin><ymax>" + ymax + "</ymax>";
}

const char* const kSize = "<size><width>100</width><height>80</height></size>\n";

// One image of 100 x 80 called a.jpg and its annotation.
Result<Dataset> readOne(const Folder& folder, const std::string& inner, VocOrigin origin = VocOrigin::Auto) {
    folder.write("images/a.jpg", "100 80");
    folder.write("annotations/a.xml", "<annotation>\n<filename>a.jpg</filename>\n" + inner + "</annotation>\n");
    ReadOptions options = reading(folder / "annotations", folder / "images");
    options.vocOrigin = origin;
    return read(Format::Voc, options);
}

}  // namespace

class TestVoc : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void countsFromOneOrFromZero() {
        const Folder folder;
        const std::string inner = kSize + object("x", corners("1", "1", "10", "80"));
        QCOMPARE(*readOne(folder, inner, VocOrigin::Devkit)->items[0].boxes[0].box, (Box{0, 0, 10, 80}));
        QCOMPARE(*readOne(folder, inner, VocOrigin::LabelImg)->items[0].boxes[0].box, (Box{1, 1, 10, 80}));
        const Result<Dataset> automatic = readOne(folder, inner);
        QCOMPARE(*automatic->items[0].boxes[0].box, (Box{1, 1, 10, 80}));
        QVERIFY(complains(*automatic, "counted from 0 or from 1", -1, false));
        const std::string ours = "<source><annotation>querent voc=devkit</annotation></source>";
        QCOMPARE(*readOne(folder, ours + inner)->items[0].boxes[0].box, (Box{0, 0, 10, 80}));
        const std::string pascal = "<source><database>The VOC2007 Database</database></source>";
        QCOMPARE(*readOne(folder, pascal + inner)->items[0].boxes[0].box, (Box{0, 0, 10, 80}));
    }

    void oneZeroDecidesForTheWholeSet() {
        const Folder folder;
        folder.write("images/b.jpg", "100 80");
        const std::string pascal = "<source><annotation>PASCAL VOC2012</annotation></source>";
        folder.write("annotations/b.xml",
                     "<annotation>" + pascal + kSize + object("x", corners("0", "3", "9", "9")) + "</annotation>");
        const Result<Dataset> data = readOne(folder, pascal + kSize + object("x", corners("5", "5", "10", "10")));
        QCOMPARE(*data->items[0].boxes[0].box, (Box{5, 5, 10, 10}));
        QCOMPARE(*data->items[1].boxes[0].box, (Box{0, 3, 9, 9}));
    }

    void badBoxes() {
        const Folder folder;
        const Result<Dataset> data = readOne(
            folder, kSize + object("floats", corners("1.25", "2.5", "10.75", "20")) +
                        object("swapped", corners("30", "40", "10", "20")) +
                        object("outside", corners("90", "-5", "120", "70")) +
                        object("far", corners("200", "5", "220", "70")) + object("flat", corners("5", "5", "5", "9")) +
                        object("nan", corners("nan", "5", "6", "9")) + object("word", corners("four", "5", "6", "9")) +
                        object("", corners("4", "5", "6", "9")) + "<object><name>nobox</name></object>\n");
        QVERIFY(data.ok());
        const std::vector<DatasetBox>& boxes = data->items[0].boxes;
        QCOMPARE(boxes.size(), std::size_t{3});
        QCOMPARE(*boxes[0].box, (Box{1.25, 2.5, 10.75, 20}));
        QCOMPARE(*boxes[1].box, (Box{10, 20, 30, 40}));
        QCOMPARE(*boxes[2].box, (Box{90, 0, 100, 70}));
        QVERIFY(complains(*data, "'swapped' has its corners swapped", 7, false));
        QVERIFY(complains(*data, "'outside' reaches out of the image", 10, false));
        QVERIFY(complains(*data, "'far' lies outside", 13, true));
        QVERIFY(complains(*data, "'flat' has no area", 16, true));
        QVERIFY(complains(*data, "xmin of 'nan' is not a number", 19, true));
        QVERIFY(complains(*data, "xmin of 'word' is not a number", 22, true));
        QVERIFY(complains(*data, "no class name", 25, true));
        QVERIFY(complains(*data, "'nobox' has no <bndbox>", 28, true));
    }

    void partsAreNotObjects() {
        const Folder folder;
        const std::string part = "<part><name>head</name><bndbox>" + corners("1", "1", "5", "5") + "</bndbox></part>";
        const Result<Dataset> data =
            readOne(folder, std::string(kSize) + "<object>" + part + "<name>person</name><bndbox>" +
                                corners("2", "2", "50", "50") + "</bndbox>" + part + "</object>");
        QCOMPARE(data->boxCount(), std::int64_t{1});
        QCOMPARE(data->items[0].boxes[0].label, std::string("person"));
        QCOMPARE(*data->items[0].boxes[0].box, (Box{2, 2, 50, 50}));
    }

    void sizeMissingOrWrong() {
        const Folder folder;
        QCOMPARE(readOne(folder, object("x", corners("1", "1", "200", "20")))->items[0].size, (Size{100, 80}));
        const Result<Dataset> zero = readOne(
            folder, "<size><width>0</width><height>0</height></size>" + object("x", corners("0", "1", "200", "20")));
        QCOMPARE(*zero->items[0].boxes[0].box, (Box{0, 1, 100, 20}));
        const Result<Dataset> turned = readOne(folder, "<size><width>80</width><height>100</height></size>");
        QVERIFY(complains(*turned, "without its rotation", -1, false));
        QCOMPARE(turned->items[0].size, (Size{100, 80}));
    }

    void emptyIsConfirmedAndMissingIsUnlabelled() {
        const Folder folder;
        folder.write("images/b.jpg", "10 10");
        const Result<Dataset> data = readOne(folder, kSize);
        QCOMPARE(data->items.size(), std::size_t{2});
        QVERIFY(data->items[0].state == ItemState::ConfirmedEmpty);
        QVERIFY(data->items[1].state == ItemState::Unlabelled);
        // All of its boxes were left out: that is not "nothing here".
        const Result<Dataset> lost = readOne(folder, kSize + object("x", corners("5", "5", "5", "9")));
        QVERIFY(lost->items[0].state == ItemState::Unlabelled);
    }

    void filesThatAreNoAnnotations() {
        const Folder folder;
        folder.write("images/t.jpg", "10 10");
        folder.write("annotations/t.xml", "<annotation>\n<object>\n<name>x</na");
        folder.write("annotations/u.xml", "<html/>");
        folder.write("annotations/v.xml", "");
        const Result<Dataset> data = readOne(folder, kSize);
        QVERIFY(data.ok());
        QVERIFY(complains(*data, "not a whole XML file", 3, true));
        QVERIFY(complains(*data, "no <annotation>", 1, true));
        QCOMPARE(data->items.size(), std::size_t{2});
        QVERIFY(itemNamed(*data, "t.jpg")->state == ItemState::Unlabelled);
    }

    void imagesByManyNames() {
        const Folder folder;
        folder.write("images/x.JPG", "10 10");
        folder.write("images/sub/y.png", "10 10");
        folder.write("images/other.png", "10 10");
        const auto xml = [&](const char* name, const std::string& said) {
            folder.write(std::string("annotations/") + name,
                         "<annotation><filename>" + said + "</filename></annotation>");
        };
        xml("x.xml", "x");                       // no extension
        xml("y.xml", "C:\\data\\pics\\y.jpeg");  // a Windows path, a wrong extension, another folder
        xml("z.xml", "other.png");               // another name
        xml("gone.xml", "gone.png");             // no image
        xml("evil.xml", "../../../etc/passwd");  // outside
        const Result<Dataset> data = read(Format::Voc, reading(folder / "annotations", folder / "images"));
        QVERIFY(data.ok());
        for (const char* name : {"x.JPG", "sub/y.png", "other.png"})
            QVERIFY(itemNamed(*data, name) && itemNamed(*data, name)->state == ItemState::ConfirmedEmpty);
        QVERIFY(itemNamed(*data, "gone.png"));
        QVERIFY(complains(*data, "'gone.png' is missing", -1, false));
        for (const DatasetItem& item : data->items)
            QVERIFY(item.name.find("..") == std::string::npos);
        QVERIFY(complains(*data, "leads out of the folder", -1, true));
    }

    void twoImagesOfOneStem() {
        const Folder folder;
        folder.write("images/a.png", "100 80");
        const Result<Dataset> data = readOne(folder, kSize + object("x", corners("0", "1", "5", "9")));
        QCOMPARE(itemNamed(*data, "a.jpg")->boxes.size(), std::size_t{1});
        QVERIFY(itemNamed(*data, "a.png")->state == ItemState::Unlabelled);
    }

    void classesOutsideOfTheList() {
        const Folder folder;
        folder.write("classes.txt", "\xEF\xBB\xBFknown\r\nother\r\n\r\nknown\r\n");
        const Result<Dataset> data = readOne(folder, kSize + object(" known ", corners("0", "1", "5", "9")) +
                                                         object("new", corners("0", "1", "5", "9")));
        QCOMPARE(data->classes, (std::vector<std::string>{"known", "other", "new"}));
        QVERIFY(complains(*data, "'known' appears twice", 4, false));
        QVERIFY(complains(*data, "'new' is not in the list", 7, false));
    }

    void nothingToRead() {
        const Folder folder;
        QVERIFY(read(Format::Voc, reading(folder / "nowhere")).error().code == ErrorCode::NotFound);
        fs::create_directories(folder / "empty");
        QVERIFY(read(Format::Voc, reading(folder / "empty")).error().code == ErrorCode::NotFound);
    }

    void splitLists() {
        const Folder folder;
        folder.write("images/b.jpg", "10 10");
        folder.write("images/c d.jpg", "10 10");
        folder.write("splits/train.txt", "a\r\nnobody\r\n");
        folder.write("splits/val.txt", "images/b.jpg\na\n");
        folder.write("splits/test.txt", "c d -1\n");
        folder.write("ImageSets/Main/test.txt", "a\n");  // overridden
        folder.write("images/a.jpg", "100 80");
        folder.write("annotations/a.xml", "<annotation/>");
        ReadOptions options = reading(folder / "annotations", folder / "images");
        QVERIFY(itemNamed(*read(Format::Voc, options), "a.jpg")->split == Split::Test);
        options.splits = folder / "splits";
        const Result<Dataset> data = read(Format::Voc, options);
        QVERIFY(itemNamed(*data, "a.jpg")->split == Split::Train);
        QVERIFY(itemNamed(*data, "b.jpg")->split == Split::Val);
        QVERIFY(itemNamed(*data, "c d.jpg")->split == Split::Test);
        QVERIFY(complains(*data, "no item 'nobody'", 2, true));
        QVERIFY(complains(*data, "'a' is in two splits", 2, false));
        options.splits = folder / "images";
        QVERIFY(!read(Format::Voc, options).ok());
    }

    void goldenBytes() {
        const Folder folder;
        Dataset data;
        data.classes = {"cell <1>"};
        DatasetItem item;
        item.name = "sub/ö.jpg";
        item.file = folder.write("images/sub/ö.jpg", "64 48");
        item.size = {64, 48};
        item.state = ItemState::Labelled;
        item.split = Split::Val;
        DatasetBox box;
        box.label = "cell <1>";
        box.box = Box{0, 10, 1, 48};
        box.difficult = true;
        item.boxes.push_back(box);
        data.items.push_back(item);
        QVERIFY(write(Format::Voc, data, writing(folder / "out")).ok());
        QCOMPARE(contents(folder / "out/Annotations/sub/ö.xml"),
                 std::string(R"(<annotation verified="yes" al_status="labelled">
	<folder>sub</folder>
	<filename>ö.jpg</filename>
	<source>
		<database>Unknown</database>
		<annotation>querent voc=devkit</annotation>
	</source>
	<size>
		<width>64</width>
		<height>48</height>
		<depth>3</depth>
	</size>
	<segmented>0</segmented>
	<object>
		<name>cell &lt;1&gt;</name>
		<pose>Unspecified</pose>
		<truncated>0</truncated>
		<difficult>1</difficult>
		<bndbox>
			<xmin>1</xmin>
			<ymin>11</ymin>
			<xmax>1</xmax>
			<ymax>48</ymax>
		</bndbox>
	</object>
</annotation>
)"));
        QCOMPARE(contents(folder / "out/ImageSets/Main/val.txt"), std::string("sub/ö\n"));
        QCOMPARE(contents(folder / "out/labelmap.txt"), std::string("# label:color_rgb:parts:actions\ncell <1>:::\n"));
    }

    void picturesBesideTheAnnotationsComeFirst() {
        const Folder folder;
        folder.write("boxes/a.jpg", "100 80");
        folder.write("images/a.jpg", "100 80");
        folder.write("images/other.jpg", "100 80");
        folder.write("boxes/a.xml", "<annotation><filename>a.jpg</filename>" +
                                        object("x", corners("1", "2", "5", "9")) + "</annotation>");
        const Result<Dataset> data = read(Format::Voc, reading(folder / "boxes"));
        QCOMPARE(data->items.size(), std::size_t{1});
        QCOMPARE(data->items[0].file, folder / "boxes/a.jpg");
    }

    void foldersNameTheSplits() {
        const Folder folder;
        for (const char* part : {"train", "valid", "test"}) {
            folder.write(std::string("set/") + part + "/a.jpg", "100 80");
            folder.write(std::string("set/") + part + "/a.xml",
                         "<annotation>" + object("x", corners("1", "2", "5", "9")) + "</annotation>");
        }
        const Result<Dataset> data = read(Format::Voc, reading(folder / "set"));
        QVERIFY(itemNamed(*data, "train/a.jpg")->split == Split::Train);
        QVERIFY(itemNamed(*data, "valid/a.jpg")->split == Split::Val);
        QVERIFY(itemNamed(*data, "test/a.jpg")->split == Split::Test);
    }

    // What was lost makes an item incomplete; what never was an object does not.
    void partsTurnedBoxesAndLostOnes() {
        const Folder folder;
        const Result<Dataset> data = readOne(
            folder, std::string(kSize) +
                        "<object><name>person</name><part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2"
                        "</xmax><ymax>2</ymax></bndbox></part>" +
                        "<bndbox>" + corners("10", "5", "60", "75") + "</bndbox></object>" +
                        "<object><name>ship</name><robndbox><cx>50</cx><cy>40</cy><w>20</w><h>10</h><angle>0.5</angle>"
                        "</robndbox></object><object><name>gone</name></object>");
        const DatasetItem* item = itemNamed(*data, "a.jpg");
        QVERIFY2(item->boxes.size() == 2, allComplaints(*data).c_str());
        QVERIFY(iou(*item->boxes[0].box, Box{10, 5, 60, 75}) > 0.95);
        QVERIFY(iou(*item->boxes[1].box, Box{38.827, 30.818, 61.173, 49.182}) > 0.95);
        QVERIFY(item->lost == 1 && item->state == ItemState::Unlabelled);
        QVERIFY(complains(*data, "1 object has parts", 0, false));
        QVERIFY(complains(*data, "1 turned box was read as the upright box", 0, false));
    }

    // Counting lines from the beginning for each object took minutes.
    void manyObjects() {
        const Folder folder;
        std::string objects;
        for (int i = 0; i < 100000; ++i)
            objects += object("x", corners("1", "2", "5", std::to_string(i % 70 + 5).c_str())) + "\n";
        QElapsedTimer clock;
        clock.start();
        const Result<Dataset> data = readOne(folder, kSize + objects);
        QVERIFY(data.ok());
        QVERIFY2(clock.elapsed() < 20000 * querent::test::kSlowness, "reading is not linear");
    }

    // Blanks at the ends of a name count in the lists of splits as well.
    void listsOfNamesWithBlanks() {
        const Folder folder;
        Dataset data = namedData(folder, {"a.jpg", "a .jpg", " a.jpg", "a 1.jpg", "a.jpg.png"});
        for (std::size_t i = 0; i < data.items.size(); ++i)
            data.items[i].split = static_cast<Split>(i % 3);
        data.items[0].boxes[0].label = "one\rtwo";
        data.classes.emplace_back("one\rtwo");
        QVERIFY(write(Format::Voc, data, writing(folder / "out")).ok());
        const Result<Dataset> back = read(Format::Voc, reading(folder / "out", folder / "files"));
        QCOMPARE(allComplaints(*back), std::string());
        QCOMPARE(difference(data, *back), std::string());
    }
};

QTEST_GUILESS_MAIN(TestVoc)
#include "tst_voc.moc"
