#pragma once

#include "engine/core/annotation.h"
#include "engine/core/job.h"
#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace querent::session::transfer {

/** The words for formats, as formats::toText() has them; import knows "folder" (files without answers) too. */
std::vector<std::string> importFormats();
std::vector<std::string> exportFormats();
/** Those that can hold what such a project is about. */
std::vector<std::string> importFormatsFor(const ProjectSettings& settings);
std::vector<std::string> exportFormatsFor(const ProjectSettings& settings);
/** "voc, coco, csv" */
std::string listed(const std::vector<std::string>& words);

enum class ImportAs {
    Labels,
    Predictions,
    Truth,  // known answers, hidden from training until their item is asked: for demos and rehearsals
};

struct ImportRequest {
    std::string format;
    std::filesystem::path from;
    std::filesystem::path files;   // folder of the pictures; empty = the format's own place
    std::filesystem::path splits;  // folder with train.txt, val.txt, test.txt
    ImportAs as = ImportAs::Labels;
    bool emptyMeansConfirmed = false;  // items without boxes: a person looked, rather than nobody has
    bool replaceAnswers = false;       // labels: items that have answers get those of the data instead
    bool strict = false;               // any complaint: nothing is imported
    bool dryRun = false;
};

struct ImportComplaint {
    Where where;
    std::string sentence;
};

/** An item as it comes in, for people to see before anything is stored. */
struct ImportedRow {
    std::string name;
    std::optional<Split> split;  // as the data says
    ItemState state = ItemState::Unlabelled;
    std::string answers;  // "2 cat, 1 dog"
    std::int64_t lost = 0;
};

struct ImportReport {
    std::int64_t items = 0;        // of the data
    std::int64_t newItems = 0;     // of them
    std::int64_t annotations = 0;  // that came in
    std::int64_t unchanged = 0;    // items that had just these answers before
    std::int64_t kept = 0;         // items that kept other answers than the data's; a complaint each
    std::int64_t replaced = 0;     // items whose answers gave way to the data's
    std::int64_t incomplete = 0;   // items that lost an object: they come in flagged, and do not train
    std::vector<std::string> newClasses;
    std::map<Split, std::int64_t> bySplit;
    std::vector<ImportedRow> firstRows;  // of the data, ten at the most
    std::vector<ImportComplaint> complaints;
};

/**
 * Reads files of the user's into the project, in one transaction: all that is good, or (strict) nothing when there is
 * a complaint. A dry run reads all and writes nothing. Pictures that the project has already, by folder and path, by
 * content, or (when the data brings none) by name, keep answers that they have, unless these are to be replaced;
 * answers that lost something replace none. Draws the holdout when neither the data nor the project has one. Slow; any
 * thread.
 */
Result<ImportReport> importInto(Project& project, const ImportRequest& request, const Job& job);

/** Whether the flag is that of an import that could not read all of the item: it asks for a person's look. */
bool isFlaggedByImport(const ItemMark& mark);

struct ExportRequest {
    std::string format;
    std::filesystem::path to;
    bool predictions = false;     // of the current model, instead of labels
    std::optional<Split> split;   // one split only
    bool withUnlabelled = false;  // items nobody has answered
    bool copyImages = true;       // where the format keeps pictures beside its labels (YOLO, VOC, labelme, CVAT)
    bool overwrite = false;
    bool dryRun = false;  // the loss report only
};

struct ExportReport {
    std::int64_t items = 0;
    std::int64_t annotations = 0;
    std::vector<std::string> losses;  // what the format cannot hold, a sentence each
    std::vector<std::filesystem::path> files;
};

/** Writes the project's answers in a public format. Slow; any thread. */
Result<ExportReport> exportFrom(Project& project, const ExportRequest& request, const Job& job);

/** Predicts a split (without one: the unanswered items) with the current model into a COCO results file; classes
 * go into a list of items with their probabilities. Slow.
 */
Result<ExportReport> writePredictions(Project& project, std::optional<Split> split, const std::filesystem::path& file,
                                      bool overwrite, const std::string& device, const Job& job);

}  // namespace querent::session::transfer
