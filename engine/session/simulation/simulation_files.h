#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/session/simulation/simulation.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace querent::session::simulation {

/** One finished round of a run, and what was chosen after it. */
struct RunLine {
    SimulationRow row;
    std::vector<std::string> chosen;  // item names to label before the next round
};

/** The right to go on with a run, while it lives: several programs may work on one simulation. Moves, never copied. */
class RunLock {
 public:
    explicit RunLock(int descriptor) : m_descriptor(descriptor) {}
    RunLock(RunLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    RunLock& operator=(RunLock&&) = delete;
    ~RunLock();

    bool open() const { return m_descriptor >= 0; }
    /** False while another program has it. */
    bool tryToTake() const;

 private:
    int m_descriptor;  // of the run's lock file; flock() ends with it, and with the process
};

/**
 * The folder of a simulation: settings.json (what is compared), runs/NAME.jsonl (one line a finished round, synced),
 * curves.csv and summary.json. A line that a crash has cut short is dropped when it is read.
 */
class SimulationFiles {
 public:
    explicit SimulationFiles(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /** Makes the folder, or checks that what is in it is the same simulation. */
    Result<void> claim(const std::string& settings);

    /** Waits until nobody else has the run. Io; Cancelled. */
    Result<RunLock> lock(const std::string& run, const Job& job) const;

    std::filesystem::path modelFile(const std::string& run) const { return m_folder / "runs" / (run + ".safetensors"); }
    Result<std::vector<RunLine>> read(const std::string& run) const;
    Result<void> append(const std::string& run, const RunLine& line) const;

    /** What a strategy remembers after choosing in this round of a run; empty when nothing was kept. */
    Result<std::string> memory(const std::string& run, int round) const;
    /** Does nothing for an empty memory. */
    Result<void> keepMemory(const std::string& run, int round, const std::string& memory) const;

    Result<void> writeCurves(const std::vector<SimulationRow>& rows) const;
    Result<void> writeSummary(const SimulationSummary& summary, const SimulationOptions& options) const;

 private:
    std::filesystem::path memoryFile(const std::string& run, int round) const;

    std::filesystem::path m_folder;
};

/** The summary as the command line prints it and summary.json holds it. */
std::string toJson(const SimulationSummary& summary, const SimulationOptions& options);

}  // namespace querent::session::simulation
