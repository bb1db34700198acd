#include "tests/engine/formats/sound_support.h"

using namespace support;

namespace {

const char* const kHead =
    "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tAnnotation\n";
const char* const kFiles = "Selection\tBegin Time (s)\tEnd Time (s)\tBegin Path\tSpecies\n";

Result<Dataset> readTable(const Folder& folder, const std::string& text,
                          const char* name = "tables/a.Table.1.selections.txt") {
    for (const char* sound : {"audio/a.wav", "audio/b.wav", "audio/c.wav"})
        writeSound(folder, sound, 2.0);
    folder.write(name, text);
    return read(Format::Raven, hearing(folder / "tables", folder / "audio"));
}

}  // namespace

class TestRaven : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void rows() {
        const Folder folder;
        const Result<Dataset> data = readTable(folder, std::string("\xEF\xBB\xBF") + kHead +
                                                           "1\tWaveform 1\t1\t0.5\t1.0\t100\t2000\towl\r\n"
                                                           "1\tSpectrogram 1\t1\t0.5\t1.0\t100.5\t2000\towl\r\n"
                                                           "1\tSpectrogram 2\t2\t0.5\t1.0\t100\t2000\towl\r\n"
                                                           "2\tWaveform 1\t1\t1.0\t2.0\t\t\t7\r\n"
                                                           "\r\n"
                                                           "2\tWaveform 2\t1\t1.0\t2.0\t\t\t7\r\n"
                                                           "3\tSpectrogram 1\t1\t1.0\t2.0\t0\t4000\tcuckoo");
        QVERIFY(data.ok());
        QCOMPARE(allComplaints(*data), std::string());
        const DatasetItem* item = itemNamed(*data, "a.wav");
        QCOMPARE(item->boxes.size(), std::size_t{3});
        QCOMPARE(*item->boxes[0].box, (Box{4000, 100.5, 8000, 2000}));
        QCOMPARE(*item->boxes[1].box, (Box{8000, 0, 16000, 4000}));
        QCOMPARE(item->boxes[2].label, std::string("cuckoo"));
        QVERIFY(itemNamed(*data, "b.wav")->state == ItemState::Unlabelled);
    }

    void namesOfTables() {
        for (const char* name : {"a.Table.2.selections.txt", "a.selections.txt", "a.txt",
                                 "a.wav.Table.1.selections.txt", "a.wav.txt", "A.TXT"}) {
            const Folder folder;
            const Result<Dataset> data =
                readTable(folder, std::string(kHead) + "1\t\t\t0\t1\t\t\tx\n", (std::string("tables/") + name).c_str());
            QCOMPARE(itemNamed(*data, "a.wav")->boxes.size(), std::size_t{1});
        }
    }

    void twoTablesOfOneSound() {
        const Folder folder;
        folder.write("tables/a.Table.2.selections.txt", std::string(kHead) + "1\t\t\t0\t1\t\t\ty\n");
        folder.write("tables/b.Table.1.selections.txt", kHead);
        const Result<Dataset> data = readTable(folder, std::string(kHead) + "1\t\t\t0\t1\t\t\tx\n");
        QCOMPARE(itemNamed(*data, "a.wav")->boxes.size(), std::size_t{2});
        QVERIFY(itemNamed(*data, "b.wav")->state == ItemState::ConfirmedEmpty);
        QVERIFY(itemNamed(*data, "c.wav")->state == ItemState::Unlabelled);
    }

    void headers() {
        const Folder folder;
        Result<Dataset> data = readTable(folder, "some text\n");
        QVERIFY(complains(*data, "no header of a selection table", 1, true));
        data = readTable(folder, "Begin Time (s)\tEnd Time (s)\n0\t1\n0\t2\n");
        QVERIFY(complains(*data, "no column that could hold classes", 1, true));
        QVERIFY(itemNamed(*data, "a.wav")->state == ItemState::Unlabelled);
        data = readTable(folder,
                         "END TIME (S)\tbegin time (s)\tCount\tCall Type\tPeak Freq (Hz)\tLow Freq (kHz)\tHigh Freq "
                         "(kHz)\tConfidence\n1\t0.5\t3\tsong\t900\t0.1\t1.5\t0.25\n1\t0\t3\tsong\t900\t\t\t7\n");
        const DatasetItem* item = itemNamed(*data, "a.wav");
        QCOMPARE(*item->boxes[0].box, (Box{4000, 100, 8000, 1500}));
        QCOMPARE(item->boxes[0].label, std::string("song"));
        QCOMPARE(item->boxes[0].score, std::optional(0.25));
        QVERIFY(!item->boxes[1].score);
        QVERIFY(complains(*data, "2 columns are not kept: 'Count', 'Peak Freq (Hz)'.", 1, false));
        QVERIFY(complains(*data, "in kHz", 1, false));
        QVERIFY(complains(*data, "confidence is not between 0 and 1", 3, false));
    }

    void badRows() {
        const Folder folder;
        const Result<Dataset> data = readTable(folder, std::string(kHead) +
                                                           "1\t\t\tone\t1\t\t\tx\n"    // 2
                                                           "2\t\t\t0\t1\t\t\t\n"       // 3
                                                           "3\t\t\t1,5\t2,5\t\t\tx\n"  // 4
                                                           "4\t\t\t5\t6\t\t\tx\n"      // 5
                                                           "5\t\t\t1\t1\t\t\tx\n"      // 6
                                                           "6\t\t\t0\n");              // 7
        QVERIFY(complains(*data, "is not a number", 2, true));
        QVERIFY(complains(*data, "no class", 3, true));
        QVERIFY(complains(*data, "2 numbers have decimal commas", 4, false));
        QVERIFY(complains(*data, "reaches out of the sound", 4, false));
        QVERIFY(complains(*data, "wholly outside", 5, true));
        QVERIFY(complains(*data, "point in time", 6, true));
        QVERIFY(complains(*data, "is not a number", 7, true));
        QCOMPARE(*itemNamed(*data, "a.wav")->boxes[0].box, (Box{12000, 0, 16000, 4000}));
    }

    void offsetsOfSeveralFiles() {
        const Folder folder;
        const Result<Dataset> data = readTable(folder,
                                               "Selection\tBegin Time (s)\tEnd Time (s)\tBegin Path\tFile Offset "
                                               "(s)\tSpecies\n"
                                               "1\t4.5\t5.0\tD:\\rec\\c.wav\t0.5\tx\n"
                                               "2\t0.5\t1.0\t/mnt/rec/a.wav\t0.5\tx\n"
                                               "3\t9.0\t9.5\t/mnt/rec/gone.wav\t1.0\tx\n",
                                               "tables/all.txt");
        QCOMPARE(*itemNamed(*data, "c.wav")->boxes[0].box, (Box{4000, 0, 8000, 4000}));
        QCOMPARE(*itemNamed(*data, "a.wav")->boxes[0].box, (Box{4000, 0, 8000, 4000}));
        QVERIFY(!itemNamed(*data, "gone.wav"));  // a row alone is no item
        QVERIFY(complains(*data, "'gone.wav' is missing, so its labels have no place", 4, true));
        QVERIFY(itemNamed(*data, "b.wav")->state == ItemState::Unlabelled);
    }

    // b.wav has no selection; its two seconds count all the same.
    void timesThatRunOverSeveralFiles() {
        const Folder folder;
        const Result<Dataset> data = readTable(folder,
                                               std::string(kFiles) +
                                                   "1\t0.5\t1.0\ta.wav\tx\n"
                                                   "2\t4.5\t5.0\tc.wav\tx\n"
                                                   "3\t2.5\t3.0\tc.wav\tx\n",
                                               "tables/all.txt");
        QCOMPARE(*itemNamed(*data, "a.wav")->boxes[0].box, (Box{4000, 0, 8000, 4000}));
        QCOMPARE(itemNamed(*data, "c.wav")->boxes.size(), std::size_t{1});
        QCOMPARE(*itemNamed(*data, "c.wav")->boxes[0].box, (Box{4000, 0, 8000, 4000}));
        QVERIFY(complains(*data, "do not lead to the place", 4, true));
        folder.write("audio/b.wav", "broken");
        const Result<Dataset> broken = read(Format::Raven, hearing(folder / "tables", folder / "audio"));
        QVERIFY(itemNamed(*broken, "c.wav")->boxes.empty());
        QCOMPARE(itemNamed(*broken, "a.wav")->boxes.size(), std::size_t{1});
        QVERIFY(complains(*broken, "do not lead to the place", 3, true));
    }

    void oneFileOfAnotherMachine() {
        const Folder folder;
        const Result<Dataset> data = readTable(folder, std::string(kFiles) + "1\t0.5\t1.0\tE:\\old name.wav\tx\n");
        QCOMPARE(itemNamed(*data, "a.wav")->boxes.size(), std::size_t{1});
        QVERIFY(!itemNamed(*data, "old name.wav"));
    }

    void goldenBytes() {
        const Folder folder;
        Dataset data;
        data.classes = {"x"};
        DatasetItem item = soundItem(folder, "a.wav", 44100);
        item.boxes = {{.label = "x", .box = Box{44100, 0, 88200, 22050}, .round = 2},
                      {.label = "x", .box = Box{1, 80.5, 4, 3800}}};
        data.items = {item};
        const Result<LossReport> report = write(Format::Raven, data, writing(folder / "out"));
        QCOMPARE(allLines(*report), std::string("1 box loses its round: A selection table has no place for it.\n"));
        QCOMPARE(contents(folder / "out/a.Table.1.selections.txt"),
                 std::string(kHead) +
                     "1\tSpectrogram 1\t1\t0.000022675736961451248\t0.00009070294784580499\t80.5\t3800\tx\n"
                     "2\tSpectrogram 1\t1\t1\t2\t0\t22050\tx\n");
        data.items[0].boxes[0].score = 0.25;
        QVERIFY(write(Format::Raven, data, writing(folder / "scored")).ok());
        QVERIFY(contents(folder / "scored/a.Table.1.selections.txt").ends_with("\t22050\tx\t0.25\n"));
    }
};

QTEST_GUILESS_MAIN(TestRaven)
#include "tst_raven.moc"
