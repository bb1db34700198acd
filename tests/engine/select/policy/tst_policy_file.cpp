// Policies as files: whole round trips, and every way not to be one.
#include "engine/core/hash.h"
#include "engine/core/stopwatch.h"
#include "engine/select/policy/policy_file.h"
#include "engine/select/policy/trials.h"
#include "tests/engine/select/pools.h"
#include "tests/support/slowness.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <limits>

using namespace querent;
using namespace querent::select;
using namespace querent::select::policy;

namespace {

const PolicyLayout kLayout = {{"joint entropy", "margin", "top probability"}, {"progress", "classes"}};

Policy trained() {
    Policy policy(kLayout, 3);
    policy.history = {"start 2 (generated tasks)", 7, 24};
    Rng rng(3, "gradient");
    std::vector<double> gradient(policy.net.parameters().size());
    for (int step = 0; step < 3; ++step) {
        for (double& g : gradient)
            g = rng.normal();
        (void)policy.adam.step(policy.net.parameters(), gradient);
    }
    return policy;
}

bool same(std::span<const double> a, std::span<const double> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::string withVersion(const std::string& bytes, const std::string& version) {
    std::string other = "querent-policy ";
    other += version;
    return other += bytes.substr(bytes.find('\n'));
}

}  // namespace

class TestPolicyFile : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void comesBackAsItWas() {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("a.policy").toStdString();
        const Policy policy = trained();
        QVERIFY(savePolicy(policy, path).ok());
        auto loaded = loadPolicy(path, kLayout);
        QVERIFY(loaded.ok());
        QVERIFY(same(loaded->net.parameters(), policy.net.parameters()));
        QVERIFY(same(loaded->adam.mean(), policy.adam.mean()) && same(loaded->adam.square(), policy.adam.square()));
        QCOMPARE(loaded->adam.steps(), std::int64_t{3});
        QVERIFY(loaded->history == policy.history && loaded->layout == policy.layout);
        QCOMPARE(packPolicy(*loaded), packPolicy(policy));
        QVERIFY(packPolicy(policy).size() < 64'000);
    }

    void aNewOneHasNoStart() {
        const auto loaded = unpackPolicy(packPolicy(Policy(kLayout, 1)), kLayout);
        QVERIFY(loaded.ok());
        QVERIFY(loaded->history == PolicyProvenance());
    }

    void everyFlippedByteIsRefused() {
        const std::string bytes = packPolicy(trained());
        for (std::size_t i = 0; i < bytes.size(); i += i < 300 ? 1 : 97) {
            std::string damaged = bytes;
            damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
            const auto loaded = unpackPolicy(damaged, kLayout, "x.policy");
            QVERIFY2(!loaded.ok(), qPrintable(QString::number(i)));
            QVERIFY(loaded.error().sentence.ends_with('.'));
        }
    }

    void everyLengthButTheRightOneIsRefused() {
        const std::string bytes = packPolicy(trained());
        for (std::size_t length = 0; length < bytes.size(); length += length < 300 ? 1 : 501)
            QVERIFY(!unpackPolicy(std::string_view(bytes).substr(0, length), kLayout).ok());
        QVERIFY(!unpackPolicy(bytes + "x", kLayout).ok());
    }

    void otherFilesSayWhatTheyAre() {
        const std::string bytes = packPolicy(trained());
        QCOMPARE(unpackPolicy("PK\x03\x04", kLayout).error().code, ErrorCode::Malformed);
        QCOMPARE(unpackPolicy("", kLayout).error().code, ErrorCode::Malformed);
        QCOMPARE(unpackPolicy(withVersion(bytes, "2"), kLayout).error().code, ErrorCode::NewerVersion);
        QCOMPARE(unpackPolicy(withVersion(bytes, "0"), kLayout).error().code, ErrorCode::Unsupported);
        QCOMPARE(unpackPolicy(withVersion(bytes, "one"), kLayout).error().code, ErrorCode::Corrupt);
        QCOMPARE(unpackPolicy(withVersion(bytes, "1x"), kLayout).error().code, ErrorCode::Corrupt);
    }

    void otherLayoutsAreRefused() {
        PolicyLayout swapped = kLayout;
        std::swap(swapped.features[0], swapped.features[1]);
        const auto loaded = unpackPolicy(packPolicy(trained()), swapped, "x.policy");
        QCOMPARE(loaded.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(loaded.error().text(),
                 std::string("x.policy: The policy looks at other features than this program offers."));
    }

    void numbersThatNoPolicyHasAreRefused() {
        Policy policy = trained();
        policy.net.parameters()[5] = std::numeric_limits<double>::infinity();
        QCOMPARE(unpackPolicy(packPolicy(policy), kLayout).error().code, ErrorCode::Corrupt);
        Policy negative = trained();
        negative.adam = Adam(negative.adam.mean(), std::vector<double>(negative.adam.square().size(), -1.0), 3);
        QCOMPARE(unpackPolicy(packPolicy(negative), kLayout).error().code, ErrorCode::Corrupt);
        Policy huge = trained();
        huge.net.parameters()[5] = 1e300;
        QCOMPARE(unpackPolicy(packPolicy(huge), kLayout).error().code, ErrorCode::Corrupt);
        Policy old = trained();
        old.history.rounds = std::numeric_limits<std::int64_t>::max();  // one more would be none
        QCOMPARE(unpackPolicy(packPolicy(old), kLayout).error().code, ErrorCode::Corrupt);
    }

    // Headers are not believed: neither how many numbers follow, nor how many lines there are.
    void hostileHeadersAreRefused() {
        const std::string magic = "querent-policy 1\n";
        std::string rows;
        for (int i = 0; i < 100000; ++i)
            rows += "row a 0\n";
        for (const std::string& header :
             {std::string("row parameters 18446744073709551615\n\n"), std::string("row a 2305843009213693952\n\n"),
              std::string("row a -1\n\n"), std::string("row\n\n"), rows, rows + "\n",
              "feature " + std::string(1 << 20, 'x') + "\n\n"}) {
            std::string bytes = magic + header;
            const std::uint64_t sum = fnv1a(bytes);
            for (int shift = 0; shift < 64; shift += 8)
                bytes += static_cast<char>(sum >> shift & 0xFFU);
            const Stopwatch watch;
            const auto loaded = unpackPolicy(bytes, kLayout);
            QVERIFY(!loaded.ok());
            QVERIFY(watch.seconds() < 1.0 * test::kSlowness);
        }
    }

    // A number of trials that no whole number can hold counts as all of them.
    void trialsAreNoMoreThanThereAre() {
        NumberFile file;
        file.rows["trials"] = {0.1, 0.2};
        file.rows["search_trials"] = {1e300};
        QCOMPARE(unpackTrials(file).search.trials, std::size_t{2});
    }

    void missingFilesAndFolders() {
        const QTemporaryDir folder;
        const std::filesystem::path nowhere = folder.filePath("none/a.policy").toStdString();
        QCOMPARE(loadPolicy(nowhere, kLayout).error().code, ErrorCode::NotFound);
        const std::filesystem::path sparse = folder.filePath("sparse.policy").toStdString();
        QVERIFY(savePolicy(trained(), sparse).ok());
        std::filesystem::resize_file(sparse, std::uintmax_t{1} << 40);
        QCOMPARE(loadPolicy(sparse, kLayout).error().code, ErrorCode::Malformed);
        QCOMPARE(savePolicy(trained(), nowhere).error().code, ErrorCode::Io);
    }
};

QTEST_GUILESS_MAIN(TestPolicyFile)
#include "tst_policy_file.moc"
