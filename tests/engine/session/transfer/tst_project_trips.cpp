#include "engine/core/paths.h"
#include "engine/session/transfer/transfer.h"
#include "tests/engine/formats/awkward_data.h"
#include "tests/engine/session/media_files.h"

#include <iostream>

using namespace querent;

namespace {

using Answer = std::tuple<std::string, double, double, double, double>;

struct Known {
    std::string name;
    ItemState state = ItemState::Unlabelled;
    Split split = Split::Train;
    std::vector<Answer> answers;
};

// What a project knows of each of its files, which are told by what is in them.
std::map<std::string, Known> knowledge(const session::Project& project, const support::fs::path& root) {
    std::map<ClassId, std::string> classes;
    for (const ClassLabel& label : project.classes())
        classes[label.id] = label.name;
    std::map<std::string, Known> all;
    for (const ItemRow& row : project.rows({}, 0, 100000)) {
        const auto item = project.item(row.id);
        std::filesystem::path file;
        for (const Source& source : project.sources()) {
            if (source.id == item->media.front().source)
                file = root / source.folder / pathFromUtf8(item->media.front().path);
        }
        const std::string text = support::contents(file);
        Known& known = all[text.empty() ? "missing " + row.name : text];
        known = {row.name, row.state, row.split, {}};
        for (const Annotation& annotation : project.annotations(row.id)) {
            const Box box = annotation.box.value_or(Box());
            known.answers.emplace_back(classes[annotation.label], box.left, box.top, box.right, box.bottom);
        }
        std::sort(known.answers.begin(), known.answers.end());
    }
    return all;
}

bool areClose(const std::vector<Answer>& a, const std::vector<Answer>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Answer& x, const Answer& y) {
        const auto& [label, left, top, right, bottom] = x;
        const auto& [label2, left2, top2, right2, bottom2] = y;
        const double off = std::max(
            {std::abs(left - left2), std::abs(top - top2), std::abs(right - right2), std::abs(bottom - bottom2)});
        return label == label2 && off < 1e-6;
    });
}

}  // namespace

/**
 * Files with awkward names in two folders, through a project, an export and another project. The projects have rules of
 * their own for names and splits; answers may be missing with a word, and never be another file's.
 */
class TestProjectTrips : public QObject {
    Q_OBJECT

 private:
    static std::uint64_t count() {
        const int many = qEnvironmentVariableIntValue("QUERENT_TRIPS");
        return many > 0 ? static_cast<std::uint64_t>(many) : 3;
    }

    // Real files below day and night, some of one name in both, and a table of boxes for each folder.
    static formats::Dataset drawFiles(Rng& rng, const support::fs::path& folder, bool sounds, int& number) {
        formats::Dataset data;
        data.classes = support::awkwardClasses(rng, false);
        const auto names = support::awkwardNames(rng, 12, {sounds ? ".wav" : ".png"}, false);
        for (const std::string& name : names) {
            formats::DatasetItem item;
            item.name = name;
            item.file = folder / pathFromUtf8(name);
            const int own = number++;
            if (sounds ? !tests::writeTone(item.file, 300.0 + 20.0 * own) : !tests::writePicture(item.file, own))
                continue;
            if (sounds) item.sound = {tests::kRate, 1, tests::kRate};
            if (!sounds) item.size = {20, 16};
            item.split = static_cast<Split>(rng.index(3));
            for (int i = rng.integer(0, 3); i > 0; --i) {
                const Size reach = sounds ? Size{tests::kRate, tests::kRate / 2} : item.size;
                item.boxes.push_back({.label = data.classes[rng.index(data.classes.size())],
                                      .box = support::randomBox(rng, reach, sounds)});
            }
            item.state = item.boxes.empty() ? ItemState::ConfirmedEmpty : ItemState::Labelled;
            data.items.push_back(std::move(item));
        }
        return data;
    }

    static std::unique_ptr<session::Project> newProject(const support::fs::path& path, bool sounds) {
        ProjectSettings settings;
        settings.media = {sounds ? Modality::Audio : Modality::Image};
        auto project = session::project::Project::create(path, settings, {});
        return project ? std::move(*project) : nullptr;
    }

    static QString trip(std::uint64_t seed, bool sounds, const std::vector<std::string>& words) {
        const support::Folder folder;
        const support::fs::path root = folder.root();
        Rng rng(seed, sounds ? "sounds" : "pictures");
        const auto first = newProject(root / "first.querent", sounds);
        if (!first) return "no project";
        int number = 10;
        for (const char* part : {"day", "night"}) {
            const formats::Dataset data = drawFiles(rng, root / "files" / part, sounds, number);
            formats::WriteOptions out;
            out.to = root / "tables" / part;
            const auto written = formats::write(formats::Format::Csv, data, out);
            if (!written) return QString::fromStdString(written.error().text());
            session::transfer::ImportRequest in;
            in.format = "csv";
            in.from = out.to;
            in.files = root / "files" / part;
            const auto report = session::transfer::importInto(*first, in, Job());
            if (!report) return QString::fromStdString(report.error().text());
            if (report->newItems != written->items) return "an item of the table is lost";
        }
        const auto before = knowledge(*first, root);
        for (const std::string& word : words) {
            session::transfer::ExportRequest out;
            out.format = word;
            out.to = root / "exports" / word;
            const auto exported = session::transfer::exportFrom(*first, out, Job());
            if (!exported) return QString::fromStdString(word + ": " + exported.error().text());
            session::transfer::ImportRequest in;
            in.format = word;
            in.from = out.to;
            if (word != "yolo") in.files = root / "files";
            const auto second = newProject(root / (word + ".querent"), sounds);
            const auto report = session::transfer::importInto(*second, in, Job());
            if (!report) return QString::fromStdString(word + ": " + report.error().text());
            const std::string wrong = difference(before, knowledge(*second, root), exported->losses.size(), *report);
            if (!wrong.empty()) return QString::fromStdString(word + ": " + wrong);
            // The same into the project that it comes from changes nothing.
            const auto again = session::transfer::importInto(*first, in, Job());
            if (!again) return QString::fromStdString(word + ": " + again.error().text());
            const auto after = knowledge(*first, root);
            for (const auto& [file, known] : before) {
                if (!after.contains(file) || after.at(file).answers != known.answers ||
                    after.at(file).state != known.state || after.at(file).split != known.split)
                    return QString::fromStdString(word + ", into the same: " + known.name);
            }
        }
        return {};
    }

    // For a person who looks into it: the names, and what the import says.
    static std::string allOf(const std::map<std::string, Known>& before,
                             const session::transfer::ImportReport& report) {
        std::string text;
        for (const auto& [file, known] : before)
            text += "\n  " + known.name + " " + std::to_string(known.answers.size());
        for (const session::transfer::ImportComplaint& complaint : report.complaints)
            text += "\n  " + complaint.sentence;
        return text;
    }

    static std::string difference(const std::map<std::string, Known>& before, const std::map<std::string, Known>& after,
                                  std::size_t losses, const session::transfer::ImportReport& report) {
        std::size_t missing = 0;
        std::string first;
        for (const auto& [file, known] : before) {
            const auto found = after.find(file);
            const bool unknown =
                found == after.end() || (found->second.state == ItemState::Unlabelled && found->second.answers.empty());
            if (unknown) {
                if (missing++ == 0) first = known.name;
                continue;
            }
            if (!areClose(known.answers, found->second.answers))
                return "other answers for " + known.name + ": " + std::to_string(known.answers.size()) + " and " +
                       std::to_string(found->second.answers.size()) + allOf(before, report);
            if (known.state != found->second.state) return "another state of " + known.name;
            // Lists of splits call a file by its name, which may be that of two in the one folder of the import.
            if (known.split != found->second.split && missing++ == 0) first = known.name;
        }
        if (missing > losses + report.complaints.size())
            return std::to_string(missing) + " files lost their answers or their split without a word, the first is " +
                   first;
        return {};
    }

    static void run(bool sounds, const std::vector<std::string>& words) {
        std::int64_t failed = 0;
        for (std::uint64_t seed = 0; seed < count(); ++seed) {
            const QString wrong = trip(seed, sounds, words);
            if (wrong.isEmpty()) continue;
            ++failed;
            std::cerr << "data set " << seed << ", " << wrong.toStdString() << '\n';
        }
        QCOMPARE(failed, std::int64_t{0});
    }

 private Q_SLOTS:
    void pictures() { run(false, {"coco", "csv", "yolo"}); }
    void sounds() { run(true, {"raven"}); }
};

QTEST_GUILESS_MAIN(TestProjectTrips)
#include "tst_project_trips.moc"
