#include "engine/core/paths.h"
#include "engine/formats/cvat/cvat_shapes.h"
#include "engine/formats/pictures/picture_items.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <set>

namespace querent::formats::cvat {
namespace {

namespace fs = std::filesystem;

constexpr unsigned int kParse = pugi::parse_default & ~pugi::parse_eol;  // a carriage return may be part of a name
constexpr std::int64_t kMostBytes = std::int64_t{512} << 20;
constexpr std::int64_t kMostMemory = std::int64_t{1} << 30;  // of elements and attributes, about

bool isXml(std::string_view name) {
    return text::lowered(name).ends_with(".xml");
}

// A parsed file, and where its lines begin: counting them anew for each object would take forever in a large one.
class XmlText {
 public:
    Result<void> load(const fs::path& path, Complaints& complaints) {
        Result<std::string> text = readText(path, complaints, kMostBytes);
        if (!text) return text.error();
        m_path = path;
        m_text = std::move(*text);
        std::int64_t memory = 0;
        for (std::size_t i = 0; i < m_text.size(); ++i) {
            if (m_text[i] == '\n') m_ends.push_back(static_cast<std::ptrdiff_t>(i));
            memory += m_text[i] == '<' ? 64 : m_text[i] == '=' ? 40 : 0;
        }
        if (memory > kMostMemory)
            return fail(ErrorCode::Unsupported,
                        "The file has more elements than can be read at once; export it in parts.", path);
        const pugi::xml_parse_result parsed =
            m_document.load_buffer_inplace(m_text.data(), m_text.size(), kParse, pugi::encoding_utf8);
        if (parsed) return {};
        return fail(ErrorCode::Malformed, std::string("This is not a whole XML file: ") + parsed.description() + ".",
                    path, lineAt(parsed.offset));
    }

    pugi::xml_node root() const { return m_document.child("annotations"); }
    Where at(const pugi::xml_node& node) const { return {m_path, lineAt(node.offset_debug())}; }

 private:
    std::int64_t lineAt(std::ptrdiff_t offset) const {
        return 1 + (std::lower_bound(m_ends.begin(), m_ends.end(), offset) - m_ends.begin());
    }

    fs::path m_path;
    std::string m_text;
    std::vector<std::ptrdiff_t> m_ends;  // of lines
    pugi::xml_document m_document;
};

std::string labelOf(const pugi::xml_node& element) {
    return std::string(text::trimmed(element.attribute("label").value()));
}

class CvatReader {
 public:
    CvatReader(const ReadOptions& options, const Job& job)
        : m_options(options),
          m_job(job),
          m_root(sounds::folderOfLabels(options.from)),
          m_items(options, m_complaints) {}

    Result<Dataset> run() {
        const Result<std::vector<std::string>> names = sounds::labelFiles(m_options, isXml, m_job);
        if (!names) return names.error();
        if (Result<void> scanned = m_items.scan(m_root, *names, m_job); !scanned) return scanned.error();
        const Result<bool> any =
            takeFiles(*names, m_root, m_complaints, [this](const fs::path& path) { return takeFile(path); });
        if (!any) return any.error();
        if (!*any) return fail(ErrorCode::Malformed, "None of the .xml files is CVAT for images.", m_options.from);
        sayAttributes();
        Dataset data;
        data.classes = m_classes.names();
        data.items = m_items.take();
        return finish(std::move(data), std::move(m_complaints), m_options);
    }

 private:
    Result<void> takeFile(const fs::path& path) {
        XmlText file;
        if (Result<void> loaded = file.load(path, m_complaints); !loaded) return loaded.error();
        const pugi::xml_node root = file.root();
        if (!root) return fail(ErrorCode::Malformed, "The file has no <annotations>, so it is not CVAT's.", path, 1);
        const bool tracks = static_cast<bool>(root.child("track"));
        const std::string film =
            "Tracks of CVAT for video are objects of a film and are not read; export the task as CVAT for images 1.1.";
        if (!root.child("image"))
            return fail(tracks ? ErrorCode::Unsupported : ErrorCode::Malformed,
                        tracks ? film : "The file has no <image>, so it is not CVAT for images.", path, 1);
        if (tracks) m_complaints.drop(file.at(root.child("track")), film);
        readLabels(root.child("meta"));
        for (const pugi::xml_node image : root.children("image"))
            m_items.expect(saidOf(path, image));
        std::int64_t count = 0;
        for (const pugi::xml_node image : root.children("image")) {
            if (m_job.cancelled()) return Job::stopped();
            if (++count % 256 == 0) m_job.report("Reading", count, 0);
            takeImage(file, path, image);
        }
        return {};
    }

    // <meta> has a task, a job or a project, each with its list; parts of a skeleton name their parent.
    void readLabels(const pugi::xml_node& meta) {
        for (const pugi::xml_node owner : meta.children()) {
            for (const pugi::xml_node label : owner.child("labels").children("label")) {
                const std::string name(text::trimmed(label.child("name").text().get()));
                if (!name.empty() && !label.child("parent")) m_classes.add(name);
            }
        }
    }

    static pictures::SaidPicture saidOf(const fs::path& path, const pugi::xml_node& image) {
        pictures::SaidPicture said{image.attribute("name").value(), path};
        const auto side = [&](const char* name) {
            const double length = numberOf(image, name).value_or(0.0);
            return length >= 1.0 && length <= 1e9 ? static_cast<int>(length) : 0;
        };
        said.size = {side("width"), side("height")};
        // Exports with pictures put them there, those of a project in a folder for each subset.
        const std::string name = text::safeName(text::trimmed(said.path)).name;
        const std::string subset(text::trimmed(image.attribute("subset").value()));
        for (const std::string& folder : {std::string("images"), text::joined("images", subset), subset}) {
            if (!folder.empty()) said.alsoAt.push_back(text::joined(folder, name));
        }
        return said;
    }

    void takeImage(const XmlText& file, const fs::path& path, const pugi::xml_node& image) {
        const Where where = file.at(image);
        const std::optional<std::size_t> item = m_items.itemOf(saidOf(path, image), where);
        if (!item) return;
        if (m_items.timesNamed(*item) > 1)
            m_complaints.note(where, "The picture " + text::inQuotes(m_items.item(*item).name) +
                                         " is listed a second time; the objects of both were read.");
        // Only our own exports say what an image without objects is.
        m_items.say(*item, itemStateFromText(image.attribute("al_status").value()), emptyState(m_options));
        readSubset(image, *item, where);
        for (const pugi::xml_node element : image.children())
            takeElement(*item, element, file.at(element));
    }

    void readSubset(const pugi::xml_node& image, std::size_t item, const Where& where) {
        const std::string_view subset = text::trimmed(image.attribute("subset").value());
        const std::optional<Split> split = splitFromFolder(subset);
        if (split) m_items.item(item).split = split;
        if (!split && !subset.empty() && text::lowered(subset) != "default")
            m_complaints.tally({where.path, where.line},
                               "image is in a subset that is called neither train, val nor test.",
                               "images are in subsets that are called neither train, val nor test.");
    }

    void takeElement(std::size_t item, const pugi::xml_node& element, const Where& where) {
        const ElementKind kind = kindOf(element);
        if (kind == ElementKind::Other) return;
        if (isOutside(element))
            return m_complaints.tally({where.path, where.line},
                                      "object is marked as outside of its picture and was passed over.",
                                      "objects are marked as outside of their pictures and were passed over.");
        DatasetBox box;
        box.label = labelOf(element);
        const std::string name = element.name();
        if (box.label.empty()) return m_items.lose(item, where, "The " + name + " has no class.");
        const std::string what = "The " + name + " of " + text::inQuotes(box.label);
        if (kind == ElementKind::Points) return m_items.lose(item, where, what + " were left out: points have no box.");
        bool turned = false;
        if (kind != ElementKind::Tag) {
            const std::optional<ShapeBox> shape = boxOf(element);
            if (!shape) return m_items.lose(item, where, what + " lacks a number of its place.");
            box.box = shape->box;
            turned = shape->turned;
        }
        readDetails(element, box);
        const std::string label = box.label;
        if (!m_items.add(item, std::move(box), where)) return;
        m_classes.add(label);
        if (kind != ElementKind::Tag) sayShape(name, turned, where);
    }

    void sayShape(const std::string& name, bool turned, const Where& where) {
        if (turned)
            return m_complaints.tally({where.path, where.line}, "box is turned; the upright box around it was read.",
                                      "boxes are turned; the upright boxes around them were read.");
        if (name == "box") return;
        m_complaints.tally({where.path, where.line}, name + " was read as its box.",
                           name + "s were read as their boxes.");
    }

    // Of its attributes those that stand for a mark of ours; VOC data that went through CVAT has them too.
    void readDetails(const pugi::xml_node& element, DatasetBox& box) {
        box.occluded = text::trimmed(element.attribute("occluded").value()) == "1";
        for (const pugi::xml_node attribute : element.children("attribute")) {
            const std::string name(text::trimmed(attribute.attribute("name").value()));
            const std::string value = text::lowered(text::trimmed(attribute.text().get()));
            bool* const mark = name == "difficult"   ? &box.difficult
                               : name == "truncated" ? &box.truncated
                               : name == "is_crowd"  ? &box.crowd
                                                     : nullptr;
            if (mark) {
                *mark = value == "true" || value == "1";
            } else {
                ++m_unread;
                if (m_unreadNames.size() < 5) m_unreadNames.insert(name);
            }
        }
    }

    void sayAttributes() {
        if (m_unread == 0) return;
        std::string names;
        for (const std::string& name : m_unreadNames)
            names.append(names.empty() ? "" : ", ").append(text::inQuotes(name));
        m_complaints.note({m_options.from, 0},
                          text::counted(m_unread, "attribute of an object is", "attributes of objects are") +
                              " not kept (" + names + ").");
    }

    const ReadOptions& m_options;
    const Job& m_job;
    fs::path m_root;
    Complaints m_complaints;
    pictures::PictureItems m_items;
    ClassList m_classes;
    std::int64_t m_unread = 0;  // attributes
    std::set<std::string> m_unreadNames;
};

}  // namespace

Result<Dataset> readCvat(const ReadOptions& options, const Job& job) {
    return CvatReader(options, job).run();
}

}  // namespace querent::formats::cvat
