#include "engine/core/file_names.h"
#include "engine/core/paths.h"
#include "engine/formats/labelstudio/labelstudio_names.h"
#include "engine/formats/labelstudio/labelstudio_regions.h"
#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/text/json_objects.h"
#include "engine/formats/text/text.h"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace querent::formats::labelstudio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::int64_t kMostBytes = std::int64_t{4} << 30;

bool isJson(std::string_view name) {
    return text::lowered(name).ends_with(".json");
}

// What a member of a task's data is called where it is a medium, the likeliest first.
struct NamedKeys {
    Modality modality;
    std::initializer_list<const char*> keys;
};
const std::array<NamedKeys, 3> kNamedKeys = {
    {{Modality::Image, {"image", "img", "photo", "picture", "ocr", "image_url", "img_url"}},
     {Modality::Audio, {"audio", "sound", "recording", "wav", "audio_url"}},
     {Modality::Text, {"text", "caption", "question", "description"}}}};

std::optional<Modality> modalityOfName(const std::string& text) {
    const std::string_view bare = std::string_view(text).substr(0, text.find('?'));
    if (hasImageExtension(text) || hasImageExtension(bare)) return Modality::Image;
    if (hasSoundExtension(text) || hasSoundExtension(bare)) return Modality::Audio;
    return std::nullopt;
}

// What the labelling configuration says of a medium: <Image name="img" value="$url"/>.
struct ConfiguredMedium {
    Modality modality;
    std::string key;  // of the task's data
    std::string tag;  // to_name of the results
};

class LabelStudioReader {
 public:
    LabelStudioReader(const ReadOptions& options, const Job& job) : m_options(options), m_job(job) {
        m_root = sounds::folderOfLabels(options.from);
    }

    Result<Dataset> run() {
        const Result<std::vector<std::string>> names = sounds::labelFiles(m_options, isJson, m_job);
        if (!names) return names.error();
        fs::path files = m_options.files;
        if (files.empty()) files = m_root;
        Result<matching::MediaIndex> index = scanMedia(files, m_job, m_complaints, hasMediaExtension);
        if (!index) return index.error();
        m_index = std::move(*index);
        for (const std::string& name : *names) {
            const fs::path path = m_root / pathFromUtf8(name);
            readConfigOf(path);
            m_beside = m_index.folderIn(path);
            bool any = false;
            const auto read =
                text::streamJson(path, {.lines = true, .mostBytes = kMostBytes}, m_job, [&](const Json& task) {
                    any = true;
                    takeTask(task, {path, text::lineOf(task)});
                });
            if (!read) return read.error();
            if (!any && !read->isList) return fail(ErrorCode::Malformed, "The file has no list of objects.", path);
            if (read->nonNumbers > 0)
                m_complaints.note({path, 0}, "The file has " + text::counted(read->nonNumbers, "value", "values") +
                                                 " NaN or Infinity, which JSON does not know; they count as missing.");
            if (read->strangers > 0)
                m_complaints.drop({path, 0},
                                  text::counted(read->strangers, "entry of the list is", "entries of the list are") +
                                      " no task; passed over.");
        }
        m_data.classes = m_classes.names();
        return finish(std::move(m_data), std::move(m_complaints), m_options);
    }

 private:
    // The labelling configuration beside a file knows which members are media, the order of the classes, and those that
    // nobody has used.
    void readConfigOf(const fs::path& path) {
        m_configured.clear();
        m_choiceControls.clear();
        for (const std::string& name :
             {utf8(path.stem()) + "_config.xml", std::string("labeling_config.xml"), std::string("label_config.xml")}) {
            const fs::path file = path.parent_path() / pathFromUtf8(name);
            std::error_code problem;
            if (!fs::is_regular_file(file, problem)) continue;
            const Result<std::string> text = readText(file, m_complaints, 16 << 20);
            pugi::xml_document document;
            if (!text || !document.load_buffer(text->data(), text->size(), pugi::parse_default, pugi::encoding_utf8))
                continue;
            for (const char* tag : {"//Label", "//Choice"}) {
                for (const auto& node : document.select_nodes(tag)) {
                    const std::string label(text::trimmed(node.node().attribute("value").value()));
                    if (!label.empty()) m_classes.add(label);
                }
            }
            for (const auto& node : document.select_nodes("//Choices"))
                m_choiceControls.insert(node.node().attribute("name").value());
            constexpr std::array<std::pair<const char*, Modality>, 3> kTags = {
                {{"//Image", Modality::Image}, {"//Audio", Modality::Audio}, {"//Text", Modality::Text}}};
            for (const auto& [tag, modality] : kTags) {
                for (const auto& node : document.select_nodes(tag)) {
                    const std::string value = node.node().attribute("value").value();
                    if (value.starts_with('$'))
                        m_configured.push_back({modality, value.substr(1), node.node().attribute("name").value()});
                }
            }
            return;
        }
    }

    void takeTask(const Json& task, const Where& where) {
        // JSON-MIN: the members of the data are the task's own.
        const bool minimal = !task.contains("data") && (task.contains("annotation_id") || task.contains("annotator") ||
                                                        task.contains("lead_time"));
        const Json& data = minimal ? task : text::memberOf(task, "data");
        if (!data.is_object()) return m_complaints.drop(where, "The task has no data.");
        DatasetItem item;
        m_tag.clear();
        if (!addMedia(data, where, item)) return;
        if (item.media.empty()) return m_complaints.drop(where, "The task has no image, no sound and no text.");
        readMeta(task, item);
        const bool several = item.media.size() > 1 || item.media.front().modality == Modality::Text;
        item.name = nameOf(item, task, where);
        if (!m_names.insert(item.name).second)
            return m_complaints.drop(where, "The item " + text::inQuotes(item.name) + " is there a second time.");
        item.file = item.media.front().file;
        measure(task, where, item);
        if (m_options.asPredictions) {
            takePredictions(text::memberOf(task, "predictions"), where, item);
        } else {
            takeAnnotations(minimal ? fullTask(task) : task, where, item);
        }
        if (!several) item.media.clear();
        for (const DatasetBox& box : item.boxes)
            m_classes.add(box.label);
        m_data.items.push_back(std::move(item));
    }

    // JSON-MIN has a member for each control: its regions, without their kind, or its choice.
    Json fullTask(const Json& task) const {
        Json results = Json::array();
        for (const auto& [key, value] : task.items()) {
            const bool isChoice = m_choiceControls.contains(key) || key == "choice" || key == "choices";
            if (isChoice && value.is_string())
                results.push_back({{"type", "choices"}, {"value", {{"choices", {value}}}}});
            if (isChoice && value.is_object() && value.contains("choices"))
                results.push_back({{"type", "choices"}, {"value", value}});
            if (!value.is_array()) continue;
            for (const Json& region : value) {
                for (const char* kind :
                     {"rectanglelabels", "polygonlabels", "ellipselabels", "brushlabels", "labels"}) {
                    if (!region.is_object() || !region.contains(kind)) continue;
                    Json result = {{"type", kind}, {"value", region}};
                    for (const char* side : {"original_width", "original_height"}) {
                        if (region.contains(side)) result[side] = region[side];
                    }
                    results.push_back(std::move(result));
                }
            }
        }
        return {{"annotations", Json::array({Json{{"result", std::move(results)}}})}};
    }

    // Which member of the data is the medium of a kind: as the configuration says, else by its name, else the only one
    // whose text ends like such a file. Never by chance: several that would do are a complaint.
    std::optional<std::string> keyFor(Modality modality, const Json& data, const Where& where, bool& several) {
        const auto holdsText = [&](const std::string& key) {
            return data.contains(key) && data[key].is_string() &&
                   !text::trimmed(data[key].get_ref<const std::string&>()).empty();
        };
        bool known = m_configured.empty();  // whether the configuration has such a medium at all
        for (const ConfiguredMedium& medium : m_configured) {
            known = known || medium.modality == modality;
            if (medium.modality != modality || !holdsText(medium.key)) continue;
            if (modality != Modality::Text && m_tag.empty()) m_tag = medium.tag;
            return medium.key;
        }
        if (!known) return std::nullopt;
        for (const NamedKeys& named : kNamedKeys) {
            if (named.modality != modality) continue;
            for (const char* word : named.keys) {
                for (const auto& [key, value] : data.items()) {
                    if (text::lowered(key) == word && holdsText(key)) return key;
                }
            }
        }
        const bool configured = std::any_of(m_configured.begin(), m_configured.end(),
                                            [&](const ConfiguredMedium& medium) { return holdsText(medium.key); });
        if (modality == Modality::Text || configured) return std::nullopt;
        std::vector<std::string> fitting;
        for (const auto& [key, value] : data.items()) {
            if (holdsText(key) && modalityOfName(value.get_ref<const std::string&>()) == modality)
                fitting.push_back(key);
        }
        if (fitting.size() == 1) return fitting.front();
        if (fitting.empty()) return std::nullopt;
        several = true;
        m_complaints.drop(where, "The task has several files (" + text::inQuotes(fitting[0]) + ", " +
                                     text::inQuotes(fitting[1]) +
                                     "), and no labelling configuration beside it says which one is meant.");
        return std::nullopt;
    }

    bool addMedia(const Json& data, const Where& where, DatasetItem& item) {
        for (const Modality modality : {Modality::Image, Modality::Audio, Modality::Text}) {
            bool several = false;
            const std::optional<std::string> key = keyFor(modality, data, where, several);
            if (several) return false;
            if (!key) continue;
            const std::string& text = data[*key].get_ref<const std::string&>();
            DatasetMedium medium{modality, {}, {}, {}};
            if (modality == Modality::Text) {
                medium.text = text;
            } else if (!locate(text, where, medium)) {
                return false;
            }
            item.media.push_back(std::move(medium));
        }
        return true;
    }

    bool locate(const std::string& url, const Where& where, DatasetMedium& medium) {
        if (url.starts_with("data:")) {
            m_complaints.drop(where, "The task holds its picture or sound itself; only files are read.");
            return false;
        }
        matching::MediaIndex::Found best;
        for (const std::string& name : namesOfUrl(url)) {
            matching::MediaIndex::Found found = m_index.find(name, m_beside);
            if (best.name.empty() || found.exists) best = std::move(found);
            if (best.exists) break;
        }
        if (!best.exists && !best.refusal.empty()) {
            m_complaints.drop(where, best.refusal);
            return false;
        }
        if (!best.exists) m_complaints.note(where, "The file " + text::inQuotes(best.name) + " is missing.");
        sayHowFound(best, {where.path, 0}, m_complaints);
        medium.path = best.name;
        medium.file = m_index.fileOf(best.name);
        return true;
    }

    // Our own exports keep there what Label Studio has no place for; it hands such an object back untouched.
    void readMeta(const Json& task, DatasetItem& item) {
        const Json& meta = text::memberOf(task, "meta");
        item.split = splitFromText(text::textOf(meta, "split"));
        item.key = text::textOf(meta, "key");
        if (!item.key.empty() && !m_keys.insert(item.key).second) item.key.clear();
        const double id = text::numberOf(text::memberOf(task, "id")).value_or(0.0);
        if (id >= 1.0 && id < 9e15 && m_ids.insert(static_cast<std::int64_t>(id)).second)
            item.id = static_cast<std::int64_t>(id);
    }

    std::string nameOf(const DatasetItem& item, const Json& task, const Where& where) const {
        const std::optional<double> id = text::numberOf(text::memberOf(task, "id"));
        const std::string number = id ? text::numberText(*id) : "line " + std::to_string(where.line);
        const std::string& path = item.media.front().path;
        if (path.empty()) return "task " + number;
        return item.media.size() > 1 && m_names.contains(path) ? path + "#" + number : path;
    }

    void measure(const Json& task, const Where& where, DatasetItem& item) {
        const Modality modality = item.media.front().modality;
        std::error_code problem;
        const bool exists = fs::is_regular_file(item.file, problem);
        if (modality == Modality::Image) {
            // Places are per cents of the image as it was shown, whatever its size.
            item.size = planeOf(m_options, item.file, exists, saidSize(task), where, m_complaints).size;
        } else if (modality == Modality::Audio && exists && m_options.soundShape) {
            const Result<SoundShape> shape = sounds::soundShapeOf(m_options, item.file);
            if (shape) item.sound = *shape;
            if (!shape) m_complaints.note({item.file, 0}, "The sound cannot be read: " + shape.error().sentence);
        }
    }

    // The annotations that are objects; some exports name them by numbers only.
    std::vector<const Json*> objectsOf(const Json& list, const Where& where) {
        std::vector<const Json*> objects;
        for (const Json& entry : list) {
            if (entry.is_object()) {
                objects.push_back(&entry);
            } else {
                m_complaints.tally({where.path, where.line}, "annotation is only a number and was not read.",
                                   "annotations are only numbers and were not read.");
            }
        }
        return objects;
    }

    void takeAnnotations(const Json& task, const Where& where, DatasetItem& item) {
        const Json& list = task.contains("annotations") ? task["annotations"] : text::memberOf(task, "completions");
        const std::vector<const Json*> all = objectsOf(list, where);
        if (!text::memberOf(task, "predictions").empty())
            m_complaints.tally({where.path, where.line}, "task has predictions, which are no labels and were not read.",
                               "tasks have predictions, which are no labels and were not read.");
        const Json* chosen = nullptr;
        std::int64_t live = 0;
        for (const Json* annotation : all) {
            if (flagOf(*annotation, "was_cancelled")) continue;
            ++live;
            if (!chosen || (flagOf(*annotation, "ground_truth") && !flagOf(*chosen, "ground_truth")))
                chosen = annotation;
        }
        if (live > 1)
            m_complaints.tally({where.path, where.line},
                               "task has several annotations; the ground truth or else the first was read.",
                               "tasks have several annotations; the ground truth or else the first was read.");
        const bool skipped = !chosen && !all.empty();
        if (skipped) chosen = all.front();
        if (!chosen) return;
        LabelStudioRegions regions(item, m_tag, where, m_complaints);
        regions.read(text::memberOf(*chosen, "result"), std::nullopt);
        item.boxes = std::move(regions.boxes);
        settle(item, skipped ? std::optional(ItemState::Skipped) : std::nullopt, regions.lost,
               ItemState::ConfirmedEmpty);
    }

    void takePredictions(const Json& list, const Where& where, DatasetItem& item) {
        const std::vector<const Json*> all = objectsOf(list, where);
        if (all.empty()) return;
        if (all.size() > 1)
            m_complaints.tally({where.path, where.line}, "task has several predictions; the last one was read.",
                               "tasks have several predictions; the last one was read.");
        LabelStudioRegions regions(item, m_tag, where, m_complaints);
        regions.read(text::memberOf(*all.back(), "result"), text::numberOf(text::memberOf(*all.back(), "score")));
        item.boxes = std::move(regions.boxes);
    }

    const ReadOptions& m_options;
    const Job& m_job;
    fs::path m_root;
    matching::MediaIndex m_index;
    Complaints m_complaints;
    ClassList m_classes;
    std::vector<ConfiguredMedium> m_configured;        // by the file at hand
    std::unordered_set<std::string> m_choiceControls;  // the same
    std::string m_beside;                              // the folder of the file at hand in the index
    std::string m_tag;                                 // to_name of the medium of the task at hand
    std::unordered_set<std::string> m_names;
    std::unordered_set<std::string> m_keys;
    std::unordered_set<std::int64_t> m_ids;
    Dataset m_data;
};

}  // namespace

Result<Dataset> readLabelStudio(const ReadOptions& options, const Job& job) {
    return LabelStudioReader(options, job).run();
}

}  // namespace querent::formats::labelstudio
