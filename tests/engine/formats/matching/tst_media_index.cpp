#include "engine/formats/matching/media_index.h"
#include "tests/engine/formats/formats_support.h"

using namespace support;
using Index = matching::MediaIndex;

/** Every name finds its own picture, and never somebody else's. */
class TestMediaIndex : public QObject {
    Q_OBJECT

    static Index indexOf(const Folder& folder, std::initializer_list<const char*> names) {
        for (const char* name : names)
            folder.write(std::string("set/") + name, "10 10");
        return *Index::scan(folder / "set", Job());
    }

 private Q_SLOTS:
    void whatLiesBesideComesFirst() {
        const Folder folder;
        const Index index = indexOf(folder, {"a.jpg", "cam1/a.jpg", "cam2/a.jpg"});
        QCOMPARE(index.find("a.jpg", "cam2").name, std::string("cam2/a.jpg"));
        QCOMPARE(index.find("a.jpg").name, std::string("a.jpg"));
        QCOMPARE(index.folderIn(folder / "set/cam1/x.json"), std::string("cam1"));
        QCOMPARE(index.folderIn(folder / "other/x.json"), std::string());
    }

    void aFolderThatContradictsIsNoMatch() {
        const Folder folder;
        const Index index = indexOf(folder, {"cam2/a.jpg"});
        const Index::Found found = index.find("cam1/a.jpg");
        QVERIFY(!found.exists && found.refusal.empty());
        QCOMPARE(found.name, std::string("cam1/a.jpg"));
        // Without a folder it is the only one of its name, and somebody is told.
        QCOMPARE(index.find("a.jpg").name, std::string("cam2/a.jpg"));
        QCOMPARE(index.find("a.jpg").how, Index::How::Elsewhere);
    }

    void ofTwoThatWouldDoNoneIsTaken() {
        const Folder folder;
        const Index index = indexOf(folder, {"cam1/a.jpg", "cam2/a.jpg"});
        for (const char* raw : {"a.jpg", "/mnt/cards/a.jpg", "..\\..\\a.jpg"}) {
            const Index::Found found = index.find(raw);
            QVERIFY2(!found.exists && !found.refusal.empty(), raw);
        }
        QCOMPARE(index.find("D:\\cards\\cam2\\a.jpg").name, std::string("cam2/a.jpg"));
    }

    void theEndOfAPathIsEnough() {
        const Folder folder;
        const Index index = indexOf(folder, {"sub/a.jpg", "b.jpg"});
        QCOMPARE(index.find("set/sub/a.jpg").how, Index::How::Named);
        QCOMPARE(index.find("data/set/sub/a.jpg").how, Index::How::Named);  // a folder above the files agrees
        QCOMPARE(index.find("set/b.jpg").how, Index::How::Named);
        QCOMPARE(index.find("images/b.jpg").how, Index::How::Elsewhere);
        QCOMPARE(index.find("/home/somebody/b.jpg").how, Index::How::Elsewhere);
        QCOMPARE(index.find("..\\..\\label-studio\\upload\\4\\b.jpg").name, std::string("b.jpg"));
        QVERIFY(!index.find("../secret.jpg").refusal.empty());
    }

    void namesMayBeWrittenOtherwise() {
        const Folder folder;
        const Index index = indexOf(folder, {"U\xCC\x88"
                                             "bung 1.jpg",
                                             "B.JPG", "odd%20name.jpg"});
        for (const char* raw : {"Übung 1.jpg", "%C3%9Cbung%201.jpg",
                                "U\xCC\x88"
                                "bung%201.jpg?d=3"}) {
            QVERIFY2(index.find(raw).exists, raw);
            QCOMPARE(index.find(raw).how, Index::How::Spelling);
        }
        QCOMPARE(index.find("b.jpg").name, std::string("B.JPG"));
        QCOMPARE(index.find("odd%20name.jpg").how, Index::How::Named);  // exact comes first
    }

    void oneFileIsGivenToOneEntry() {
        const Folder folder;
        const Index index = indexOf(folder, {"a.jpg", "b.jpg"});
        const auto found = index.findAll({"a.jpg", "cam1/a.jpg", "/x/b.jpg", "/y/b.jpg", "gone.jpg"});
        QVERIFY(found[0].exists && found[0].how == Index::How::Named);
        QVERIFY(!found[1].exists && found[1].name == "cam1/a.jpg");
        QVERIFY(!found[2].exists && !found[2].refusal.empty());
        QVERIFY(!found[3].exists && !found[3].refusal.empty());
        QVERIFY(!found[4].exists && found[4].refusal.empty());
        const auto twice = index.findAll({"a.jpg", "./a.jpg"});  // merged files list a picture twice
        QVERIFY(twice[0].exists && twice[1].exists);
    }

    void linksToFoldersAreFollowedOnce() {
        const Folder folder;
        folder.write("elsewhere/c.jpg", "10 10");
        folder.write("set/a.jpg", "10 10");
        fs::create_directory_symlink(folder / "elsewhere", folder.root() / "set/link");
        fs::create_directory_symlink(folder / "set", folder.root() / "elsewhere/back");
        const Result<Index> index = Index::scan(folder / "set", Job());
        QVERIFY(index.ok());
        QCOMPARE(index->names(), (std::vector<std::string>{"a.jpg", "link/c.jpg"}));
        QCOMPARE(index->passedOver().circles, std::int64_t{1});
    }

    void namesThatAreNoTextAreCounted() {
        const Folder folder;
        folder.write("set/a.jpg", "10 10");
        folder.write("set/b.txt", "x");
        folder.write("set/\xFF\xFE.jpg", "10 10");
        folder.write("set/sub\xFF/c.jpg", "10 10");
        const Result<Index> index = Index::scan(folder / "set", Job());
        QCOMPARE(index->names(), (std::vector<std::string>{"a.jpg"}));
        QCOMPARE(index->passedOver().unreadableNames, std::int64_t{2});
        QCOMPARE(index->passedOver().byEnding.at(".txt"), std::int64_t{1});
    }

    // A name with a backslash is never the path that it could be while a file is called so.
    void backslashesInNames() {
        const Folder folder;
        for (const char* name : {"day/q\\a.jpg", "day/q/a.jpg"})
            folder.write(name, "");
        const auto one = matching::MediaIndex::scan(folder.root(), Job());
        QCOMPARE(one->find("q\\a.jpg").name, std::string("day/q\\a.jpg"));
        QCOMPARE(one->find("q/a.jpg").name, std::string("day/q/a.jpg"));
        folder.write("night/q\\a.jpg", "");
        QVERIFY(!matching::MediaIndex::scan(folder.root(), Job())->find("q\\a.jpg").refusal.empty());
    }
};

QTEST_GUILESS_MAIN(TestMediaIndex)
#include "tst_media_index.moc"
