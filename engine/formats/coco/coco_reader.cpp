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
            if (file->isResults() && !(lone && m_options.asPredictions)) {
                const char* sentence =
                    "The file is a list of results, not a data set; results can be imported as predictions.";
                if (lone) return fail(ErrorCode::Malformed, sentence, path);
                m_complaints.drop({path, 0}, sentence);
            } else if (!file->isResults() && !file->isCoco()) {
                if (lone) return fail(ErrorCode::Malformed, "The file has no list of images, so it is not COCO.", path);
                m_complaints.drop({path, 0}, "The file has no list of images, so it is not COCO.");
            } else {
                m_files.push_back(std::move(file));
            }
        }
        if (m_files.empty()) return fail(ErrorCode::Malformed, "None of the .json files is COCO.", m_options.from);
        return {};
    }

    Result<void> findImages(const fs::path& from, bool results) {
        if (results && m_options.files.empty()) return {};
        const fs::path folder = m_files.front()->path().parent_path();
        fs::path files = m_options.files;
        if (files.empty()) files = firstFolder({from / "images", folder / "images", folder.parent_path() / "images"});
        if (files.empty()) files = m_files.size() > 1 ? from : folder;
        Result<matching::MediaIndex> index = matching::MediaIndex::scan(files, m_job);
        if (!index) return index.error();
        m_index = std::move(*index);
        return {};
    }

    static std::optional<Split> splitOf(const CocoFile& file, const CocoImage& image) {
        if (image.split) return image.split;
        if (const auto split = splitFromFileName(utf8(file.path().stem()))) return split;
        return splitFromFolder(utf8(file.path().parent_path().filename()));
    }

    // File names as the index should look for them: beside the .json file first, where some tools put the images.
    std::vector<std::string> namesOf(const CocoFile& file) const {
        const std::string beside = utf8(file.path().parent_path().lexically_relative(m_index.folder()));
        const bool inside = !beside.empty() && beside != "." && !beside.starts_with("..");
        std::vector<std::string> names;
        for (const CocoImage& image : file.images()) {
            std::string near = inside ? text::joined(beside, image.fileName) : image.fileName;
            names.push_back(inside && m_index.find(near).name == near && m_index.find(near).exists ? std::move(near)
                                                                                                   : image.fileName);
        }
        return names;
    }

    void takeFile(const CocoFile& file) {
        for (const std::string& name : file.categoryNames())
            m_classes.add(name);
        const std::vector<matching::MediaIndex::Found> found = m_index.findAll(namesOf(file));
        std::unordered_map<std::int64_t, std::size_t> places;
        for (std::size_t i = 0; i < found.size(); ++i)
            takeImage(file, file.images()[i], found[i], places);
        for (const CocoAnnotation& annotation : file.annotations())
            takeAnnotation(file, annotation, places);
        for (const auto& [id, place] : places) {
            DatasetItem& item = m_data.items[place];
            const bool lost = file.lost().contains(id) || m_lost.contains(place);
            item.state = settledState(m_said[place], !item.boxes.empty(), lost, emptyState(m_options));
        }
    }

    void takeImage(const CocoFile& file, const CocoImage& image, const matching::MediaIndex::Found& found,
                   std::unordered_map<std::int64_t, std::size_t>& places) {
        const Where where{file.path(), image.line};
        if (!found.refusal.empty()) return m_complaints.drop(where, found.refusal);
        if (!m_taken.insert(found.name).second)
            return m_complaints.drop(where, "The image " + text::inQuotes(found.name) + " is listed a second time.");
        if (!found.exists) m_complaints.note(where, "The image " + text::inQuotes(found.name) + " is missing.");
        DatasetItem item;
        item.id = image.id;
        item.name = found.name;
        item.file = m_index.fileOf(found.name);
        item.size = trueSize(m_options, item.file, found.exists, image.size, where, m_complaints);
        item.split = splitOf(file, image);
        places.emplace(image.id, m_data.items.size());
        m_said.push_back(image.state);
        m_data.items.push_back(std::move(item));
    }

    void takeAnnotation(const CocoFile& file, const CocoAnnotation& annotation,
                        const std::unordered_map<std::int64_t, std::size_t>& places) {
        const Where where{file.path(), annotation.line};
        const std::string title = titleOf("Annotation", annotation);
        const auto place = places.find(annotation.imageId);
        if (place == places.end())
            return m_complaints.drop(where, title + " belongs to the image " + std::to_string(annotation.imageId) +
                                                ", which is not in the file or was left out.");
        const std::optional<std::string> category = file.category(annotation.categoryId);
        if (!category) {
            m_lost.insert(place->second);
            return m_complaints.drop(where, title + " has the category " + std::to_string(annotation.categoryId) +
                                                ", which is not in the file.");
        }
        if (!addBox(m_data.items[place->second], annotation, *category, where, title)) m_lost.insert(place->second);
    }

    bool addBox(DatasetItem& item, const CocoAnnotation& annotation, const std::string& category, const Where& where,
                const std::string& title) {
        const std::optional<Box> box = acceptBox(annotation.box, item.size, where, title, m_complaints);
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
        std::unordered_map<std::int64_t, const CocoImage*> images;
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
        if (result.categoryId < 1 || result.categoryId > count) return std::nullopt;
        return m_options.classes[static_cast<std::size_t>(result.categoryId - 1)];
    }

    matching::MediaIndex::Found imageOfResult(const CocoAnnotation& result, const CocoImage* image) const {
        if (image) return m_index.find(image->fileName);
        if (const auto known = m_options.imageNames.find(result.imageId); known != m_options.imageNames.end())
            return {known->second, m_index.find(known->second).exists, {}};
        std::vector<std::string> named = m_index.byStem(result.imageName);
        if (named.empty()) named = m_index.byName(result.imageName);
        if (named.size() == 1) return {named.front(), true, {}};
        const std::string id =
            result.imageName.empty() ? std::to_string(result.imageId) : text::inQuotes(result.imageName);
        return {{}, false, "There is no image " + id + " to which the result could belong."};
    }

    void takeResult(const CocoFile& results, const CocoAnnotation& result, const CocoImage* image,
                    const CocoFile& reference, std::unordered_map<std::string, std::size_t>& places) {
        const Where where{results.path(), result.line};
        const std::string title = titleOf("Result", result);
        const std::optional<std::string> category = categoryOfResult(result, reference);
        if (!category)
            return m_complaints.drop(
                where, title + " has the category " + std::to_string(result.categoryId) + ", which is not known.");
        const matching::MediaIndex::Found found = imageOfResult(result, image);
        if (!found.refusal.empty()) return m_complaints.drop(where, found.refusal);
        const auto [place, isNew] = places.emplace(found.name, m_data.items.size());
        if (isNew) {
            DatasetItem item;
            item.id = result.imageId;
            item.name = found.name;
            item.file = m_index.fileOf(found.name);
            item.size = trueSize(m_options, item.file, found.exists, image ? image->size : Size{}, where, m_complaints);
            m_data.items.push_back(std::move(item));
        }
        addBox(m_data.items[place->second], result, *category, where, title);
    }

    const ReadOptions& m_options;
    const Job& m_job;
    std::vector<std::unique_ptr<CocoFile>> m_files;
    matching::MediaIndex m_index;
    Complaints m_complaints;
    ClassList m_classes;
    std::unordered_set<std::string> m_taken;
    std::unordered_set<std::size_t> m_lost;  // positions of items that lost an annotation
    std::vector<std::optional<ItemState>> m_said;
    Dataset m_data;
};

}  // namespace

Result<Dataset> readCoco(const ReadOptions& options, const Job& job) {
    return CocoReader(options, job).run();
}

}  // namespace querent::formats::coco
