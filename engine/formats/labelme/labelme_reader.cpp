#include "engine/core/paths.h"
#include "engine/formats/pictures/picture_items.h"
#include "engine/formats/pictures/shapes.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/json_objects.h"
#include "engine/formats/text/text.h"

#include <cmath>

namespace querent::formats::labelme {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool isJson(std::string_view name) {
    return text::lowered(name).ends_with(".json");
}

// The points of a shape; nullopt when one of them is none.
std::optional<std::vector<pictures::Point>> pointsOf(const Json& shape) {
    const Json& list = text::memberOf(shape, "points");
    if (!list.is_array()) return std::nullopt;
    std::vector<pictures::Point> points;
    for (const Json& entry : list) {
        const auto numbers = text::numbersOf(entry, 2);
        if (!numbers) return std::nullopt;
        points.push_back({(*numbers)[0], (*numbers)[1]});
    }
    return points;
}

class LabelmeReader {
 public:
    LabelmeReader(const ReadOptions& options, const Job& job)
        : m_options(options),
          m_job(job),
          m_root(sounds::folderOfLabels(options.from)),
          m_items(options, m_complaints) {}

    Result<Dataset> run() {
        const Result<std::vector<std::string>> names = sounds::labelFiles(m_options, isJson, m_job);
        if (!names) return names.error();
        if (Result<void> scanned = m_items.scan(m_root, *names, m_job); !scanned) return scanned.error();
        addListedClasses();
        std::int64_t count = 0;
        const Result<bool> any = takeFiles(*names, m_root, m_complaints, [&](const fs::path& path) -> Result<void> {
            if (m_job.cancelled()) return Job::stopped();
            m_job.report("Reading", ++count, static_cast<std::int64_t>(names->size()));
            return takeFile(path);
        });
        if (!any) return any.error();
        if (!*any)
            return fail(ErrorCode::Malformed, "None of the .json files is labelme's: they have no list of shapes.",
                        m_options.from);
        std::error_code problem;
        if (fs::is_directory(m_options.from, problem)) m_items.addRest();
        Dataset data;
        data.classes = m_classes.names();
        data.items = m_items.take();
        return finish(std::move(data), std::move(m_complaints), m_options);
    }

 private:
    // The list that labelme is started with. Where two names stand for no class, they come first.
    void addListedClasses() {
        for (const fs::path& list : {m_root / "labels.txt", m_root.parent_path() / "labels.txt"}) {
            std::vector<std::string> names = readNameList(list, m_complaints);
            if (names.size() > 1 && names[0] == "__ignore__" && names[1] == "_background_")
                names.erase(names.begin(), names.begin() + 2);
            for (const std::string& name : names)
                m_classes.add(name);
            if (!m_classes.empty()) return;
        }
    }

    Result<void> takeFile(const fs::path& path) {
        bool taken = false;
        const text::JsonParts parts{.passedOver = {"imageData", "mask"},
                                    .mostBytes = std::int64_t{256} << 20};  // pictures in base64
        const auto read =
            text::streamJson(path, parts, m_job, [&](const Json& root) { taken |= takeRoot(path, root); });
        if (!read) return read.error();
        if (!taken) return fail(ErrorCode::Malformed, "This is not a file of labelme: it has no list of shapes.", path);
        if (read->nonNumbers > 0)
            m_complaints.note({path, 0}, "The file has " + text::counted(read->nonNumbers, "value", "values") +
                                             " NaN or Infinity, which JSON does not know; they count as missing.");
        return {};
    }

    // False when it has no list of shapes.
    bool takeRoot(const fs::path& path, const Json& root) {
        const Json& shapes = text::memberOf(root, "shapes");
        // Old versions write null for an empty list.
        if (!shapes.is_array() && !(shapes.is_null() && root.contains("shapes") && root.contains("imagePath")))
            return false;
        const Where where{path, 0};
        const Json& imagePath = text::memberOf(root, "imagePath");
        pictures::SaidPicture said{imagePath.is_string() ? imagePath.get<std::string>() : std::string(), path, true};
        if (text::trimmed(said.path).empty()) said.path = utf8(path.stem());
        said.size = {text::sideOf(root, "imageWidth"), text::sideOf(root, "imageHeight")};
        const std::optional<std::size_t> item = m_items.itemOf(said, where);
        if (!item) return true;
        if (m_items.timesNamed(*item) > 1) {
            m_items.lose(*item, where,
                         "The picture " + text::inQuotes(m_items.item(*item).name) + " has a label file already.");
            return true;
        }
        readMarks(path, root, *item);
        for (const Json& shape : shapes)
            takeShape(*item, shape, {path, text::lineOf(shape)});
        return true;
    }

    // Our own exports keep there what labelme has no place for; it hands such members back untouched.
    void readMarks(const fs::path& path, const Json& root, std::size_t item) {
        const std::optional<ItemState> state = itemStateFromText(text::textOf(root, "al_status"));
        m_items.say(item, state, ItemState::ConfirmedEmpty);
        DatasetItem& data = m_items.item(item);
        data.split = splitFromText(text::textOf(root, "al_split"));
        if (!state && !data.split) data.split = pictures::splitOfFolders(path, m_root);
        for (const auto& [name, flag] : text::memberOf(root, "flags").items()) {
            if (!flag.is_boolean() || !flag.get<bool>()) continue;
            m_complaints.tally({m_root, 0}, "picture has flags of its own, which are not read.",
                               "pictures have flags of their own, which are not read.");
            break;
        }
    }

    void takeShape(std::size_t item, const Json& shape, const Where& where) {
        DatasetBox box;
        box.label = text::textOf(shape, "label");
        if (box.label.empty()) return m_items.lose(item, where, "The shape has no class.");
        std::string kind = text::textOf(shape, "shape_type");
        if (kind.empty()) kind = "polygon";  // old versions have no other
        box.box = boxOf(item, shape, kind, box.label, where);
        if (!box.box) return;
        readDetails(shape, box);
        const std::string label = box.label;
        if (!m_items.add(item, std::move(box), where)) return;
        m_classes.add(label);
        sayShape(kind);
    }

    // What labelme keeps of each shape besides its place; groups, descriptions and the flags of others are not read.
    void readDetails(const Json& shape, DatasetBox& box) {
        bool unread = text::numberOf(text::memberOf(shape, "group_id")).has_value() ||
                      !text::textOf(shape, "description").empty();
        for (const auto& [name, flag] : text::memberOf(shape, "flags").items()) {
            if (!flag.is_boolean() || !flag.get<bool>()) continue;
            bool* const own = name == "difficult"   ? &box.difficult
                              : name == "truncated" ? &box.truncated
                              : name == "occluded"  ? &box.occluded
                              : name == "crowd"     ? &box.crowd
                                                    : nullptr;
            if (own) *own = true;
            unread = unread || !own;
        }
        box.score = text::numberOf(text::memberOf(shape, "score"));
        if (box.score && !(*box.score >= 0.0 && *box.score <= 1.0)) {
            box.score.reset();
            m_complaints.tally({m_root, 0}, "shape has a score that is not between 0 and 1 and was read without.",
                               "shapes have scores that are not between 0 and 1 and were read without.");
        }
        if (unread)
            m_complaints.tally({m_root, 0}, "shape has a group, a description or flags, which are not read.",
                               "shapes have groups, descriptions or flags, which are not read.");
    }

    std::optional<Box> boxOf(std::size_t item, const Json& shape, const std::string& kind, const std::string& label,
                             const Where& where) {
        const std::string what = "The " + kind + " of " + text::inQuotes(label);
        const auto lose = [&](const std::string& sentence) {
            m_items.lose(item, where, sentence);
            return std::nullopt;
        };
        if (kind == "point") return lose(what + " was left out: points have no box.");
        if (kind == "points") return lose(what + " were left out: points have no box.");
        const auto points = pointsOf(shape);
        if (!points) return lose(what + " has a point that is not two numbers.");
        if (points->size() < 2) return lose(what + " has fewer than two points.");
        if (kind == "circle") {
            const pictures::Point centre = points->front();
            const double radius = std::hypot((*points)[1].x - centre.x, (*points)[1].y - centre.y);
            return pictures::boxAroundEllipse(centre, radius, radius, 0.0);
        }
        std::optional<Box> box = pictures::boxAround(*points);
        if (kind == "mask") {  // its corners are the first and the last pixel
            box->right += 1.0;
            box->bottom += 1.0;
        }
        return box;
    }

    void sayShape(const std::string& kind) {
        if (kind == "rectangle") return;
        const auto tally = [&](const char* one, const char* many) {
            m_complaints.tally({m_root, 0}, std::string(one) + " was read as its box.",
                               std::string(many) + " were read as their boxes.");
        };
        if (kind == "polygon") return tally("polygon", "polygons");
        if (kind == "circle") return tally("circle", "circles");
        if (kind == "line" || kind == "linestrip") return tally("line", "lines");
        if (kind == "mask") return tally("mask", "masks");
        if (kind == "rotation" || kind == "oriented_rectangle") return tally("turned rectangle", "turned rectangles");
        tally("shape of another kind", "shapes of other kinds");
    }

    const ReadOptions& m_options;
    const Job& m_job;
    fs::path m_root;
    Complaints m_complaints;
    pictures::PictureItems m_items;
    ClassList m_classes;
};

}  // namespace

Result<Dataset> readLabelme(const ReadOptions& options, const Job& job) {
    return LabelmeReader(options, job).run();
}

}  // namespace querent::formats::labelme
