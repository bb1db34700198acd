#pragma once

#include <torch/script.h>
#include <torch/torch.h>

#include <filesystem>
#include <sstream>
#include <string>

namespace querent::tests {

/**
 * A TorchScript archive that makes the file `victim` when it is opened, and when it is run. It answers as a backbone
 * should, so nothing but the refusal of programs stops it.
 */
inline std::string hostileProgram(const std::filesystem::path& victim) {
    torch::jit::Module module("hostile");
    module.register_parameter("weight", torch::ones({6, 3, 1, 1}), false);
    // What it gives is used, or LibTorch would leave the call out.
    const std::string deed = "torch.from_file(\"" + victim.string() + "\", True, 16)[0]\n";
    std::string code =
        "def __getstate__(self):\n"
        "    return self.weight\n"
        "def __setstate__(self, state: Tensor):\n"
        "    self.weight = state + " +
        deed +
        "def forward(self, x):\n"
        "    y = torch.relu(torch.conv2d(x, self.weight)) + " +
        deed +
        "    a = torch.avg_pool2d(y, [8, 8])\n"
        "    b = torch.avg_pool2d(a, [2, 2])\n"
        "    return [a, b, torch.avg_pool2d(b, [2, 2])]\n";
    module.define(code);
    std::ostringstream out;
    module.save(out);
    return out.str();
}

/** One that does no harm. */
inline std::string harmlessProgram() {
    torch::jit::Module module("backbone");
    torch::manual_seed(1);
    module.register_parameter("weight", torch::randn({6, 3, 1, 1}), false);
    module.define(R"(
        def forward(self, x):
            y = torch.relu(torch.conv2d(x, self.weight))
            a = torch.avg_pool2d(y, [8, 8])
            b = torch.avg_pool2d(a, [2, 2])
            return [a, b, torch.avg_pool2d(b, [2, 2])]
    )");
    std::ostringstream out;
    module.save(out);
    return out.str();
}

}  // namespace querent::tests
