#include "tests/engine/formats/sound_support.h"

using namespace support;

namespace {

Result<Dataset> readResults(const Folder& folder, const std::string& name, const std::string& text,
                            bool asPredictions = true) {
    writeSound(folder, "audio/a b_1.wav", 6.0);
    writeSound(folder, "audio/c.wav", 6.0);
    folder.write("results/" + name, text);
    ReadOptions options = hearing(folder / "results", folder / "audio");
    options.asPredictions = asPredictions;
    return read(Format::BirdNet, options);
}

}  // namespace

class TestBirdNet : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void csv() {
        const Folder folder;
        const Result<Dataset> data = readResults(folder, "a b_1.BirdNET.results.csv",
                                                 "Start (s),End (s),Scientific name,Common name,Confidence\n"
                                                 "0.0,3.0,Turdus merula,\"Blackbird, common\",0.91\n"
                                                 "3.0,6.0,Turdus merula,Eurasian Blackbird,1.7\n"
                                                 "x,6.0,Turdus merula,Eurasian Blackbird,0.5\n"
                                                 "6.0,9.0,Turdus merula,Eurasian Blackbird,0.5\n"
                                                 "0.0,3.0,Turdus merula,,0.5\n");
        QVERIFY(data.ok());
        const DatasetItem* item = itemNamed(*data, "a b_1.wav");
        QVERIFY(item && item->state == ItemState::Unlabelled);
        QCOMPARE(item->boxes.size(), std::size_t{2});
        QCOMPARE(*item->boxes[0].box, (Box{0, 0, 24000, 4000}));
        QCOMPARE(item->boxes[0].label, std::string("Blackbird, common"));
        QCOMPARE(item->boxes[0].score, std::optional(0.91));
        QVERIFY(!item->boxes[1].score);
        QVERIFY(complains(*data, "confidence is not between", 3, false));
        QVERIFY(complains(*data, "is not a number", 4, true));
        QVERIFY(complains(*data, "wholly outside", 5, true));
        QVERIFY(complains(*data, "no class", 6, true));
    }

    void csvOfSeveralFiles() {
        const Folder folder;
        const Result<Dataset> data = readResults(folder, "BirdNET_CombinedTable.csv",
                                                 "Start (s),End (s),Scientific name,Common name,Confidence,File\n"
                                                 "0.0,3.0,Turdus merula,Blackbird,0.5,C:\\rec\\a b_1.wav\n"
                                                 "3.0,6.0,Turdus merula,Blackbird,0.6,/rec/c.wav\n"
                                                 "3.0,6.0,Turdus merula,Blackbird,0.6,/rec/gone.wav\n",
                                                 false);
        QCOMPARE(itemNamed(*data, "a b_1.wav")->boxes.size(), std::size_t{1});
        QCOMPARE(itemNamed(*data, "c.wav")->boxes[0].box->left, 24000.0);
        QVERIFY(itemNamed(*data, "c.wav")->state == ItemState::Labelled);
        QVERIFY(!itemNamed(*data, "gone.wav"));  // a row alone is no item
        QVERIFY(complains(*data, "'gone.wav' is missing", 4, true));
    }

    void tables() {
        const Folder folder;
        const Result<Dataset> data =
            readResults(folder, "c.BirdNET.selection.table.txt",
                        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tCommon "
                        "Name\tSpecies Code\tConfidence\n"
                        "1\tSpectrogram 1\t1\t0\t3.0\t50\t15000\tBlackbird\teurbla\t0.75\n");
        const DatasetItem* item = itemNamed(*data, "c.wav");
        QCOMPARE(item->boxes.size(), std::size_t{1});
        QCOMPARE(*item->boxes[0].box, (Box{0, 50, 24000, 4000}));
        QCOMPARE(item->boxes[0].label, std::string("Blackbird"));
        QCOMPARE(item->boxes[0].score, std::optional(0.75));
        QVERIFY(complains(*data, "reaches beyond the frequencies", 2, false));
    }

    void nothingHeardIsNotEmpty() {
        const Folder folder;
        const Result<Dataset> data = readResults(folder, "c.BirdNET.results.csv",
                                                 "Start (s),End (s),Scientific name,Common name,Confidence\n", false);
        QVERIFY(itemNamed(*data, "c.wav")->state == ItemState::Unlabelled);
        QVERIFY(complains(*readResults(folder, "c.BirdNET.results.csv", "a,b\n"), "not that of BirdNET", 1, true));
        QVERIFY(complains(*readResults(folder, "c.BirdNET.results.csv", ""), "empty", 1, true));
    }

    // The same detection in each of the other forms.
    void otherForms_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::newRow("r") << "c.BirdNET.results.r.csv"
                           << "filepath,start,end,scientific_name,common_name,confidence,lat,lon\n"
                              "D:\\data\\c.wav,3.0,6.0,Troglodytes troglodytes,Eurasian Wren,0.8100,-1,-1\n";
        QTest::newRow("kaleidoscope") << "c.BirdNET.results.kaleidoscope.csv"
                                      << "INDIR,FOLDER,IN FILE,OFFSET,DURATION,scientific_name,common_name,confidence\n"
                                         "/data,data,c.wav,3.0,3.0,Troglodytes troglodytes,Eurasian Wren,0.8100\n";
        QTest::newRow("kaleidoscope, newer") << "c.BirdNET.results.kaleidoscope.csv"
                                             << "INDIR,FOLDER,IN FILE,OFFSET,DURATION,TOP1MATCH,TOP1DIST\n"
                                                "/data,data,c.wav,3.0,3.0,Eurasian Wren,0.8100\n";
        QTest::newRow("r without a file") << "c.BirdNET.results.r.csv"
                                          << "start,end,common_name,confidence\n3.0,6.0,Eurasian Wren,0.81\n";
        QTest::newRow("audacity") << "c.BirdNET.results.txt"
                                  << "3.0\t6.0\tTroglodytes troglodytes, Eurasian Wren\t0.8100\n";
        QTest::newRow("audacity, turned") << "c.BirdNET.results.txt"
                                          << "3.0\t6.0\tEurasian Wren, Troglodytes troglodytes\t0.8100\n";
    }

    void otherForms() {
        QFETCH(QString, name);
        QFETCH(QString, text);
        const Folder folder;
        const Result<Dataset> data = readResults(folder, name.toStdString(), text.toStdString(), false);
        QVERIFY(data.ok());
        QVERIFY2(data->complaints.empty(), allComplaints(*data).c_str());
        QCOMPARE(data->classes, (std::vector<std::string>{"Eurasian Wren"}));
        const DatasetItem* item = itemNamed(*data, "c.wav");
        QCOMPARE(item->boxes.size(), std::size_t{1});
        QCOMPARE(*item->boxes[0].box, (Box{24000, 0, 48000, 4000}));
        QCOMPARE(item->boxes[0].score, std::optional(0.81));
        QVERIFY(item->state == ItemState::Labelled);
    }

    void noCallIsNoClass() {
        const Folder folder;
        folder.write("results/c.BirdNET.results.csv",
                     "Start (s),End (s),Scientific name,Common name,Confidence,File\n0,3,nocall,nocall,1.0,c.wav\n");
        folder.write("results/BirdNET_analysis_params.csv", "File splitting duration,Segment length\n600,3\n");
        folder.write("results/empty.txt", "");
        const Result<Dataset> data =
            readResults(folder, "a b_1.BirdNET.selection.table.txt",
                        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tCommon "
                        "Name\tSpecies Code\tConfidence\tBegin Path\tFile Offset (s)\n"
                        "1\tSpectrogram 1\t1\t0\t3\t0\t4000\tnocall\tnocall\t1.0\t/x/a b_1.wav\t0\n",
                        false);
        QVERIFY(data.ok());
        QVERIFY(data->classes.empty());
        QCOMPARE(data->items.size(), std::size_t{2});
        for (const DatasetItem& item : data->items)
            QVERIFY(item.boxes.empty() && item.state == ItemState::Unlabelled);
        QVERIFY2(data->complaints.empty(), allComplaints(*data).c_str());
    }

    void theSoundBesideItsTableComesFirst() {
        const Folder folder;
        for (const char* site : {"site1", "site2"}) {
            writeSound(folder, "rec/" + std::string(site) + "/day.wav", 6.0);
            folder.write("rec/" + std::string(site) + "/day.BirdNET.results.csv",
                         "Start (s),End (s),Scientific name,Common name,Confidence,File\n0,3,T m," + std::string(site) +
                             ",0.9,/elsewhere/day.wav\n");
        }
        const Result<Dataset> data = read(Format::BirdNet, hearing(folder / "rec"));
        for (const char* site : {"site1", "site2"}) {
            const DatasetItem* item = itemNamed(*data, std::string(site) + "/day.wav");
            QVERIFY2(item && item->boxes.size() == 1, allComplaints(*data).c_str());
            QCOMPARE(item->boxes[0].label, std::string(site));
        }
    }

    void segments() {
        const Folder folder;
        writeSound(folder, "results/Blackbird/0.911_12_a b_1_1.5s_4.5s.wav", 3.0);
        writeSound(folder, "results/Blackbird/ordinary_sound.wav", 3.0);
        writeSound(folder, "results/0.5_1_c_0s_3s.wav", 3.0);
        const Result<Dataset> data = readResults(folder, "Owl/0.25_1_c_3.0s_6.0s.flac", "");
        const DatasetItem* item = itemNamed(*data, "a b_1.wav");
        QCOMPARE(item->boxes.size(), std::size_t{1});
        QCOMPARE(*item->boxes[0].box, (Box{12000, 0, 36000, 4000}));
        QCOMPARE(item->boxes[0].label, std::string("Blackbird"));
        QCOMPARE(item->boxes[0].score, std::optional(0.911));
        QCOMPARE(itemNamed(*data, "c.wav")->boxes[0].label, std::string("Owl"));
        QVERIFY(complains(*data, "lies in no folder", 0, true));
        QCOMPARE(data->complaints.size(), std::size_t{1});
    }

    void cannotBeWritten() {
        const Folder folder;
        QVERIFY(write(Format::BirdNet, {}, writing(folder / "out")).error().code == ErrorCode::Unsupported);
    }
};

QTEST_GUILESS_MAIN(TestBirdNet)
#include "tst_birdnet.moc"
