#include "engine/session/transfer/data_guess.h"

#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/matching/media_index.h"
#include "engine/formats/recognise.h"
#include "engine/formats/sounds/raven_table.h"
#include "engine/formats/text/csv_table.h"
#include "engine/formats/text/text.h"
#include "engine/session/transfer/transfer.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <set>
#include <string_view>

namespace querent::session::transfer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBeginning = 64 << 10;  // bytes that are read of a file
constexpr int kFilesASubfolder = 200;
constexpr int kSubfolders = 300;
constexpr int kDeepest = 2;  // train/cat/1.jpg

std::string endingOf(const fs::path& file) {
    return formats::text::lowered(utf8(file.extension()));
}

DataGuess guessOf(const char* format, Modality medium = Modality::Image) {
    return {format, TaskKind::Detect, {medium}, false};
}

std::string beginningOf(const fs::path& file) {
    std::string text(kBeginning, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    return text;
}

/** What a folder holds, as far as anybody looks. */
struct Inventory {
    std::vector<fs::path> files;        // data files: .json, .csv, .txt, .xml, .yaml; those of the folder itself first
    std::set<fs::path> folders;         // the folder's own folders, by name
    std::set<fs::path> foldersOfMedia;  // relative; those that hold pictures or sounds
    int pictures = 0;
    int sounds = 0;
    int looseMedia = 0;  // in the folder itself
};

bool isDataFile(const fs::path& file) {
    const std::string ending = endingOf(file);
    return ending == ".json" || ending == ".csv" || ending == ".txt" || ending == ".xml" || ending == ".yaml" ||
           ending == ".data";
}

void look(const fs::path& root, const fs::path& folder, int depth, int& left, Inventory& found) {
    std::error_code error;
    std::vector<fs::path> below;
    int seen = 0;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code gone;
        const fs::path& path = entry->path();
        const std::string name = utf8(path.filename());
        if (isHiddenName(name)) continue;
        if (entry->is_directory(gone)) {
            below.push_back(path);
            continue;
        }
        if (depth > 0 && ++seen > kFilesASubfolder) break;
        if (hasMediaExtension(name)) {
            (hasImageExtension(name) ? found.pictures : found.sounds) += 1;
            found.looseMedia += depth == 0 ? 1 : 0;
            if (depth > 0) found.foldersOfMedia.insert(folder.lexically_relative(root));
        } else if (isDataFile(path)) {
            found.files.push_back(path);
        }
    }
    std::sort(below.begin(), below.end());
    if (depth == 0) {
        for (const fs::path& one : below)
            found.folders.insert(one.filename());
    }
    for (const fs::path& one : below) {
        if (depth < kDeepest && left-- > 0) look(root, one, depth + 1, left, found);
    }
}

std::optional<fs::path> fileEnding(const Inventory& found, const char* ending) {
    const auto file = std::find_if(found.files.begin(), found.files.end(),
                                   [ending](const fs::path& path) { return endingOf(path) == ending; });
    return file == found.files.end() ? std::nullopt : std::optional(*file);
}

bool holds(const Inventory& found, const char* name) {
    return std::any_of(found.files.begin(), found.files.end(),
                       [name](const fs::path& path) { return path.filename() == name; });
}

DataGuess guessManifest(formats::text::CsvCursor& rows, const formats::text::CsvHeader& header) {
    constexpr std::array<std::pair<const char*, Modality>, 3> kColumns = {
        {{"image", Modality::Image}, {"audio", Modality::Audio}, {"text", Modality::Text}}};
    std::set<Modality> media;
    DataGuess guess{"csv", TaskKind::Classify, {}, false};
    while (const std::optional<formats::text::CsvRow> row = rows.next()) {
        for (const auto& [column, medium] : kColumns) {
            if (!header.cell(*row, column).empty()) media.insert(medium);
        }
        guess.multiLabel = guess.multiLabel || header.cell(*row, "class").find('|') != std::string_view::npos;
    }
    guess.media.assign(media.begin(), media.end());
    if (media.empty()) guess.media = {Modality::Image};
    return guess;
}

DataGuess guessCsv(const fs::path& file) {
    const std::string text = beginningOf(file);
    if (formats::recogniseText(text).format == "birdnet") return guessOf("birdnet", Modality::Audio);
    formats::text::CsvCursor rows(text, formats::text::separatorOf(text));
    const std::optional<formats::text::CsvRow> head = rows.next();
    if (!head) return guessOf("csv");
    const formats::text::CsvHeader header(*head);
    const bool boxes = !header.anyOf({"xmin", "x0", "x_min", "x1", "x", "xtl", "left", "bbox"}).empty();
    if (!boxes && !header.has("path") && header.has("class") && !header.anyOf({"image", "audio", "text"}).empty())
        return guessManifest(rows, header);
    const std::optional<formats::text::CsvRow> first = rows.next();
    // A table of ours has the columns of pictures and of sounds; one of them is filled.
    bool times = header.has("t0") && !header.has("x0");
    if (first && header.has("t0")) times = !header.cell(*first, "t0").empty();
    DataGuess guess = guessOf("csv", times ? Modality::Audio : Modality::Image);
    // A column of file names and one of classes, as ESC-50 and many others have.
    if (!boxes && !header.has("t0") && first) {
        guess.task = TaskKind::Classify;
        for (const std::string& cell : first->fields) {
            if (hasSoundExtension(cell)) guess.media = {Modality::Audio};
        }
    }
    return guess;
}

DataGuess guessJson(const fs::path& file) {
    const std::string text = beginningOf(file);
    const auto has = [&text](const char* word) { return text.find(word) != std::string::npos; };
    const formats::Recognised found = formats::recogniseText(text);
    if (found.format != "labelstudio") return guessOf(found.format.empty() ? "coco" : found.format.c_str());
    DataGuess guess = guessOf("labelstudio");
    guess.media.clear();
    if (has("\"image\"")) guess.media.push_back(Modality::Image);
    if (has("\"audio\"")) guess.media.push_back(Modality::Audio);
    const bool choices = has("\"choices\"") && !has("labels\"");
    if (choices && has("\"text\"")) guess.media.push_back(Modality::Text);
    if (guess.media.empty()) guess.media = {choices && has("\"text\"") ? Modality::Text : Modality::Image};
    if (choices) guess.task = TaskKind::Classify;
    if (!choices) guess.media.resize(1);
    return guess;
}

// Label tracks and selection tables of sounds; nothing for lists of names and the like.
std::optional<DataGuess> guessText(const fs::path& file) {
    const std::string text = beginningOf(file);
    const std::string_view line = formats::text::trimmed(std::string_view(text).substr(0, text.find('\n')));
    if (formats::sounds::isRavenHeader(line)) {
        const bool birdnet = text.find("Species Code") != std::string::npos;
        return guessOf(birdnet ? "birdnet" : "raven", Modality::Audio);
    }
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) return std::nullopt;
    const std::string_view rest = line.substr(tab + 1);
    const bool numbers =
        formats::text::parseNumber(line.substr(0, tab)) && formats::text::parseNumber(rest.substr(0, rest.find('\t')));
    return numbers ? std::optional(guessOf("audacity", Modality::Audio)) : std::nullopt;
}

// Labels of sounds, where there are sounds; numbers beside pictures mean something else.
std::optional<DataGuess> guessTables(const Inventory& found) {
    if (found.sounds == 0 && found.pictures > 0) return std::nullopt;
    for (const fs::path& file : found.files) {
        if (endingOf(file) != ".txt") continue;
        if (auto guess = guessText(file)) return guess;
    }
    return std::nullopt;
}

// The media of a folder of files without answers.
std::vector<Modality> mediaOf(const Inventory& found) {
    std::vector<Modality> media;
    if (found.pictures > 0 || found.sounds == 0) media.push_back(Modality::Image);
    if (found.sounds > 0) media.push_back(Modality::Audio);
    return media;
}

DataGuess guessByFiles(const Inventory& found) {
    // Files are in folders of their own, and in more than one: the folders are the classes.
    std::set<fs::path> classes;
    for (const fs::path& folder : found.foldersOfMedia)
        classes.insert(folder.filename());
    if (found.looseMedia == 0 && classes.size() > 1) return {"folders", TaskKind::Classify, mediaOf(found), false};
    return guessOf("folder", found.sounds > found.pictures ? Modality::Audio : Modality::Image);
}

// labelImg's habit: pictures with their .txt beside them, and perhaps classes.txt.
bool looksLikeYolo(const Inventory& found) {
    if (found.pictures == 0) return false;
    constexpr int kLookedAt = 20;
    int seen = 0;
    for (const fs::path& file : found.files) {
        if (endingOf(file) != ".txt") continue;
        if (formats::recognise(file).format == "yolo") return true;
        if (++seen == kLookedAt) break;
    }
    return false;
}

DataGuess guessFolder(const fs::path& from) {
    Inventory found;
    int left = kSubfolders;
    look(from, from, 0, left, found);
    if (const auto tables = guessTables(found)) return *tables;
    if (const auto json = fileEnding(found, ".json")) {
        // Its configuration lies beside it as .xml.
        if (const DataGuess guess = guessJson(*json); guess.format != "coco") return guess;
    }
    const bool yoloFiles = holds(found, "data.yaml") || holds(found, "obj.data") || looksLikeYolo(found);
    if (found.folders.contains("labels") || yoloFiles) return guessOf("yolo");
    if (const auto xml = fileEnding(found, ".xml"); xml || found.folders.contains("Annotations"))
        return guessOf(xml && formats::recognise(*xml).format == "cvat" ? "cvat" : "voc");
    for (const char* name : {"annotations.csv", "manifest.csv"}) {
        std::error_code error;
        if (fs::exists(from / name, error)) return guessCsv(from / name);
    }
    if (fileEnding(found, ".json")) return guessOf("coco");
    if (const auto file = fileEnding(found, ".csv")) return guessCsv(*file);
    return guessByFiles(found);
}

}  // namespace

DataGuess guessData(const fs::path& from) {
    std::error_code error;
    if (fs::is_directory(from, error)) return guessFolder(from);
    const std::string ending = endingOf(from);
    if (ending == ".json") return guessJson(from);
    if (ending == ".csv") return guessCsv(from);
    if (ending == ".yaml" || ending == ".yml") return guessOf("yolo");
    if (ending == ".xml") return guessOf(formats::recognise(from).format == "cvat" ? "cvat" : "voc");
    if (ending == ".txt") return guessText(from).value_or(DataGuess());
    return guessOf("folder", hasSoundExtension(utf8(from)) ? Modality::Audio : Modality::Image);
}

std::string guessFormat(const fs::path& from, const ProjectSettings& settings) {
    const std::string guessed = guessData(from).format;
    const auto fitting = importFormatsFor(settings);
    return std::find(fitting.begin(), fitting.end(), guessed) != fitting.end() ? guessed : "folder";
}

}  // namespace querent::session::transfer
