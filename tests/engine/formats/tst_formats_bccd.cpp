#include "tests/engine/formats/formats_support.h"

using namespace support;

/** A real VOC data set of 364 images, where the tests are told its place. */
class TestFormatsBccd : public QObject {
    Q_OBJECT

    fs::path m_root;
    Dataset m_data;

    ReadOptions original() const {
        ReadOptions options;
        options.from = m_root / "annotations";
        options.files = m_root / "images";
        options.splits = m_root / "splits";
        options.imageSize = [](const fs::path&) -> Result<Size> { return Size{640, 480}; };
        return options;
    }

    QString trip(Format format, double tolerance) const {
        const Folder folder;
        const Result<LossReport> written = write(format, m_data, writing(folder / "out"));
        if (!written) return QString::fromStdString(written.error().text());
        ReadOptions options = original();
        options.from = folder / "out";
        options.splits.clear();
        const Result<Dataset> back = read(format, options);
        if (!back) return QString::fromStdString(back.error().text());
        if (back->classes != m_data.classes) return "classes";
        return QString::fromStdString(allComplaints(*back) + difference(m_data, *back, tolerance));
    }

 private Q_SLOTS:
    void initTestCase() {
        const QByteArray data = qgetenv("QUERENT_DATA_DIR");
        m_root = fs::path(data.toStdString()) / "bccd";
        if (data.isEmpty() || !fs::exists(m_root)) QSKIP("QUERENT_DATA_DIR has no bccd.");
        Result<Dataset> read = querent::formats::read(Format::Voc, original());
        QVERIFY(read.ok());
        m_data = std::move(*read);
        // Without the flags that not every format holds.
        for (DatasetItem& item : m_data.items) {
            for (DatasetBox& box : item.boxes)
                box.truncated = box.difficult = box.occluded = false;
        }
    }

    void counts() {
        std::map<Split, int> splits;
        for (const DatasetItem& item : m_data.items)
            ++splits[item.split.value()];
        QCOMPARE(m_data.items.size(), std::size_t{364});
        QCOMPARE(m_data.boxCount(), std::int64_t{4886});
        QCOMPARE(splits[Split::Train], 205);
        QCOMPARE(splits[Split::Val], 87);
        QCOMPARE(splits[Split::Test], 72);
        QCOMPARE(m_data.classes, (std::vector<std::string>{"RBC", "WBC", "Platelets"}));
        QCOMPARE(m_data.complaints.size(), std::size_t{1});  // where its pixels are counted from
        QVERIFY(complains(m_data, "counted from 0 or from 1", -1, false));
        QCOMPARE(*m_data.items[0].boxes[0].box, (Box{260, 177, 491, 376}));
    }

    // The same numbers stand in its boxes.csv.
    void agreesWithItsTable() {
        ReadOptions options = original();
        options.from = m_root / "boxes.csv";
        const Result<Dataset> table = read(Format::Csv, options);
        QVERIFY(table.ok());
        QCOMPARE(QString::fromStdString(difference(m_data, *table)), QString());
    }

    void voc() { QCOMPARE(trip(Format::Voc, 0.0), QString()); }
    void coco() { QCOMPARE(trip(Format::Coco, 0.0), QString()); }
    void yolo() { QCOMPARE(trip(Format::Yolo, 1e-6), QString()); }
    void csv() { QCOMPARE(trip(Format::Csv, 0.0), QString()); }
};

QTEST_GUILESS_MAIN(TestFormatsBccd)
#include "tst_formats_bccd.moc"
