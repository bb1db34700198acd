#include "engine/learn/classify/classifier_export.h"

#include "engine/learn/classify/classifier_file.h"
#include "engine/learn/devices.h"
#include "engine/learn/files/renewal.h"
#include "engine/learn/portable/drawing.h"
#include "engine/learn/portable/graph_file.h"

namespace querent::learn::classify {

namespace {

using portable::Affine;
using portable::Drawing;
using portable::Graph;
using portable::Value;

constexpr double kLayerNormEpsilon = 1e-5;  // LibTorch's own

Value meansAndMaxima(Graph& graph, const std::vector<Value>& maps) {
    std::vector<Value> pooled;
    for (const Value& map : maps) {
        pooled.push_back(graph.meanOfMap(map));
        pooled.push_back(graph.largestOfMap(map));
    }
    return graph.joined(pooled, 1);
}

/** What networks::PlaneEncoder pools of a picture. */
Value planeOf(Graph& graph, Drawing& draw, std::int64_t firstStride) {
    const torch::Tensor ones = torch::ones({3});
    Value x = draw.normalised(graph.input(), ones * 127.5, ones / 64.0);
    for (int i = 0; i < 6; ++i) {
        if (i > 0 && i % 2 == 0 && x.shape[2] > 1 && x.shape[3] > 1) x = graph.largest(x, 2, 2, 0);
        x = draw.convNorm(x, "image.conv" + std::to_string(i), i == 0 ? firstStride : 1);
    }
    return meansAndMaxima(graph, {x});
}

/** What networks::PhotoEncoder pools of a photograph. */
Value photographOf(Graph& graph, Drawing& draw) {
    const Value x = draw.normalised(graph.input(), draw.tensor("image.mean"), 1.0 / draw.tensor("image.deviation"));
    const std::array<Value, 3> maps = draw.backbone(x, "nanodet", "image.");
    return meansAndMaxima(graph, {maps[1], maps[2]});
}

/** The layer after one that scales its inputs and moves them: [out, in, 1, 1] as before. */
Affine after(const torch::Tensor& scale, const torch::Tensor& offset, const Affine& layer) {
    const torch::Tensor matrix = layer.weight.flatten(1).to(torch::kDouble);
    return {(matrix * scale).unsqueeze(2).unsqueeze(3), layer.bias + torch::mv(matrix, offset.to(torch::kDouble))};
}

/** Features to a mean of 0 and a variance of 1: a layer norm without its weights. */
Value standardised(Graph& graph, const Value& features) {
    const std::int64_t count = features.shape[1];
    const Value plane = graph.reshaped(features, {1, 1, count, 1});
    return graph.reshaped(graph.standardised(plane, kLayerNormEpsilon), {1, count, 1, 1});
}

/** Large planes are halved by the first convolution. */
std::int64_t firstStrideOf(const ClassifierNet& net) {
    return net.named_modules()["image.conv0.conv"]->as<torch::nn::Conv2d>()->options.stride()->front();
}

// With one medium that is there, fused features are the medium's own and the joint head alone answers.
Graph graphOf(const ClassifierConfig& config, const ClassifierNet& net) {
    const files::NamedTensors tensors = files::tensorsOf(net);
    Graph graph({1, 3, config.picture.height, config.picture.width});
    Drawing draw(graph, tensors);
    Affine out = draw.affine("image.out");
    const Value pooled = config.photographs ? photographOf(graph, draw) : planeOf(graph, draw, firstStrideOf(net));
    if (config.photographs) {
        const auto [scale, offset] = draw.norm("image.scale");
        out = after(scale, offset, out);
    }
    const Value features = standardised(graph, draw.layer(pooled, out));
    const Affine hidden =
        after(draw.tensor("image.norm.weight"), draw.tensor("image.norm.bias"), draw.affine("hidden"));
    const Value logits = draw.layer(graph.relu(draw.layer(features, hidden)), draw.affine("joint"));
    const Value flat = graph.reshaped(logits, {1, config.classes});
    graph.answer("probabilities", config.multiLabel ? graph.sigmoid(flat) : graph.softmax(flat, 1));
    return graph;
}

bool looksAtOnePicture(const ClassifierConfig& config) {
    return config.modalities == std::vector<Modality>{Modality::Image};
}

void describe(const ClassifierConfig& config, portable::Texts& texts) {
    texts["task"] = config.multiLabel ? "any number of classes" : "one class";
    if (!looksAtOnePicture(config)) return;
    texts["width"] = std::to_string(config.picture.width);
    texts["height"] = std::to_string(config.picture.height);
    texts["pixels"] = "RGB, 0 to 255";
    texts["resize"] = "each side by itself";
    texts["normalisation"] = "inside";
}

}  // namespace

Result<void> exportClassifier(const std::filesystem::path& model, portable::ModelFormat format, portable::Texts texts,
                              const std::filesystem::path& to, const Job& job) {
    const Result<SavedClassifier> saved = loadClassifier(model);
    if (!saved) return saved.error();
    describe(saved->config, texts);
    if (format == portable::ModelFormat::Safetensors) return files::copyModel(model, to, texts);
    if (!looksAtOnePicture(saved->config)) {
        return fail(ErrorCode::Unsupported,
                    "Only models of items that are one picture can be exported in this format; the others as "
                    "safetensors.",
                    model);
    }
    const Result<std::shared_ptr<ClassifierNet>> net = revive(*saved);
    if (!net) return fail(net.error().code, net.error().sentence, model);
    if (job.cancelled()) return Job::stopped();
    try {
        return portable::writeGraph(to, format, graphOf(saved->config, **net), texts);
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

}  // namespace querent::learn::classify
