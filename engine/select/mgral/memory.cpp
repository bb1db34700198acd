#include "engine/select/mgral/memory.h"

#include "engine/select/policy/number_file.h"

#include <algorithm>

namespace querent::select::mgral {
namespace {

constexpr int kVersion = 1;
constexpr const char* kKind = "mgral";

}  // namespace

std::string packMgral(const MgralMemory& memory) {
    policy::NumberFile file;
    file.lines.emplace_back("features", std::to_string(memory.agent.features()));
    file.rows["agent"] = {memory.agent.parameters().begin(), memory.agent.parameters().end()};
    policy::packTrials(memory.trials, file);
    return policy::packNumbers(file, kKind, kVersion);
}

MgralMemory unpackMgral(std::string_view bytes, LstmAgent fresh, std::vector<std::string>& remarks) {
    MgralMemory memory{std::move(fresh), {}};
    if (bytes.empty()) return memory;
    const auto kept = policy::unpackNumbers(bytes, kKind, kVersion);
    if (!kept) {
        remarks.push_back("What MGRAL had learnt cannot be read, so it starts anew. " + kept.error().sentence);
        return memory;
    }
    const std::vector<double>& agent = kept->row("agent");
    const std::span<double> parameters = memory.agent.parameters();
    if (kept->line("features") != std::to_string(memory.agent.features()) || agent.size() != parameters.size()) {
        remarks.emplace_back("The model describes items otherwise than before, so MGRAL starts anew.");
        return memory;
    }
    std::copy(agent.begin(), agent.end(), parameters.begin());
    memory.trials = policy::unpackTrials(*kept);
    return memory;
}

}  // namespace querent::select::mgral
