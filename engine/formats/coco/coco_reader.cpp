#include "engine/formats/coco/coco_reader.h"

#include "engine/core/paths.h"
#include "engine/formats/reading.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <memory>

namespace querent::formats::coco {
namespace {

namespace fs = std::filesystem;

bool isJson(std::string_view name) {
    return text::lowered(name).ends_with(".json");
}

// The .json files meant by a path: itself, or those below a folder that are called instances_*, or else all of them.
Result<std::vector<fs::path>> jsonFiles(const fs::path& from, const Job& job) {
    std::error_code problem;
    if (!fs::is_directory(from, problem)) return std::vector<fs::path>{from};
    Result<std::vector<std::string>> names = matching::filesBelow(from, isJson, job);
    if (!names) return names.error();
    std::vector<fs::path> all;
    std::vector<fs::path> instances;
    for (const std::string& name : *names) {
        all.push_back(from / pathFromUtf8(name));
        if (text::baseName(name).starts_with("instances_")) instances.push_back(all.back());
    }
    if (all.empty()) return fail(ErrorCode::NotFound, "There are no .json files in this folder.", from);
    return instances.empty() ? all : instances;
}

std::string titleOf(const char* kind, const CocoAnnotation& annotation) {
    return std::string(kind) + " " + std::to_string(annotation.position);
}

class CocoReader {
 public:
    CocoReader(const ReadOptions& options, const Job& job) : m_options(options), m_job(job) {}

    Result<Dataset> run() {
        std::error_code problem;
        const fs::path from = fs::absolute(m_options.from, problem).lexically_normal();
        const Result<std::vector<fs::path>> paths = jsonFiles(from, m_job);
        if (!paths) return paths.error();
        if (Result<void> parsed = parse(*paths); !parsed) return parsed.error();
        const bool results = m_files.size() == 1 && m_files.front()->isResults();
        if (Result<void> found = findImages(from, results); !found) return found.error();
        if (results) {
            if (Result<void> taken = takeResults(*m_files.front()); !taken) return taken.error();
        } else {
            for (const auto& file : m_files) {
                if (m_job.cancelled()) return Job::stopped();
                takeFile(*file);
            }
            for (std::size_t i = 0; i < m_data.items.size(); ++i)
                settle(m_data.items[i], m_said[i], m_lost[i], emptyState(m_options));
        }
        m_data.classes = m_classes.names();
        return finish(std::move(m_data), std::move(m_complaints), m_options);
    }

 private:
    Result<void> parse(const std::vector<fs::path>& paths) {
        for (const fs::path& path : paths) {
            auto file = std::make_unique<CocoFile>(path, m_complaints);
            if (Result<void> parsed = file->read(m_job); !parsed) return parsed;
            const bool lone = paths.size() == 1;
            std::string problem;
            if (file->isResults() && !(lone && m_options.asPredictions)) {
                problem = "The file is a list of results, not a data set; results can be imported as predictions.";
            } else if (!file->isResults() && !file->isCoco()) {
                problem = "The file has no list of images, so it is not COCO.";
            }
            if (problem.empty()) {
                m_files.push_back(std::move(file));
            } else if (lone) {
                return fail(ErrorCode::Malformed, std::move(problem), path);
            } else {
                m_complaints.drop({path, 0}, std::move(problem));
            }
        }
        if (m_files.empty()) return fail(ErrorCode::Malformed, "None of the .json files is COCO.", m_options.from);
        return {};
    }

    Result<void> findImages(const fs::path& from, bool results) {
        if (results && m_options.files.empty()) return {};
        Result<matching::MediaIndex> index = scanMedia(imageFolder(from), m_job, m_complaints);
        if (!index) return index.error();
        m_index = std::move(*index);
        return {};
    }

    // Where the most of the files' names lead to a file; beside the .json files comes first.
    fs::path imageFolder(const fs::path& from) const {
        if (!m_options.files.empty()) return m_options.files;
        const fs::path own = m_files.front()->path().parent_path();
        const fs::path beside = m_files.size() > 1 ? from : own;
        fs::path best;
        std::size_t most = 0;
        for (const fs::path& folder : {beside, from / "images", own / "images", own.parent_path() / "images"}) {
            const std::size_t hits = hitsIn(folder, beside);
            if (hits > most) best = folder;
            most = std::max(most, hits);
        }
        if (!best.empty()) return best;
        const fs::path usual = firstFolder({from / "images", own / "images", own.parent_path() / "images"});
        // A path that leads deeper than any folder of images is looked for below the file itself.
        return usual.empty() ? beside : usual;
    }

    // How many of the first names of each file are there; names of a folder with files of their own are beside them.
    std::size_t hitsIn(const fs::path& folder, const fs::path& beside) const {
        constexpr std::size_t kEnough = 200;
        std::size_t hits = 0;
        std::error_code problem;
        for (const auto& file : m_files) {
            std::size_t seen = 0;
            for (const CocoImage& image : file->images()) {
                if (++seen > kEnough) break;
                const fs::path name = pathFromUtf8(text::safeName(image.fileName).name);
                const bool near = folder == beside && fs::is_regular_file(file->path().parent_path() / name, problem);
                hits += near || fs::is_regular_file(folder / name, problem) ? 1 : 0;
            }
        }
        return hits;
    }

    static std::optional<Split> splitOf(const CocoFile& file, const CocoImage& image) {
        if (image.split) return image.split;
        if (const auto split = splitFromFileName(utf8(file.path().stem()))) return split;
        return splitFromFolder(utf8(file.path().parent_path().filename()));
    }

    void takeFile(const CocoFile& file) {
        for (const std::string& name : file.categoryNames())
            m_classes.add(name);
        std::vector<std::string> names;
        for (const CocoImage& image : file.images())
            names.push_back(image.fileName);
        const std::vector<matching::MediaIndex::Found> found = m_index.findAll(names, m_index.folderIn(file.path()));
        Places places;
        for (std::size_t i = 0; i < found.size(); ++i)
            takeImage(file, file.images()[i], found[i], places);
        for (const CocoAnnotation& annotation : file.annotations())
            takeAnnotation(file, annotation, places);
        for (const auto& [id, count] : file.lost()) {
            if (const auto place = places.find(id); place != places.end()) m_lost[place->second] += count;
        }
    }

    using Places = std::unordered_map<CocoId, std::size_t>;

    void takeImage(const CocoFile& file, const CocoImage& image, const matching::MediaIndex::Found& found,
                   Places& places) {
        const Where where{file.path(), image.line};
        if (!found.refusal.empty()) return m_complaints.drop(where, found.refusal);
        if (const auto taken = m_taken.find(found.name); taken != m_taken.end()) {
            // Merged files list a picture twice; what is said of either entry is about the one picture.
            m_complaints.note(where, "The image " + text::inQuotes(found.name) +
                                         " is listed a second time; its annotations were put together.");
            places.emplace(image.id, taken->second);
            return;
        }
        if (!found.exists) m_complaints.note(where, "The image " + text::inQuotes(found.name) + " is missing.");
        sayHowFound(found, {file.path(), 0}, m_complaints);
        DatasetItem item;
        item.id = text::parseInteger(image.id).value_or(0);
        item.name = found.name;
        item.file = m_index.fileOf(found.name);
        const Plane plane = planeOf(m_options, item.file, found.exists, image.size, where, m_complaints);
        item.size = plane.size;
        item.split = splitOf(file, image);
        places.emplace(image.id, m_data.items.size());
        m_taken.emplace(found.name, m_data.items.size());
        m_said.push_back(image.state);
        m_planes.push_back(plane);
        m_data.items.push_back(std::move(item));
    }

    void takeAnnotation(const CocoFile& file, const CocoAnnotation& annotation, const Places& places) {
        const Where where{file.path(), annotation.line};
        const std::string title = titleOf("Annotation", annotation);
        const auto place = places.find(annotation.imageId);
        if (place == places.end())
            return m_complaints.drop(where, title + " belongs to the image " + annotation.imageId +
                                                ", which is not in the file or was left out.");
        const std::optional<std::string> category = file.category(annotation.categoryId);
        if (!category) {
            ++m_lost[place->second];
            return m_complaints.drop(
                where, title + " has the category " + annotation.categoryId + ", which is not in the file.");
        }
        if (!addBox(m_data.items[place->second], m_planes[place->second], annotation, *category, where, title))
            ++m_lost[place->second];
    }

    bool addBox(DatasetItem& item, const Plane& plane, const CocoAnnotation& annotation, const std::string& category,
                const Where& where, const std::string& title) {
        const std::optional<Box> box = acceptBox(plane.upright(annotation.box), item.size, where, title, m_complaints);
        if (!box) return false;
        DatasetBox entry = annotation.flags;
        entry.label = category;
        entry.box = box;
        item.boxes.push_back(std::move(entry));
        return true;
    }

    // Results refer to images and categories of another file, or of the caller.
    Result<void> takeResults(const CocoFile& results) {
        CocoFile reference(m_options.reference, m_complaints);
        if (!m_options.reference.empty()) {
            if (Result<void> parsed = reference.read(m_job); !parsed) return parsed;
        }
        std::unordered_map<CocoId, const CocoImage*> images;
        for (const CocoImage& image : reference.images())
            images.emplace(image.id, &image);
        for (const std::string& name :
             reference.categoryNames().empty() ? m_options.classes : reference.categoryNames())
            m_classes.add(name);
        std::unordered_map<std::string, std::size_t> places;
        for (const CocoAnnotation& result : results.annotations()) {
            if (m_job.cancelled()) return Job::stopped();
            const auto image = images.find(result.imageId);
            takeResult(results, result, image == images.end() ? nullptr : image->second, reference, places);
        }
        return {};
    }

    std::optional<std::string> categoryOfResult(const CocoAnnotation& result, const CocoFile& reference) const {
        if (!reference.categoryNames().empty()) return reference.category(result.categoryId);
        const auto count = static_cast<std::int64_t>(m_options.classes.size());
        const std::int64_t id = text::parseInteger(result.categoryId).value_or(0);
        if (id < 1 || id > count) return std::nullopt;
        return m_options.classes[static_cast<std::size_t>(id - 1)];
    }

    matching::MediaIndex::Found imageOfResult(const CocoAnnotation& result, const CocoImage* image) const {
        if (image) return m_index.find(image->fileName);
        if (const auto number = text::parseInteger(result.imageId)) {
            if (const auto known = m_options.imageNames.find(*number); known != m_options.imageNames.end())
                return {known->second, m_index.find(known->second).exists};
        }
        std::vector<std::string> named = m_index.byStem(result.imageId);
        if (named.empty()) named = m_index.byName(result.imageId);
        if (named.size() == 1) return {named.front(), true};
        return {
            {}, false, "There is no image " + text::inQuotes(result.imageId) + " to which the result could belong."};
    }

    void takeResult(const CocoFile& results, const CocoAnnotation& result, const CocoImage* image,
                    const CocoFile& reference, std::unordered_map<std::string, std::size_t>& places) {
        const Where where{results.path(), result.line};
        const std::string title = titleOf("Result", result);
        const std::optional<std::string> category = categoryOfResult(result, reference);
        if (!category)
            return m_complaints.drop(where, title + " has the category " + result.categoryId + ", which is not known.");
        const matching::MediaIndex::Found found = imageOfResult(result, image);
        if (!found.refusal.empty()) return m_complaints.drop(where, found.refusal);
        const auto [place, isNew] = places.emplace(found.name, m_data.items.size());
        if (isNew) {
            DatasetItem item;
            item.id = text::parseInteger(result.imageId).value_or(0);
            item.name = found.name;
            item.file = m_index.fileOf(found.name);
            const Plane plane =
                planeOf(m_options, item.file, found.exists, image ? image->size : Size{}, where, m_complaints);
            item.size = plane.size;
            m_planes.push_back(plane);
            m_data.items.push_back(std::move(item));
        }
        addBox(m_data.items[place->second], m_planes[place->second], result, *category, where, title);
    }

    const ReadOptions& m_options;
    const Job& m_job;
    std::vector<std::unique_ptr<CocoFile>> m_files;
    matching::MediaIndex m_index;
    Complaints m_complaints;
    ClassList m_classes;
    std::unordered_map<std::string, std::size_t> m_taken;  // items by name
    std::vector<std::optional<ItemState>> m_said;          // by item, as m_planes
    std::vector<Plane> m_planes;
    std::unordered_map<std::size_t, std::int64_t> m_lost;  // annotations that an item lost
    Dataset m_data;
};

}  // namespace

Result<Dataset> readCoco(const ReadOptions& options, const Job& job) {
    return CocoReader(options, job).run();
}

}  // namespace querent::formats::coco
