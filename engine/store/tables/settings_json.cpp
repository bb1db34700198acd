#include "engine/store/tables/settings_json.h"

#include <nlohmann/json.hpp>

namespace querent::store::tables {
namespace {

using Json = nlohmann::json;

template <typename T>
void read(const Json& j, const char* key, T& value) {
    if (const auto found = j.find(key); found != j.end()) value = found->template get<T>();
}

Json melToJson(const MelParameters& mel) {
    return {{"rate", mel.rate},   {"window", mel.window}, {"hop", mel.hop},      {"bands", mel.bands},
            {"lowHz", mel.lowHz}, {"highHz", mel.highHz}, {"kneeHz", mel.kneeHz}};
}

MelParameters melFromJson(const Json& j) {
    MelParameters mel;
    read(j, "rate", mel.rate);
    read(j, "window", mel.window);
    read(j, "hop", mel.hop);
    read(j, "bands", mel.bands);
    read(j, "lowHz", mel.lowHz);
    read(j, "highHz", mel.highHz);
    read(j, "kneeHz", mel.kneeHz);
    return mel;
}

}  // namespace

std::string settingsToJson(const ProjectSettings& s) {
    Json media = Json::array();
    for (const Modality modality : s.media)
        media.push_back(toText(modality));
    const Json j = {{"name", s.name},
                    {"task", toText(s.task)},
                    {"media", media},
                    {"multiLabel", s.multiLabel},
                    {"mel", melToJson(s.mel)},
                    {"strategy", s.strategy},
                    {"batchSize", s.batchSize},
                    {"controlShare", s.controlShare},
                    {"holdoutShare", s.holdoutShare},
                    {"testShare", s.testShare},
                    {"hideGhostShare", s.hideGhostShare},
                    {"showGhosts", s.showGhosts},
                    {"ghostThreshold", s.ghostThreshold},
                    {"networkSize", s.networkSize},
                    {"backboneWeights", s.backboneWeights},
                    {"trainingSteps", s.trainingSteps},
                    {"targetMetric", s.targetMetric},
                    {"seed", s.seed}};
    return j.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ProjectSettings settingsFromJson(const std::string& json) {
    const Json j = Json::parse(json);
    ProjectSettings s;
    read(j, "name", s.name);
    if (j.contains("task")) s.task = taskFromText(j.at("task").get<std::string>()).value_or(s.task);
    if (j.contains("media")) {
        s.media.clear();
        for (const Json& word : j.at("media"))
            if (const auto modality = modalityFromText(word.get<std::string>())) s.media.push_back(*modality);
    }
    read(j, "multiLabel", s.multiLabel);
    if (const auto mel = j.find("mel"); mel != j.end()) s.mel = melFromJson(*mel);
    read(j, "strategy", s.strategy);
    read(j, "batchSize", s.batchSize);
    read(j, "controlShare", s.controlShare);
    read(j, "holdoutShare", s.holdoutShare);
    read(j, "testShare", s.testShare);
    read(j, "hideGhostShare", s.hideGhostShare);
    read(j, "showGhosts", s.showGhosts);
    read(j, "ghostThreshold", s.ghostThreshold);
    read(j, "networkSize", s.networkSize);
    read(j, "backboneWeights", s.backboneWeights);
    read(j, "trainingSteps", s.trainingSteps);
    read(j, "targetMetric", s.targetMetric);
    read(j, "seed", s.seed);
    return s;
}

}  // namespace querent::store::tables
