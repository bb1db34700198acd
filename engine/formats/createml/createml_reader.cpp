#include "engine/core/paths.h"
#include "engine/formats/pictures/picture_items.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/json_objects.h"
#include "engine/formats/text/text.h"

#include <algorithm>

namespace querent::formats::createml {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool isJson(std::string_view name) {
    return text::lowered(name).ends_with(".json");
}

// One annotation; its place is the centre and the lengths of its sides.
struct RawObject {
    std::int64_t line = 0;
    std::string label;
    bool placed = false;                       // has coordinates; otherwise it is a class of the whole picture
    std::optional<std::vector<double>> place;  // x, y, width, height
};

struct RawPicture {
    std::int64_t line = 0;
    std::string path;
    std::vector<RawObject> objects;
};

RawObject objectOf(const Json& entry, std::int64_t line) {
    if (entry.is_string()) return {line, std::string(text::trimmed(entry.get_ref<const std::string&>())), false, {}};
    RawObject object{text::lineOf(entry), text::textOf(entry, "label"), false, {}};
    const Json& coordinates = text::memberOf(entry, "coordinates");
    object.placed = !coordinates.is_null();
    std::vector<double> place;
    for (const char* name : {"x", "y", "width", "height"}) {
        const std::optional<double> number = text::numberOf(text::memberOf(coordinates, name));
        if (!number) return object;
        place.push_back(*number);
    }
    object.place = std::move(place);
    return object;
}

// "a.jpg" of "file:///x/a.jpg" and of the path itself.
std::string pathOf(const Json& entry) {
    for (const char* name : {"image", "imagefilename", "imageURL"}) {
        std::string path = text::textOf(entry, name);
        if (path.empty()) continue;
        const std::size_t scheme = path.find("://");
        return scheme == std::string::npos ? path : path.substr(scheme + 3);
    }
    return {};
}

class CreateMlReader {
 public:
    CreateMlReader(const ReadOptions& options, const Job& job)
        : m_options(options),
          m_job(job),
          m_root(sounds::folderOfLabels(options.from)),
          m_items(options, m_complaints) {}

    Result<Dataset> run() {
        const Result<std::vector<std::string>> names = sounds::labelFiles(m_options, isJson, m_job);
        if (!names) return names.error();
        if (Result<void> scanned = m_items.scan(m_root, *names, m_job); !scanned) return scanned.error();
        const Result<bool> any =
            takeFiles(*names, m_root, m_complaints, [this](const fs::path& path) { return takeFile(path); });
        if (!any) return any.error();
        if (!*any) return fail(ErrorCode::Malformed, "None of the .json files is CreateML's.", m_options.from);
        Dataset data;
        data.classes = m_classes.names();
        data.items = m_items.take();
        return finish(std::move(data), std::move(m_complaints), m_options);
    }

 private:
    Result<void> takeFile(const fs::path& path) {
        std::vector<RawPicture> pictures;
        std::int64_t others = 0;
        const auto read = text::streamJson(path, {}, m_job, [&](const Json& entry) {
            if (!collect(entry, pictures)) ++others;
        });
        if (!read) return read.error();
        if (!read->isList || pictures.empty())
            return fail(ErrorCode::Malformed,
                        "This is not a file of CreateML, which is a list of pictures with their annotations.", path);
        if (others + read->strangers > 0)
            m_complaints.drop({path, 0}, text::counted(others + read->strangers, "entry has", "entries have") +
                                             " no picture with annotations and cannot be read.");
        if (read->nonNumbers > 0)
            m_complaints.note({path, 0}, "The file has " + text::counted(read->nonNumbers, "value", "values") +
                                             " NaN or Infinity, which JSON does not know; they count as missing.");
        const bool shares = areShares(pictures);
        if (shares)
            m_complaints.note({path, 0}, "All coordinates are between 0 and 1; they were read as shares of the sides.");
        for (const RawPicture& picture : pictures)
            m_items.expect({picture.path, path});
        std::int64_t count = 0;
        for (const RawPicture& picture : pictures) {
            if (m_job.cancelled()) return Job::stopped();
            if (++count % 256 == 0) m_job.report("Reading", count, static_cast<std::int64_t>(pictures.size()));
            take(path, picture, shares);
        }
        return {};
    }

    // False when the entry is no picture with annotations.
    static bool collect(const Json& entry, std::vector<RawPicture>& pictures) {
        RawPicture picture{text::lineOf(entry), pathOf(entry), {}};
        const bool plural = entry.contains("annotations");
        const Json& list = text::memberOf(entry, plural ? "annotations" : "annotation");
        if (picture.path.empty() || (!list.is_array() && !list.is_string())) return false;
        if (list.is_string()) {
            picture.objects.push_back(objectOf(list, picture.line));
        } else {
            for (const Json& object : list)
                picture.objects.push_back(objectOf(object, picture.line));
        }
        pictures.push_back(std::move(picture));
        return true;
    }

    static bool areShares(const std::vector<RawPicture>& pictures) {
        bool any = false;
        for (const RawPicture& picture : pictures) {
            for (const RawObject& object : picture.objects) {
                if (!object.place) continue;
                any = true;
                if (std::any_of(object.place->begin(), object.place->end(),
                                [](double n) { return n > 1.0 || n < 0.0; }))
                    return false;
            }
        }
        return any;
    }

    void take(const fs::path& path, const RawPicture& picture, bool shares) {
        const Where where{path, picture.line};
        const std::optional<std::size_t> item = m_items.itemOf({picture.path, path}, where);
        if (!item) return;
        if (m_items.timesNamed(*item) > 1)
            m_complaints.note(where, "The picture " + text::inQuotes(m_items.item(*item).name) +
                                         " is listed a second time; the objects of both were read.");
        m_items.say(*item, {}, emptyState(m_options));
        m_items.item(*item).split = pictures::splitOfFolders(path, m_root);
        for (const RawObject& object : picture.objects)
            takeObject(*item, object, shares, {path, object.line});
    }

    void takeObject(std::size_t item, const RawObject& object, bool shares, const Where& where) {
        if (object.label.empty()) return m_items.lose(item, where, "The annotation has no class.");
        DatasetBox box;
        box.label = object.label;
        if (object.placed) {
            const std::string what = "The box of " + text::inQuotes(object.label);
            if (!object.place) return m_items.lose(item, where, what + " lacks a number of its place.");
            const Size size = m_items.item(item).size;
            if (shares && size.empty())
                return m_items.lose(item, where,
                                    what + " cannot be placed, because the size of its picture is not known.");
            const double across = shares ? size.width : 1.0;
            const double down = shares ? size.height : 1.0;
            const std::vector<double>& n = *object.place;
            box.box = Box{(n[0] - 0.5 * n[2]) * across, (n[1] - 0.5 * n[3]) * down, (n[0] + 0.5 * n[2]) * across,
                          (n[1] + 0.5 * n[3]) * down};
        }
        if (m_items.add(item, std::move(box), where)) m_classes.add(object.label);
    }

    const ReadOptions& m_options;
    const Job& m_job;
    fs::path m_root;
    Complaints m_complaints;
    pictures::PictureItems m_items;
    ClassList m_classes;
};

}  // namespace

Result<Dataset> readCreateMl(const ReadOptions& options, const Job& job) {
    return CreateMlReader(options, job).run();
}

}  // namespace querent::formats::createml
