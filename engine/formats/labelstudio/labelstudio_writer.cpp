#include "engine/formats/labelstudio/labelstudio_names.h"
#include "engine/formats/sounds/sound_labels.h"
#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace querent::formats::labelstudio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr Capability kLabelStudio = {.name = "Label Studio",
                                     .pictures = true,
                                     .sounds = true,
                                     .texts = true,
                                     .severalMedia = true,
                                     .details = {.score = true},
                                     .fractions = true,
                                     .boxes = true,
                                     .wholeItem = true,
                                     .statuses = true,
                                     .empties = true};

// The tags of the labelling configuration that the results refer to.
constexpr std::array<const char*, 3> kMediumTags = {"image", "audio", "text"};  // by Modality
constexpr const char* kBoxTag = "box";
constexpr const char* kRegionTag = "region";
constexpr const char* kChoiceTag = "choice";

const char* tagOf(Modality modality) {
    return kMediumTags[static_cast<std::size_t>(modality)];
}

Json resultOf(const char* from, Modality to, const char* type, int number) {
    std::string id = std::to_string(number);
    id.insert(id.begin(), 'r');
    return {{"id", id}, {"from_name", from}, {"to_name", tagOf(to)}, {"type", type}};
}

Json rectangleOf(const DatasetItem& item, const DatasetBox& box, int number) {
    const Box inside = insideOf(item, *box.box).value_or(*box.box);
    const double across = 100.0 / item.size.width;
    const double down = 100.0 / item.size.height;
    Json result = resultOf(kBoxTag, Modality::Image, "rectanglelabels", number);
    result["original_width"] = item.size.width;
    result["original_height"] = item.size.height;
    result["image_rotation"] = 0;
    result["value"] = {{"x", inside.left * across},        {"y", inside.top * down}, {"width", inside.width() * across},
                       {"height", inside.height() * down}, {"rotation", 0},          {"rectanglelabels", {box.label}}};
    return result;
}

Json stretchOf(const DatasetItem& item, const sounds::SoundLabel& label, int number) {
    Json result = resultOf(kRegionTag, Modality::Audio, "labels", number);
    result["original_length"] = item.sound.seconds();
    result["value"] = {{"start", label.begin}, {"end", label.end}, {"channel", 0}, {"labels", {label.box->label}}};
    return result;
}

// All answers of an item: regions first, then the classes of the whole item as one choice.
Json resultsOf(const ExportItem& out) {
    const DatasetItem& item = *out.item;
    Json results = Json::array();
    int number = 0;
    const auto add = [&](Json result, const DatasetBox& box) {
        if (box.score) result["score"] = *box.score;
        results.push_back(std::move(result));
    };
    if (item.sound.empty()) {
        for (const DatasetBox* box : out.boxes) {
            if (box->box) add(rectangleOf(item, *box, ++number), *box);
        }
    } else {
        for (const sounds::SoundLabel& label : sounds::labelsInTime(out))
            add(stretchOf(item, label, ++number), *label.box);
    }
    std::vector<const DatasetBox*> whole;
    std::copy_if(out.boxes.begin(), out.boxes.end(), std::back_inserter(whole),
                 [](const DatasetBox* box) { return !box->box; });
    if (whole.empty()) return results;
    Json choice = resultOf(kChoiceTag, modalityOf(item), "choices", ++number);
    for (const DatasetBox* box : whole)
        choice["value"]["choices"].push_back(box->label);
    if (whole.size() == 1) {
        add(std::move(choice), *whole.front());
    } else {
        results.push_back(std::move(choice));
    }
    return results;
}

class TaskWriter {
 public:
    explicit TaskWriter(bool asPredictions) : m_asPredictions(asPredictions) {}

    // Fills in the loss of what the tasks cannot hold.
    void survey(const ExportView& view, LossReport& report) const {
        std::int64_t unsure = 0, boxes = 0, scores = 0, media = 0;
        for (const ExportItem& out : view.items) {
            const ItemState state = out.item->state;
            unsure += state == ItemState::Unsure && !m_asPredictions;
            if (hasAnnotation(state) || m_asPredictions)
                scores += sharedScores(out);
            else
                boxes += static_cast<std::int64_t>(out.boxes.size());
            std::array<bool, 3> seen{};
            for (const DatasetMedium& medium : out.item->media)
                media += std::exchange(seen[static_cast<std::size_t>(medium.modality)], true);
        }
        const auto say = [&](std::int64_t count, const char* one, const char* many) {
            if (count > 0) report.lines.push_back(text::counted(count, one, many));
        };
        say(unsure, "unsure item becomes unlabelled: Label Studio has no place for it.",
            "unsure items become unlabelled: Label Studio has no place for it.");
        say(boxes, "answer of an item that is not labelled cannot be told from a label and is left out.",
            "answers of items that are not labelled cannot be told from labels and are left out.");
        say(scores, "class loses its score: several classes of one item are one choice.",
            "classes lose their scores: several classes of one item are one choice.");
        say(media, "medium is left out: a task has one place for each kind of medium.",
            "media are left out: a task has one place for each kind of medium.");
        report.boxes -= boxes;
    }

    Json taskOf(const ExportItem& out, const std::map<std::string, std::string>& copies) const {
        const DatasetItem& item = *out.item;
        Json task = {{"id", out.id}, {"data", dataOf(item, copies)}};
        if (item.split) task["meta"]["split"] = toText(*item.split);
        if (!item.key.empty()) task["meta"]["key"] = item.key;
        task["annotations"] = Json::array();
        task["predictions"] = Json::array();
        if (m_asPredictions) {
            if (!out.boxes.empty())
                task["predictions"].push_back({{"model_version", "querent"}, {"result", resultsOf(out)}});
        } else if (hasAnnotation(item.state)) {
            task["annotations"].push_back({{"result", resultsOf(out)},
                                           {"was_cancelled", item.state == ItemState::Skipped},
                                           {"ground_truth", false}});
        }
        return task;
    }

 private:
    static bool hasAnnotation(ItemState state) { return isTrainable(state) || state == ItemState::Skipped; }

    static std::int64_t sharedScores(const ExportItem& out) {
        std::int64_t classes = 0;
        std::int64_t scores = 0;
        for (const DatasetBox* box : out.boxes) {
            classes += !box->box;
            scores += !box->box && box->score;
        }
        return classes > 1 ? scores : 0;
    }

    static Json dataOf(const DatasetItem& item, const std::map<std::string, std::string>& copies) {
        Json data = Json::object();
        const auto add = [&](Modality modality, const std::string& path, const std::string& text) {
            if (data.contains(tagOf(modality))) return;
            const auto copy = copies.find(path);
            data[tagOf(modality)] =
                modality == Modality::Text ? text : localFileUrl(copy == copies.end() ? path : copy->second);
        };
        if (item.media.empty()) add(modalityOf(item), item.name, {});
        for (const DatasetMedium& medium : item.media)
            add(medium.modality, medium.path, medium.text);
        return data;
    }

    bool m_asPredictions;
};

// What the data holds, as far as the configuration has to provide for it.
struct Needs {
    std::array<bool, 3> media{};
    std::array<bool, 3> whole{};  // classes of whole items whose first medium is of that kind
    bool boxes = false;
    bool stretches = false;
    bool several = false;  // classes of one item
};

Needs needsOf(const ExportView& view) {
    Needs needs;
    for (const ExportItem& out : view.items) {
        const auto first = static_cast<std::size_t>(modalityOf(*out.item));
        needs.media[first] = true;
        for (const DatasetMedium& medium : out.item->media)
            needs.media[static_cast<std::size_t>(medium.modality)] = true;
        std::int64_t whole = 0;
        for (const DatasetBox* box : out.boxes) {
            whole += !box->box;
            (out.item->sound.empty() ? needs.boxes : needs.stretches) |= box->box.has_value();
        }
        needs.whole[first] |= whole > 0;
        needs.several |= whole > 1;
    }
    // Without any answer yet the classes are there all the same, for people to begin with.
    if (!needs.boxes && !needs.stretches && needs.whole == std::array<bool, 3>{}) {
        needs.boxes = needs.media[0];
        needs.stretches = needs.media[1];
        needs.whole[2] = needs.media[2];
    }
    return needs;
}

void writeConfig(std::ostream& out, const ExportView& view) {
    const Needs needs = needsOf(view);
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("View");
    for (const auto& [modality, tag] : {std::pair(0U, "Image"), {1U, "Audio"}, {2U, "Text"}}) {
        if (!needs.media[modality]) continue;
        pugi::xml_node node = root.append_child(tag);
        node.append_attribute("name") = kMediumTags[modality];
        std::string member(1, '$');
        member += kMediumTags[modality];
        node.append_attribute("value") = member.c_str();
    }
    const auto control = [&](const char* tag, const char* name, std::size_t to, const char* entry) {
        pugi::xml_node node = root.append_child(tag);
        node.append_attribute("name") = name;
        node.append_attribute("toName") = kMediumTags[to];
        for (const ClassIndex& label : view.classes)
            node.append_child(entry).append_attribute("value") = label.name.c_str();
        return node;
    };
    if (needs.boxes) control("RectangleLabels", kBoxTag, 0, "Label");
    if (needs.stretches) control("Labels", kRegionTag, 1, "Label");
    const auto whole = std::find(needs.whole.begin(), needs.whole.end(), true);
    if (whole != needs.whole.end())
        control("Choices", kChoiceTag, static_cast<std::size_t>(whole - needs.whole.begin()), "Choice")
            .append_attribute("choice") = needs.several ? "multiple" : "single";
    document.save(out, "  ", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
}

// Copies go to the folder media, each file once. The result says what has become of a path.
std::map<std::string, std::string> planCopies(ExportPlan& plan, const ExportView& view, LossReport& report) {
    std::map<std::string, std::string> copies;
    std::set<std::string> missing;
    const auto copy = [&](const std::string& path, const fs::path& file) {
        std::error_code problem;
        if (text::leadsOut(path) || copies.contains(path)) return;
        if (!fs::is_regular_file(file, problem)) return void(missing.insert(path));
        copies.emplace(path, "media/" + path);
        plan.addCopy("media/" + path, file);
    };
    for (const ExportItem& out : view.items) {
        if (out.item->media.empty()) copy(out.item->name, out.item->file);
        for (const DatasetMedium& medium : out.item->media)
            copy(medium.path, medium.file);
    }
    if (!missing.empty())
        report.lines.push_back(text::counted(static_cast<std::int64_t>(missing.size()), "file is", "files are") +
                               " missing and cannot be copied.");
    return copies;
}

}  // namespace

Result<LossReport> writeLabelStudio(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kLabelStudio);
    if (!view) return view.error();
    const Target target = targetOf(options, ".json");
    const bool single = !target.file.empty();
    LossReport report = reportOf(*view);
    const TaskWriter writer(options.asPredictions);
    writer.survey(*view, report);
    ExportPlan plan(target.folder, single ? ".querent-export-files" : ".querent-export-labelstudio", !single);
    std::map<std::string, std::string> copies;
    if (options.images == Images::Copy) copies = planCopies(plan, *view, report);
    plan.add(single ? target.file : "tasks.json", [&](std::ostream& out) {
        const char* separator = "[\n";
        for (const ExportItem& item : view->items) {
            out << separator << writer.taskOf(item, copies).dump(-1, ' ', false, Json::error_handler_t::replace);
            separator = ",\n";
        }
        out << (view->items.empty() ? "[]\n" : "\n]\n");
    });
    const std::string config =
        single ? std::string(text::withoutExtension(target.file)) + "_config.xml" : "labeling_config.xml";
    plan.add(config, [&view = *view](std::ostream& out) { writeConfig(out, view); });
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::labelstudio
