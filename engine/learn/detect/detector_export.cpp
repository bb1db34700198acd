#include "engine/learn/detect/detector_export.h"

#include "engine/learn/detect/model_file.h"
#include "engine/learn/detect/predictor.h"
#include "engine/learn/devices.h"
#include "engine/learn/files/json.h"
#include "engine/learn/files/renewal.h"
#include "engine/learn/portable/drawing.h"
#include "engine/learn/portable/graph_file.h"

namespace querent::learn::detect {

namespace {

using portable::Drawing;
using portable::Graph;
using portable::Value;

constexpr double kReach = 6.0;  // as HeadImpl::forward clamps

/** Maps of three levels as one, an answer below the other: [1, C, L, 1]. */
Value stacked(Graph& graph, const std::array<Value, 3>& maps) {
    std::vector<Value> columns;
    for (const Value& map : maps)
        columns.push_back(graph.reshaped(map, {1, map.shape[1], map.shape[2] * map.shape[3], 1}));
    return graph.joined(columns, 2);
}

/** [1, C, L, 1] as [1, L, C]. */
Value inRows(Graph& graph, const Value& columns) {
    return graph.transposed(graph.reshaped(columns, {1, columns.shape[1], columns.shape[2]}), {0, 2, 1});
}

std::array<Value, 3> neckOf(Graph& graph, Drawing& draw, const std::array<Value, 3>& maps) {
    std::array<Value, 3> out;
    Value above;
    for (std::size_t i = 3; i-- > 0;) {
        const std::string level = std::to_string(i);
        Value here = draw.convNorm(maps[i], "neck.lateral" + level, 1, false);
        if (i < 2) here = graph.sum(here, graph.enlarged(above, here));
        above = here;
        out[i] = draw.convNorm(here, "neck.smooth" + level);
    }
    return out;
}

/** Where the places of all levels are, and how far a reach of 1 goes from there to each side: [1, 4, L, 1] each. */
std::pair<torch::Tensor, torch::Tensor> placesOf(Size input) {
    const networks::Locations places = networks::locationsOf(input);
    std::vector<float> strides;
    for (const std::size_t level : places.level)
        strides.push_back(static_cast<float>(networks::kStrides[level]));
    const torch::Tensor x = torch::tensor(places.x);
    const torch::Tensor y = torch::tensor(places.y);
    const torch::Tensor step = torch::tensor(strides);
    const auto four = [](const std::vector<torch::Tensor>& rows) { return torch::stack(rows).view({1, 4, -1, 1}); };
    return {four({x, y, x, y}), four({-step, -step, step, step})};
}

void drawBoxes(Graph& graph, Drawing& draw, Size input, const std::array<Value, 3>& towers) {
    const portable::Affine last = draw.affine("head.boxes");
    const torch::Tensor scales = draw.tensor("head.scales");
    std::array<Value, 3> raw;
    for (std::size_t i = 0; i < 3; ++i) {
        const torch::Tensor scale = scales[static_cast<std::int64_t>(i)];
        raw[i] = draw.layer(towers[i], {last.weight * scale, last.bias * scale});
    }
    const Value reach = graph.exponential(graph.clamped(stacked(graph, raw), -kReach, kReach));
    const auto [centres, steps] = placesOf(input);
    const Value away = graph.product(reach, graph.constant(steps));
    graph.answer("boxes", inRows(graph, graph.sum(away, graph.constant(centres))));
}

// The square root of the class's probability times the expected IoU (detectionsOf).
void drawScores(Graph& graph, Drawing& draw, const std::array<Value, 3>& classTowers,
                const std::array<Value, 3>& boxTowers) {
    std::array<Value, 3> classes, quality;
    for (std::size_t i = 0; i < 3; ++i) {
        classes[i] = draw.layer(classTowers[i], draw.affine("head.classes"));
        quality[i] = draw.layer(boxTowers[i], draw.affine("head.quality"));
    }
    const Value probability = graph.sigmoid(stacked(graph, classes));
    const Value expected = graph.sigmoid(stacked(graph, quality));
    // Once for each class: not every program stretches a factor by itself.
    const std::int64_t count = probability.shape[1];
    const Value everywhere = graph.convolution(expected, torch::ones({count, 1, 1, 1}), torch::zeros({count}));
    graph.answer("scores", inRows(graph, graph.root(graph.product(probability, everywhere))));
}

Graph graphOf(const SavedModel& model, const files::NamedTensors& tensors) {
    Graph graph({1, 3, model.config.input.height, model.config.input.width});
    Drawing draw(graph, tensors);
    const Value x = draw.normalised(graph.input(), draw.tensor("mean"), draw.tensor("scale"));
    const std::array<Value, 3> maps = neckOf(graph, draw, draw.backbone(x, model.plan.layout, ""));
    std::array<Value, 3> classTowers, boxTowers;
    for (std::size_t i = 0; i < 3; ++i) {
        classTowers[i] = draw.convNorm(maps[i], "head.class_tower.0");
        boxTowers[i] = draw.convNorm(maps[i], "head.box_tower.0");
    }
    drawBoxes(graph, draw, model.config.input, boxTowers);
    drawScores(graph, draw, classTowers, boxTowers);
    return graph;
}

void describe(const SavedModel& model, portable::Texts& texts) {
    const PredictOptions usual;
    texts["task"] = "boxes";
    texts["width"] = std::to_string(model.config.input.width);
    texts["height"] = std::to_string(model.config.input.height);
    texts["pixels"] = "RGB, 0 to 255";
    texts["resize"] = "each side by itself";
    texts["normalisation"] = "inside";
    texts["nms_iou"] = files::jsonText(usual.nmsIou);
    texts["most_boxes"] = std::to_string(usual.maxBoxes);
}

}  // namespace

Result<void> exportDetector(const std::filesystem::path& model, portable::ModelFormat format, portable::Texts texts,
                            const std::filesystem::path& to, const Job& job) {
    const Result<SavedModel> saved = loadModel(model);
    if (!saved) return saved.error();
    describe(*saved, texts);
    if (format == portable::ModelFormat::Safetensors) return files::copyModel(model, to, texts);
    if (saved->plan.layout == "script") {
        return fail(ErrorCode::Unsupported,
                    "The model has a TorchScript program for a backbone, which can be exported as safetensors only.",
                    model);
    }
    const Result<std::shared_ptr<networks::DetectorNet>> net = revive(*saved);
    if (!net) return fail(net.error().code, net.error().sentence, model);
    if (job.cancelled()) return Job::stopped();
    try {
        return portable::writeGraph(to, format, graphOf(*saved, files::tensorsOf(**net)), texts);
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

}  // namespace querent::learn::detect
