#include "tests/engine/formats/sound_support.h"

using namespace support;

namespace {

const char* const kHead = "id,split,class,image,audio,text\n";

// Empty when both say the same of every item, found by its key; else the first difference.
std::string differenceByKey(const Dataset& expected, const Dataset& actual, bool samePaths) {
    if (expected.items.size() != actual.items.size()) return "number of items";
    std::map<std::string, const DatasetItem*> byKey;
    for (const DatasetItem& item : actual.items)
        byKey[item.key] = &item;
    for (const DatasetItem& item : expected.items) {
        const DatasetItem* other = byKey[item.key];
        if (!other) return "missing: " + item.key;
        if (other->split != item.split || other->state != item.state || !(other->boxes == item.boxes))
            return "split, state or classes of " + item.key;
        if (other->media.size() != item.media.size()) return "number of media of " + item.key;
        for (std::size_t i = 0; i < item.media.size(); ++i) {
            const DatasetMedium& a = item.media[i];
            const DatasetMedium& b = other->media[i];
            if (a.modality != b.modality || a.text != b.text) return "medium of " + item.key;
            if (samePaths ? a.file != b.file : contents(a.file) != contents(b.file)) return "file of " + item.key;
        }
    }
    return {};
}

std::string randomText(Rng& rng) {
    static const std::vector<std::string> kPieces = {"what color",
                                                     " ",
                                                     "\n",
                                                     "\r\n",
                                                     "\"",
                                                     "\"\"",
                                                     ",",
                                                     ";",
                                                     "|",
                                                     "\t",
                                                     "=1+1",
                                                     "-",
                                                     "@x",
                                                     "'",
                                                     "👩‍👩‍👧‍👦🏳️‍🌈",
                                                     "مرحبا بالعالم",
                                                     "שלום",
                                                     "\u202E",
                                                     "ñ",
                                                     "C:\\x",
                                                     "#",
                                                     "é"};
    std::string text;
    const int count = rng.integer(1, 12);
    for (int i = 0; i < count; ++i)
        text += kPieces[rng.index(kPieces.size())];
    return text + "?";
}

// Items of one, two or three media; several may share a picture.
Dataset randomItems(Rng& rng, const Folder& folder) {
    static const std::vector<std::string> kPictures = {"images/a.png", "images/ü b.png", "images/-c.png",
                                                       "images/it's, \"q\".png", "other/a.png"};
    Dataset data;
    data.classes = {"cat", "große Hunde", "=1", "a,b;\"c\"", "never used"};
    for (int i = 0; i < 60; ++i) {
        DatasetItem item;
        item.key = (rng.chance(0.2) ? "=k," : "k ") + std::to_string(i);
        const int kinds = rng.integer(1, 7);
        if ((kinds & 1) != 0) {
            const std::string name = kPictures[rng.index(kPictures.size())];
            item.media.push_back({Modality::Image, name, folder.write("data/" + name, "10 20 " + name), {}});
        }
        if ((kinds & 2) != 0) {
            const std::string name = "audio/" + std::to_string(i % 50) + ".wav";
            item.media.push_back({Modality::Audio, name, writeSound(folder, "data/" + name, i + 1.0), {}});
        }
        if ((kinds & 4) != 0) item.media.push_back({Modality::Text, {}, {}, randomText(rng)});
        item.name = (item.media.front().path.empty() ? "text" : item.media.front().path) + "#" + std::to_string(i);
        item.file = item.media.front().file;
        if (rng.chance(0.7)) item.split = static_cast<Split>(rng.index(3));
        for (std::size_t c = 0; c < 4; ++c) {
            if (rng.chance(0.4)) item.boxes.push_back({.label = data.classes[c]});
        }
        item.state = item.boxes.empty() ? ItemState::Unlabelled : ItemState::Labelled;
        data.items.push_back(std::move(item));
    }
    return data;
}

}  // namespace

class TestManifest : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void oddTexts() {
        const Folder folder;
        const std::string longText = std::string(99999, 'x') + "?";
        folder.write("manifest.csv", std::string("\xEF\xBB\xBF") + kHead +
                                         "1,,,,,\"He said \"\"what, 👩‍👩‍👧‍👦\nis\r\nit?\"\"\"\r\n"
                                         "2,,,,,مرحبا بالعالم\r\n"
                                         "3,,,,," +
                                         longText +
                                         "\n"
                                         "4,,,,,'=1+1\n"
                                         "5,,,,,\" padded \"\n"
                                         "6,,,,,\"   \"\n"
                                         "7,,x|  |y |x,,,it's \"quoted\" inside\n");
        const Result<Dataset> data = read(Format::Csv, hearing(folder.root()));
        QVERIFY(data.ok());
        const auto textOf = [&](const char* name) { return itemNamed(*data, name)->media[0].text; };
        QCOMPARE(textOf("1"), std::string("He said \"what, 👩‍👩‍👧‍👦\nis\r\nit?\""));
        QCOMPARE(textOf("2"), std::string("مرحبا بالعالم"));
        QCOMPARE(textOf("3"), longText);
        QCOMPARE(textOf("4"), std::string("=1+1"));
        QCOMPARE(textOf("5"), std::string(" padded "));
        QCOMPARE(textOf("7"), std::string("it's \"quoted\" inside"));
        QVERIFY(complains(*data, "no image, no audio and no text", 9, true));
        QVERIFY(complains(*data, "1 answer was there more than once", 0, false));
        QCOMPARE(itemNamed(*data, "7")->boxes.size(), std::size_t{2});
        QCOMPARE(data->complaints.size(), std::size_t{2});
        QVERIFY(modalityOf(data->items[0]) == Modality::Text);
    }

    void scoresThatAreNoneAreSaid() {
        const Folder folder;
        folder.write("manifest.csv",
                     "id,class,text,score\n1,x,one,0.5\n2,x|y,two,2\n3,x,three,nan\n4,x,four,much\n5,x,five,\n");
        const Result<Dataset> data = read(Format::Csv, hearing(folder.root()));
        QVERIFY(data.ok());
        QCOMPARE(itemNamed(*data, "1")->boxes[0].score, std::optional<double>(0.5));
        for (const char* name : {"2", "3", "4", "5"})
            QVERIFY(!itemNamed(*data, name)->boxes[0].score);
        QVERIFY(complains(*data, "The score '2' is not between 0 and 1; the row was read without.", 3, false));
        QVERIFY(complains(*data, "The score 'nan'", 4, false));
        QVERIFY(complains(*data, "The score 'much'", 5, false));
        QCOMPARE(data->complaints.size(), std::size_t{3});
    }

    void paths() {
        const Folder folder;
        for (const char* name : {"m/images/ä ö.png", "m/images/2.png", "outside/deep/3.png", "outside/4.png"})
            folder.write(name, "10 20");
        writeSound(folder, "outside/5.wav", 1.0);
        writeSound(folder, "m/images/6.wav", 1.0);
        folder.write("m/manifest.csv", std::string(kHead) +
                                           "1,,,./images/../images/ä ö.png,,\n"
                                           "2,,,D:\\somewhere\\images\\2.png,,\n"
                                           "3,,," +
                                           (folder / "outside/deep/3.png").string() +
                                           ",,\n"
                                           "4,,," +
                                           (folder / "outside/4.png").string() + "," +
                                           (folder / "outside/5.wav").string() +
                                           ",\n"
                                           "5,,,../outside/4.png,,\n"
                                           "6,,,images/gone.png,images/6.wav,\n"
                                           "7,,,..,,\n"
                                           "8,,,/nowhere/at all.png,,\n"
                                           "9,,," +
                                           (folder / "m/images/2.png").string() +
                                           ",,\n"
                                           "10,,,,images/6.wav,\n"
                                           "../11,,,,,text\n"
                                           "2,,,images/2.png,,\n");
        const Result<Dataset> data = read(Format::Csv, hearing(folder / "m"));
        QVERIFY(data.ok());
        const auto fileOf = [&](const char* name) {
            const DatasetItem* item = itemNamed(*data, name);
            return item ? item->file : fs::path();
        };
        QCOMPARE(fileOf("images/ä ö.png"), folder / "m/images/ä ö.png");
        QCOMPARE(fileOf("images/2.png"), folder / "m/images/2.png");
        QCOMPARE(fileOf("deep/3.png"), folder / "outside/deep/3.png");
        QCOMPARE(fileOf("4.png"), folder / "outside/4.png");
        QCOMPARE(itemNamed(*data, "4.png")->media[1].path, std::string("5.wav"));
        QCOMPARE(itemNamed(*data, "deep/3.png")->size, (Size{10, 20}));
        QCOMPARE(fileOf("images/2.png#9"), folder / "m/images/2.png");
        QCOMPARE(itemNamed(*data, "images/6.wav")->sound, (SoundShape{8000, 1, 8000}));
        QVERIFY(itemNamed(*data, "row 12"));
        QVERIFY(complains(*data, "'../outside/4.png' leads out", 6, true));
        QVERIFY(complains(*data, "'images/gone.png' is missing", 7, false));
        QVERIFY(complains(*data, "'..' leads out", 8, true));
        QVERIFY(complains(*data, "'at all.png' is missing", 9, false));
        QVERIFY(complains(*data, "id '2' is there already", 13, true));
        QCOMPARE(data->complaints.size(), std::size_t{5});
        ReadOptions elsewhere = hearing(folder / "m/manifest.csv", folder / "m/images");
        QCOMPARE(itemNamed(*read(Format::Csv, elsewhere), "2.png")->file, folder / "m/images/2.png");
    }

    void trips() {
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            const Folder folder;
            Rng rng(seed);
            const Dataset data = randomItems(rng, folder);
            WriteOptions options = writing(seed % 2 == 0 ? folder / "data" : folder / "out");
            options.allStates = true;
            const Result<LossReport> report = write(Format::Csv, data, options);
            QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
            QCOMPARE(allLines(*report), std::string());
            const Result<Dataset> back = read(Format::Csv, hearing(options.to));
            QVERIFY(back.ok());
            QCOMPARE(QString::fromStdString(allComplaints(*back)), QString());
            QCOMPARE(QString::fromStdString(differenceByKey(data, *back, true)), QString());
            QCOMPARE(back->classes, data.classes);
            if (seed % 2 == 0)
                QVERIFY(contents(options.to / "manifest.csv").find(folder.root().string()) == std::string::npos);
        }
    }

    void copiesStandAlone() {
        const Folder folder;
        Rng rng(9);
        const Dataset data = randomItems(rng, folder);
        WriteOptions options = writing(folder / "out");
        options.allStates = true;
        options.images = Images::Copy;
        QVERIFY(write(Format::Csv, data, options).ok());
        fs::rename(folder / "out", folder / "moved");
        const Result<Dataset> back = read(Format::Csv, hearing(folder / "moved"));
        QVERIFY(back.ok());
        QCOMPARE(QString::fromStdString(allComplaints(*back) + differenceByKey(data, *back, false)), QString());
    }

    void losses() {
        const Folder folder;
        Dataset data;
        data.classes = {"cat", "a|b"};
        DatasetItem item;
        item.name = "1.png";
        item.file = folder.write("in/1.png", "1 1");
        item.state = ItemState::Labelled;
        item.boxes = {{.label = "cat", .score = 0.5}, {.label = "a|b"}};
        item.media = {{Modality::Image, "1.png", item.file, {}}, {Modality::Image, "2.png", folder / "in/2.png", {}}};
        data.items = {item, item, item};
        data.items[1].name = "2.png";
        data.items[1].state = ItemState::Unsure;
        data.items[2] = {};
        data.items[2].name = "3.png";
        data.items[2].state = ItemState::ConfirmedEmpty;
        WriteOptions options = writing(folder / "out");
        options.allStates = true;
        const Result<LossReport> report = write(Format::Csv, data, options);
        QVERIFY(report.ok());
        QVERIFY(says(*report, "2 media are left out: a manifest has one column for each kind of medium."));
        QVERIFY(says(*report, "1 class is left out, because '|' in its name joins classes."));
        QVERIFY(says(*report, "2 classes of items that are not labelled cannot be told from labels and are left out."));
        QVERIFY(says(*report, "1 item loses its status: A manifest knows only labelled and unlabelled."));
        QVERIFY(says(*report, "1 empty item becomes unlabelled: A manifest cannot tell the two apart."));
        QVERIFY(says(*report, "2 classes lose their score: A manifest has no place for it."));
        QCOMPARE(report->boxes, std::int64_t{1});
        QCOMPARE(contents(folder / "out/manifest.csv"), std::string(kHead) + "1.png,,cat," + item.file.string() +
                                                            ",,\n2.png,,," + item.file.string() +
                                                            ",,\n3.png,,,3.png,,\n");
    }

    void layouts() {
        const Folder folder;
        Dataset data;
        data.classes = {"x"};
        data.items.emplace_back().name = "1.png";
        data.items[0].state = ItemState::ConfirmedEmpty;
        const auto wrote = [&](const char* target, CsvLayout layout) {
            WriteOptions options = writing(folder / target);
            options.csvLayout = layout;
            const Result<LossReport> report = write(Format::Csv, data, options);
            return report.ok() && fs::exists(folder / target / "manifest.csv");
        };
        QVERIFY(!wrote("a", CsvLayout::Auto));
        QVERIFY(wrote("b", CsvLayout::Manifest));
        data.items[0].boxes = {{.label = "x"}};
        QVERIFY(wrote("c", CsvLayout::Auto));
        QVERIFY(!wrote("d", CsvLayout::Boxes));
        data.items[0].boxes.push_back({.label = "x", .box = Box{0, 0, 1, 1}});
        QVERIFY(!wrote("e", CsvLayout::Auto));
    }

    void namesToTheLastBlankAndBackslash() {
        const Folder folder;
        Dataset data;
        data.classes = {"a", "b"};
        for (const char* name : {"sub/1.png", "sub\\1.png", " 2.png", "2.png"}) {
            DatasetItem& item = data.items.emplace_back();
            item.name = name;
            item.file = folder.write(std::string("files/") + name, std::string("4 4 ") + name);
            item.state = ItemState::Labelled;
            item.boxes = {{.label = data.items.size() % 2 == 0 ? "a" : "b"}};
        }
        WriteOptions options = writing(folder / "out");
        options.images = Images::Copy;
        QVERIFY(write(Format::Csv, data, options).ok());
        const Result<Dataset> back = read(Format::Csv, reading(folder / "out"));
        QCOMPARE(allComplaints(*back), std::string());
        for (const DatasetItem& item : data.items) {
            const DatasetItem* other = itemNamed(*back, "media/" + item.name);
            QVERIFY2(other && contents(other->file) == contents(item.file), item.name.c_str());
            QVERIFY(other->boxes == item.boxes);
        }
    }
};

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
