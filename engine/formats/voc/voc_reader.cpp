#include "engine/core/paths.h"
#include "engine/formats/reading.h"
#include "engine/formats/text/text.h"

#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace querent::formats::voc {
namespace {

namespace fs = std::filesystem;

constexpr unsigned int kParse = pugi::parse_default & ~pugi::parse_eol;  // a carriage return may be part of a name

enum class SaidOrigin { Nothing, Devkit, LabelImg, Database };

struct RawBox {
    Box numbers;  // as they stand in the file
    DatasetBox flags;
    Where where;
};

// One .xml file, its numbers not interpreted yet: where they start is decided for the whole data set.
struct RawFile {
    Where where;
    std::string stem;      // relative to the folder of the annotations, without ".xml"
    std::string fileName;  // <filename> with the blanks around it; may be empty
    Size size;
    SaidOrigin origin = SaidOrigin::Nothing;
    std::optional<ItemState> state;
    std::int64_t lost = 0;  // objects that could not be read
    std::vector<RawBox> boxes;
};

class XmlFile {
 public:
    XmlFile(fs::path path, Complaints& complaints) : m_path(std::move(path)), m_complaints(complaints) {}

    // False (and a complaint) when the file is of no use.
    bool parse(RawFile& raw) {
        const Result<std::string> text = readText(m_path, m_complaints);
        if (!text) return drop(text.error().sentence, 0);
        m_lines = text::LineNumbers(*text);
        pugi::xml_document document;
        const pugi::xml_parse_result parsed =
            document.load_buffer(text->data(), text->size(), kParse, pugi::encoding_utf8);
        if (!parsed)
            return drop(std::string("This is not a whole XML file: ") + parsed.description() + ".",
                        m_lines.at(parsed.offset));
        const pugi::xml_node root = document.child("annotation");
        if (!root) {
            const std::string first = document.document_element().name();
            return drop("The file begins with <" + first + "> and has no <annotation>, so it is not a VOC annotation.",
                        1);
        }
        readHead(root, raw);
        for (const pugi::xml_node object : root.children("object"))
            readObject(object, raw);
        return true;
    }

 private:
    bool drop(std::string sentence, std::int64_t line) {
        m_complaints.drop({m_path, line}, std::move(sentence));
        return false;
    }

    Where at(const pugi::xml_node& node) const { return {m_path, m_lines.at(node.offset_debug())}; }

    static std::string textOf(const pugi::xml_node& parent, const char* name) {
        return std::string(text::trimmed(parent.child(name).text().get()));
    }

    static bool flagOf(const pugi::xml_node& parent, const char* name) {
        const std::string word = text::lowered(textOf(parent, name));
        return word == "1" || word == "true" || word == "yes";
    }

    static int dimension(const pugi::xml_node& size, const char* name) {
        const std::optional<double> number = text::parseNumber(textOf(size, name));
        return number && *number >= 1 && *number <= 1e9 ? static_cast<int>(*number) : 0;
    }

    void readHead(const pugi::xml_node& root, RawFile& raw) {
        raw.where = {m_path, 0};
        raw.fileName = root.child("filename").text().get();
        const pugi::xml_node size = root.child("size");
        raw.size = {dimension(size, "width"), dimension(size, "height")};
        if (raw.size.empty()) raw.size = {};
        raw.state = itemStateFromText(root.attribute("al_status").value());
        const std::string database = textOf(root.child("source"), "database");
        const std::string annotation = textOf(root.child("source"), "annotation");
        if (annotation.find("voc=devkit") != std::string::npos) {
            raw.origin = SaidOrigin::Devkit;
        } else if (annotation.find("voc=labelimg") != std::string::npos) {
            raw.origin = SaidOrigin::LabelImg;
        } else if (annotation.starts_with("PASCAL VOC") || database.starts_with("The VOC")) {
            raw.origin = SaidOrigin::Database;
        }
    }

    // roLabelImg's box: centre, width, height and an angle in radians; the upright box around it is read.
    bool readTurned(const pugi::xml_node& turned, Box& box) {
        std::array<double, 5> n{};
        const std::array<const char*, 5> names = {"cx", "cy", "w", "h", "angle"};
        for (std::size_t i = 0; i < n.size(); ++i) {
            const std::optional<double> number = text::parseNumber(textOf(turned, names[i]));
            if (!number) return false;
            n[i] = *number;
        }
        const auto [cx, cy, w, h, angle] = n;
        const double across = (std::abs(w * std::cos(angle)) + std::abs(h * std::sin(angle))) / 2;
        const double down = (std::abs(w * std::sin(angle)) + std::abs(h * std::cos(angle))) / 2;
        box = {cx - across, cy - down, cx + across, cy + down};
        m_complaints.tally({m_path.parent_path(), 0}, "turned box was read as the upright box around it.",
                           "turned boxes were read as the upright boxes around them.");
        return true;
    }

    // What other tools put into an object and a project has no place for.
    void sayExtras(const pugi::xml_node& object) {
        const Where where{m_path.parent_path(), 0};
        if (object.child("part"))
            m_complaints.tally(where, "object has parts (head, hand); they are no objects and were not read.",
                               "objects have parts (head, hand); they are no objects and were not read.");
        if (object.child("polygon") || object.child("segmentation"))
            m_complaints.tally(where, "object has an outline; its box was read, the outline was not.",
                               "objects have outlines; their boxes were read, the outlines were not.");
        if (object.child("attributes").child("attribute"))
            m_complaints.tally(where, "object has attributes, which were not read.",
                               "objects have attributes, which were not read.");
    }

    void readObject(const pugi::xml_node& object, RawFile& raw) {
        RawBox box;
        box.where = at(object);
        box.flags.label = textOf(object, "name");
        const auto lose = [&](std::string sentence) {
            ++raw.lost;
            m_complaints.drop(box.where, std::move(sentence));
        };
        if (box.flags.label.empty()) return lose("The object has no class name.");
        sayExtras(object);
        const pugi::xml_node corners = object.child("bndbox");
        if (!corners && object.child("robndbox")) {
            if (!readTurned(object.child("robndbox"), box.numbers))
                return lose("The turned box of " + text::inQuotes(box.flags.label) + " lacks a number.");
        } else if (!corners) {
            return lose("The object " + text::inQuotes(box.flags.label) + " has no <bndbox>.");
        } else {
            double* const sides[] = {&box.numbers.left, &box.numbers.top, &box.numbers.right, &box.numbers.bottom};
            const char* const names[] = {"xmin", "ymin", "xmax", "ymax"};
            for (int i = 0; i < 4; ++i) {
                const std::optional<double> number = text::parseNumber(textOf(corners, names[i]));
                if (!number)
                    return lose("The " + std::string(names[i]) + " of " + text::inQuotes(box.flags.label) +
                                " is not a number.");
                *sides[i] = *number;
            }
        }
        box.flags.difficult = flagOf(object, "difficult");
        box.flags.truncated = flagOf(object, "truncated");
        box.flags.occluded = flagOf(object, "occluded");
        raw.boxes.push_back(std::move(box));
    }

    fs::path m_path;
    Complaints& m_complaints;
    text::LineNumbers m_lines;
};

struct Layout {
    fs::path annotations;
    fs::path root;
    fs::path files;
};

Layout layoutOf(const ReadOptions& options) {
    std::error_code problem;
    Layout layout;
    const fs::path from = fs::absolute(options.from, problem).lexically_normal();
    if (fs::is_regular_file(from, problem)) {
        layout.annotations = from.parent_path();
        layout.root = layout.annotations.parent_path();
    } else if (const fs::path inner = firstFolder({from / "Annotations", from / "annotations"}); !inner.empty()) {
        layout.annotations = inner;
        layout.root = from;
    } else {
        layout.annotations = from;
        layout.root = from.has_filename() ? from.parent_path() : from.parent_path().parent_path();
    }
    layout.files = options.files;
    if (layout.files.empty()) layout.files = firstFolder({layout.root / "JPEGImages", layout.root / "images"});
    if (layout.files.empty()) layout.files = layout.annotations;
    return layout;
}

bool isXml(std::string_view name) {
    return text::lowered(name).ends_with(".xml");
}

class VocReader {
 public:
    VocReader(const ReadOptions& options, const Job& job)
        : m_options(options), m_job(job), m_layout(layoutOf(options)) {}

    Result<Dataset> run() {
        for (const std::string& name : m_options.classes)
            m_classes.add(name);
        for (const std::string& name : knownNames())
            m_classes.add(name);
        m_namesAreKnown = !m_classes.empty();
        if (Result<void> parsed = parseAll(); !parsed) return parsed.error();
        if (m_raw.empty()) return nothingRead();
        if (Result<void> scanned = scanImages(); !scanned) return scanned.error();
        decideOrigin();
        for (const RawFile& raw : m_raw) {
            if (m_job.cancelled()) return Job::stopped();
            addItem(raw);
        }
        addUnlabelled();
        if (Result<void> listed =
                applySplitLists(m_layout.root / "ImageSets" / "Main", false, m_data.items, m_complaints);
            !listed)
            return listed.error();
        m_data.classes = m_classes.names();
        return finish(std::move(m_data), std::move(m_complaints), m_options);
    }

 private:
    std::vector<std::string> knownNames() {
        for (const fs::path& folder : {m_layout.annotations, m_layout.root}) {
            if (std::vector<std::string> names = readNameList(folder / "classes.txt", m_complaints); !names.empty())
                return names;
        }
        return {};
    }

    // Not one file could be read: why the first one could not is the answer.
    Error nothingRead() {
        for (Complaint& complaint : m_complaints.take()) {
            if (complaint.fatal) return {ErrorCode::Malformed, std::move(complaint.sentence), complaint.where};
        }
        return {ErrorCode::Malformed, "None of the .xml files is a VOC annotation.", {m_options.from, 0}};
    }

    // Images beside the annotations are the ones meant, whatever folder of images is close by.
    Result<void> scanImages() {
        Result<matching::MediaIndex> index = scanMedia(m_layout.annotations, m_job, m_complaints);
        if (!index) return index.error();
        const bool beside = std::any_of(m_raw.begin(), m_raw.end(), [&](const RawFile& raw) {
            return !index->byStem(raw.stem).empty() ||
                   index
                       ->find(text::baseName(text::safeName(text::trimmed(raw.fileName)).name),
                              text::folderOf(raw.stem))
                       .exists;
        });
        const bool elsewhere = !m_options.files.empty() || (!beside && m_layout.files != m_layout.annotations);
        if (elsewhere) index = scanMedia(m_layout.files, m_job, m_complaints);
        if (!index) return index.error();
        m_index = std::move(*index);
        return {};
    }

    Result<void> parseAll() {
        std::vector<std::string> names;
        if (std::error_code problem; fs::is_regular_file(m_options.from, problem)) {
            names.push_back(utf8(m_options.from.filename()));
        } else {
            Result<std::vector<std::string>> found = matching::filesBelow(m_layout.annotations, isXml, m_job);
            if (!found) return found.error();
            names = std::move(*found);
        }
        if (names.empty()) return fail(ErrorCode::NotFound, "There are no .xml files in this folder.", m_options.from);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (m_job.cancelled()) return Job::stopped();
            if (i % 64 == 0)
                m_job.report("Reading", static_cast<std::int64_t>(i), static_cast<std::int64_t>(names.size()));
            RawFile raw;
            raw.stem = std::string(text::withoutExtension(names[i]));
            if (XmlFile(m_layout.annotations / pathFromUtf8(names[i]), m_complaints).parse(raw))
                m_raw.push_back(std::move(raw));
        }
        return {};
    }

    // One decision for all files that do not say it themselves: a minimum of 0 cannot be counted from 1.
    void decideOrigin() {
        double lowest = std::numeric_limits<double>::infinity();
        bool database = false;
        bool silent = false;
        for (const RawFile& raw : m_raw) {
            if (raw.origin == SaidOrigin::Devkit || raw.origin == SaidOrigin::LabelImg) continue;
            (raw.origin == SaidOrigin::Database ? database : silent) = true;
            for (const RawBox& box : raw.boxes)
                lowest = std::min({lowest, box.numbers.left, box.numbers.top});
        }
        m_databaseIsDevkit = lowest > 0.0;
        if (m_options.vocOrigin != VocOrigin::Auto || !silent || lowest <= 0.0) return;
        m_complaints.note(
            {m_options.from, 0},
            "The files do not say whether their pixels are counted from 0 or from 1; they were read from 0, as "
            "labelImg and most tools write them.");
    }

    bool isDevkit(const RawFile& raw) const {
        if (raw.origin == SaidOrigin::Devkit) return true;
        if (raw.origin == SaidOrigin::LabelImg) return false;
        if (m_options.vocOrigin != VocOrigin::Auto) return m_options.vocOrigin == VocOrigin::Devkit;
        return raw.origin == SaidOrigin::Database && m_databaseIsDevkit;
    }

    // The image of an annotation: beside it in the same subfolder by its stem, else as <filename> says.
    matching::MediaIndex::Found imageOf(const RawFile& raw) const {
        // Called so to the last blank and backslash, and the annotation is called like it.
        const std::string exact = text::joined(text::folderOf(raw.stem), text::baseName(raw.fileName));
        if (m_index.contains(exact) && (exact == raw.stem || text::withoutExtension(exact) == raw.stem))
            return {exact, true};
        const std::string fileName(text::trimmed(raw.fileName));
        const std::string said(text::baseName(text::safeName(fileName).name));
        std::vector<std::string> close = m_index.byName(raw.stem);
        for (std::string& name : m_index.byStem(raw.stem))
            close.push_back(std::move(name));
        for (const std::string& name : close) {
            if (text::baseName(name) == said) return {name, true};
        }
        if (close.size() == 1) return {close.front(), true};
        if (close.size() > 1)
            return {{},
                    false,
                    "Several images share the name " + text::inQuotes(raw.stem) +
                        ", so it cannot be told which one this is about; it was left out."};
        matching::MediaIndex::Found found;
        if (fileName != raw.fileName) found = m_index.find(raw.fileName, text::folderOf(raw.stem));
        if (found.exists) return found;
        if (!fileName.empty()) {
            found = m_index.find(fileName, text::folderOf(raw.stem));
            if (!found.exists && found.refusal.empty()) found = m_index.find(said, text::folderOf(raw.stem));
            if (found.exists || !found.refusal.empty()) return found;
        }
        for (const std::string& stem :
             {std::string(text::withoutExtension(said)), std::string(text::baseName(raw.stem))}) {
            if (std::vector<std::string> loose = m_index.byBaseStem(stem); loose.size() == 1)
                return {loose.front(), true, {}, matching::MediaIndex::How::Elsewhere};
        }
        return {said.empty() ? raw.stem : text::joined(text::folderOf(raw.stem), said), false};
    }

    void addItem(const RawFile& raw) {
        const matching::MediaIndex::Found image = imageOf(raw);
        if (!image.refusal.empty()) return m_complaints.drop(raw.where, image.refusal);
        if (!m_taken.insert(image.name).second)
            return m_complaints.drop(raw.where,
                                     "The image " + text::inQuotes(image.name) + " has an annotation file already.");
        if (!image.exists) m_complaints.note(raw.where, "The image " + text::inQuotes(image.name) + " is missing.");
        sayHowFound(image, raw.where, m_complaints);
        DatasetItem item;
        item.name = image.name;
        item.file = m_index.fileOf(image.name);
        const Plane plane = planeOf(m_options, item.file, image.exists, raw.size, raw.where, m_complaints);
        item.size = plane.size;
        std::int64_t lost = raw.lost;
        for (const RawBox& box : raw.boxes)
            lost += addBox(box, isDevkit(raw), plane, item) ? 0 : 1;
        settle(item, raw.state, lost, ItemState::ConfirmedEmpty);
        m_data.items.push_back(std::move(item));
    }

    bool addBox(const RawBox& raw, bool devkit, const Plane& plane, DatasetItem& item) {
        DatasetBox box = raw.flags;
        const std::string what = "The box of " + text::inQuotes(box.label);
        Box numbers = raw.numbers.normalised();
        if (!(numbers == raw.numbers))
            m_complaints.note(raw.where, what + " has its corners swapped; they were put in order.");
        if (devkit) numbers = {numbers.left - 1.0, numbers.top - 1.0, numbers.right, numbers.bottom};
        box.box = acceptBox(plane.upright(numbers), item.size, raw.where, what, m_complaints);
        if (!box.box) return false;
        if (m_classes.add(box.label) && m_namesAreKnown)
            m_complaints.note(
                raw.where, "The class " + text::inQuotes(box.label) + " is not in the list of classes; it was added.");
        item.boxes.push_back(std::move(box));
        return true;
    }

    void addUnlabelled() {
        for (const std::string& name : m_index.names()) {
            if (m_taken.contains(name)) continue;
            DatasetItem item;
            item.name = name;
            item.file = m_index.fileOf(name);
            item.size = trueSize(m_options, item.file, true, {item.file, 0}, m_complaints);
            m_data.items.push_back(std::move(item));
        }
    }

    const ReadOptions& m_options;
    const Job& m_job;
    Layout m_layout;
    matching::MediaIndex m_index;
    Complaints m_complaints;
    ClassList m_classes;
    bool m_namesAreKnown = false;
    bool m_databaseIsDevkit = false;
    std::vector<RawFile> m_raw;
    std::unordered_set<std::string> m_taken;
    Dataset m_data;
};

}  // namespace

Result<Dataset> readVoc(const ReadOptions& options, const Job& job) {
    return VocReader(options, job).run();
}

}  // namespace querent::formats::voc
