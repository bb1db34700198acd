#pragma once

#include "engine/core/annotation.h"
#include "engine/core/geometry.h"
#include "engine/core/ids.h"
#include "engine/core/sound.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace querent {

enum class TaskKind : std::uint8_t { Detect = 0, Classify = 1 };
enum class Modality : std::uint8_t { Image = 0, Audio = 1, Text = 2 };

/** The part of the data an item belongs to. Train is the pool that selection draws from. The numbers are stored. */
enum class Split : std::uint8_t { Train = 0, Val = 1, Test = 2 };

/** "train", "val", "test" and so on: the words of the command line, the files and the project file. */
const char* toText(Split split);
const char* toText(TaskKind task);
const char* toText(Modality modality);
const char* toText(ItemState state);
const char* toText(Provenance provenance);
std::optional<Split> splitFromText(std::string_view text);
std::optional<TaskKind> taskFromText(std::string_view text);
std::optional<Modality> modalityFromText(std::string_view text);
std::optional<ItemState> itemStateFromText(std::string_view text);

/** A class as people know it. The id is permanent; exportIndex is what class-numbered formats write, and pinned. */
struct ClassLabel {
    ClassId id;
    std::string name;
    std::string colour;  // "#rrggbb"
    int exportIndex = 0;
    bool archived = false;

    bool operator==(const ClassLabel&) const = default;
};

/** A folder that media paths are relative to. `folder` is relative to the project file where that is possible. */
struct Source {
    SourceId id;
    std::filesystem::path folder;
};

/** One file (or text) of an item. */
struct Medium {
    MediumId id;
    Modality modality = Modality::Image;
    SourceId source;
    std::string path;  // relative to the source's folder, UTF-8, forward slashes
    std::string hash;  // XXH3-64 of the file's bytes, 16 hex digits; empty while it is not known
    Size size;         // pictures: display orientation
    SoundShape sound;  // sounds: rate, channels and length; rate 0 while they are not known
    std::string text;  // texts: the text itself, UTF-8; they have no file
    bool missing = false;
    std::string problem;  // why it cannot be read, one sentence; empty when it can

    bool operator==(const Medium&) const = default;
};

/** An item of the pool: one or more media, one state, one split. */
struct Item {
    ItemId id;
    std::string name;  // the first medium's path within its source: unique, and what formats call the item
    Split split = Split::Train;
    ItemMark mark;
    std::vector<Medium> media;
};

enum class ItemOrder : std::uint8_t { Name, State, Round, Score, Boxes };

/** Which items, for lists. Every condition left out holds for all. */
struct ItemFilter {
    std::optional<Split> split;
    std::optional<ItemState> state;
    std::optional<bool> flagged;
    std::optional<bool> missing;
    std::optional<ClassId> label;  // has at least one annotation of that class
    std::optional<int> round;      // was asked in that round
    std::string text;              // a part of the name, any case
    ItemOrder order = ItemOrder::Name;
    bool descending = false;
};

/** One row of a list: enough to draw it without another query. */
struct ItemRow {
    ItemId id;
    std::string name;
    Split split = Split::Train;
    ItemState state = ItemState::Unlabelled;
    bool flagged = false;
    bool missing = false;
    int annotations = 0;
    int round = 0;                // last round that asked for it, 0 for none
    std::optional<double> score;  // acquisition score in that round
    Size size;                    // of its first medium, where that is a picture
    double seconds = 0.0;         // of its first sound
};

struct PoolCounts {
    std::map<Split, std::map<ItemState, std::int64_t>> items;
    std::map<Split, std::int64_t> annotations;
    std::map<Split, std::map<ClassId, std::int64_t>> annotationsByClass;
    std::int64_t flagged = 0;
    std::int64_t missing = 0;

    std::int64_t inSplit(Split split) const;
    std::int64_t inState(Split split, ItemState state) const;
    /** Labelled or confirmed empty. */
    std::int64_t trainable(Split split) const {
        return inState(split, ItemState::Labelled) + inState(split, ItemState::ConfirmedEmpty);
    }
    std::int64_t total() const;
};

/** Where a round stands; each step is one transaction. The numbers are stored. */
enum class RoundStep : std::uint8_t {
    Labelling = 0,   // the batch is frozen, people answer
    Training = 1,    // a checkpoint may exist
    Evaluating = 2,  // the model is there, its metrics are not
    Rewarding = 3,   // metrics are there, the policy has not seen them
    Done = 4,
};
const char* toText(RoundStep step);

struct RoundRecord {
    RoundId id;
    int number = 0;  // 0 = the first labels and the holdout, before any model
    RoundStep step = RoundStep::Labelling;
    std::string strategy;
    std::uint64_t seed = 0;
    ModelId suggestedBy;  // the model that ranked the pool
    ModelId model;        // the model trained at its end
    std::int64_t labelsAtTraining = 0;
    double trainSeconds = 0.0;
    double selectSeconds = 0.0;
    std::string startedUtc;
    std::string finishedUtc;
};

/** A named term of a score, in the order in which it should be read. */
struct Reason {
    std::string name;  // "entropy", "novelty", ...
    double value = 0.0;

    bool operator==(const Reason&) const = default;
};

/** One item of a frozen batch. */
struct QueryEntry {
    ItemId item;
    int rank = 0;  // 0-based position in the batch
    double score = 0.0;
    std::vector<Reason> reasons;
    bool control = false;  // a random pick for the comparison; hidden from annotators
};

struct ModelRecord {
    ModelId id;
    int round = 0;
    std::string checkpoint;  // path relative to the sidecar folder
    std::string config;      // JSON: everything that was set, seed and versions included
    std::int64_t labels = 0;
    double trainSeconds = 0.0;
    std::string createdUtc;
    bool current = false;  // the one used for suggestions and ghost predictions
};

/** One measured number. `low` and `high` bound its 95 % bootstrap interval; equal to value where there is none. */
struct Metric {
    ModelId model;
    Split split = Split::Val;
    std::string name;  // "map50", "map", "ap50", ...
    ClassId label;     // valid for a per-class metric
    double value = 0.0;
    double low = 0.0;
    double high = 0.0;
};

/** One entry of the event log. */
struct EventRecord {
    EventId id;
    Edit edit;
    std::string atUtc;
    EventId reverts;  // the event that an Undo or a Redo takes back
};

/** What undo and redo would take back on one item, as the event log tells it. */
struct UndoHistory {
    std::vector<EventRecord> undo;  // Do and Redo, oldest first: the last one is next
    std::vector<EventRecord> redo;  // Undo: the last one is next
};

struct Person {
    PersonId id;
    std::string name;
};

/** How much was done, for the manager's numbers. */
struct Throughput {
    PersonId person;
    std::string day;  // "2026-11-21"
    std::int64_t items = 0;
    std::int64_t edits = 0;
    double activeSeconds = 0.0;
};

/** ProjectSettings::backboneWeights of a network that starts from nothing. */
inline constexpr const char* kNoBackbone = "none";

/** What a project is about; chosen at creation, a few fields can change later. */
struct ProjectSettings {
    std::string name;
    TaskKind task = TaskKind::Detect;
    std::vector<Modality> media = {Modality::Image};
    bool multiLabel = false;  // classification: any number of classes an item, rather than exactly one
    MelParameters mel;        // how sounds become features
    std::string strategy = "entropy";
    int batchSize = 20;
    double controlShare = 0.1;    // of each batch, random picks
    double holdoutShare = 0.2;    // of the items, drawn for val at import when the data brings no splits
    double testShare = 0.0;       // the same for test
    double hideGhostShare = 0.0;  // of the items, no ghost predictions shown, to measure anchoring
    bool showGhosts = true;
    double ghostThreshold = 0.3;  // lowest score of a ghost prediction
    std::string networkSize = "small";
    std::string backboneWeights;  // path; empty = those that come with the program, kNoBackbone = from scratch
    int trainingSteps = 0;        // 0 = by the number of labels
    double targetMetric = 0.0;    // mAP@.5 to reach, 0 = none
    std::uint64_t seed = 1;
};

/** Who has the project open for writing. */
struct LockHolder {
    std::int64_t pid = 0;
    std::string host;
    std::string user;
    std::string sinceUtc;
};

}  // namespace querent
