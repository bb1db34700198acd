#include "engine/store/tables/settings_json.h"

#include "engine/store/sqlite/connection.h"

#include <nlohmann/json.hpp>

#include <algorithm>

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

bool isShare(double value) {
    return value >= 0.0 && value <= 1.0;
}

// Sizes that memory is taken for, and divisors.
bool isSound(const MelParameters& mel) {
    constexpr int kMost = 1 << 20;
    return mel.rate >= 0 && mel.rate <= kMost && mel.window > 0 && mel.window <= kMost && mel.hop > 0 &&
           mel.hop <= kMost && mel.bands > 0 && mel.bands <= 4096 && mel.lowHz >= 0 && mel.highHz >= 0;
}

// What no program of ours has written.
const char* wrongSetting(const ProjectSettings& s) {
    constexpr int kMost = 1'000'000'000;
    if (s.media.empty()) return "media";
    if (!isSound(s.mel)) return "mel";
    if (s.batchSize < 1 || s.batchSize > kMost) return "batchSize";
    if (!isShare(s.controlShare)) return "controlShare";
    if (!isShare(s.holdoutShare)) return "holdoutShare";
    if (!isShare(s.testShare)) return "testShare";
    if (!isShare(s.hideGhostShare)) return "hideGhostShare";
    if (!isShare(s.ghostThreshold)) return "ghostThreshold";
    if (s.trainingSteps < 0 || s.trainingSteps > kMost) return "trainingSteps";
    if (!isShare(s.targetMetric)) return "targetMetric";
    return nullptr;
}

sqlite::Failure unreadable(const std::string& why) {
    return sqlite::Failure(fail(ErrorCode::Corrupt, "The settings of the project cannot be read (" + why + ")."));
}

ProjectSettings settingsFrom(const Json& j) {
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

}  // namespace

std::string settingsToJson(const ProjectSettings& s) {
    if (const char* wrong = wrongSetting(s))
        throw sqlite::Failure(
            fail(ErrorCode::InvalidArgument, std::string("The setting ") + wrong + " is out of range."));
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
    ProjectSettings settings;
    try {
        settings = settingsFrom(Json::parse(json));
    } catch (const Json::exception& exception) {
        throw unreadable(exception.what());
    }
    if (const char* wrong = wrongSetting(settings)) throw unreadable(std::string(wrong) + " is out of range");
    return settings;
}

}  // namespace querent::store::tables
