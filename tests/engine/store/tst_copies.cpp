// Copies of a project that is being written: the file and its write-ahead log, taken one after the other as `cp` does.
// The file first: whole with all that was acknowledged before, or refused. The log first: whole as of some moment, or
// refused; but a file that is read while its log is emptied into it can be a mixture that only the check finds.

#include "engine/core/rng.h"
#include "tests/engine/store/endless_edits.h"
#include "tests/engine/store/other_process.h"
#include "tests/engine/store/store_fixture.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <set>
#include <thread>

using namespace querent;
using namespace querent::store;
using namespace querent::store::test;
namespace fs = std::filesystem;

namespace {

constexpr unsigned kPause = 500;  // us: on a disk in memory there would be more edits than can be looked through

// Like cp: from the beginning to the end, whatever happens to the file meanwhile.
void copyAsItIs(const fs::path& from, const fs::path& to) {
    std::ofstream(to, std::ios::binary) << std::ifstream(from, std::ios::binary).rdbuf();
}

fs::path logOf(fs::path path) {
    return path += "-wal";
}

bool agreesWithItsLog(ProjectFile& file, ItemId item) {
    const std::vector<Annotation> boxes = replayed(*file.events().history(item));
    const std::vector<Annotation> there = *file.annotations().of(item);
    return there.size() == boxes.size() && std::is_permutation(there.begin(), there.end(), boxes.begin());
}

enum class Copy { Whole, Refused, Wrong };

// What opening a copy says of it; `least` events were acknowledged before the copying began.
Copy judge(const fs::path& path, const std::vector<ItemId>& items, std::int64_t least, std::string& sentence) {
    Result<ProjectFile> file = ProjectFile::open(path, Access::ReadWrite);
    if (!file) {
        sentence = file.error().sentence;
        return sentence.empty() ? Copy::Wrong : Copy::Refused;
    }
    const Result<std::vector<std::string>> problems = file->check();
    if (!problems || !problems->empty()) {
        sentence = problems ? problems->front() : problems.error().sentence;
        return Copy::Refused;
    }
    std::set<std::int64_t> events;
    bool agrees = true;
    for (const ItemId item : items) {
        for (const EventRecord& event : *file->events().history(item))
            events.insert(event.id.value);
        agrees = agrees && agreesWithItsLog(*file, item);
    }
    const auto count = static_cast<std::int64_t>(events.size());
    const bool prefix = events.empty() || (*events.begin() == 1 && *events.rbegin() == count);
    sentence = std::to_string(count) + " events, " + std::to_string(least) + " acknowledged before" +
               (prefix ? "" : ", not the first ones") + (agrees ? "" : ", annotations differ from the log");
    return prefix && agrees && count >= least ? Copy::Whole : Copy::Wrong;
}

}  // namespace

class TestCopies : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    // Nothing that SQLite looks at tells such a pair: it plays the log back into whatever lies beside it.
    void aLogOfAnotherMomentIsRefused() {
        Fixture f(40);
        const fs::path before = f.folder() / "before.querent", with = f.folder() / "with.querent",
                       after = f.folder() / "after.querent";
        OK(f.file->annotations().apply(creating(f.items[0], {boxOf(f.cell)})));
        copyAsItIs(f.path(), before);
        copyAsItIs(f.path(), with);
        copyAsItIs(logOf(f.path()), logOf(with));
        copyAsItIs(logOf(f.path()), logOf(after));
        // So many changes that the log is emptied.
        const auto beginning = [&] {
            std::string header(32, ' ');
            std::ifstream(logOf(f.path()), std::ios::binary).read(header.data(), 32);
            return header;
        };
        const std::string old = beginning();
        const std::vector<Annotation> boxes(200, boxOf(f.cell));
        for (int i = 0; i < 40 && beginning() == old; ++i)
            OK(f.file->annotations().applyAll(std::vector<Edit>(50, creating(f.items[1], boxes))));
        QVERIFY(beginning() != old);
        copyAsItIs(logOf(f.path()), logOf(before));
        copyAsItIs(f.path(), after);
        OK(ProjectFile::open(with, Access::ReadWrite));
        int told = 0;
        for (const fs::path& torn : {before, after})
            for (const Access access : {Access::ReadOnly, Access::ReadWrite}) {
                const auto opened = ProjectFile::open(torn, access);
                FAILS(opened, ErrorCode::Corrupt);
                told += opened.error().sentence.find("same moment") != std::string::npos;
            }
        QVERIFY(told > 0);  // some mixtures are such that not even that can be read
        // What lies beside one another at the end of all this belongs together.
        f.reopen(Access::ReadOnly);
        QVERIFY(f.file->check()->empty());
    }

    void copiesAreWholeOrRefused_data() {
        QTest::addColumn<bool>("logFirst");
        QTest::newRow("the file, then its log") << false;
        QTest::newRow("the log, then its file") << true;
    }

    void copiesAreWholeOrRefused() {
        QFETCH(bool, logFirst);
        const int tries =
            qEnvironmentVariableIsSet("QUERENT_COPIES") ? qEnvironmentVariableIntValue("QUERENT_COPIES") : 20;
        Fixture f(40);
        const fs::path path = f.path();
        f.file.reset();
        int ends[2];
        QVERIFY(pipe(ends) == 0);
        const pid_t child = forked([&] { return writeForEver(path, f.items, f.cell, ends[1], kPause); });
        ::close(ends[1]);
        std::int64_t acknowledged = 0;
        QVERIFY(read(ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged);
        // Every event that was told so far; the newest of them.
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        const auto newest = [&] {
            while (read(ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
            }
            return acknowledged;
        };
        Rng rng(1, "copies");
        std::map<Copy, int> counts;
        std::map<std::string, int> refusals;
        std::vector<std::string> wrong;
        for (int i = 0; i < tries; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(rng.integer(0, 60)));
            const fs::path copy = f.folder() / ("copy" + std::to_string(i) + ".querent");
            const std::int64_t least = newest();
            const auto pause = std::chrono::milliseconds(i % 2 == 0 ? 0 : rng.integer(0, 400));
            copyAsItIs(logFirst ? logOf(path) : path, logFirst ? logOf(copy) : copy);
            std::this_thread::sleep_for(pause);
            copyAsItIs(logFirst ? path : logOf(path), logFirst ? copy : logOf(copy));
            std::string sentence;
            const Copy found = judge(copy, f.items, logFirst ? 0 : least, sentence);
            ++counts[found];
            if (found == Copy::Refused) ++refusals[sentence];
            if (found == Copy::Wrong) wrong.push_back(sentence);
            fs::remove(copy);
            fs::remove(logOf(copy));
        }
        QVERIFY(kill(child, SIGKILL) == 0);
        QCOMPARE(exitCodeOf(child), -1);
        ::close(ends[0]);
        qInfo("%d copies while %lld edits were written: %d whole, %d refused, %d wrong", tries,
              static_cast<long long>(acknowledged), counts[Copy::Whole], counts[Copy::Refused], counts[Copy::Wrong]);
        for (const auto& [sentence, count] : refusals)
            qInfo("%d times: %s", count, sentence.c_str());
        QVERIFY2(wrong.empty(), wrong.empty() ? "" : wrong.front().c_str());
    }
};

int main(int argc, char** argv) {
    qputenv("QTEST_FUNCTION_TIMEOUT", "7200000");  // ms
    TestCopies test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_copies.moc"
