#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/formats/dataset.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace querent::formats {

enum class Format {
    Voc,
    Coco,
    Yolo,
    Csv,
    Audacity,
    Raven,
    BirdNet,
    Folders,
    LabelStudio,
    Labelme,
    Cvat,
    CreateMl,
    MegaDetector
};

/**
 * The words of the command line: "voc", "coco", "yolo", "csv", "audacity", "raven", "folders", "labelstudio",
 * "labelme", "cvat"; for reading only "birdnet", "createml", "megadetector".
 */
const char* toText(Format format);
std::optional<Format> formatFromText(std::string_view text);

/**
 * Where VOC's numbers start. Devkit: whole pixels from 1, the maximum inside the box. LabelImg: edges from 0, as
 * labelImg and most tools write them. Auto, reading: the file's own word, else Devkit for files that name the VOC
 * database, else LabelImg. Auto, writing: Devkit.
 */
enum class VocOrigin { Auto, Devkit, LabelImg };

/** What an item without boxes is where the format does not say: COCO images and CSV rows without a status. */
enum class EmptyMeans { Unlabelled, ConfirmedEmpty };

struct ReadOptions {
    /**
     * VOC: the folder of the .xml files, or the one that holds Annotations/. COCO: a .json file, or a folder of them.
     * YOLO: data.yaml, or a folder with labels/. CSV: a .csv file, or a folder with annotations.csv or manifest.csv.
     * Audacity, Raven: a .txt file, or a folder of them. BirdNET: its .csv or .txt results, or a folder of them or of
     * segments. Folders: the folder that holds one folder a class. Label Studio, labelme, CreateML, MegaDetector: a
     * .json file, or a folder of them. CVAT: an .xml file of CVAT for images, or a folder of them.
     */
    std::filesystem::path from;
    std::filesystem::path files;   // the folder of the images or sounds; empty = found by the format's usual layout
    std::filesystem::path splits;  // a folder with train.txt, val.txt, test.txt; overrides the splits of the data
    std::optional<TaskKind> task;  // what the answers are for: boxes or classes of whole items; nothing = either
    bool asPredictions = false;    // items stay unlabelled; a sixth YOLO column is a score; COCO may be a results array
    VocOrigin vocOrigin = VocOrigin::Auto;
    EmptyMeans emptyMeans = EmptyMeans::Unlabelled;
    /** Names for data that has none (YOLO without data.yaml, COCO results: category id = position + 1). */
    std::vector<std::string> classes;
    std::map<std::int64_t, std::string> imageNames;  // COCO results: image id -> item name
    std::filesystem::path reference;  // COCO results: a file with the images and categories they refer to
    /**
     * The real size of an image in display orientation. Needed for YOLO, whose numbers are shares of it; the other
     * formats compare with what they say themselves. Called once for each image that exists, on the calling thread.
     */
    std::function<Result<Size>(const std::filesystem::path&)> imageSize;
    /**
     * The EXIF orientation of an image, 1 to 8: boxes of tools that do not know of it are turned with the picture.
     * Where it is missing such boxes are read as they are, with a complaint.
     */
    std::function<int(const std::filesystem::path&)> orientation;
    /**
     * Rate and length of a sound. Needed wherever labels of sounds are in seconds: boxes are in frames, and labels of a
     * sound that cannot be read are left out. Called once for each sound that exists, on the calling thread.
     */
    std::function<Result<SoundShape>(const std::filesystem::path&)> soundShape;
};

/**
 * Reads a data set. An Error only where nothing can be read (no such file, no class names, a JSON file that ends
 * early); everything smaller is a Complaint with file and line, and reading goes on. Never writes. Any thread.
 */
Result<Dataset> read(Format format, const ReadOptions& options, const Job& job = {});

enum class Images { None, Copy };

/** The number by which class-numbered formats know a class: YOLO's index, COCO's category id less one. */
struct ClassIndex {
    std::string name;
    int index = 0;  // >= 0, unique
};

/**
 * What a CSV export looks like: a table of boxes (annotations.csv), or a manifest of items with all their media and
 * classes (manifest.csv). Auto: a manifest when no answer has a box and some item has a class.
 */
enum class CsvLayout { Auto, Boxes, Manifest };

struct WriteOptions {
    /** A folder; for COCO, Label Studio, CSV and CVAT also a file that ends in .json, .csv or .xml. */
    std::filesystem::path to;
    bool dryRun = false;         // report everything, write nothing
    bool overwrite = false;      // also files that an earlier export did not write, or that changed since
    bool allStates = false;      // also items that are neither labelled nor confirmed empty
    bool asPredictions = false;  // Label Studio: answers go out as predictions, which people there accept or change
    VocOrigin vocOrigin = VocOrigin::Auto;
    CsvLayout csvLayout = CsvLayout::Auto;
    Images images = Images::None;     // whether pictures and sounds are copied along; Folders always copies them
    std::vector<ClassIndex> classes;  // empty = the order of Dataset::classes
    /** Folders that must stay untouched; those of the items' own files are always among them. */
    std::vector<std::filesystem::path> sourceFolders;
};

/** What an export wrote and what it could not hold. */
struct LossReport {
    std::vector<std::string> lines;                // plain sentences with counts; empty when nothing is lost
    std::vector<std::filesystem::path> files;      // every file written (or to be written), absolute
    std::vector<std::filesystem::path> conflicts;  // dry run: files that only `overwrite` would replace
    std::int64_t items = 0;
    std::int64_t boxes = 0;
};

/**
 * Writes a data set: every file into a hidden folder first, synced, and then in place, so that cancelling or failing
 * leaves the target as it was, and being killed the old files or the new ones. (Where others' files lie in the target,
 * or its file system cannot exchange two folders, files are put in place one by one; a note lies beside them
 * meanwhile.) Refuses to replace files that are not an unchanged product of an earlier export unless `overwrite`, and
 * to write into a folder of source images. Files of an earlier export of the same format to the same folder that this
 * one no longer writes are removed when they are unchanged.
 */
Result<LossReport> write(Format format, const Dataset& dataset, const WriteOptions& options, const Job& job = {});

/**
 * Writes COCO results, [{image_id, category_id, bbox, score}], to the file `options.to`: every box with a score, of
 * items in any state. Image ids are those that write(Format::Coco) gives the same items.
 */
Result<LossReport> writeCocoResults(const Dataset& dataset, const WriteOptions& options, const Job& job = {});

}  // namespace querent::formats
