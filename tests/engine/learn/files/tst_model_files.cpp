// Files of numbers that may be a stranger's: what is in them never runs, and what they say of themselves is not
// believed.

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/core/stopwatch.h"
#include "engine/learn/classify/classifier.h"
#include "engine/learn/descent/checkpoint.h"
#include "engine/learn/detect/model_file.h"
#include "engine/learn/detect/predictor.h"
#include "engine/learn/detect/shard.h"
#include "engine/learn/detect/weights.h"
#include "engine/learn/files/json.h"
#include "engine/learn/files/pickle_reader.h"
#include "engine/learn/files/renewal.h"
#include "engine/learn/files/sha256.h"
#include "engine/learn/files/tensor_file.h"
#include "engine/learn/files/trusted_programs.h"
#include "tests/engine/learn/drawn_tensor.h"
#include "tests/engine/learn/hostile_program.h"
#include "tests/support/slowness.h"

#include <QTemporaryDir>
#include <QTest>

#include <caffe2/serialize/inline_container.h>
#include <sstream>
#include <sys/resource.h>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::detect;
using namespace querent::learn::files;
using tests::harmlessProgram;
using tests::hostileProgram;
namespace fs = std::filesystem;

namespace {

std::string safetensors(const std::string& header, const std::string& data = {}) {
    std::string out;
    for (int i = 0; i < 8; ++i)
        out += static_cast<char>(header.size() >> (8 * i) & 0xFF);
    return out + header + data;
}

/** As earlier versions wrote it: attributes of a module of LibTorch. */
class OldArchive {
 public:
    OldArchive& add(const std::string& name, const torch::IValue& value) {
        m_archive.write(name, value);
        return *this;
    }
    OldArchive& add(const std::string& name, const NamedTensors& tensors) {
        c10::Dict<std::string, torch::Tensor> dict;
        for (const auto& [key, tensor] : tensors)
            dict.insert(key, tensor);
        return add(name, torch::IValue(dict));
    }
    std::string bytes() {
        std::ostringstream out;
        m_archive.save_to(out);
        return out.str();
    }

 private:
    torch::serialize::OutputArchive m_archive;
};

std::string oldModel(const SavedModel& model) {
    return OldArchive()
        .add("querent", torch::IValue(std::int64_t{1}))
        .add("config", torch::IValue(toJson(model.config, model.plan)))
        .add("script", torch::IValue(torch::empty({0}, torch::kUInt8)))
        .add("tensors", model.tensors)
        .bytes();
}

/** A zip archive of PyTorch's with this pickle, and the parts "data/0" and "data/1" of 16 bytes. */
std::string archiveOf(const std::string& pickle) {
    std::ostringstream out;
    {
        caffe2::serialize::PyTorchStreamWriter writer([&out](const void* data, std::size_t size) {
            out.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
            return size;
        });
        const std::array<float, 4> values{1, 2, 3, 4};
        writer.writeRecord("data.pkl", pickle.data(), pickle.size());
        writer.writeRecord("data/0", values.data(), sizeof values);
        writer.writeEndOfFile();
    }
    return out.str();
}

std::string word(std::int32_t number) {
    std::string out = "J";
    for (int i = 0; i < 4; ++i)
        out += static_cast<char>(static_cast<std::uint32_t>(number) >> (8 * i) & 0xFF);
    return out;
}

std::string text(const std::string& t) {
    return "\x8c" + std::string(1, static_cast<char>(t.size())) + t;
}

/** {"w": a tensor of these sizes and strides on the numbers "data/0"} */
std::string pickledTensor(const std::vector<std::int32_t>& sizes, const std::vector<std::int32_t>& strides,
                          std::int32_t offset = 0) {
    const auto tuple = [](const std::vector<std::int32_t>& numbers) {
        std::string out = "(";
        for (const std::int32_t number : numbers)
            out += word(number);
        return out + "t";
    };
    return "\x80\x02}" + text("w") + "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") +
           "ctorch\nFloatStorage\n" + text("0") + text("cpu") + word(4) + "tQ" + word(offset) + tuple(sizes) +
           tuple(strides) + "\x89" + "}tRs.";
}

SavedModel smallModel() {
    SavedModel model;
    model.config.classes = 2;
    model.config.input = {64, 64};
    model.tensors = tensorsOf(networks::DetectorNet(model.plan, 2, Rng(4)));
    return model;
}

long peakKilobytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

bool holdsPickle(const std::string& bytes) {
    for (const std::string mark : {"data.pkl", "torch._utils", "PK\x03\x04", "Storage", "__torch__"}) {
        if (bytes.find(mark) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

class TestModelFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path path(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    fs::path written(const std::string& name, const std::string& bytes) const {
        if (!replaceWhole(path(name), bytes, Durability::Cache)) qFatal("cannot write");
        return path(name);
    }

    static void compareTensors(const NamedTensors& a, const NamedTensors& b) {
        QCOMPARE(a.size(), b.size());
        for (const auto& [name, tensor] : a) {
            QVERIFY2(b.contains(name) && torch::equal(tensor, b.at(name)), name.c_str());
            QCOMPARE(b.at(name).scalar_type(), tensor.scalar_type());
        }
    }

 private Q_SLOTS:
    void initTestCase() { qputenv("XDG_CONFIG_HOME", m_folder.filePath("config").toUtf8()); }

    void sha256AgreesWithItsStandard() {
        QCOMPARE(sha256(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
        QCOMPARE(sha256(std::string(1000000, 'a')),
                 std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    }

    void numbersComeBackAsTheyWere() {
        TensorFile file{{{"a", "text with \"quotes\", \n and \xC3\xA4"}}, {}};
        file.tensors = {{"float", drawn({2, 3}, 1)},
                        {"double", drawn({5}, 2).to(torch::kDouble)},
                        {"half", drawn({3}, 3).to(torch::kHalf)},
                        {"turned", drawn({4, 6}, 4).t()},
                        {"bytes", torch::arange(7).to(torch::kByte)},
                        {"whole", torch::tensor({std::int64_t{1} << 60, std::int64_t{-1}})},
                        {"none", torch::empty({0, 3})},
                        {"single", torch::tensor(3.5)}};
        QVERIFY(writeTensors(path("all.safetensors"), file));
        const auto back = readTensors(path("all.safetensors"));
        QVERIFY2(back, back ? "" : back.error().text().c_str());
        compareTensors(file.tensors, back->tensors);
        QCOMPARE(back->texts, file.texts);
        const std::string bytes = *readWhole(path("all.safetensors"));
        QVERIFY(writeTensors(path("again.safetensors"), *back));
        QCOMPARE(*readWhole(path("again.safetensors")), bytes);
        // Whatever byte is changed, somebody notices; blanks after the header alone mean nothing.
        for (std::size_t at = 0; at < bytes.size(); at += 5) {
            std::string bad = bytes;
            bad[at] = static_cast<char>(bad[at] ^ 1);
            const auto read = readTensors(written("bad", bad));
            // Without the checksum's name there is one text more.
            if (bytes[at] != ' ')
                QVERIFY2(!read || read->texts.size() > file.texts.size(), qPrintable(QString::number(at)));
        }
        for (std::size_t size = 0; size < bytes.size(); size += 7)
            QVERIFY(!readTensors(written("bad", bytes.substr(0, size))));
    }

    void hostileHeadersAreRefused_data() {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes);
        };
        const std::string four(16, '\0');
        const auto one = [&](const std::string& shape, const std::string& offsets) {
            return safetensors(R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}",
                               four);
        };
        row("nothing", "");
        row("length without a header", std::string(8, '\xff'));
        row("header longer than the file", std::string("\x00\x00\x00\x00\x00\x00\x00\x10", 8) + "{}");
        row("no object", safetensors("[]"));
        row("nested", safetensors(std::string(200000, '[') + std::string(200000, ']')));
        row("nested objects", safetensors([] {
                std::string all;
                for (int i = 0; i < 200000; ++i)
                    all += "{\"a\":";
                return all;
            }()));
        row("long header", safetensors(std::string(5 << 20, ' ') + "{}"));
        row("short", one("[4]", "[0,12]"));
        row("over the end", one("[5]", "[0,20]"));
        row("not filled", one("[3]", "[0,12]"));
        row("backwards", one("[4]", "[16,0]"));
        row("negative side", one("[-4]", "[0,16]"));
        row("negative place", one("[4]", "[-16,0]"));
        row("huge side", one("[9007199254740992]", "[0,16]"));
        row("huge product", one("[4294967296,4294967296,4294967296]", "[0,0]"));
        row("huge beside none", one("[0,9007199254740992,9007199254740992]", "[0,0]"));
        row("many sides", one(
                              "[4" +
                                  [] {
                                      std::string s;
                                      for (int i = 0; i < 100000; ++i)
                                          s += ",1";
                                      return s;
                                  }() +
                                  "]",
                              "[0,16]"));
        row("half a side", one("[4.5]", "[0,16]"));
        row("unknown type", safetensors(R"({"a":{"dtype":"F1","shape":[4],"data_offsets":[0,16]}})", four));
        row("overlap", safetensors(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},)"
                                   R"("b":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})",
                                   four));
        row("overlap in part", safetensors(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},)"
                                           R"("b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})",
                                           four));
        row("gap", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                               R"("b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}})",
                               four));
        row("name twice", safetensors(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                      R"("a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})",
                                      four));
        row("texts that are none", safetensors(R"({"__metadata__":{"querent":1}})"));
        row("texts that are a list", safetensors(R"({"__metadata__":[]})"));
        row("another checksum", safetensors(R"({"__metadata__":{"querent.checksum":"0"}})"));
        row("nested pickle", archiveOf("\x80\x02" + std::string(200000, ']') + std::string(199999, 'a') + "."));
        row("nested tuples", archiveOf("\x80\x02N" + std::string(200000, '\x85') + "."));
        row("nested calls", archiveOf("\x80\x02" + [] {
                std::string all = "ctorch._utils\n_rebuild_parameter\nq\x01N";
                for (int i = 0; i < 200000; ++i)
                    all += "\x85q\x02h\x01h\x02R";
                return all;
            }() + "."));
        row("a list in itself", archiveOf("\x80\x02]q\x01h\x01"
                                          "a."));
        row("a text a million times",
            archiveOf("\x80\x02X" + std::string("\x00\x00\x10\x00", 4) + std::string(1 << 20, 'x') + "q\x01" + [] {
                std::string all;
                for (int i = 0; i < 300000; ++i)
                    all += "h\x01h\x01\x93";
                return all;
            }() + "."));
        row("a long list a million times",
            archiveOf("\x80\x02(" + std::string(500000, 'N') + "tq\x01" + "ca\nb\nq\x02" + [] {
                std::string all;
                for (int i = 0; i < 300000; ++i)
                    all += "h\x02h\x01R";
                return all;
            }() + "."));
        row("marks without an end", archiveOf("\x80\x02" + std::string(1 << 20, '(')));
        row("a tensor as wide as one likes", archiveOf(pickledTensor({1 << 27, 16}, {0, 0})));
        row("a tensor over its numbers", archiveOf(pickledTensor({4}, {2})));
        row("a tensor before its numbers", archiveOf(pickledTensor({2}, {1}, -1)));
        row("a tensor after its numbers", archiveOf(pickledTensor({1}, {1}, 4)));
        row("a negative side in a pickle", archiveOf(pickledTensor({-4}, {1})));
        row("a negative stride", archiveOf(pickledTensor({4}, {-1})));
        row("many sides in a pickle",
            archiveOf(pickledTensor(std::vector<std::int32_t>(1000, 1), std::vector<std::int32_t>(1000, 1))));
        row("huge product in a pickle", archiveOf(pickledTensor({1 << 30, 1 << 30, 1 << 30}, {1, 1, 1})));
        row("huge beside none in a pickle", archiveOf(pickledTensor({0, 1 << 30, 1 << 30, 1 << 30}, {1, 1, 1, 1})));
    }
    // As a model, a checkpoint and weights alike: an error within a second, and no memory to speak of.
    void hostileHeadersAreRefused() {
        QFETCH(QByteArray, bytes);
        const fs::path file = written("hostile", bytes.toStdString());
        const fs::path weights = written("hostile.safetensors", bytes.toStdString());
        const long before = peakKilobytes();
        const Stopwatch watch;
        QCOMPARE(loadModel(file).error().code, ErrorCode::Malformed);
        QVERIFY(!descent::loadState(file, ""));
        QVERIFY(!classify::Classifier::load(file, "cpu"));
        QVERIFY(!renewModel(file) || !isOldModel(file));
        QCOMPARE(*readWhole(file), bytes.toStdString());
        QVERIFY(!readWeights(weights));
        const auto dictionary = readWeights(file);
        QVERIFY(!dictionary || dictionary->empty());
        QVERIFY2(watch.seconds() < 5.0 * test::kSlowness,
                 qPrintable(QString::number(watch.seconds())));  // of six readings
        QVERIFY2(peakKilobytes() - before < 300 * 1024, qPrintable(QString::number(peakKilobytes() - before)));
    }

    // A zip archive's directory is no more believed than a header.
    void damagedArchivesAreRefused() {
        const std::string good = archiveOf(pickledTensor({4}, {1}));
        const auto read = readWeights(written("good.pth", good));
        QVERIFY2(read, read ? "" : read.error().text().c_str());
        QVERIFY(torch::equal(read->at("w"), torch::tensor({1.F, 2.F, 3.F, 4.F})));
        for (std::size_t size = 0; size < good.size(); size += 3)
            QVERIFY(!readWeights(written("cut.pth", good.substr(0, size))));
        Rng rng(3);
        for (int i = 0; i < 3000; ++i) {
            std::string bad = good;
            for (int n = 0; n < 3; ++n)
                bad[static_cast<std::size_t>(rng.integer(0, static_cast<int>(bad.size()) - 1))] =
                    static_cast<char>(rng.integer(0, 255));
            const auto seen = readWeights(written("bad.pth", bad));
            QVERIFY(!seen || seen->size() <= 1);
        }
    }

    void aModelHoldsNoPickle() {
        const SavedModel model = smallModel();
        QVERIFY(saveModel(path("model.safetensors"), model));
        QVERIFY(!holdsPickle(*readWhole(path("model.safetensors"))));
        const auto back = loadModel(path("model.safetensors"));
        QVERIFY2(back, back ? "" : back.error().text().c_str());
        compareTensors(model.tensors, back->tensors);
        QVERIFY(revive(*back));
        QVERIFY(Predictor::load(path("model.safetensors"), "cpu"));
        QCOMPARE(readTensors(path("model.safetensors"))->texts.at("querent"), std::string("model"));

        descent::TrainingState state;
        state.fingerprint = "f";
        state.batch = 8;
        state.weights = drawn({9}, 1);
        QVERIFY(saveState(path("state"), state));
        QVERIFY(!holdsPickle(*readWhole(path("state"))));
    }

    // A file can be larger than any memory and take no place on the disk.
    void filesBeyondAnyNetworkAreRefused() {
        const fs::path file = written("sparse", "PK");
        for (const std::string& start : {std::string("PK"), safetensors("{}")}) {
            QVERIFY(replaceWhole(file, start, Durability::Cache));
            fs::resize_file(file, std::uintmax_t{1} << 40);
            QVERIFY(!loadModel(file));
            QCOMPARE(readWeights(file).error().code, ErrorCode::Unsupported);
            QCOMPARE(readTensors(file).error().code, ErrorCode::Unsupported);
            QVERIFY(!descent::loadState(file, ""));
            DetectorConfig config;
            config.backboneWeights = file;
            QVERIFY(!backboneStart(config));
        }
    }

    void modelsOfLaterVersionsAreSaidToBe() {
        TensorFile later{{{"querent", "model"}, {"version", "3"}, {"config", "?"}}, {}};
        QVERIFY(writeTensors(path("later"), later));
        QCOMPARE(loadModel(path("later")).error().code, ErrorCode::NewerVersion);
        later.texts["version"] = "two";
        QVERIFY(writeTensors(path("later"), later));
        QCOMPARE(loadModel(path("later")).error().code, ErrorCode::Malformed);
    }

    // What a model says of itself is checked against its numbers before a network is built.
    void modelsThatContradictThemselvesAreRefused() {
        SavedModel model = smallModel();
        model.config.classes = 100000;
        QVERIFY(saveModel(path("many"), model));
        QCOMPARE(loadModel(path("many")).error().code, ErrorCode::Malformed);
        model = smallModel();
        model.config.windowSeconds = 1e-7;
        QVERIFY(saveModel(path("narrow"), model));
        QCOMPARE(loadModel(path("narrow")).error().code, ErrorCode::Malformed);
    }

    void modelsOfEarlierVersionsAreRead() {
        const SavedModel model = smallModel();
        const fs::path file = written("old.pt", oldModel(model));
        const auto old = loadModel(file);
        QVERIFY2(old, old ? "" : old.error().text().c_str());
        compareTensors(model.tensors, old->tensors);
        QCOMPARE(old->config.classes, 2);
        QVERIFY(renewModel(file));
        QVERIFY(!holdsPickle(*readWhole(file)));
        const auto renewed = loadModel(file);
        QVERIFY(renewed);
        compareTensors(model.tensors, renewed->tensors);
        const std::string bytes = *readWhole(file);
        QVERIFY(renewModel(file));  // nothing to do any more
        QCOMPARE(*readWhole(file), bytes);

        QVERIFY(!loadModel(written("torn.pt", oldModel(model).substr(0, 100000))));
        std::string flipped = oldModel(model);
        flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 8);
        QCOMPARE(loadModel(written("flipped.pt", flipped)).error().code, ErrorCode::Malformed);
    }

    void checkpointsComeBackAsTheyWere() {
        descent::TrainingState state;
        state.fingerprint = "settings and data";
        state.step = 200;
        state.batch = 8;
        state.loss = 0.1 + 0.2;
        state.seconds = 1.0 / 3.0;
        state.bestMap = 0.7;
        state.sinceBest = 2;
        std::uint64_t seed = 0;
        for (torch::Tensor* tensor :
             {&state.weights, &state.mean, &state.square, &state.averageWeights, &state.bestWeights})
            *tensor = drawn({11}, ++seed);
        for (torch::Tensor* tensor : {&state.statistics, &state.averageStatistics, &state.bestStatistics})
            *tensor = drawn({3}, ++seed);
        state.side = {{"weights", drawn({5}, 20)}, {"mean", drawn({5}, 21)}};
        QVERIFY(saveState(path("new.checkpoint"), state));
        auto number = [](std::int64_t n) { return torch::IValue(n); };
        written("old.checkpoint", OldArchive()
                                      .add("fingerprint", torch::IValue(state.fingerprint))
                                      .add("step", number(200))
                                      .add("batch", number(8))
                                      .add("since_best", number(2))
                                      .add("loss", torch::IValue(state.loss))
                                      .add("seconds", torch::IValue(state.seconds))
                                      .add("best_map", torch::IValue(state.bestMap))
                                      .add("weights", torch::IValue(state.weights))
                                      .add("statistics", torch::IValue(state.statistics))
                                      .add("mean", torch::IValue(state.mean))
                                      .add("square", torch::IValue(state.square))
                                      .add("average_weights", torch::IValue(state.averageWeights))
                                      .add("average_statistics", torch::IValue(state.averageStatistics))
                                      .add("best_weights", torch::IValue(state.bestWeights))
                                      .add("best_statistics", torch::IValue(state.bestStatistics))
                                      .add("side", state.side)
                                      .bytes());
        for (const char* name : {"new.checkpoint", "old.checkpoint"}) {
            QVERIFY(!descent::loadState(path(name), "other settings"));
            const auto back = descent::loadState(path(name), state.fingerprint);
            QVERIFY2(back, name);
            QVERIFY(back->step == 200 && back->batch == 8 && back->sinceBest == 2);
            QVERIFY(back->loss == state.loss && back->seconds == state.seconds && back->bestMap == state.bestMap);
            QVERIFY(torch::equal(back->weights, state.weights) &&
                    torch::equal(back->bestStatistics, state.bestStatistics));
            QVERIFY(torch::equal(back->averageStatistics, state.averageStatistics));
            compareTensors(state.side, back->side);
        }
    }

    // A checkpoint that says the right fingerprint and holds numbers of another shape starts a training anew.
    void checkpointsOfAnotherShapeAreNotTaken() {
        torch::nn::Linear linear(3, 2);
        descent::FlatModel model(*linear);
        descent::AdamW adam(model, 0.1);
        descent::WeightAverage average(model, 0.9);
        descent::TrainingState state;
        capture(state, model, adam, average);
        QVERIFY(restore(state, model, adam, average));
        for (torch::Tensor descent::TrainingState::*one :
             {&descent::TrainingState::weights, &descent::TrainingState::mean, &descent::TrainingState::square,
              &descent::TrainingState::averageWeights, &descent::TrainingState::averageStatistics}) {
            for (const torch::Tensor& wrong : {torch::Tensor(), drawn({1}, 1), torch::zeros({8}, torch::kLong)}) {
                descent::TrainingState bad = state;
                bad.*one = wrong;
                QVERIFY(!restore(bad, model, adam, average));
            }
        }
        descent::TrainingState best = state;
        best.bestWeights = drawn({3}, 1);
        best.bestStatistics = state.statistics;
        QVERIFY(!restore(best, model, adam, average));
    }

    // The attack itself works where LibTorch opens the file; where we do, nothing happens.
    void programsDoNotRun() {
        const fs::path victim = path("victim");
        const fs::path file = written("hostile.pt", hostileProgram(victim));
        (void)torch::jit::load(file.string());
        QVERIFY(fs::remove(victim));

        QVERIFY(isProgram(*readWhole(file)));
        QVERIFY(!isTrusted(*readWhole(file)));
        QVERIFY(!loadModel(file) && !Predictor::load(file, "cpu") && !classify::Classifier::load(file, "cpu"));
        QVERIFY(!descent::loadState(file, ""));
        QVERIFY(!renewModel(file));
        (void)readWeights(file);
        DetectorConfig config;
        config.classes = 2;
        config.input = {64, 64};
        config.backboneWeights = file;
        const auto start = backboneStart(config);
        QVERIFY(!start);
        QCOMPARE(start.error().code, ErrorCode::Unsupported);
        QVERIFY2(start.error().sentence.find("TorchScript") != std::string::npos, start.error().sentence.c_str());

        // Carried along within a model, and straight to the network.
        SavedModel carrying{config, {"script", *readWhole(file)}, smallModel().tensors};
        QVERIFY(saveModel(path("carrying.safetensors"), carrying));
        const auto loaded = Predictor::load(path("carrying.safetensors"), "cpu");
        QVERIFY(!loaded);
        QVERIFY2(loaded.error().sentence.find("TorchScript") != std::string::npos, loaded.error().sentence.c_str());
        QVERIFY_EXCEPTION_THROWN(networks::makeBackbone(carrying.plan), std::runtime_error);
        QVERIFY(!fs::exists(victim));
    }

    void onlyTheVeryProgramIsTrusted() {
        const std::string good = harmlessProgram();
        QVERIFY(!fs::exists(trustedProgramsFile()));
        QVERIFY(trust(good, path("good.pt")));
        QVERIFY(isTrusted(good) && isTrusted(good));
        QVERIFY(!isTrusted(good + " ") && !isTrusted(""));
        QVERIFY(trust("another", path("other.pt")));
        QVERIFY(isTrusted(good) && isTrusted("another"));
        // A list that is damaged trusts nobody.
        const std::string list = *readWhole(trustedProgramsFile());
        QVERIFY(replaceWhole(trustedProgramsFile(), list.substr(0, list.size() / 2)));
        QVERIFY(!isTrusted(good) && !isTrusted("another"));
        QVERIFY(replaceWhole(trustedProgramsFile(), "[" + std::string(200000, '[')));
        QVERIFY(!isTrusted(good));
        QVERIFY(replaceWhole(trustedProgramsFile(), list));
        QVERIFY(isTrusted(good));
    }

    void hostileShardsAreRefused() {
        const auto little = [](std::uint64_t number, int bytes) {
            std::string out;
            for (int i = 0; i < bytes; ++i)
                out += static_cast<char>(number >> (8 * i) & 0xFF);
            return out;
        };
        const auto shard = [&](const std::string& content) {
            const std::string all = std::string("QSHARD\r\n") + little(1, 4) + content;
            return all + little(fnv1a(all), 8);
        };
        const std::string size = little(5, 4) + "small";
        const std::string header = size + little(2, 4) + little(64, 4) + little(64, 4);
        for (const std::string& bad :
             {shard(little(0xFFFFFFFF, 4)), shard(header + little(~std::uint64_t{0}, 8)),
              shard(header + little(1, 8) + little(7, 8) + little(64, 4) + little(64, 4) + little(0xFFFFFFFF, 4)),
              shard(size + little(2, 4) + little(~0U, 4) + little(64, 4) + little(1, 8)),
              shard(size + little(2, 4) + little(1 << 30, 4) + little(1 << 30, 4) + little(1, 8))}) {
            const Stopwatch watch;
            const auto read = readShard(written("bad.shard", bad));
            QVERIFY(!read);
            QCOMPARE(read.error().code, ErrorCode::Corrupt);
            QVERIFY(watch.seconds() < 1.0 * test::kSlowness);
        }
    }
};

QTEST_GUILESS_MAIN(TestModelFiles)
#include "tst_model_files.moc"
