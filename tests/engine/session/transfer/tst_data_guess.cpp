#include "engine/session/transfer/data_guess.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <memory>

using namespace querent;
namespace fs = std::filesystem;

namespace {

using Media = std::vector<Modality>;
constexpr Modality kImage = Modality::Image;
constexpr Modality kAudio = Modality::Audio;
constexpr Modality kText = Modality::Text;

}  // namespace

class TestDataGuess : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;

    fs::path root() const { return m_dir->path().toStdString(); }

    fs::path write(const char* name, const std::string& text = "-") const {
        const fs::path path = root() / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

    void guesses(const session::transfer::DataGuess& expected, const fs::path& from = {}) const {
        const session::transfer::DataGuess guess = session::transfer::guessData(from.empty() ? root() : from);
        QCOMPARE(guess.format, expected.format);
        QCOMPARE(int(guess.task), int(expected.task));
        QVERIFY(guess.media == expected.media);
        QCOMPARE(guess.multiLabel, expected.multiLabel);
    }

 private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void foldersOfFiles() {
        write("a.JPG");
        write("deep/b.png");
        guesses({"folder", TaskKind::Detect, {kImage}, false});
        write("1.wav");
        write("2.flac");
        write("3.mp3");
        guesses({"folder", TaskKind::Detect, {kAudio}, false});
        guesses({"folder", TaskKind::Detect, {kImage}, false}, root() / "nowhere");
    }

    void oneFolderIsNotAClass() {
        write("all/a.png");
        write("all/b.png");
        guesses({"folder", TaskKind::Detect, {kImage}, false});
    }

    void aFolderForEachClass() {
        write("cat/1.png");
        write("dog/1.png");
        guesses({"folders", TaskKind::Classify, {kImage}, false});
        write("dog/bark.wav");
        guesses({"folders", TaskKind::Classify, {kImage, kAudio}, false});
    }

    void aFolderForEachClassBelowSplits() {
        for (const char* name : {"train/robin/a.wav", "train/wren/b.wav", "val/robin/c.wav"})
            write(name);
        guesses({"folders", TaskKind::Classify, {kAudio}, false});
    }

    void manifests() {
        const fs::path file = write("set.csv",
                                    "id,split,class,image,audio,text\n"
                                    "a,train,dark,a.png,,\"words, and more\"\nb,,,b.png,,\n");
        guesses({"csv", TaskKind::Classify, {kImage, kText}, false}, file);
        write("manifest.csv",
              "\xEF\xBB\xBF"
              "id;class;audio\n1;wind|rain;a.wav\n2;wind;b.wav\n");
        write("a.wav");
        guesses({"csv", TaskKind::Classify, {kAudio}, true});
    }

    void tablesOfBoxes() {
        guesses({"csv", TaskKind::Detect, {kImage}, false},
                write("a.csv", "path,class,x0,y0,x1,y1\na.png,cat,1,2,3,4\n"));
        guesses({"csv", TaskKind::Detect, {kAudio}, false},
                write("b.csv", "path,class,x0,y0,x1,y1,t0,t1,f0,f1\na.wav,cat,,,,,0.5,1.5,100,900\n"));
        guesses(
            {"birdnet", TaskKind::Detect, {kAudio}, false},
            write("c.csv", "Start (s),End (s),Scientific name,Common name,Confidence\n0,3,Turdus merula,Amsel,0.9\n"));
    }

    void labelsOfSounds() {
        write("audio/a.wav");
        write("classes.txt", "low\nhigh\n");
        write("labels/a.txt", "0.5\t1.5\tlow\n");
        guesses({"audacity", TaskKind::Detect, {kAudio}, false});  // and not YOLO, for all that the folder is called
        const fs::path raven = write("raven/a.Table.1.selections.txt",
                                     "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tAnnotation\n");
        guesses({"raven", TaskKind::Detect, {kAudio}, false}, raven);
        guesses({"raven", TaskKind::Detect, {kAudio}, false}, raven.parent_path());
    }

    void boxesOnPictures() {
        write("images/a.png");
        write("labels/a.txt", "0\t0.5 0.5 0.1 0.1\n");
        guesses({"yolo", TaskKind::Detect, {kImage}, false});
        write("train/images/a.png");
        guesses({"voc", TaskKind::Detect, {kImage}, false}, write("Annotations/a.xml").parent_path());
        guesses({"coco", TaskKind::Detect, {kImage}, false}, write("c.json", "{\"images\": [], \"annotations\": []}"));
    }

    void tasksOfLabelStudio() {
        guesses({"labelstudio", TaskKind::Classify, {kImage, kText}, false},
                write("a.json", R"([{"id":1,"data":{"image":"a.png","text":"what?"},"annotations":[{"result":[
                      {"type":"choices","value":{"choices":["cat"]}}]}]}])"));
        guesses({"labelstudio", TaskKind::Detect, {kAudio}, false},
                write("b.json", R"([{"data":{"audio":"a.wav"},"annotations":[{"result":[{"type":"labels"}]}]}])"));
    }

    void whatFitsAProjectWins() {
        write("cat/1.png");
        write("dog/1.png");
        ProjectSettings settings;
        QCOMPARE(session::transfer::guessFormat(root(), settings), std::string("folder"));
        settings.task = TaskKind::Classify;
        QCOMPARE(session::transfer::guessFormat(root(), settings), std::string("folders"));
    }
};

QTEST_GUILESS_MAIN(TestDataGuess)
#include "tst_data_guess.moc"
