#include "engine/core/files.h"
#include "engine/core/hash.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cerrno>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace querent;

namespace fs = std::filesystem;

namespace {

std::size_t filesIn(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

class TestFiles : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void replacesTheWhole() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        const fs::path file = folder / "\u00dcber (1).txt";
        for (const Durability durability : {Durability::Synced, Durability::Cache}) {
            for (const std::string& bytes : {std::string(100'000, 'x'), std::string(), std::string("a\0b\n", 4)}) {
                QVERIFY(replaceWhole(file, bytes, durability));
                QCOMPARE(*readWhole(file), bytes);
            }
        }
        const std::vector<std::uint8_t> numbers = {0, 255, 10};
        QVERIFY(replaceWhole(file, numbers));
        QCOMPARE(*readWhole(file), std::string("\0\xFF\n", 3));
        QCOMPARE(filesIn(folder), std::size_t(1));
    }

    void permissionsAreThoseOfAnyNewFile() {
        const QTemporaryDir dir;
        const std::string file = (dir.path() + "/a").toStdString();
        const mode_t before = ::umask(027);
        const bool written = replaceWhole(file, std::string_view("a")).ok();
        ::umask(before);
        struct stat status {};
        QVERIFY(written && ::stat(file.c_str(), &status) == 0);
        QCOMPARE(status.st_mode & 0777U, 0640U);
    }

    void failuresLeaveNothingBehind() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        fs::create_directories(folder / "full" / "inside");
        for (const fs::path& path : {folder / "full", folder / "missing" / "a"}) {
            const Result<void> written = replaceWhole(path, std::string_view("a"));
            QVERIFY(!written);
            QCOMPARE(written.error().code, ErrorCode::Io);
            QCOMPARE(written.error().where.path, path);
            QVERIFY(written.error().sentence.starts_with("The file cannot be written: "));
        }
        QCOMPARE(filesIn(folder), std::size_t(1));
        QCOMPARE(readWhole(folder).error().code, ErrorCode::NotFound);
        QCOMPARE(readWhole(folder / "missing").error().code, ErrorCode::NotFound);
    }

    void readersNeverSeeAPart() {
        const QTemporaryDir dir;
        const fs::path file = (dir.path() + "/a").toStdString();
        QVERIFY(replaceWhole(file, std::string(50'000, 'a')));
        std::vector<std::thread> writers;
        for (const char letter : {'a', 'b', 'c'}) {
            writers.emplace_back([&file, letter] {
                for (int i = 0; i < 50; ++i)
                    (void)replaceWhole(file, std::string(50'000, letter), Durability::Cache);
            });
        }
        bool whole = true;
        for (int i = 0; i < 200; ++i) {
            const Result<std::string> bytes = readWhole(file);
            whole =
                whole && bytes && bytes->size() == 50'000 && bytes->find_first_not_of(bytes->front()) == bytes->npos;
        }
        for (std::thread& writer : writers)
            writer.join();
        QVERIFY(whole);
        QCOMPARE(filesIn(file.parent_path()), std::size_t(1));
    }

    void reasonsHaveACode() {
        QCOMPARE(cannotWrite("a", ENOSPC).code, ErrorCode::DiskFull);
        QCOMPARE(cannotWrite("a", EDQUOT).code, ErrorCode::DiskFull);
        QCOMPARE(cannotWrite("a", EROFS).code, ErrorCode::ReadOnly);
        QCOMPARE(cannotWrite("a", EACCES).code, ErrorCode::ReadOnly);
        QCOMPARE(cannotWrite("a", 0).code, ErrorCode::Io);
        QVERIFY(!syncToDisk("/nowhere/at/all"));
    }

    /** The published values of FNV-1a: files and seeds depend on them. */
    void sumsAreTheOnesThatFilesHold() {
        QCOMPARE(fnv1a(""), std::uint64_t(0xcbf29ce484222325));
        QCOMPARE(fnv1a("a"), std::uint64_t(0xaf63dc4c8601ec8c));
        QCOMPARE(fnv1a("foobar"), std::uint64_t(0x85944171f73967e8));
        QCOMPARE(fnv1a("bar", fnv1a("foo")), fnv1a("foobar"));
        QCOMPARE(fnv1a(std::uint64_t(0x0807060504030201), kFnv1aStart), fnv1a("\1\2\3\4\5\6\7\x08"));
    }
};

QTEST_GUILESS_MAIN(TestFiles)
#include "tst_files.moc"
