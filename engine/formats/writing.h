#pragma once

#include "engine/core/job.h"
#include "engine/formats/dataset.h"
#include "engine/formats/export_plan.h"
#include "engine/formats/format.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace querent::formats {

/** What may be said of a box, or of a class without one, beside its place. */
struct BoxDetails {
    bool score = false;
    bool provenance = false;
    bool annotator = false;
    bool round = false;
    bool difficult = false;
    bool crowd = false;
    bool truncated = false;
    bool occluded = false;
};
constexpr BoxDetails kAllDetails = {true, true, true, true, true, true, true, true};

/** What a format has a place for. */
struct Capability {
    const char* name;  // "VOC", for sentences
    bool pictures = false;
    bool sounds = false;
    bool texts = false;         // items that are nothing but a text
    bool severalMedia = false;  // an item's second medium and those after it
    BoxDetails details = {};
    bool fractions = false;    // boxes between whole pixels
    bool outside = false;      // boxes that reach out of the item
    bool seconds = false;      // boxes of sounds are in seconds, which need the rate
    bool frequencies = false;  // boxes of sounds that do not span all frequencies
    bool boxes = false;        // classes with a box
    bool wholeItem = false;    // classes without a box
    bool statuses = false;     // items neither labelled nor empty, with what they are
    bool empties = false;      // items that a person has found empty, told from unlabelled ones
    bool unknownSize = false;  // boxes of an item whose size (or rate) is not known
};

/** An item that goes out, and those of its boxes that the format can hold. */
struct ExportItem {
    const DatasetItem* item = nullptr;
    std::int64_t id = 0;  // the item's own, or its place among all items in natural order, from 1
    bool settled = true;  // a person has said what is there, and what goes out says the same
    std::vector<const DatasetBox*> boxes;
};

/**
 * The part of a data set that goes out, in natural order, with numbered classes, and what is lost on the way. Refers to
 * the data set it was made of.
 */
struct ExportView {
    std::vector<ExportItem> items;
    std::vector<ClassIndex> classes;  // by index
    std::unordered_map<std::string, int> indexOf;
    // How often an item is called so, with or without its ending; those that do not go out count too.
    std::unordered_map<std::string, int> words;
    std::vector<std::string> losses;
    std::int64_t boxes = 0;
};

/** Fails when class numbers collide, or a box has a class without a number. */
Result<ExportView> makeView(const Dataset& dataset, const WriteOptions& options, const Capability& capability);

/** The part of a box that lies inside its item; nullopt when none does. The box as it is where the size is not known.
 */
std::optional<Box> insideOf(const DatasetItem& item, const Box& box);

/** What a sidecar of each item is called: its name without ending, or with it where another item is called so. */
std::vector<std::string> sidecarNames(const ExportView& view);

/** Plans a file of one name a line; names with a line end do not fit. */
bool fitsInList(const std::string& name);
void planList(ExportPlan& plan, const std::string& file, std::vector<std::string> names);
/** Plans the list that keeps the order of the classes, and tells of names that do not fit. */
void planClassList(ExportPlan& plan, const ExportView& view, LossReport& report, const char* file = "classes.txt");
/** Plans `folder`/train.txt and so on, the items being called `names` there; those of no split in `none`.txt. */
void planSplitLists(ExportPlan& plan, const ExportView& view, const std::vector<std::string>& names,
                    const std::string& folder, const char* none, LossReport& report);

/** The text without tabs and line ends, which become blanks. */
std::string oneLine(std::string text);

/** An empty report with the view's counts and losses. */
LossReport reportOf(const ExportView& view);

/**
 * For formats that tell unlabelled items by having no labels of them: the boxes of items that are not labelled are left
 * out, and said to be.
 */
void sayUnansweredLabels(const ExportView& view, LossReport& report);

/** "train", "val", "test", or `none`. */
std::string splitText(const DatasetItem& item, const char* none);

/** The folder and, for a target that is a file, its name. */
struct Target {
    std::filesystem::path folder;
    std::string file;  // empty: the target is a folder
};
Target targetOf(const WriteOptions& options, const char* extension);

/** Plans copies of the images to `folder`/name; tells of missing ones in `report`. */
void planImages(ExportPlan& plan, const ExportView& view, const WriteOptions& options, LossReport& report,
                const std::function<std::string(const DatasetItem&)>& place);

/** Runs the plan and completes the report. */
Result<LossReport> finishExport(ExportPlan& plan, LossReport report, const Dataset& dataset,
                                const WriteOptions& options, const Job& job);

std::string jsonText(std::string_view text);  // with its quotes; bytes that are not UTF-8 become U+FFFD

}  // namespace querent::formats
