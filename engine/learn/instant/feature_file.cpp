#include "engine/learn/instant/feature_file.h"

#include "engine/learn/devices.h"
#include "engine/learn/files/tensor_file.h"

#include <algorithm>

namespace querent::learn::instant {

namespace {

constexpr double kMostOfHalf = 65504.0;

}  // namespace

Result<void> writeFeatures(const std::filesystem::path& path, const StoredFeatures& features) {
    try {
        const auto rows = static_cast<std::int64_t>(features.values.rows);
        const auto cols = static_cast<std::int64_t>(features.values.cols);
        files::TensorFile file;
        file.tensors["keys"] = torch::tensor(features.keys, torch::kLong);
        file.tensors["features"] =
            torch::from_blob(const_cast<float*>(features.values.values.data()), {rows, cols}, torch::kFloat)
                .clamp(-kMostOfHalf, kMostOfHalf)
                .to(torch::kHalf);
        return files::writeTensors(path, file);
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

Result<StoredFeatures> readFeatures(const std::filesystem::path& path) {
    const Result<files::TensorFile> file = files::readTensors(path);
    if (!file) return file.error();
    const auto keys = file->tensors.find("keys");
    const auto values = file->tensors.find("features");
    const auto end = file->tensors.end();
    if (keys == end || values == end || keys->second.dim() != 1 || values->second.dim() != 2 ||
        keys->second.scalar_type() != torch::kLong || values->second.scalar_type() != torch::kHalf ||
        keys->second.size(0) != values->second.size(0))
        return fail(ErrorCode::Malformed, "The file does not hold features of items.", path);
    try {
        StoredFeatures features;
        const torch::Tensor plain = values->second.to(torch::kFloat).contiguous();
        const torch::Tensor names = keys->second.contiguous();
        features.values = Matrix(static_cast<std::size_t>(plain.size(0)), static_cast<std::size_t>(plain.size(1)));
        std::copy_n(plain.data_ptr<float>(), plain.numel(), features.values.values.begin());
        features.keys.assign(names.data_ptr<std::int64_t>(), names.data_ptr<std::int64_t>() + names.numel());
        return features;
    } catch (const std::exception& problem) {
        return errorOf(problem);
    }
}

}  // namespace querent::learn::instant
