#include "tests/engine/formats/sound_support.h"

#include <set>

using namespace support;

/** Real sets of items with one or several media, where the tests are told their place. */
class TestFormatsManifests : public QObject {
    Q_OBJECT

    fs::path m_root;

 private Q_SLOTS:
    void initTestCase() {
        m_root = fs::path(qgetenv("QUERENT_DATA_DIR").toStdString());
        if (m_root.empty() || !fs::exists(m_root / "fsdd")) QSKIP("QUERENT_DATA_DIR has no manifests.");
    }

    void counts_data() {
        QTest::addColumn<QString>("manifest");
        QTest::addColumn<QList<int>>("splits");
        QTest::addColumn<int>("classes");
        QTest::addColumn<int>("media");
        QTest::newRow("clothing10") << "clothing10/manifest.csv" << QList<int>{550, 100, 200} << 10 << 1;
        QTest::newRow("mnist5k") << "mnist5k/manifest.csv" << QList<int>{3500, 500, 1000} << 10 << 1;
        QTest::newRow("fsdd") << "fsdd/manifest.csv" << QList<int>{2400, 300, 300} << 10 << 1;
        QTest::newRow("speakers") << "fsdd/manifest_speaker.csv" << QList<int>{2000, 500, 500} << 10 << 1;
        QTest::newRow("avmnist") << "avmnist/manifest.csv" << QList<int>{2400, 300, 300} << 10 << 2;
        QTest::newRow("avdigits") << "avdigits/manifest.csv" << QList<int>{710, 300, 300} << 10 << 2;
        QTest::newRow("easyvqa") << "easyvqa/manifest.csv" << QList<int>{4000, 600, 1200} << 13 << 2;
    }

    void counts() {
        QFETCH(QString, manifest);
        QFETCH(QList<int>, splits);
        QFETCH(int, classes);
        QFETCH(int, media);
        ReadOptions options = hearing(m_root / manifest.toStdString());
        options.imageSize = [](const fs::path&) -> Result<Size> { return Size{28, 28}; };
        const Result<Dataset> data = read(Format::Csv, options);
        QVERIFY(data.ok());
        QCOMPARE(allComplaints(*data), std::string());
        std::map<Split, int> counts;
        std::set<std::string> used;
        for (const DatasetItem& item : data->items) {
            ++counts[item.split.value()];
            QCOMPARE(item.media.size(), static_cast<std::size_t>(media));
            QCOMPARE(item.boxes.size(), std::size_t{1});
            used.insert(item.boxes[0].label);
        }
        QCOMPARE((QList<int>{counts[Split::Train], counts[Split::Val], counts[Split::Test]}), splits);
        QCOMPARE(static_cast<int>(used.size()), classes);
        const Folder folder;
        const Result<LossReport> report = write(Format::Csv, *data, writing(folder / "out"));
        QVERIFY(report.ok());
        QCOMPARE(allLines(*report), std::string());
        options.from = folder / "out";
        const Result<Dataset> back = read(Format::Csv, options);
        QVERIFY(back.ok());
        QCOMPARE(allComplaints(*back), std::string());
        std::map<std::string, const DatasetItem*> byKey;
        for (const DatasetItem& item : back->items)
            byKey[item.key] = &item;
        for (const DatasetItem& item : data->items) {
            const DatasetItem* other = byKey[item.key];
            QVERIFY(other && other->file == item.file && other->boxes == item.boxes && other->split == item.split);
            for (std::size_t i = 0; i < item.media.size(); ++i)
                QVERIFY(other->media[i].file == item.media[i].file && other->media[i].text == item.media[i].text);
        }
    }
};

QTEST_GUILESS_MAIN(TestFormatsManifests)
#include "tst_formats_manifests.moc"
