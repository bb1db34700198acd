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
        QVERIFY(complains(*data, "'gone.wav' is missing", 4, false));
        QVERIFY(complains(*data, "'gone.wav' cannot be placed", 4, true));
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
