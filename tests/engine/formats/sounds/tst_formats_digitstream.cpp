#include "tests/engine/formats/sound_support.h"

using namespace support;

/** A real set of 240 sounds that comes as selection tables and as label tracks, where the tests are told its place. */
class TestFormatsDigitstream : public QObject {
    Q_OBJECT

    fs::path m_root;

    Result<Dataset> original(Format format, const char* labels) const {
        ReadOptions options = hearing(m_root / labels, m_root / "audio");
        options.splits = m_root / "splits";
        return read(format, options);
    }

 private Q_SLOTS:
    void initTestCase() {
        const QByteArray data = qgetenv("QUERENT_DATA_DIR");
        m_root = fs::path(data.toStdString()) / "digitstream";
        if (data.isEmpty() || !fs::exists(m_root)) QSKIP("QUERENT_DATA_DIR has no digitstream.");
    }

    void bothFormsAgree() {
        const Result<Dataset> raven = original(Format::Raven, "raven");
        const Result<Dataset> audacity = original(Format::Audacity, "audacity");
        QVERIFY(raven.ok() && audacity.ok());
        for (const Dataset* data : {&*raven, &*audacity}) {
            QCOMPARE(allComplaints(*data), std::string());
            QCOMPARE(data->items.size(), std::size_t{240});
            QCOMPARE(data->boxCount(), std::int64_t{1480});
            QCOMPARE(data->classes.size(), std::size_t{10});
            std::map<Split, int> splits;
            for (const DatasetItem& item : data->items) {
                ++splits[item.split.value()];
                QVERIFY(item.sound == (SoundShape{8000, 1, 48000}));
            }
            QCOMPARE(splits, (std::map<Split, int>{{Split::Train, 150}, {Split::Val, 30}, {Split::Test, 60}}));
        }
        QCOMPARE(QString::fromStdString(difference(*raven, *audacity, 1e-6 * 8000)), QString());
        QCOMPARE(*raven->items[0].boxes[0].box, (Box{2135, 80, 4465, 3800}));
    }

    void trips() {
        const Result<Dataset> data = original(Format::Raven, "raven");
        QVERIFY(data.ok());
        for (const Format format : {Format::Raven, Format::Audacity}) {
            const Folder folder;
            const Result<LossReport> written = write(format, *data, writing(folder / "out"));
            QVERIFY(written.ok());
            QCOMPARE(allLines(*written), std::string());
            const Result<Dataset> back = read(format, hearing(folder / "out", m_root / "audio"));
            QVERIFY(back.ok());
            QCOMPARE(QString::fromStdString(allComplaints(*back) + difference(*data, *back, 1e-9)), QString());
        }
    }
};

QTEST_GUILESS_MAIN(TestFormatsDigitstream)
#include "tst_formats_digitstream.moc"
