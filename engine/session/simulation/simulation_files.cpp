#include "engine/session/simulation/simulation_files.h"

#include "engine/core/files.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace querent::session::simulation {
namespace {

using nlohmann::json;

json toJsonValue(const RunLine& line) {
    return {{"round", line.row.round},
            {"labels", line.row.labels},
            {"values", line.row.values},
            {"seconds_select", line.row.secondsSelect},
            {"seconds_train", line.row.secondsTrain},
            {"chosen", line.chosen}};
}

RunLine fromJsonValue(const json& value) {
    RunLine line;
    line.row.round = value.at("round");
    line.row.labels = value.at("labels");
    line.row.values = value.at("values").get<std::map<std::string, double>>();
    line.row.secondsSelect = value.at("seconds_select");
    line.row.secondsTrain = value.at("seconds_train");
    line.chosen = value.at("chosen").get<std::vector<std::string>>();
    return line;
}

json toJsonValue(const Estimate& estimate) {
    return {{"mean", estimate.mean}, {"low", estimate.low}, {"high", estimate.high}};
}

}  // namespace

Result<void> SimulationFiles::claim(const std::string& settings) {
    std::error_code error;
    std::filesystem::create_directories(m_folder / "runs", error);
    if (error) return fail(ErrorCode::Io, "The folder cannot be made: " + error.message() + ".", m_folder);
    const std::filesystem::path file = m_folder / "settings.json";
    if (!std::filesystem::exists(file, error)) return replaceWhole(file, settings);
    std::ifstream stream(file, std::ios::binary);
    std::stringstream stored;
    stored << stream.rdbuf();
    if (stored.str() == settings) return {};
    return fail(ErrorCode::InvalidArgument, "The folder holds another simulation; choose an empty one.", m_folder);
}

bool RunLock::tryToTake() const {
    return ::flock(m_descriptor, LOCK_EX | LOCK_NB) == 0;
}

RunLock::~RunLock() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<RunLock> SimulationFiles::lock(const std::string& run, const Job& job) const {
    const std::filesystem::path file = m_folder / "runs" / (run + ".lock");
    RunLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!lock.open()) return fail(ErrorCode::Io, "The run cannot be locked.", file);
    while (!lock.tryToTake()) {
        if (job.cancelled()) return Job::stopped();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return lock;
}

Result<std::vector<RunLine>> SimulationFiles::read(const std::string& run) const {
    std::vector<RunLine> lines;
    std::ifstream stream(m_folder / "runs" / (run + ".jsonl"), std::ios::binary);
    std::string text;
    while (std::getline(stream, text)) {
        const json value = json::parse(text, nullptr, false);
        if (value.is_discarded()) break;
        try {
            lines.push_back(fromJsonValue(value));
        } catch (const json::exception&) {
            break;
        }
    }
    return lines;
}

Result<void> SimulationFiles::append(const std::string& run, const RunLine& line) const {
    // The whole file anew: a run has a handful of lines, and a half-written last line can then never be appended to.
    auto lines = read(run);
    if (!lines) return lines.error();
    lines->push_back(line);
    std::string text;
    for (const RunLine& each : *lines)
        text += toJsonValue(each).dump() + "\n";
    return replaceWhole(m_folder / "runs" / (run + ".jsonl"), text);
}

std::filesystem::path SimulationFiles::memoryFile(const std::string& run, int round) const {
    return m_folder / "runs" / (run + "-" + std::to_string(round) + ".memory");
}

Result<std::string> SimulationFiles::memory(const std::string& run, int round) const {
    std::ifstream stream(memoryFile(run, round), std::ios::binary);
    if (!stream) return std::string();
    std::stringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
}

Result<void> SimulationFiles::keepMemory(const std::string& run, int round, const std::string& memory) const {
    if (memory.empty()) return {};
    return replaceWhole(memoryFile(run, round), memory);
}

Result<void> SimulationFiles::writeCurves(const std::vector<SimulationRow>& rows) const {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text.precision(10);
    text << "strategy,seed,round,labels,metric,value,seconds_select,seconds_train\n";
    for (const SimulationRow& row : rows) {
        for (const auto& [metric, value] : row.values) {
            text << row.strategy << ',' << row.seed << ',' << row.round << ',' << row.labels << ',' << metric << ','
                 << value << ',' << row.secondsSelect << ',' << row.secondsTrain << '\n';
        }
    }
    return replaceWhole(m_folder / "curves.csv", text.str());
}

Result<void> SimulationFiles::writeSummary(const SimulationSummary& summary, const SimulationOptions& options) const {
    return replaceWhole(m_folder / "summary.json", toJson(summary, options) + "\n");
}

std::string toJson(const SimulationSummary& summary, const SimulationOptions& options) {
    json document = {{"metric", summary.metric},   {"split", summary.split},      {"full_pool", summary.fullPool},
                     {"initial", options.initial}, {"batch", options.batch},      {"rounds", options.rounds},
                     {"seeds", options.seeds},     {"complete", summary.complete}};
    if (options.longTail > 0.0) document["long_tail"] = options.longTail;
    json strategies = json::object();
    for (const StrategySummary& entry : summary.strategies) {
        json values = {{"aulc", toJsonValue(entry.aulc)}, {"final", toJsonValue(entry.final)}};
        values["labels_to_95"] = entry.labelsTo95 ? json(*entry.labelsTo95) : json(nullptr);
        values["over_random"] = entry.overRandom ? toJsonValue(*entry.overRandom) : json(nullptr);
        strategies[entry.name] = values;
    }
    document["strategies"] = strategies;
    return document.dump(2);
}

}  // namespace querent::session::simulation
