// Files of numbers: models, weights, checkpoints, policies, shards, the lines of a simulation.

#include "engine/core/hash.h"
#include "engine/learn/classify/classifier_file.h"
#include "engine/learn/descent/checkpoint.h"
#include "engine/learn/detect/model_file.h"
#include "engine/learn/detect/shard.h"
#include "engine/learn/detect/weights.h"
#include "engine/learn/files/json.h"
#include "engine/learn/files/pickle_reader.h"
#include "engine/learn/files/tensor_file.h"
#include "engine/learn/files/zip_reader.h"
#include "engine/select/bralt/group_policy.h"
#include "engine/select/mgral/memory.h"
#include "engine/select/policy/policy_file.h"
#include "engine/session/simulation/simulation_files.h"
#include "tests/engine/learn/stored_zip.h"
#include "tests/fuzz/target.h"

#include <sstream>

namespace fuzz {
namespace fs = std::filesystem;
using namespace querent;
using namespace querent::learn;
using namespace querent::learn::files;
namespace {

fs::path placed(std::string_view bytes, const char* name) {
    fs::path path = scratch() / name;
    writeFile(path, bytes);
    return path;
}

void readModel(std::string_view bytes) {
    const fs::path path = placed(bytes, "model");
    if (const Result<detect::SavedModel> model = detect::loadModel(path)) {
        require(model->config.classes >= 1, "A model of no classes.");
        const auto net = detect::revive(*model);
        if (net) (void)detect::reviveSide(*model, **net);
    }
    if (const Result<classify::SavedClassifier> model = classify::loadClassifier(path)) {
        require(model->config.classes >= 1, "A classifier of no classes.");
        const auto net = classify::revive(*model);
        if (net) (void)classify::reviveSide(*model, **net);
    }
}

void readNumbers(std::string_view bytes) {
    const fs::path path = placed(bytes, "weights");
    (void)readTensors(path);
    (void)detect::readWeights(path);
    (void)detect::readTorchDictionary(path);
    (void)descent::loadState(path, "x");
}

void readPickled(std::string_view bytes) {
    (void)readPickle(bytes);
    if (const auto zip = ZipReader::open(bytes)) (void)zip;
    const std::string archive = tests::storedZip({{"archive/data.pkl", std::string(bytes)},
                                                  {"archive/data/0", std::string(16, '\1')},
                                                  {"archive/version", "3"}});
    (void)detect::readTorchDictionary(placed(archive, "archive"));
}

/** The bytes with the sum that closes a file of numbers: without it no changed byte would be looked at. */
std::string summed(std::string_view bytes) {
    std::string all(bytes);
    std::uint64_t sum = fnv1a(all);
    for (int i = 0; i < 8; ++i, sum >>= 8)
        all += static_cast<char>(sum & 0xFFU);
    return all;
}

std::string withoutSum(std::string bytes) {
    bytes.resize(bytes.size() - std::min<std::size_t>(bytes.size(), 8));
    return bytes;
}

const select::policy::PolicyLayout kLayout{{"entropy", "novelty"}, {"round"}};

void readPolicy(std::string_view bytes) {
    const std::string file = summed(bytes);
    (void)select::policy::unpackPolicy(bytes, kLayout);
    (void)select::policy::unpackPolicy(file, kLayout);
    (void)select::bralt::unpackMemory(file);
    std::vector<std::string> remarks;
    (void)select::mgral::unpackMgral(file, select::mgral::LstmAgent(3, 4, 1), remarks);
}

void readShardFile(std::string_view bytes) {
    (void)detect::readShard(placed(bytes, "shard"));
    const Result<detect::Shard> shard = detect::readShard(placed(summed(bytes), "shard"));
    if (!shard) return;
    for (std::size_t i = 0; i < shard->images->count(); ++i)
        (void)shard->images->load(i, {});
}

void readRunLines(std::string_view bytes) {
    std::error_code ignored;
    fs::create_directories(scratch() / "simulation" / "runs", ignored);
    writeFile(scratch() / "simulation" / "runs" / "r.jsonl", bytes);
    (void)session::simulation::SimulationFiles(scratch() / "simulation").read("r");
}

/** Tensors by name, and texts as a model file has them, without the checksum. */
std::string tensorsOf(const TensorFile& content) {
    const fs::path path = scratch() / "tensors";
    if (!writeTensors(path, content)) broken("A seed could not be written.");
    const std::string bytes = readFile(path);
    std::size_t length = 0;
    for (std::size_t i = 8; i-- > 0;)
        length = length << 8 | static_cast<unsigned char>(bytes[i]);
    std::optional<nlohmann::json> header = parseJson(std::string_view(bytes).substr(8, length));
    if (!header) broken("A seed has no header.");
    (*header)["__metadata__"].erase("querent.checksum");
    const std::string said = jsonText(*header);
    std::string out;
    for (int i = 0; i < 8; ++i)
        out += static_cast<char>(said.size() >> (8 * i) & 0xFFU);
    return out + said + bytes.substr(8 + length);
}

std::string unsummed(const fs::path& model) {
    const Result<TensorFile> read = readTensors(model);
    if (!read) broken("A seed could not be read: " + read.error().text());
    return tensorsOf(*read);
}

std::vector<std::string> models() {
    const fs::path path = scratch() / "seed";
    const NamedTensors few = {{"a.weight", torch::ones({2, 3})}, {"b.bias", torch::zeros({4}, torch::kLong)}};
    std::vector<std::string> seeds;
    for (const char* size : {"small", "base"}) {
        detect::SavedModel model;
        model.config.size = size;
        model.config.classes = 2;
        model.config.input = {64, 64};
        model.tensors = few;
        if (!detect::saveModel(path, model)) broken("A seed could not be written.");
        seeds.push_back(unsummed(path));
    }
    classify::SavedClassifier classifier;
    classifier.config.modalities = {Modality::Image, Modality::Audio, Modality::Text};
    classifier.config.classes = 3;
    classifier.subwords = classify::Subwords::learn({"a red cat", "a red dog"});
    classifier.tensors = few;
    if (!classify::saveClassifier(path, classifier)) broken("A seed could not be written.");
    seeds.push_back(unsummed(path));
    return seeds;
}

std::vector<std::string> weights() {
    std::ostringstream out;
    torch::serialize::OutputArchive archive;
    archive.write("a", torch::ones({2, 2}));
    archive.save_to(out);
    return {tensorsOf({{{"querent", "state"}}, {{"conv1.weight", torch::ones({2, 3, 1, 1})}}}), out.str()};
}

std::vector<std::string> pickles() {
    const auto text = [](const std::string& t) { return "\x8c" + std::string(1, static_cast<char>(t.size())) + t; };
    const std::string tensor = "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" +
                               text("0") + text("cpu") + "K\x04tQK" + std::string(1, '\0') +
                               "K\x02K\x02\x86K\x02K\x01\x86" + "\x89" + "}tR";
    return {"\x80\x02}" + text("w") + tensor + "s.",
            "\x80\x02}(" + text("a") + "K\x01" + text("b") + "G?\xf0" + std::string(6, '\0') + "u.",
            "\x80\x04\x95\x05" + std::string(7, '\0') + "]\x94(NN\x88" + "e."};
}

std::vector<std::string> policies() {
    select::mgral::MgralMemory memory{select::mgral::LstmAgent(3, 4, 1), {}};
    return {withoutSum(select::policy::packPolicy(select::policy::Policy(kLayout, 1))),
            withoutSum(select::bralt::packMemory(select::bralt::newPolicy(1), 3)),
            withoutSum(select::mgral::packMgral(memory))};
}

class TwoPictures : public ItemSource {
 public:
    std::size_t count() const override { return 2; }
    ItemTruth truth(std::size_t index) const override {
        ItemTruth truth{static_cast<std::int64_t>(index), {8, 8}};
        truth.boxes.push_back({.box = {1, 2, 5, 6}, .label = 0});
        return truth;
    }
    Result<Raster> load(std::size_t, Size) const override {
        Raster picture;
        picture.size = {8, 8};
        picture.rgb.assign(8 * 8 * 3, 100);
        return picture;
    }
};

std::vector<std::string> shards() {
    const fs::path path = scratch() / "seed.shard";
    DetectorConfig config;
    config.input = {64, 64};
    if (!detect::writeShard(path, config, TwoPictures(), {})) broken("A seed could not be written.");
    return {withoutSum(readFile(path))};
}

std::vector<std::string> runLines() {
    const session::simulation::SimulationFiles files(scratch() / "simulation");
    std::error_code ignored;
    fs::create_directories(scratch() / "simulation" / "runs", ignored);
    fs::remove(scratch() / "simulation" / "runs" / "seed.jsonl", ignored);
    session::simulation::RunLine line;
    line.row.strategy = "random";
    line.row.round = 2;
    line.row.labels = 30;
    line.chosen = {"a.png", "ö.png"};
    line.row.values["top1"] = 0.5;
    line.row.secondsSelect = 0.1;
    if (!files.append("seed", line)) broken("A seed could not be written.");
    return {readFile(scratch() / "simulation" / "runs" / "seed.jsonl")};
}

constexpr Target kTargets[] = {{"model", readModel, models},     {"weights", readNumbers, weights},
                               {"pickle", readPickled, pickles}, {"policy", readPolicy, policies},
                               {"shard", readShardFile, shards}, {"run_lines", readRunLines, runLines}};

}  // namespace

std::span<const Target> numberTargets() {
    return kTargets;
}

}  // namespace fuzz
