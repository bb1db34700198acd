// The arrows of ARCHITECTURE.md section 2, checked on the include lines themselves.

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <map>

namespace {

struct Layer {
    QStringList ours;    // engine/... , widgets/, app/ prefixes that may be included
    QStringList theirs;  // third-party prefixes that may be included
};

const QStringList kThirdParty = {"torch/",    "ATen/",        "c10/",      "opencv2/", "SQLiteCpp/", "sqlite3.h",
                                 "sndfile.h", "samplerate.h", "nlohmann/", "pugixml",  "yaml-cpp/",  "CLI/",
                                 "spdlog/",   "libav",        "libheif/",  "tiffio.h", "Q"};

const std::map<QString, Layer> kLayers = {
    {"engine/core", {{"engine/core/"}, {}}},
    {"engine/learn", {{"engine/core/", "engine/learn/"}, {"torch/", "ATen/", "c10/", "nlohmann/"}}},
    {"engine/select", {{"engine/core/", "engine/learn/", "engine/select/"}, {"torch/", "ATen/", "c10/"}}},
    {"engine/store", {{"engine/core/", "engine/store/"}, {"SQLiteCpp/", "sqlite3.h", "nlohmann/"}}},
    {"engine/formats", {{"engine/core/", "engine/formats/"}, {"nlohmann/", "pugixml", "yaml-cpp/"}}},
    {"engine/media",
     {{"engine/core/", "engine/media/"}, {"opencv2/", "sndfile.h", "samplerate.h", "libav", "libheif/", "tiffio.h"}}},
    {"engine/session", {{"engine/"}, {"nlohmann/"}}},
    {"engine/cli", {{"engine/core/", "engine/session/", "engine/cli/"}, {"CLI/", "nlohmann/"}}},
    {"widgets", {{"widgets/", "engine/core/"}, {"Q"}}},
    {"app", {{"app/", "widgets/", "engine/session/", "engine/core/"}, {"Q"}}},
};

bool startsWithAny(const QString& text, const QStringList& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](const QString& p) { return text.startsWith(p); });
}

QStringList includesOf(const QString& file) {
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly)) return {};
    QStringList found;
    static const QRegularExpression line(QStringLiteral("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"),
                                         QRegularExpression::MultilineOption);
    auto matches = line.globalMatch(QString::fromUtf8(source.readAll()));
    while (matches.hasNext())
        found << matches.next().captured(1);
    return found;
}

QStringList offences(const QString& folder, const Layer& layer) {
    QStringList found;
    const QString root = QStringLiteral(QUERENT_SOURCE_DIR);
    QDirIterator files(root + "/" + folder, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = files.next();
        for (const QString& include : includesOf(file)) {
            const bool ours = startsWithAny(include, {"engine/", "widgets/", "app/"});
            const bool theirs = startsWithAny(include, kThirdParty);
            // The one program that has little more than LibTorch to build on, so no session either.
            if (file.endsWith("/shard_main.cpp") && include.startsWith("engine/learn/")) continue;
            if (file.endsWith("/session/logbook/logbook.cpp") && include.startsWith("spdlog/")) continue;
            if ((ours && !startsWithAny(include, layer.ours)) || (theirs && !startsWithAny(include, layer.theirs))) {
                found << file.mid(root.size() + 1) + " includes " + include;
            }
        }
    }
    return found;
}

const QString kRoot = QStringLiteral(QUERENT_SOURCE_DIR "/");

/** Headers and sources, relative to the root. */
QStringList sourcesBelow(const QString& folder) {
    QStringList found;
    QDirIterator files(kRoot + folder, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        found << files.next().mid(kRoot.size());
    return found;
}

QString folderOf(const QString& file) {
    return file.left(file.lastIndexOf('/'));
}

/** Whether a way along the arrows leads from one folder to the other. */
bool reaches(const std::map<QString, std::map<QString, QString>>& arrows, const QString& from, const QString& to) {
    QStringList open{from};
    QSet<QString> seen;
    while (!open.isEmpty()) {
        const QString folder = open.takeLast();
        if (folder == to) return true;
        if (seen.contains(folder)) continue;
        seen.insert(folder);
        const auto next = arrows.find(folder);
        if (next == arrows.end()) continue;
        for (const auto& [other, line] : next->second)
            open << other;
    }
    return false;
}

}  // namespace

class TestLayers : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void arrowsPointDown_data() {
        QTest::addColumn<QString>("folder");
        for (const auto& [folder, layer] : kLayers)
            QTest::newRow(qPrintable(folder)) << folder;
    }

    void arrowsPointDown() {
        QFETCH(QString, folder);
        const QStringList found = offences(folder, kLayers.at(folder));
        QVERIFY2(found.isEmpty(), qPrintable(found.join("; ")));
    }

    void sessionHeadersShowCoreTypesOnly() {
        const Layer headers = {{"engine/core/", "engine/session/"}, {}};
        QStringList found;
        for (const QString& file : sourcesBelow("engine/session")) {
            if (!file.endsWith(".h") || file.endsWith("_internal.h")) continue;
            for (const QString& include : includesOf(kRoot + file)) {
                const bool foreign = startsWithAny(include, kThirdParty) ||
                                     (include.startsWith("engine/") && !startsWithAny(include, headers.ours));
                if (foreign) found << file + " includes " + include;
            }
        }
        QVERIFY2(found.isEmpty(), qPrintable(found.join("; ")));
    }

    // Whoever includes a header of core or session, an internal one too, gets no library with it.
    void headersOfCoreAndSessionNameNoLibrary() {
        QStringList found;
        for (const QString& file : sourcesBelow("engine/core") + sourcesBelow("engine/session")) {
            if (!file.endsWith(".h")) continue;
            for (const QString& include : includesOf(kRoot + file)) {
                if (startsWithAny(include, {"torch/", "ATen/", "c10/", "opencv2/", "SQLiteCpp/", "sqlite3", "Q"}))
                    found << file + " includes " + include;
            }
        }
        QVERIFY2(found.isEmpty(), qPrintable(found.join("; ")));
    }

    // Neither two folders include each other, nor do several in a longer circle.
    void noFolderIncludesItselfThroughOthers() {
        std::map<QString, std::map<QString, QString>> arrows;  // folder -> folder -> an include line
        for (const QString& top : {QStringLiteral("engine"), QStringLiteral("widgets"), QStringLiteral("app")}) {
            for (const QString& file : sourcesBelow(top)) {
                for (const QString& include : includesOf(kRoot + file)) {
                    if (!startsWithAny(include, {"engine/", "widgets/", "app/"})) continue;
                    if (folderOf(include) != folderOf(file))
                        arrows[folderOf(file)].emplace(folderOf(include), file + " includes " + include);
                }
            }
        }
        QVERIFY(arrows.size() > 20);
        QStringList circles;
        for (const auto& [folder, to] : arrows) {
            for (const auto& [next, line] : to) {
                if (reaches(arrows, next, folder)) circles << line;
            }
        }
        QVERIFY2(circles.isEmpty(), qPrintable(circles.join("; ")));
    }

    void namespacesFollowFolders() {
        QStringList found;
        static const QRegularExpression opened(QStringLiteral("^(?:inline )?namespace (querent[\\w:]*) \\{"),
                                               QRegularExpression::MultilineOption);
        for (const QString& file : sourcesBelow("engine") + sourcesBelow("widgets") + sourcesBelow("app")) {
            QFile source(kRoot + file);
            QVERIFY(source.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(source.readAll());
            QString name = "::" + folderOf(file).replace('/', "::");
            if (name.startsWith("::engine")) name.remove(0, QStringLiteral("::engine").size());
            if (name == "::core") name.clear();
            QStringList names;
            for (auto matches = opened.globalMatch(text); matches.hasNext();)
                names << matches.next().captured(1);
            // One that groups functions below its folder's (edits::drawBox) is in the folder too.
            const bool follows = std::any_of(names.begin(), names.end(), [&](const QString& scope) {
                return scope == "querent" + name || (!name.isEmpty() && scope.startsWith("querent" + name + "::"));
            });
            if (!names.isEmpty() && !follows) found << file + " is not in querent" + name;
        }
        QVERIFY2(found.isEmpty(), qPrintable(found.join("; ")));
    }

    // LibTorch's own readers run what a file says; one place may have them, behind a question to the person.
    void nothingThatRunsIsRead() {
        static const QRegularExpression reader(
            QStringLiteral("jit::load|jit::import|InputArchive|torch::load|pickle_load|Unpickler|jit/serialization"));
        QStringList found;
        for (const QString& file : sourcesBelow("engine")) {
            QFile source(kRoot + file);
            QVERIFY(source.open(QIODevice::ReadOnly));
            if (QString::fromUtf8(source.readAll()).contains(reader)) found << file;
        }
        QCOMPARE(found, QStringList{QStringLiteral("engine/learn/networks/script_backbone.cpp")});
    }

    // No file of app/ or widgets/ may parse a torch header, however indirectly.
    void desktopNeverParsesTorch() {
        const QString root = QStringLiteral(QUERENT_SOURCE_DIR);
        QStringList open;
        for (const QString& folder : {QStringLiteral("app"), QStringLiteral("widgets")}) {
            QDirIterator files(root + "/" + folder, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
            while (files.hasNext())
                open << files.next();
        }
        QVERIFY(!open.isEmpty());
        QSet<QString> seen;
        while (!open.isEmpty()) {
            const QString file = open.takeLast();
            if (seen.contains(file)) continue;
            seen.insert(file);
            for (const QString& include : includesOf(file)) {
                QVERIFY2(!startsWithAny(include, {"torch/", "ATen/", "c10/"}), qPrintable(file + " parses " + include));
                if (QFile::exists(root + "/" + include)) open << root + "/" + include;
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "tst_layers.moc"
