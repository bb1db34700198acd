// What the fuzzers once found, and some mutations of every good file: that each reader still returns, and that the
// targets themselves still read what our writers write. `scripts/fuzz.sh` is the long run; with QUERENT_FUZZ_SECONDS
// this one takes so long for each target.

#include "engine/core/rng.h"
#include "tests/fuzz/target.h"

#include <QElapsedTimer>
#include <QtTest>

using fuzz::Target;

namespace {

/** A few bytes changed, cut out, doubled or put in. */
std::string mutated(std::string bytes, querent::Rng& rng) {
    for (int change = rng.integer(1, 4); change > 0 && !bytes.empty(); --change) {
        const std::size_t at = rng.index(bytes.size());
        const std::size_t length = std::min(rng.index(16) + 1, bytes.size() - at);
        switch (rng.index(5)) {
            case 0:
                bytes[at] = static_cast<char>(rng.index(256));
                break;
            case 1:
                bytes.erase(at, length);
                break;
            case 2:
                bytes.insert(at, bytes.substr(rng.index(bytes.size()), length));
                break;
            case 3:
                bytes.insert(at, length, static_cast<char>(rng.chance(0.5) ? '9' : rng.index(256)));
                break;
            default:
                bytes.resize(at);
                break;
        }
    }
    return bytes;
}

}  // namespace

class TestFuzz : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyTargetReturns_data() {
        QTest::addColumn<QString>("name");
        for (const Target& target : fuzz::targets())
            QTest::newRow(target.name) << QString(target.name);
    }
    void everyTargetReturns() {
        QFETCH(QString, name);
        const Target* target = fuzz::targetNamed(name.toStdString());
        QVERIFY(target);
        const std::vector<std::string> seeds = target->seeds();
        QVERIFY(!seeds.empty());
        for (const std::string& seed : seeds) {
            QVERIFY(!seed.empty());
            target->run(seed);
        }
        target->run({});
        const int seconds = qEnvironmentVariableIntValue("QUERENT_FUZZ_SECONDS");
        querent::Rng rng(1 + static_cast<std::uint64_t>(seconds), target->name);
        QElapsedTimer time;
        time.start();
        int tries = 0;
        for (; seconds > 0 ? time.elapsed() < 1000 * seconds : tries < 2000 && time.elapsed() < 700; ++tries) {
            const std::string input = mutated(seeds[rng.index(seeds.size())], rng);
            if (seconds > 0) fuzz::writeFile(fuzz::scratch() / "last-input", input);  // stays after a crash
            target->run(input);
        }
        if (seconds > 0) qInfo("%d tries", tries);
    }

    void findingsStayMended() {
        const std::filesystem::path folder = QUERENT_FUZZ_FINDINGS;
        if (!std::filesystem::exists(folder)) return;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file()) continue;
            const Target* target = fuzz::targetNamed(entry.path().parent_path().filename().string());
            QVERIFY2(target, entry.path().c_str());
            target->run(fuzz::readFile(entry.path()));
        }
    }
};

QTEST_GUILESS_MAIN(TestFuzz)
#include "tst_fuzz.moc"
