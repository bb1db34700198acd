#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/pictures/picture_items.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/json_objects.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>
#include <map>

namespace querent::formats::megadetector {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool isJson(std::string_view name) {
    return text::lowered(name).ends_with(".json");
}

// One detection as it stands in the file.
struct RawDetection {
    std::int64_t line = 0;
    std::string category;  // its number in words, or its name
    std::optional<double> score;
    std::optional<std::array<double, 4>> numbers;
};

struct RawPicture {
    std::int64_t line = 0;
    std::string path;
    std::vector<RawDetection> detections;
};

struct RawFile {
    std::vector<RawPicture> pictures;
    std::map<std::string, std::string> categories;  // number -> name
    bool corners = false;                           // boxes are left, top, right, bottom in pixels
    std::int64_t classified = 0;                    // detections that a second program has named
    std::int64_t failed = 0;                        // pictures that the program could not read
    std::int64_t others = 0;                        // entries that are no pictures with detections
};

class MegaDetectorReader {
 public:
    MegaDetectorReader(const ReadOptions& options, const Job& job)
        : m_options(options),
          m_job(job),
          m_root(sounds::folderOfLabels(options.from)),
          m_items(options, m_complaints) {}

    Result<Dataset> run() {
        const Result<std::vector<std::string>> names = sounds::labelFiles(m_options, isJson, m_job);
        if (!names) return names.error();
        std::vector<std::pair<fs::path, RawFile>> files;
        const auto any = takeFiles(*names, m_root, m_complaints, [&](const fs::path& path) -> Result<void> {
            Result<RawFile> file = parse(path);
            if (!file) return file.error();
            files.emplace_back(path, std::move(*file));
            return {};
        });
        if (!any) return any.error();
        if (!*any)
            return fail(ErrorCode::Malformed, "None of the .json files has detections of MegaDetector.",
                        m_options.from);
        if (!m_options.asPredictions)
            return fail(ErrorCode::Unsupported,
                        "These are detections of MegaDetector: a program's guesses, and no labels. Import them as "
                        "predictions.",
                        m_options.from);
        if (Result<void> scanned = m_items.scan(m_root, *names, m_job); !scanned) return scanned.error();
        for (const auto& [path, file] : files) {
            if (Result<void> taken = take(path, file); !taken) return taken.error();
        }
        Dataset data;
        data.classes = m_classes.names();
        data.items = m_items.take();
        return finish(std::move(data), std::move(m_complaints), m_options);
    }

 private:
    Result<RawFile> parse(const fs::path& path) const {
        RawFile file;
        const auto read =
            text::streamJson(path, {.list = "images"}, m_job, [&](const Json& entry) { collect(entry, file); });
        if (!read) return read.error();
        if (!read->hasList || file.pictures.empty())
            return fail(ErrorCode::Malformed,
                        "This is not MegaDetector's: it has no list of pictures with their file and detections.", path);
        file.others += read->strangers;
        file.corners = read->isList;  // the later form of the file
        // The names belong to numbers, and are listed in the order of these.
        for (const auto& [number, name] : text::memberOf(read->rest, "detection_categories").items()) {
            if (name.is_string()) file.categories.emplace(number, text::trimmed(name.get_ref<const std::string&>()));
        }
        return file;
    }

    static void collect(const Json& entry, RawFile& file) {
        RawPicture picture{text::lineOf(entry), text::textOf(entry, "file"), {}};
        const Json& list = text::memberOf(entry, "detections");
        const bool failed = !text::textOf(entry, "failure").empty();
        if (picture.path.empty() || (!list.is_array() && !failed)) return void(++file.others);
        file.failed += failed;
        for (const Json& one : list)
            picture.detections.push_back(detectionOf(one, file));
        file.pictures.push_back(std::move(picture));
    }

    static RawDetection detectionOf(const Json& entry, RawFile& file) {
        RawDetection detection{text::lineOf(entry), text::textOf(entry, "category"), {}, {}};
        if (const auto number = text::numberOf(text::memberOf(entry, "category")))
            detection.category = text::numberText(*number);
        for (const char* name : {"conf", "confidence"}) {
            if (!detection.score) detection.score = text::numberOf(text::memberOf(entry, name));
        }
        if (const auto numbers = text::numbersOf(text::memberOf(entry, "bbox"), 4))
            detection.numbers = {(*numbers)[0], (*numbers)[1], (*numbers)[2], (*numbers)[3]};
        file.classified += !text::memberOf(entry, "classifications").empty();
        return detection;
    }

    Result<void> take(const fs::path& path, const RawFile& file) {
        std::vector<std::pair<std::string, std::string>> ordered(file.categories.begin(), file.categories.end());
        std::sort(ordered.begin(), ordered.end(),
                  [](const auto& a, const auto& b) { return naturalLess(a.first, b.first); });
        for (const auto& [number, name] : ordered) {
            if (!name.empty()) m_classes.add(name);
        }
        for (const RawPicture& picture : file.pictures)
            m_items.expect({picture.path, path});
        std::int64_t count = 0;
        for (const RawPicture& picture : file.pictures) {
            if (m_job.cancelled()) return Job::stopped();
            if (++count % 256 == 0) m_job.report("Reading", count, static_cast<std::int64_t>(file.pictures.size()));
            const std::optional<std::size_t> item = m_items.itemOf({picture.path, path}, {path, picture.line});
            if (!item) continue;
            for (const RawDetection& detection : picture.detections)
                takeDetection(*item, file, detection, {path, detection.line});
        }
        const auto say = [&](std::int64_t number, const char* one, const char* many) {
            if (number > 0) m_complaints.note({path, 0}, text::counted(number, one, many));
        };
        say(file.classified, "detection has a classification, which is not read.",
            "detections have classifications, which are not read.");
        if (file.others > 0)
            m_complaints.drop({path, 0}, text::counted(file.others, "entry has", "entries have") +
                                             " no file with detections and cannot be read.");
        say(file.failed, "picture could not be read by the program that made the file.",
            "pictures could not be read by the program that made the file.");
        return {};
    }

    void takeDetection(std::size_t item, const RawFile& file, const RawDetection& detection, const Where& where) {
        const auto name = file.categories.find(detection.category);
        DatasetBox box;
        box.label = name == file.categories.end() ? detection.category : name->second;
        if (box.label.empty()) return m_items.lose(item, where, "The detection has no category.");
        const std::string what = "The detection of " + text::inQuotes(box.label);
        if (!file.categories.empty() && name == file.categories.end())
            return m_items.lose(
                item, where,
                "The detection has the category " + text::inQuotes(detection.category) + ", which is not in the file.");
        if (!detection.numbers) return m_items.lose(item, where, what + " has no box of four numbers.");
        const auto& n = *detection.numbers;
        const Size size = m_items.item(item).size;
        if (file.corners) {
            box.box = Box{n[0], n[1], n[2], n[3]};
        } else if (size.empty()) {
            return m_items.lose(item, where, what + " cannot be placed, because the size of its picture is not known.");
        } else {
            box.box =
                Box{n[0] * size.width, n[1] * size.height, (n[0] + n[2]) * size.width, (n[1] + n[3]) * size.height};
            // Shares have few decimals, so that a box at the edge may reach out by a part of a pixel.
            if (box.box->right < size.width + 1.0) box.box->right = std::min<double>(box.box->right, size.width);
            if (box.box->bottom < size.height + 1.0) box.box->bottom = std::min<double>(box.box->bottom, size.height);
        }
        box.score = detection.score;
        if (box.score && (*box.score < 0.0 || *box.score > 1.0)) {
            m_complaints.note(where, what + " has a score that is not between 0 and 1; it was read without.");
            box.score.reset();
        }
        const std::string label = box.label;
        if (m_items.add(item, std::move(box), where)) m_classes.add(label);
    }

    const ReadOptions& m_options;
    const Job& m_job;
    fs::path m_root;
    Complaints m_complaints;
    pictures::PictureItems m_items;
    ClassList m_classes;
};

}  // namespace

Result<Dataset> readMegaDetector(const ReadOptions& options, const Job& job) {
    return MegaDetectorReader(options, job).run();
}

}  // namespace querent::formats::megadetector
