// What holds for every subcommand: no socket to anywhere, and no success where the output was lost.

#include "tests/engine/cli/command_process.h"
#include "tests/engine/session/pictures.h"
#include "tests/support/no_network.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <set>
#include <sys/socket.h>
#include <unistd.h>

using namespace querent::tests;

namespace {

constexpr int kNoFilter = 99;

Ended withoutNetwork(const std::function<int()>& body) {
    return ForkedProcess([&body] { return forbidNetwork() ? body() : kNoFilter; }).wait();
}

int open(int domain) {
    return ::socket(domain, SOCK_STREAM, 0) >= 0 ? 0 : 1;
}

/** Each subcommand at least once, in an order in which each finds what it needs. */
std::vector<Words> everyCommand(const std::string& root) {
    drawSquares(root, 12);
    const std::string p = root + "p.querent", policy = root + "a.policy";
    return {
        {"create", p, "--task", "detect", "--media", "image", "--classes", "red,blue"},
        {"import", p, "--format", "csv", "--from", root + "boxes.csv", "--files", root + "pictures"},
        {"info", p},
        {"train", p, "--steps", "1"},
        {"eval", p, "--split", "val"},
        {"predict", p, "--split", "val", "--to", root + "seen.json"},
        {"suggest", p, "--strategy", "entropy", "--count", "2"},
        {"round", p, "--strategy", "rl-mba", "--count", "2", "--steps", "1", "--curve", root + "curve.svg"},
        {"export", p, "--format", "yolo", "--to", root + "yolo"},
        {"simulate", p, "--strategies", "random", "--initial", "2", "--batch", "2", "--rounds", "1", "--seeds", "1",
         "--steps", "1", "--out", root + "simulated", "--jobs", "2"},
        {"policy", "info", p},
        {"policy", "save", p, "--to", policy},
        {"policy", "load", p, "--from", policy},
        {"policy", "practise", "--to", root + "new.policy", "--steps", "1", "--tasks", "2"},
        {"model", "export", p, "--format", "onnx", "--to", root + "model.onnx"},
        {"classes", "list", p},
        {"classes", "rename", p, "red", "crimson"},
        {"check", p},
        {"check", p, "--repair"},
        {"pack", p, "--to", root + "p.shard"},
        {"demo", "--to", root + "demo", "--items", "20"},
        {"strategies"},
        {"bench", "map", "--images", "10"},
        {"selftest"},
        {"--version"},
    };
}

std::string said(const Words& words, const Ended& ended) {
    std::string text;
    for (const std::string& word : words)
        text.append(word).append(1, ' ');
    return text + ended.text();
}

}  // namespace

class TestEveryCommand : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    // The control: what follows would notice.
    void theFilterBites() {
        if (withoutNetwork([] { return 0; }).status == kNoFilter) QSKIP("This system has no seccomp filters.");
        QCOMPARE(withoutNetwork([] { return open(AF_UNIX); }).status, 0);
        for (const int domain : {AF_INET, AF_INET6, AF_NETLINK})
            QCOMPARE(withoutNetwork([domain] { return open(domain); }).signal, SIGSYS);
        QCOMPARE(ForkedProcess([] { return open(AF_INET); }).wait().status, 0);
    }

    // With all that happens before main().
    void theProgramItselfNeedsNoNetwork() {
        const Ended ended = withoutNetwork([] {
            ::execl(QUERENT_CLI, QUERENT_CLI, "strategies", nullptr);
            return 1;
        });
        if (ended.status == kNoFilter) QSKIP("This system has no seccomp filters.");
        QVERIFY2(ended.status == 0, ended.text().c_str());
    }

    void noneNeedsTheNetwork() {
        const QTemporaryDir dir;
        std::set<std::string> tried;
        for (const Words& words : everyCommand(dir.path().toStdString() + "/")) {
            tried.insert(words.front());
            const Ended ended = withoutNetwork(command(words));
            if (ended.status == kNoFilter) QSKIP("This system has no seccomp filters.");
            QVERIFY2(ended.status == 0, said(words, ended).c_str());
        }
        // None is forgotten.
        const QString help = QString::fromStdString(runCommand({"--help"}).out).section("Subcommands:", 1);
        auto names = QRegularExpression("^  (\\w+)", QRegularExpression::MultilineOption).globalMatch(help);
        QVERIFY(names.hasNext());
        while (names.hasNext()) {
            const QString name = names.next().captured(1);
            QVERIFY2(tried.contains(name.toStdString()), qPrintable(name));
        }
    }

    void aFullOutputIsToldByAll() {
        const QTemporaryDir dir;
        const std::set<std::string> silent = {"create", "classes rename", "policy save", "policy load"};
        const auto fill = [] { ::dup2(::open("/dev/full", O_WRONLY | O_CLOEXEC), STDOUT_FILENO); };
        for (const Words& words : everyCommand(dir.path().toStdString() + "/")) {
            const Ended ended = runCommand(words, fill);
            const std::string two = words.size() > 1 ? words[0] + " " + words[1] : words[0];
            if (silent.contains(words[0]) || silent.contains(two)) {
                QVERIFY2(ended.status == 0, said(words, ended).c_str());
                continue;
            }
            QVERIFY2(ended.status == 1, said(words, ended).c_str());
            QVERIFY2(ended.err.find("The output could not be written") != std::string::npos,
                     said(words, ended).c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestEveryCommand)
#include "tst_every_command.moc"
