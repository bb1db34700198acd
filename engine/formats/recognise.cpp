#include "engine/formats/recognise.h"

#include "engine/formats/text/encoding.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

namespace querent::formats {
namespace {

constexpr std::size_t kBeginning = 64 << 10;  // bytes

struct Magic {
    std::string_view bytes;
    const char* what;
};
constexpr std::array<Magic, 6> kArchives = {{{"PK\x03\x04", "a zip archive"},
                                             {"\x1F\x8B", "a gzip archive"},
                                             {"7z\xBC\xAF\x27\x1C", "a 7z archive"},
                                             {"Rar!", "a rar archive"},
                                             {"\xFD"
                                              "7zXZ",
                                              "an xz archive"},
                                             {"BZh", "a bzip2 archive"}}};

class Beginning {
 public:
    explicit Beginning(std::string_view text) : m_text(text) {}
    bool has(const char* word) const { return m_text.find(word) != std::string_view::npos; }
    bool startsWith(char c) const { return m_text.starts_with(c); }

 private:
    std::string_view m_text;
};

Recognised readBy(const char* what, const char* format) {
    return {what, format, {}};
}

// Keys decide: every tool has one or two that no other has.
Recognised jsonOf(const Beginning& text, std::string_view whole) {
    if (text.has("\"shapes\"") && text.has("\"imagePath\"")) return readBy("a labelme file", "labelme");
    if (text.has("\"detection_categories\"")) return readBy("MegaDetector's results", "megadetector");
    if (text.has("\"coordinates\"") && text.has("\"annotations\"") && text.startsWith('['))
        return readBy("a CreateML file", "createml");
    if (text.has("\"data\"") && (text.has("\"annotations\"") || text.has("\"predictions\"") ||
                                 text.has("\"completions\"") || text.startsWith('[')))
        return readBy("a Label Studio export", "labelstudio");
    if (text.has("\"annotation_id\"") || (text.has("\"annotator\"") && text.has("\"lead_time\"")))
        return readBy("a Label Studio export (JSON-MIN)", "labelstudio");
    if (text.has("\"image_id\"") && text.has("\"category_id\"") && text.startsWith('['))
        return {"a list of COCO results", "coco", "Import it as predictions."};
    if (text.has("\"images\"") || text.has("\"categories\"") || text.has("\"file_name\""))
        return readBy("a COCO file", "coco");
    if (text.has("\"_via_img_metadata\"") || text.has("\"shape_attributes\""))
        return {"a project of the VGG Image Annotator", {}, "Export it from there as COCO."};
    const std::size_t lineEnd = whole.find('\n');
    if (lineEnd != std::string_view::npos && text::trimmed(whole.substr(0, lineEnd)).ends_with('}') &&
        text::trimmed(whole.substr(lineEnd)).starts_with('{'))
        return {"a file of one JSON object a line", {}, "Export it as one JSON list."};
    return {"a JSON file of a kind that is not known here", {}, {}};
}

Recognised xmlOf(const Beginning& text) {
    if (text.has("<annotations>") && (text.has("<image ") || text.has("<track ") || text.has("<meta>")))
        return readBy("a file of CVAT for images", "cvat");
    if (text.has("<annotation>") || text.has("<annotation ")) return readBy("a VOC annotation", "voc");
    return {"an XML file of a kind that is not known here", {}, {}};
}

// A line of five numbers is YOLO's; two numbers and tabs are Audacity's; a header decides for tables.
Recognised textOf(std::string_view whole) {
    const std::string_view line = text::trimmed(whole.substr(0, whole.find('\n')));
    const std::string lower = text::lowered(line);
    if (lower.find("begin time (s)") != std::string::npos && lower.find("end time (s)") != std::string::npos)
        return whole.find("Species Code") != std::string_view::npos ? readBy("BirdNET's selection table", "birdnet")
                                                                    : readBy("a selection table of Raven", "raven");
    if (lower.starts_with("start (s)") || lower.starts_with("indir,") || lower.starts_with("filepath,start,end"))
        return readBy("a table of BirdNET's results", "birdnet");
    if (lower.starts_with("names:") || whole.find("\nnames:") != std::string_view::npos)
        return readBy("the data.yaml of a YOLO data set", "yolo");
    const std::size_t tab = line.find('\t');
    if (tab != std::string_view::npos && text::parseNumber(line.substr(0, tab))) {
        const std::string_view rest = line.substr(tab + 1);
        if (text::parseNumber(rest.substr(0, rest.find('\t')))) return readBy("a label track of Audacity", "audacity");
    }
    std::size_t numbers = 0;
    std::string_view rest = line;
    while (!(rest = text::trimmed(rest)).empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        if (!text::parseNumber(rest.substr(0, end))) break;
        ++numbers;
        rest.remove_prefix(end);
    }
    if (numbers >= 5 && rest.empty()) return readBy("a label file of YOLO", "yolo");
    if (line.find(',') != std::string_view::npos || line.find(';') != std::string_view::npos ||
        tab != std::string_view::npos)
        return readBy("a table", "csv");
    return {"a text", {}, {}};
}

}  // namespace

Recognised recogniseText(std::string_view beginning) {
    for (const Magic& archive : kArchives) {
        if (beginning.starts_with(archive.bytes)) return {archive.what, {}, "Unpack it and import the folder."};
    }
    if (beginning.size() > 262 && beginning.substr(257, 5) == "ustar")
        return {"a tar archive", {}, "Unpack it and import the folder."};
    if (beginning.starts_with("SQLite format 3")) return {"an SQLite database", {}, {}};
    std::string bytes(beginning);
    // A cut in the middle of a letter is no sign of another encoding.
    while (!bytes.empty() && bytes.size() >= kBeginning && (static_cast<unsigned char>(bytes.back()) & 0x80U) != 0)
        bytes.pop_back();
    const Result<text::Decoded> decoded = text::decoded(std::move(bytes), {});
    if (!decoded) return {};
    const std::string_view whole = text::trimmed(decoded->text);
    if (whole.empty()) return {"an empty file", {}, {}};
    const Beginning text(whole);
    if (whole.starts_with('{') || whole.starts_with('[')) return jsonOf(text, whole);
    if (whole.starts_with('<')) return xmlOf(text);
    if (whole.find('\0') != std::string_view::npos) return {};
    return textOf(whole);
}

Recognised recognise(const std::filesystem::path& file) {
    std::error_code problem;
    if (!std::filesystem::is_regular_file(file, problem)) return {};
    std::ifstream in(file, std::ios::binary);
    std::string beginning(kBeginning, '\0');
    in.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    beginning.resize(static_cast<std::size_t>(in.gcount()));
    return recogniseText(beginning);
}

}  // namespace querent::formats
