#include "engine/learn/classify/classifier_file.h"

#include "engine/learn/descent/side_descent.h"
#include "engine/learn/files/json.h"
#include "engine/learn/torch_compat.h"

#include <optional>
#include <utility>

namespace querent::learn::classify {

namespace {

constexpr const char* kKind = "classifier";

/** Reads the members of a JSON object one by one, and remembers whether one was missing or wrong. */
class Members {
 public:
    explicit Members(const files::Json& json) : m_json(json) {}

    int whole(const char* name, std::int64_t least, std::int64_t most) {
        const files::Json* member = m_json.find(name);
        const std::optional<std::int64_t> n = member ? member->count() : std::nullopt;
        if (!n || *n < least || *n > most) {
            m_good = false;
            return static_cast<int>(least);
        }
        return static_cast<int>(*n);
    }
    std::string text(const char* name) {
        const files::Json* member = m_json.find(name);
        if (member && member->string()) return *member->string();
        m_good = false;
        return {};
    }
    const files::Json::Array& list(const char* name) {
        static const files::Json::Array kNone;
        const files::Json* member = m_json.find(name);
        if (member && member->array()) return *member->array();
        m_good = false;
        return kNone;
    }
    void refuse() { m_good = false; }
    bool good() const { return m_good; }

 private:
    const files::Json& m_json;
    bool m_good = true;
};

bool readConfig(const std::string& text, ClassifierConfig& config, Subwords& subwords) {
    const std::optional<files::Json> json = files::Json::parse(text);
    if (!json) return false;
    Members members(*json);
    if (members.text("kind") != kKind) return false;
    config.size = members.text("size");
    config.classes = members.whole("classes", 1, 100000);
    config.multiLabel = members.whole("multi_label", 0, 1) == 1;
    config.picture = {members.whole("width", 1, 4096), members.whole("height", 1, 4096)};
    config.bands = members.whole("bands", 1, 4096);
    config.columns = members.whole("columns", 1, 100000);
    config.tokens = members.whole("tokens", 1, 100000);
    for (const files::Json& one : members.list("modalities")) {
        const auto modality = one.string() ? modalityFromText(*one.string()) : std::nullopt;
        modality ? config.modalities.push_back(*modality) : members.refuse();
    }
    for (const files::Json& one : members.list("weights")) {
        const auto weight = one.number();
        weight&&* weight >= 0.0 ? config.weights.push_back(*weight) : members.refuse();
    }
    std::vector<std::string> pieces;
    for (const files::Json& one : members.list("subwords"))
        one.string() ? pieces.push_back(*one.string()) : members.refuse();
    subwords = Subwords(std::move(pieces));
    return members.good() && !config.modalities.empty();
}

}  // namespace

std::string toJson(const ClassifierConfig& config, const Subwords& subwords) {
    const auto number = [](std::int64_t n) { return files::Json(static_cast<double>(n)); };
    files::Json::Array modalities, weights, pieces;
    for (const Modality modality : config.modalities)
        modalities.emplace_back(std::string(toText(modality)));
    for (const double weight : config.weights)
        weights.emplace_back(weight);
    for (const std::string& piece : subwords.pieces())
        pieces.emplace_back(piece);
    return files::Json(files::Json::Object{
                           {"kind", files::Json(std::string(kKind))},
                           {"size", files::Json(config.size)},
                           {"classes", number(config.classes)},
                           {"multi_label", number(config.multiLabel ? 1 : 0)},
                           {"width", number(config.picture.width)},
                           {"height", number(config.picture.height)},
                           {"bands", number(config.bands)},
                           {"columns", number(config.columns)},
                           {"tokens", number(config.tokens)},
                           {"modalities", files::Json(std::move(modalities))},
                           {"weights", files::Json(std::move(weights))},
                           {"subwords", files::Json(std::move(pieces))},
                           {"torch", files::Json(torchVersion())},
                       })
        .text();
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
    return model;
}

Result<std::shared_ptr<ClassifierNet>> revive(const SavedClassifier& model) {
    try {
        auto net = std::make_shared<ClassifierNet>(model.config, model.subwords.size(), Rng(0));
        if (files::fillTensors(*net, model.tensors) != files::tensorsOf(*net).size()) {
            return fail(ErrorCode::Malformed, "The model lacks some of its weights.");
        }
        net->eval();
        return net;
    } catch (const std::exception&) {
        return fail(ErrorCode::Malformed, "The model's network cannot be built.");
    }
}

std::shared_ptr<ClassifierSide> reviveSide(const SavedClassifier& model, const ClassifierNet& net) {
    auto side = std::make_shared<ClassifierSide>(model.config.modalities.size(), net.features(), 0);
    if (!descent::fillSideTensors(*side, model.tensors)) return nullptr;
    side->eval();
    return side;
}

}  // namespace querent::learn::classify
