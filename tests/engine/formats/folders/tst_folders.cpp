#include "tests/engine/formats/sound_support.h"

using namespace support;

namespace {

DatasetItem itemOf(const Folder& folder, const std::string& name, const std::string& label,
                   std::optional<Split> split = {}) {
    DatasetItem item;
    item.name = name;
    item.file = folder.write("media/" + name, "4 " + std::to_string(name.size()));
    item.split = split;
    item.state = ItemState::Labelled;
    item.boxes = {{.label = label}};
    return item;
}

// What came back for the file that `item` was copied from: the same bytes, class and split.
bool hasCopyOf(const Dataset& data, const DatasetItem& item) {
    return std::any_of(data.items.begin(), data.items.end(), [&](const DatasetItem& other) {
        return other.name.ends_with(item.name) && contents(other.file) == contents(item.file) &&
               other.split == item.split && other.state == item.state && other.boxes == item.boxes;
    });
}

}  // namespace

class TestFolders : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void classes() {
        const Folder folder;
        folder.write("in/cat/1.jpg", "10 20");
        folder.write("in/cat/1.png", "10 20");
        folder.write("in/große Hunde/deep/2.JPG", "10 20");
        folder.write("in/test/3.jpg", "10 20");
        folder.write("in/loose.jpg", "10 20");
        folder.write("in/cat/notes.txt", "no medium");
        writeSound(folder, "in/cat/4.WAV", 1.0);
        const Result<Dataset> data = read(Format::Folders, hearing(folder / "in"));
        QVERIFY(data.ok());
        QCOMPARE(data->items.size(), std::size_t{6});
        QCOMPARE(data->classes, (std::vector<std::string>{"cat", "große Hunde", "test"}));
        const DatasetItem* dog = itemNamed(*data, "große Hunde/deep/2.JPG");
        QVERIFY(dog && dog->boxes.size() == 1 && dog->boxes[0].label == "große Hunde" && !dog->boxes[0].box);
        QCOMPARE(dog->size, (Size{10, 20}));
        QVERIFY(!dog->split && dog->state == ItemState::Labelled);
        QCOMPARE(itemNamed(*data, "cat/4.WAV")->sound, (SoundShape{8000, 1, 8000}));
        QVERIFY(itemNamed(*data, "loose.jpg")->state == ItemState::Unlabelled);
        QCOMPARE(itemNamed(*data, "test/3.jpg")->boxes[0].label, std::string("test"));
        QVERIFY(complains(*data, "1 file lies in no folder of a class", 0, false));
        QCOMPARE(data->complaints.size(), std::size_t{1});
    }

    void splits() {
        const Folder folder;
        for (const char* name : {"train/cat/1.jpg", "train/dog/1.jpg", "Valid/cat/2.jpg", "test/dog/x/3.jpg",
                                 "validation/dog/4.jpg", "train/5.jpg", "extras/6.jpg"})
            folder.write(std::string("in/") + name, "10 20");
        const Result<Dataset> data = read(Format::Folders, hearing(folder / "in"));
        QCOMPARE(data->classes, (std::vector<std::string>{"extras", "dog", "cat"}));
        QVERIFY(itemNamed(*data, "train/cat/1.jpg")->split == Split::Train);
        QVERIFY(itemNamed(*data, "Valid/cat/2.jpg")->split == Split::Val);
        QVERIFY(itemNamed(*data, "validation/dog/4.jpg")->split == Split::Val);
        QVERIFY(itemNamed(*data, "test/dog/x/3.jpg")->split == Split::Test);
        QCOMPARE(itemNamed(*data, "test/dog/x/3.jpg")->boxes[0].label, std::string("dog"));
        QVERIFY(itemNamed(*data, "train/5.jpg")->boxes.empty());
        QVERIFY(itemNamed(*data, "train/5.jpg")->split == Split::Train);
        QVERIFY(complains(*data, "read as the class 'extras'", 0, false));
        QVERIFY(read(Format::Folders, hearing(folder / "in/nothing")).error().code == ErrorCode::NotFound);
        folder.write("bare/cat/readme.md", "");
        QVERIFY(read(Format::Folders, hearing(folder / "bare")).error().code == ErrorCode::NotFound);
    }

    void trips() {
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            const Folder folder;
            Rng rng(seed);
            Dataset data;
            data.classes = {"z", "cat", "große Hunde", "=1", "train", "never used"};
            for (int i = 0; i < 40; ++i) {
                const std::string name = (rng.chance(0.5)   ? ""
                                          : rng.chance(0.5) ? "cat/"
                                                            : "ü b/") +
                                         std::to_string(i) + (rng.chance(0.5) ? ".jpg" : ".wav");
                std::optional<Split> split;
                if (seed < 2 && rng.chance(0.8)) split = static_cast<Split>(rng.index(3));
                data.items.push_back(itemOf(folder, name, data.classes[rng.index(5)], split));
            }
            const Result<LossReport> report = write(Format::Folders, data, writing(folder / "out"));
            QVERIFY(report.ok());
            QCOMPARE(report->items, std::int64_t{40});
            const Result<Dataset> back = read(Format::Folders, reading(folder / "out"));
            QVERIFY(back.ok());
            QCOMPARE(back->items.size(), data.items.size());
            QCOMPARE(back->classes, data.classes);
            for (const DatasetItem& item : data.items) {
                DatasetItem bare = item;
                bare.name = item.name.substr(item.name.rfind('/') + 1);
                QVERIFY2(hasCopyOf(*back, bare), item.name.c_str());
            }
            QVERIFY(write(Format::Folders, *back, writing(folder / "again")).ok());
            const Result<Dataset> twice = read(Format::Folders, reading(folder / "again"));
            for (const DatasetItem& item : back->items)
                QVERIFY2(itemNamed(*twice, item.name), item.name.c_str());
        }
    }

    void namesThatWouldMeet() {
        const Folder folder;
        Dataset data;
        data.classes = {"cat"};
        data.items = {itemOf(folder, "cat/1.jpg", "cat"), itemOf(folder, "1.jpg", "cat"),
                      itemOf(folder, "1.png", "cat")};
        const Result<LossReport> report = write(Format::Folders, data, writing(folder / "out"));
        QVERIFY(report.ok());
        QVERIFY(fs::exists(folder / "out/cat/cat/1.jpg") && fs::exists(folder / "out/cat/1.jpg"));
        QVERIFY(fs::exists(folder / "out/cat/1.png"));
        data.items.push_back(data.items[1]);
        QVERIFY(!write(Format::Folders, data, writing(folder / "twice")).ok());
        QVERIFY(!fs::exists(folder / "twice"));
    }

    void losses() {
        const Folder folder;
        Dataset data;
        data.classes = {"cat", "dog", "a/b"};
        for (const char* name : {"1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg", "6.jpg", "7.jpg", "8.jpg"})
            data.items.push_back(itemOf(folder, name, "cat", Split::Test));
        data.items[0].boxes.push_back({.label = "dog"});
        data.items[1].media = {{Modality::Image, "2.jpg", data.items[1].file, {}}, {Modality::Text, {}, {}, "words"}};
        data.items[2].boxes[0].label = "a/b";
        data.items[3].boxes = {{.label = "cat", .box = Box{0, 0, 1, 1}}};
        data.items[4].file = folder / "media/gone.jpg";
        data.items[5].boxes[0].score = 0.5;
        data.items[6].state = ItemState::Skipped;
        data.items[7].split.reset();
        WriteOptions options = writing(folder / "out");
        options.allStates = true;
        options.dryRun = true;
        const Result<LossReport> report = write(Format::Folders, data, options);
        QVERIFY(report.ok());
        QVERIFY(!fs::exists(folder / "out"));
        QVERIFY(says(*report, "1 item with several classes is left out."));
        QVERIFY(says(*report, "1 item with several media is left out."));
        QVERIFY(says(*report, "1 item has a class that cannot be the name of a folder and is left out."));
        QVERIFY(says(*report, "1 box is left out: A folder for each class has classes of whole items only."));
        QVERIFY(says(*report, "1 item without a class is left out."));
        QVERIFY(says(*report, "1 file is missing and cannot be copied."));
        QVERIFY(says(*report, "1 class loses its score: A folder for each class has no place for it."));
        QVERIFY(says(*report, "1 item is left out, because nobody has settled its class."));
        QVERIFY(says(*report, "1 item has no split and is in the folder 'unassigned'."));
        QCOMPARE(report->items, std::int64_t{2});
        QCOMPARE(report->files.size(), std::size_t{3});
        options.to = folder / "media/out";
        QVERIFY(!write(Format::Folders, data, options).ok());
    }
};

QTEST_GUILESS_MAIN(TestFolders)
#include "tst_folders.moc"
