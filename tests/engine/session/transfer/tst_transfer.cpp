#include "engine/core/file_names.h"
#include "engine/formats/matching/media_index.h"
#include "engine/formats/text/text.h"
#include "engine/session/transfer/data_guess.h"
#include "engine/session/transfer/folder_scan_internal.h"
#include "engine/session/transfer/holdout.h"
#include "engine/session/transfer/transfer.h"
#include "engine/store/project_file.h"
#include "tests/engine/session/pictures.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <tuple>

using namespace querent;

namespace {

using BoxKey = std::tuple<std::string, double, double, double, double>;

// Everything a person has said, by item name: what every format must bring back.
std::map<std::string, std::pair<ItemState, std::vector<BoxKey>>> answers(const session::Project& project) {
    std::map<ClassId, std::string> names;
    for (const ClassLabel& label : project.classes())
        names[label.id] = label.name;
    std::map<std::string, std::pair<ItemState, std::vector<BoxKey>>> found;
    for (const ItemRow& row : project.rows({}, 0, 100000)) {
        auto& entry = found[std::filesystem::path(row.name).filename().string()];
        entry.first = row.state;
        for (const Annotation& annotation : project.annotations(row.id)) {
            const Box box = *annotation.box;
            entry.second.emplace_back(names[annotation.label], box.left, box.top, box.right, box.bottom);
        }
        std::sort(entry.second.begin(), entry.second.end());
    }
    return found;
}

// Every box, by the picture's file: what must not move to another picture of the same name.
std::map<std::string, std::vector<BoxKey>> boxesByFile(const session::Project& project) {
    std::map<std::string, std::vector<BoxKey>> found;
    for (const ItemRow& row : project.rows({}, 0, 100000)) {
        const auto item = project.item(row.id);
        auto& boxes = found[project.picturePath(*item).string()];
        for (const Annotation& annotation : project.annotations(row.id)) {
            const Box box = *annotation.box;
            boxes.emplace_back("", box.left, box.top, box.right, box.bottom);
        }
        std::sort(boxes.begin(), boxes.end());
    }
    return found;
}

session::transfer::ImportRequest csvOf(const std::filesystem::path& folder) {
    session::transfer::ImportRequest request;
    request.format = "csv";
    request.from = folder / "boxes.csv";
    request.files = folder / "pictures";
    return request;
}

constexpr const char* kExactForBoxes[] = {"voc", "coco", "csv", "labelme", "cvat"};

bool mentions(const std::vector<std::string>& lines, const std::string& words) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(words) != std::string::npos; });
}

}  // namespace

class TestTransfer : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void importDrawsTheHoldoutFirst() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 40, false);
        QVERIFY(project != nullptr);
        const PoolCounts counts = project->counts();
        QCOMPARE(counts.inSplit(Split::Val), 10);
        QCOMPARE(counts.inSplit(Split::Test), 8);
        QCOMPARE(counts.inSplit(Split::Train), 22);
        QCOMPARE(counts.inState(Split::Train, ItemState::Unlabelled), 0);
    }

    void importedLabelsAreNobodysWorkAndNobodysToUndo() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 8, false);
        QVERIFY(project != nullptr);
        QVERIFY(project->throughput().empty());
        for (const ItemRow& row : project->rows({}, 0, 100)) {
            QVERIFY(isAnswered(row.state));
            QVERIFY(project->undoHistory(row.id, 10).undo.empty());
        }
    }

    void aClosedProjectIsOneWholeFile() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        QVERIFY(tests::squaresProject(folder, 8, false) != nullptr);
        std::filesystem::copy_file(folder / "squares.querent", folder / "copy.querent");
        const auto copy =
            session::project::Project::open(folder / "copy.querent", session::project::OpenMode::ReadWrite);
        QVERIFY(copy.ok());
        QCOMPARE((*copy)->counts().total(), 8);
    }

    void truthStaysHidden() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 20, true);
        QVERIFY(project != nullptr);
        for (const ItemRow& row : project->rows({}, 0, 100)) {
            QCOMPARE(row.state, ItemState::Unlabelled);
            QVERIFY(project->annotations(row.id).empty());
        }
    }

    void everyFormatBringsBackTheSame_data() {
        QTest::addColumn<QString>("format");
        QTest::addColumn<double>("tolerance");  // pixels
        for (const char* format : kExactForBoxes)
            QTest::newRow(format) << format << 0.0;
        QTest::newRow("yolo") << "yolo" << 1e-6;
        QTest::newRow("labelstudio") << "labelstudio" << 1e-9;
    }

    void everyFormatBringsBackTheSame() {
        QFETCH(QString, format);
        QFETCH(double, tolerance);
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        const auto project = tests::squaresProject(folder / "from", 24, false);
        QVERIFY(project != nullptr);
        session::transfer::ExportRequest out;
        out.format = format.toStdString();
        out.to = folder / "export";
        const auto exported = session::transfer::exportFrom(*project, out, Job());
        QVERIFY2(exported.ok(), exported ? "" : exported.error().text().c_str());
        QCOMPARE(exported->items, 24);

        ProjectSettings settings;
        auto second = session::project::Project::create(folder / "second.querent", settings, {});
        QVERIFY(second.ok());
        session::transfer::ImportRequest in;
        in.format = out.format;
        in.from = out.to;
        in.files = folder / "from" / "pictures";
        if (format == "yolo") in.files.clear();
        const auto report = session::transfer::importInto(**second, in, Job());
        QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
        const auto before = answers(*project);
        const auto after = answers(**second);
        QCOMPARE(after.size(), before.size());
        for (const auto& [name, entry] : before) {
            QVERIFY2(after.contains(name), name.c_str());
            const auto& other = after.at(name);
            QCOMPARE(other.first, entry.first);
            QCOMPARE(other.second.size(), entry.second.size());
            for (std::size_t i = 0; i < entry.second.size(); ++i) {
                const auto& [label, l, t, r, b] = entry.second[i];
                const auto& [label2, l2, t2, r2, b2] = other.second[i];
                QCOMPARE(label2, label);
                const double worst = std::max({std::abs(l - l2), std::abs(t - t2), std::abs(r - r2), std::abs(b - b2)});
                QVERIFY(worst <= tolerance);
            }
        }
    }

    void aDryRunWritesNothing() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 6);
        auto project = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(project.ok());
        session::transfer::ImportRequest request = csvOf(folder);
        request.dryRun = true;
        const auto report = session::transfer::importInto(**project, request, Job());
        QVERIFY(report.ok());
        QCOMPARE(report->items, 6);
        QCOMPARE(report->newItems, 6);
        QCOMPARE(report->newClasses.size(), std::size_t{2});
        QCOMPARE((*project)->counts().total(), 0);
        QVERIFY((*project)->classes().empty());
        QVERIFY((*project)->sources().empty());
        request.dryRun = false;
        const auto done = session::transfer::importInto(**project, request, Job());
        QVERIFY(done.ok());
        QCOMPARE(done->newItems, report->newItems);
        QVERIFY(done->bySplit == report->bySplit);  // the foretold holdout too
    }

    void strictMeansAllOrNothing() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 6);
        std::ofstream(folder / "boxes.csv", std::ios::app) << "square0.png,labelled,red,1,2,abc,4\n";
        auto project = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(project.ok());
        session::transfer::ImportRequest request = csvOf(folder);
        request.strict = true;
        const auto refused = session::transfer::importInto(**project, request, Job());
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().where.line > 1);
        QCOMPARE((*project)->counts().total(), 0);
        request.strict = false;
        const auto taken = session::transfer::importInto(**project, request, Job());
        QVERIFY(taken.ok());
        QCOMPARE(taken->complaints.size(), std::size_t{1});
        QCOMPARE((*project)->counts().total(), 6);
    }

    // Two folders, each with a square0.png: two pictures, each with its own boxes.
    void equalNamesInTwoFoldersAreTwoPictures() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        std::map<std::string, std::vector<BoxKey>> alone;
        auto both = session::project::Project::create(folder / "both.querent", {}, {});
        QVERIFY(both.ok());
        for (const char* name : {"day", "night"}) {
            tests::drawSquares(folder / name, 7, name[0]);
            auto one = session::project::Project::create(folder / name / "one.querent", {}, {});
            QVERIFY(session::transfer::importInto(**one, csvOf(folder / name), Job()).ok());
            alone.merge(boxesByFile(**one));
            const auto report = session::transfer::importInto(**both, csvOf(folder / name), Job());
            QVERIFY(report.ok());
            QCOMPARE(report->newItems, 7);
            QVERIFY(report->complaints.empty());
        }
        QCOMPARE(boxesByFile(**both), alone);
        std::set<std::string> names;
        for (const ItemRow& row : (*both)->rows({}, 0, 100))
            QVERIFY2(names.insert(row.name).second, row.name.c_str());
        QVERIFY(names.contains("square0.png"));
        QVERIFY(names.contains("pictures/square0.png"));

        // The same again, and our own export without the pictures beside it, find what is there.
        for (const char* name : {"day", "night"})
            QCOMPARE(session::transfer::importInto(**both, csvOf(folder / name), Job())->newItems, 0);
        session::transfer::ExportRequest out;
        out.format = "coco";
        out.to = folder / "export";
        QVERIFY(session::transfer::exportFrom(**both, out, Job()).ok());
        session::transfer::ImportRequest in;
        in.format = "coco";
        in.from = out.to;
        const auto back = session::transfer::importInto(**both, in, Job());
        QVERIFY2(back.ok(), back ? "" : back.error().text().c_str());
        QCOMPARE(back->newItems, 0);
        QCOMPARE(boxesByFile(**both), alone);
    }

    // People correct labels in another program and import them again.
    void importedAgainAnswersStayUnlessTheyAreToGiveWay() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 8);
        auto made = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(made.ok());
        session::project::Project& project = **made;
        const auto first = session::transfer::importInto(project, csvOf(folder), Job());
        QVERIFY(first.ok());
        QVERIFY(first->annotations > 0);
        const auto before = boxesByFile(project);

        const auto same = session::transfer::importInto(project, csvOf(folder), Job());
        QVERIFY(same.ok());
        QCOMPARE(same->annotations, 0);
        QCOMPARE(same->kept, 0);
        QCOMPARE(same->unchanged, first->items);
        QVERIFY(same->complaints.empty());

        std::ofstream(folder / "boxes.csv", std::ios::app) << "square1.png,labelled,red,1,1,9,9\n";
        const auto kept = session::transfer::importInto(project, csvOf(folder), Job());
        QVERIFY(kept.ok());
        QCOMPARE(kept->annotations, 0);
        QCOMPARE(kept->kept, 1);
        QCOMPARE(kept->unchanged, first->items - 1);
        QCOMPARE(kept->complaints.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(kept->complaints.front().sentence).contains("other answers already"));
        QCOMPARE(kept->complaints.front().where.path.filename(), "square1.png");
        QCOMPARE(boxesByFile(project), before);

        session::transfer::ImportRequest request = csvOf(folder);
        request.replaceAnswers = true;
        const auto replaced = session::transfer::importInto(project, request, Job());
        QVERIFY(replaced.ok());
        QCOMPARE(replaced->replaced, 1);
        QCOMPARE(replaced->unchanged, first->items - 1);
        QVERIFY(boxesByFile(project) != before);
        for (const ItemRow& row : project.rows({}, 0, 100)) {
            const auto history = project.undoHistory(row.id, 10);
            QCOMPARE(history.undo.size(), std::size_t(row.name == "square1.png" ? 1 : 0));
            if (row.name != "square1.png") continue;
            QCOMPARE(replaced->annotations, row.annotations);
            QVERIFY(project.apply(history.undo.front().edit.reversed()).ok());
        }
        QCOMPARE(boxesByFile(project), before);
        QVERIFY(project.check().empty());
    }

    // What the data says of a part that an item is not in is told, and the report counts where items are.
    void knownItemsStayInTheirPart() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 10);
        auto made = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(session::transfer::importInto(**made, csvOf(folder), Job()).ok());
        const auto count = [&](Split split) { return (*made)->counts().inSplit(split); };
        const std::int64_t val = count(Split::Val);
        QVERIFY(val > 0);
        const auto again = session::transfer::importInto(**made, csvOf(folder), Job());
        QCOMPARE(again->bySplit.at(Split::Val), val);
        QVERIFY(again->complaints.empty());

        std::filesystem::create_directories(folder / "lists");
        for (const char* name : {"train.txt", "val.txt"})
            std::ofstream(folder / "lists" / name) << "";
        std::ofstream test(folder / "lists" / "test.txt");
        for (const ItemRow& row : (*made)->rows({}, 0, 100))
            test << row.name << '\n';
        test.close();
        session::transfer::ImportRequest request = csvOf(folder);
        request.splits = folder / "lists";
        const auto other = session::transfer::importInto(**made, request, Job());
        QVERIFY2(other.ok(), other ? "" : other.error().text().c_str());
        QCOMPARE(count(Split::Val), val);
        QCOMPARE(other->bySplit.at(Split::Val), val);
        QCOMPARE(other->complaints.size(), std::size_t{1});
        QVERIFY(other->complaints.front().sentence.starts_with("10 items are in another part"));
    }

    // Answers that lost something give way to whole ones; they replace none.
    void aMendedFileCompletesWhatHadLostSomething() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 8);
        std::ifstream good(folder / "boxes.csv");
        const std::string table{std::istreambuf_iterator<char>(good), {}};
        auto made = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(made.ok());
        session::project::Project& project = **made;
        std::ofstream(folder / "boxes.csv", std::ios::app) << "square1.png,labelled,red,1,two,3,4\n";
        QCOMPARE(session::transfer::importInto(project, csvOf(folder), Job())->incomplete, 1);
        const auto again = session::transfer::importInto(project, csvOf(folder), Job());
        QCOMPARE(again->incomplete, 0);
        QCOMPARE(again->kept, 0);
        QCOMPARE(project.counts().flagged, 1);

        std::ofstream(folder / "boxes.csv") << table << "square1.png,labelled,red,1,2,3,4\n";
        const auto mended = session::transfer::importInto(project, csvOf(folder), Job());
        QCOMPARE(mended->replaced, 1);
        QCOMPARE(mended->kept, 0);
        QCOMPARE(project.counts().flagged, 0);
        const auto whole = boxesByFile(project);

        std::ofstream(folder / "boxes.csv") << table << "square1.png,labelled,red,1,two,3,4\n";
        session::transfer::ImportRequest request = csvOf(folder);
        request.replaceAnswers = true;
        const auto worse = session::transfer::importInto(project, request, Job());
        QCOMPARE(worse->replaced, 0);
        QCOMPARE(worse->kept, 1);
        QCOMPARE(boxesByFile(project), whole);
        QCOMPARE(project.counts().flagged, 0);
    }

    void aMovedOrCopiedPictureIsTheSame() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder / "a", 7);
        auto project = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(session::transfer::importInto(**project, csvOf(folder / "a"), Job()).ok());
        std::filesystem::copy(folder / "a", folder / "copy", std::filesystem::copy_options::recursive);
        QCOMPARE(session::transfer::importInto(**project, csvOf(folder / "copy"), Job())->newItems, 0);
        QCOMPARE((*project)->sources().size(), std::size_t{1});
        std::filesystem::rename(folder / "a", folder / "moved");
        QCOMPARE(session::transfer::importInto(**project, csvOf(folder / "moved"), Job())->newItems, 0);
        for (const ItemRow& row : (*project)->rows({}, 0, 100))
            QVERIFY(std::filesystem::exists((*project)->picturePath(*(*project)->item(row.id))));
    }

    // Exported predictions say nothing about items that the model was not asked about.
    void whatWasNotPredictedIsNotExportedAsEmpty() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 6);
        auto project = session::project::Project::create(folder / "p.querent", {}, {"red", "blue"});
        session::transfer::ImportRequest pictures;
        pictures.format = "folder";
        pictures.from = folder / "pictures";
        QVERIFY(session::transfer::importInto(**project, pictures, Job()).ok());
        std::ofstream(folder / "boxes.csv") << "path,item_status,class,x0,y0,x1,y1,score\n"
                                            << "square0.png,labelled,red,1,2,30,40,0.5\n"
                                            << "square3.png,labelled,blue,1,2,30,40,0.25\n";
        auto request = csvOf(folder);
        request.as = session::transfer::ImportAs::Predictions;
        QVERIFY(session::transfer::importInto(**project, request, Job()).ok());
        session::transfer::ExportRequest out;
        out.format = "coco";
        out.to = folder / "export";
        out.predictions = true;
        const auto exported = session::transfer::exportFrom(**project, out, Job());
        QVERIFY2(exported.ok(), exported ? "" : exported.error().text().c_str());
        QCOMPARE(exported->items, 2);
        QCOMPARE(exported->annotations, 2);
        QVERIFY(mentions(exported->losses, "4 unlabelled items are left out"));
    }

    void flagsAndNotesAreNamedAsLost() {
        QTemporaryDir dir;
        const auto project = tests::squaresProject(dir.path().toStdString(), 8, false);
        QVERIFY(project != nullptr);
        const auto rows = project->rows({}, 0, 3);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            Edit edit;
            edit.item = rows[i].id;
            edit.gesture = "Flag";
            edit.markBefore = project->item(rows[i].id)->mark;
            edit.markAfter = edit.markBefore;
            edit.markAfter->flagged = i < 2;
            edit.markAfter->note = i == 2 ? "whose cell is this?" : "";
            QVERIFY(project->apply(edit).ok());
        }
        for (const char* format : {"voc", "coco", "csv", "yolo", "labelstudio"}) {
            session::transfer::ExportRequest out;
            out.format = format;
            out.to = dir.filePath("export").toStdString();
            out.dryRun = true;
            const auto exported = session::transfer::exportFrom(*project, out, Job());
            QVERIFY(exported.ok());
            QVERIFY2(mentions(exported->losses, "2 items lose their flag"), format);
            QVERIFY2(mentions(exported->losses, "1 item loses its note"), format);
        }
    }

    void picturesOnly() {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 5);
        std::ofstream(folder / "pictures" / "broken.jpg") << "no picture";
        auto project = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(project.ok());
        session::transfer::ImportRequest request;
        request.format = session::transfer::guessFormat(folder / "pictures", (*project)->settings());
        QCOMPARE(request.format, std::string("folder"));
        request.from = folder / "pictures";
        const auto report = session::transfer::importInto(**project, request, Job());
        QVERIFY(report.ok());
        QCOMPARE(report->newItems, 6);
        QCOMPARE(report->complaints.size(), std::size_t{1});
    }

    /** What a folder is searched for is what data files may name; a kind that nobody decodes is named, not lost. */
    void foldersAndDataFilesKnowTheSameEndings() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        for (const char* ending :
             {"jpg", "JPEG", "jpe",  "png", "bmp",  "tif", "tiff", "webp", "gif", "jp2", "pgm",  "ppm",
              "pnm", "heic", "avif", "wav", "wave", "w64", "rf64", "flac", "ogg", "oga", "opus", "mp3",
              "aif", "AIFF", "aifc", "au",  "caf",  "m4a", "aac",  "wma",  "txt", "mp4", "svg",  "xml"})
            std::ofstream(folder / (std::string("a.") + ending)) << "content";
        const auto index = formats::matching::MediaIndex::scan(folder, Job(), hasMediaExtension);
        const auto scanned = session::transfer::scanFolder(folder, Job());
        QVERIFY(index.ok() && scanned.ok());
        QCOMPARE(index->names().size(), std::size_t{32});
        const std::set<std::string> known(index->names().begin(), index->names().end());
        std::set<std::string> items;
        for (const auto& item : scanned->items)
            items.insert(item.name);
        const auto says = [&](const std::string& text) {
            return std::any_of(scanned->complaints.begin(), scanned->complaints.end(), [&](const auto& complaint) {
                return complaint.fatal && complaint.sentence.find(text) != std::string::npos;
            });
        };
        // What is known as a medium comes in or is counted by its ending; so is all else.
        for (const std::string& name : known) {
            const std::string ending = formats::text::lowered(name.substr(1));
            QVERIFY2(items.contains(name) != says("1 " + ending + " file was left out"), name.c_str());
            QCOMPARE(items.contains(name), !hasForeignExtension(name));
        }
        QVERIFY(says("neither picture nor sound by name were left out"));
        QVERIFY(says("1 .txt") && says("1 .svg") && says("1 .xml"));
    }

    /** Thumbnails and the like are nobody's data, whether a folder is searched or data files name what is in it. */
    void hiddenFoldersAreLeftOut() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 6);
        const std::filesystem::path pictures = folder / "pictures";
        for (const char* hidden : {".thumbnails", ".git/objects", "more/.cache"}) {
            std::filesystem::create_directories(pictures / hidden);
            std::filesystem::copy_file(pictures / "square0.png", pictures / hidden / "extra.png");
        }
        std::filesystem::copy_file(pictures / "square0.png", pictures / "more" / "shown.png");
        std::filesystem::copy_file(pictures / "square0.png", pictures / "._square0.png");
        const auto index = formats::matching::MediaIndex::scan(pictures, Job());
        const auto scanned = session::transfer::scanFolder(pictures, Job());
        QVERIFY(index.ok() && scanned.ok());
        const std::vector<std::string> expected = {"more/shown.png", "square0.png", "square1.png", "square2.png",
                                                   "square3.png",    "square4.png", "square5.png"};
        QVERIFY(index->names() == expected);
        std::vector<std::string> names;
        for (const auto& item : scanned->items) {
            QVERIFY(std::filesystem::exists(item.file));
            names.push_back(item.name);
        }
        QVERIFY(names == expected);
    }

    void labelsOfHiddenFilesAreReported() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 6);
        std::filesystem::create_directories(folder / "pictures" / ".thumbnails");
        std::filesystem::copy_file(folder / "pictures" / "square0.png",
                                   folder / "pictures" / ".thumbnails" / "extra.png");
        std::ofstream(folder / "boxes.csv", std::ios::app) << ".thumbnails/extra.png,labelled,red,1,2,3,4\n";
        auto project = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(project.ok());
        const auto report = session::transfer::importInto(**project, csvOf(folder), Job());
        QVERIFY(report.ok());
        const auto missing = [](const session::transfer::ImportComplaint& complaint) {
            return complaint.sentence == "The image '.thumbnails/extra.png' is missing.";
        };
        QCOMPARE(std::count_if(report->complaints.begin(), report->complaints.end(), missing), std::ptrdiff_t{1});
    }

    void aFolderOfUnreadableKindsSaysSo() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        std::ofstream(folder / "scan.jp2") << "content";
        const auto scanned = session::transfer::scanFolder(folder, Job());
        QVERIFY(!scanned.ok());
        QCOMPARE(scanned.error().code, ErrorCode::Unsupported);
        QVERIFY(scanned.error().sentence.find("1 .jp2 file was left out: such files cannot be read here") !=
                std::string::npos);
    }

    // What was lost would be learnt as background: such an item waits for somebody to look.
    void itemsThatLostAnswersAreSetAside() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 8);
        std::ofstream(folder / "boxes.csv", std::ios::app)
            << "square1.png,labelled,red,1,two,3,4\nsquare1.png,labelled,red,9,9,9,9\n";
        auto project = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(project.ok());
        const auto report = session::transfer::importInto(**project, csvOf(folder), Job());
        QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
        QCOMPARE(report->incomplete, 1);
        QCOMPARE((*project)->counts().flagged, 1);
        for (const ItemRow& row : (*project)->rows({}, 0, 100)) {
            const bool lost = row.name == "square1.png";
            QCOMPARE(row.flagged, lost);
            QCOMPARE(row.state == ItemState::Unlabelled, lost);
            if (!lost) continue;
            QVERIFY(row.annotations > 0);  // what could be read is there
            const std::string note = (*project)->item(row.id)->mark.note;
            QCOMPARE(note, "2 of " + std::to_string(row.annotations + 2) + " objects could not be read.");
        }
        // A second import of the same keeps what is there.
        const int before = (*project)->rows({}, 0, 100).at(1).annotations;
        QVERIFY(session::transfer::importInto(**project, csvOf(folder), Job()).ok());
        QCOMPARE((*project)->rows({}, 0, 100).at(1).annotations, before);
    }

    void whatTheProjectCannotHoldIsRefusedOrCounted() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 4);
        auto boxes = session::project::Project::create(folder / "b.querent", {}, {});
        QVERIFY(boxes.ok());
        session::transfer::ImportRequest request;
        request.format = "folders";
        request.from = folder;
        const auto folders = session::transfer::importInto(**boxes, request, Job());
        QVERIFY(!folders.ok() && folders.error().sentence.find("about boxes") != std::string::npos);
        // Classes of whole items among boxes are left out and counted; alone they are an error.
        std::ofstream(folder / "boxes.csv", std::ios::app) << "square1.png,,bright,,,,\n";
        const auto mixed = session::transfer::importInto(**boxes, csvOf(folder), Job());
        QVERIFY(mixed.ok());
        QVERIFY(std::any_of(mixed->complaints.begin(), mixed->complaints.end(), [](const auto& complaint) {
            return complaint.sentence.starts_with("1 answer was left out, being classes of whole items");
        }));
        QCOMPARE((*boxes)->counts().flagged, 0);
        for (const ClassLabel& label : (*boxes)->classes())
            QVERIFY(label.name != "bright");
    }

    // A crafted row must not carry a file of this machine into somebody's export.
    void anExportCopiesOnlyWhatWasImported() {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        tests::drawSquares(folder, 4);
        std::ofstream(folder / "secret.png") << "password";
        std::filesystem::copy_file(folder / "pictures" / "square0.png", folder / "outside.png");
        auto project = session::project::Project::create(folder / "p.querent", {}, {});
        QVERIFY(project.ok() && session::transfer::importInto(**project, csvOf(folder), Job()).ok());
        std::ofstream(folder / "pictures" / "square1.png") << "password";  // no picture any more
        const auto crafted = (*project)->write([&](store::ProjectFile& file) -> Result<void> {
            const char* const paths[] = {"../secret.png", nullptr, "../outside.png", "/etc/passwd"};
            const auto ids = file.items().rowIds({});
            for (std::size_t i = 0; i < 4; ++i) {
                if (paths[i] == nullptr) continue;
                Medium medium = file.items().item((*ids)[i])->media.front();
                medium.path = paths[i];
                if (const auto moved = file.items().updateMedium(medium); !moved) return moved;
            }
            return {};
        });
        QVERIFY(crafted.ok());
        session::transfer::ExportRequest request;
        request.format = "yolo";
        request.to = folder / "out";
        request.withUnlabelled = true;
        const auto report = session::transfer::exportFrom(**project, request, Job());
        QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
        QVERIFY(mentions(report->losses, "1 files were not copied, because they are no pictures"));
        QVERIFY(mentions(report->losses, "missing and cannot be copied"));
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "out"))
            QVERIFY2(entry.path().extension() != ".png", entry.path().c_str());
    }

    void aHoldoutHasFiveHundredItemsAtTheMost() {
        std::vector<session::transfer::HoldoutItem> items;
        for (int i = 1; i <= 20000; ++i)
            items.push_back({ItemId{i}, {ClassId{i % 7 + 1}}});
        const auto draw = session::transfer::drawHoldout(items, 0.2, 0.0, 3);
        QCOMPARE(draw.val.size(), std::size_t{500});
        QCOMPARE(session::transfer::drawHoldout({items.begin(), items.begin() + 100}, 0.2, 0.0, 3).val.size(),
                 std::size_t{20});
    }
};

QTEST_GUILESS_MAIN(TestTransfer)
#include "tst_transfer.moc"
