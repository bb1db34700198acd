#include "tests/engine/formats/awkward_data.h"
#include "tests/engine/formats/loss_recipe.h"

#include <cstdlib>
#include <iostream>

using namespace support;

/**
 * Data sets with awkward names through every format that can hold them: out, in, and nothing may differ that neither
 * the export nor the import has named. QUERENT_TRIPS=500 makes the long run, QUERENT_TRIP=17 repeats one data set.
 */
class TestRandomTrips : public QObject {
    Q_OBJECT

 private:
    struct Way {
        Format format;
        const char* target;  // below the folder of the trip
        VocOrigin origin = VocOrigin::Auto;
        CsvLayout layout = CsvLayout::Boxes;
        double tolerance = 0.0;
    };

    // QUERENT_TRIP=17 or 17,yolo
    static bool isWanted(const Way& way) {
        const std::string one = qgetenv("QUERENT_TRIP").toStdString();
        const std::size_t comma = one.find(',');
        return comma == std::string::npos || one.substr(comma + 1) == way.target;
    }

    static std::vector<std::uint64_t> seeds() {
        std::vector<std::uint64_t> seeds;
        if (const char* one = std::getenv("QUERENT_TRIP")) return {std::strtoull(one, nullptr, 10)};
        const char* many = std::getenv("QUERENT_TRIPS");
        for (std::uint64_t seed = 0; seed < (many ? std::strtoull(many, nullptr, 10) : 25); ++seed)
            seeds.push_back(seed);
        return seeds;
    }

    static std::string trip(const Way& way, const Dataset& whole, const fs::path& files, WriteOptions out) {
        out.vocOrigin = way.origin;
        out.csvLayout = way.layout;
        Dataset data = whole;
        Result<LossReport> report = write(way.format, data, out);
        if (!report && report.error().sentence.find("would share a label file") != std::string::npos) {
            if (const std::string wrong = keepOneOfEachStem(data); !wrong.empty()) return wrong;
            report = write(way.format, data, out);
        }
        if (!report) return "The export fails: " + report.error().text();
        LossRecipe recipe(way.format, whole, data, out);
        recipe.m_manifest = way.layout == CsvLayout::Manifest;
        if (std::string wrong = recipe.take(*report); !wrong.empty()) return wrong;
        ReadOptions in = hearing(out.to, out.images == Images::None && way.format != Format::Folders ? files : "");
        const Result<Dataset> back = read(way.format, in);
        if (!back) {
            return recipe.nothingLeft() ? std::string() : "The import fails: " + back.error().text();
        }
        if (std::string wrong = recipe.take(back->complaints); !wrong.empty()) return wrong;
        return recipe.compare(*back, way.tolerance);
    }

    // YOLO refuses two pictures of one stem in one split; without the second of each pair it must go.
    static std::string keepOneOfEachStem(Dataset& data) {
        std::set<std::string> stems;
        const auto before = data.items.size();
        std::erase_if(data.items, [&](const DatasetItem& item) {
            const std::string split = item.split ? toText(*item.split) : "unassigned";
            return !stems.insert(split + "/" + std::string(text::withoutExtension(item.name))).second;
        });
        return data.items.size() < before ? std::string() : "Refused, and no two pictures share a stem.";
    }

    static void run(AwkwardOptions::Kind kind, const std::vector<Way>& ways) {
        std::map<std::string, int> kinds;
        std::int64_t trips = 0;
        std::int64_t failed = 0;
        for (const std::uint64_t seed : seeds()) {
            Rng rng(seed, std::to_string(kind));
            const Folder folder;
            const Dataset data = awkwardDataset(rng, folder, {kind, rng.chance(0.2)});
            for (const Way& way : ways) {
                if (!isWanted(way)) continue;
                Rng own(seed, way.target);
                WriteOptions out = writing(folder.root() / "trips" / way.target);
                out.allStates = own.chance(0.5);
                out.images = own.chance(0.4) ? Images::Copy : Images::None;
                const std::string wrong = trip(way, data, folder / "files", out);
                std::error_code ignored;
                fs::remove_all(folder / "trips", ignored);
                ++trips;
                if (wrong.empty()) continue;
                ++failed;
                std::cerr << "data set " << seed << ", " << way.target << (out.allStates ? ", all states" : "")
                          << (out.images == Images::Copy ? ", copies" : "") << ": " << wrong << '\n';
            }
        }
        std::cerr << trips << " trips, " << failed << " failed\n";
        QCOMPARE(failed, std::int64_t{0});
    }

 private Q_SLOTS:
    // Each export is synced to the disk, which makes minutes of thousands of them.
    void initTestCase() {
        std::error_code ignored;
        if (!qEnvironmentVariableIsSet("TMPDIR") && fs::is_directory("/dev/shm", ignored))
            qputenv("TMPDIR", "/dev/shm");
    }

    void boxesOfPictures() {
        run(AwkwardOptions::Boxes, {{Format::Voc, "voc"},
                                    {Format::Voc, "voc-labelimg", VocOrigin::LabelImg},
                                    {Format::Coco, "coco"},
                                    {Format::Coco, "coco.json"},
                                    {.format = Format::Yolo, .target = "yolo", .tolerance = 1e-6},
                                    {Format::Csv, "csv"},
                                    {Format::Csv, "boxes.csv"},
                                    {Format::Labelme, "labelme"},
                                    {Format::Cvat, "cvat"},
                                    {Format::Cvat, "cvat.xml"},
                                    {.format = Format::LabelStudio, .target = "labelstudio", .tolerance = 1e-8},
                                    {.format = Format::LabelStudio, .target = "tasks.json", .tolerance = 1e-8}});
    }

    void boxesOfSounds() {
        run(AwkwardOptions::Sounds, {{.format = Format::Csv, .target = "csv", .tolerance = 2e-9},
                                     {.format = Format::Csv, .target = "boxes.csv", .tolerance = 2e-9},
                                     {.format = Format::Audacity, .target = "audacity", .tolerance = 1.1e-6 * 48000},
                                     {.format = Format::Raven, .target = "raven", .tolerance = 2e-9},
                                     {.format = Format::LabelStudio, .target = "labelstudio", .tolerance = 2e-9}});
    }

    void classesOfItems() {
        run(AwkwardOptions::Classes, {{Format::Folders, "folders"},
                                      {Format::Csv, "csv"},
                                      {Format::Csv, "manifest", VocOrigin::Auto, CsvLayout::Manifest},
                                      {Format::Csv, "manifest.csv", VocOrigin::Auto, CsvLayout::Manifest},
                                      {Format::LabelStudio, "labelstudio"},
                                      {Format::Cvat, "cvat"}});
    }
};

QTEST_GUILESS_MAIN(TestRandomTrips)
#include "tst_random_trips.moc"
