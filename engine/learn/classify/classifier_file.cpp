#include "engine/learn/classify/classifier_file.h"

#include "engine/learn/descent/side_descent.h"
#include "engine/learn/files/json.h"
#include "engine/learn/torch_compat.h"

#include <optional>
#include <utility>

namespace querent::learn::classify {

namespace {

constexpr const char* kKind = "classifier";
constexpr std::int64_t kLargestPlane = 4096 * 4096;  // of a sound's features, as of a picture's pixels

/** Reads the members of a JSON object one by one, and remembers whether one was missing or wrong. */
class Members {
 public:
    explicit Members(const nlohmann::json& json) : m_json(json) {}

    /** @param missing  what a file of an older version, which lacks it, means */
    int whole(const char* name, std::int64_t least, std::int64_t most, std::optional<int> missing = {}) {
        const nlohmann::json* member = files::memberOf(m_json, name);
        if (!member && missing) return *missing;
        const std::optional<std::int64_t> n = member ? files::wholeNumber(*member) : std::nullopt;
        if (!n || *n < least || *n > most) {
            m_good = false;
            return static_cast<int>(least);
        }
        return static_cast<int>(*n);
    }
    std::string text(const char* name) {
        const nlohmann::json* member = files::memberOf(m_json, name);
        if (member && member->is_string()) return *member;
        m_good = false;
        return {};
    }
    const nlohmann::json::array_t& list(const char* name) {
        static const nlohmann::json::array_t kNone;
        const nlohmann::json* member = files::memberOf(m_json, name);
        if (member && member->is_array()) return member->get_ref<const nlohmann::json::array_t&>();
        m_good = false;
        return kNone;
    }
    void refuse() { m_good = false; }
    bool good() const { return m_good; }

 private:
    const nlohmann::json& m_json;
    bool m_good = true;
};

bool readConfig(const std::string& text, ClassifierConfig& config, Subwords& subwords) {
    const std::optional<nlohmann::json> json = files::parseJson(text);
    if (!json) return false;
    Members members(*json);
    if (members.text("kind") != kKind) return false;
    config.size = members.text("size");
    config.classes = members.whole("classes", 1, 100000);
    config.multiLabel = members.whole("multi_label", 0, 1) == 1;
    config.picture = {members.whole("width", 1, 4096), members.whole("height", 1, 4096)};
    config.bands = members.whole("bands", 1, 4096);
    config.columns = members.whole("columns", 1, 100000);
    config.photographs = members.whole("photographs", 0, 1, 0) == 1;
    config.tokens = members.whole("tokens", 1, 100000);
    for (const nlohmann::json& one : members.list("modalities")) {
        const auto modality = one.is_string() ? modalityFromText(one.get<std::string>()) : std::nullopt;
        modality ? config.modalities.push_back(*modality) : members.refuse();
    }
    for (const nlohmann::json& one : members.list("weights"))
        one.is_number() && one >= 0.0 ? config.weights.push_back(one) : members.refuse();
    std::vector<std::string> pieces;
    for (const nlohmann::json& one : members.list("subwords"))
        one.is_string() ? pieces.push_back(one) : members.refuse();
    subwords = Subwords(std::move(pieces));
    const bool bearable = static_cast<std::int64_t>(config.bands) * config.columns <= kLargestPlane;
    return members.good() && bearable && !config.modalities.empty();
}

}  // namespace

std::string toJson(const ClassifierConfig& config, const Subwords& subwords) {
    auto modalities = nlohmann::json::array();
    for (const Modality modality : config.modalities)
        modalities.push_back(toText(modality));
    return files::jsonText({{"kind", kKind},
                            {"size", config.size},
                            {"classes", config.classes},
                            {"multi_label", config.multiLabel ? 1 : 0},
                            {"width", config.picture.width},
                            {"height", config.picture.height},
                            {"photographs", config.photographs ? 1 : 0},
                            {"bands", config.bands},
                            {"columns", config.columns},
                            {"tokens", config.tokens},
                            {"modalities", std::move(modalities)},
                            {"weights", config.weights},
                            {"subwords", subwords.pieces()},
                            {"torch", torchVersion()}});
}

Result<void> saveClassifier(const std::filesystem::path& path, const SavedClassifier& model) {
    return files::saveArchive(path, {toJson(model.config, model.subwords), {}, model.tensors});
}

Result<SavedClassifier> loadClassifier(const std::filesystem::path& path) {
    Result<files::ModelArchive> archive = files::loadArchive(path);
    if (!archive) return archive.error();
    SavedClassifier model;
    if (!readConfig(archive->config, model.config, model.subwords)) return files::notOurModel(path);
    model.tensors = std::move(archive->tensors);
    // A network of as many classes as the text says may be far larger than what there are numbers for.
    const auto classes = model.tensors.find("joint.bias");
    if (classes == model.tensors.end() || classes->second.numel() != model.config.classes)
        return files::notOurModel(path);
    return model;
}

Result<std::shared_ptr<ClassifierNet>> revive(const SavedClassifier& model) {
    return files::revived(model.tensors,
                          [&] { return std::make_shared<ClassifierNet>(model.config, model.subwords.size(), Rng(0)); });
}

std::shared_ptr<ClassifierSide> reviveSide(const SavedClassifier& model, const ClassifierNet& net) {
    auto side = std::make_shared<ClassifierSide>(model.config.modalities.size(), net.features(), 0);
    if (!descent::fillSideTensors(*side, model.tensors)) return nullptr;
    side->eval();
    return side;
}

}  // namespace querent::learn::classify
