#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/session/project/project.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace querent::session::simulation {

/** A comparison of strategies on a project whose answers are known. */
struct SimulationOptions {
    std::vector<std::string> strategies;
    int initial = 10;  // labels before the first model: the same items for every strategy of a seed
    int batch = 10;
    int rounds = 5;
    int seeds = 3;  // 1..seeds, shifted by `seed`
    std::uint64_t seed = 0;
    int steps = 0;  // of each training; 0 = by the number of labels
    /** Above 0: class c keeps the share longTail^c of the pool (longTailPlaces()); classification only, at most 1. */
    double longTail = 0.0;
    std::string device = "auto";
    std::filesystem::path out;
    int shard = 0;  // this process runs every `shards`-th run, beginning with this one
    int shards = 1;
};

struct Estimate {
    double mean = 0.0;
    double low = 0.0;  // 95 % interval of the mean over seeds (Student's t)
    double high = 0.0;
};

struct StrategySummary {
    std::string name;
    Estimate aulc;  // area under the learning curve, as the mean of the metric over the measured rounds
    Estimate final;
    std::optional<double> labelsTo95;    // labels at which the mean curve reaches 95 % of the full pool's score
    std::optional<Estimate> overRandom;  // paired difference of aulc to random's, seed by seed
};

struct SimulationSummary {
    bool complete = false;  // false when other shards have not finished
    std::string metric;
    std::string split;  // where it was measured: "test", or "val" in a project without test items
    double fullPool = 0.0;
    std::vector<StrategySummary> strategies;
};

/** One measured round of one run. */
struct SimulationRow {
    std::string strategy;
    std::uint64_t seed = 0;
    int round = 0;
    int labels = 0;
    std::map<std::string, double> values;  // metric -> value
    double secondsSelect = 0.0;
    double secondsTrain = 0.0;
};

/**
 * Replays labelling on the train split with its labels hidden: every strategy starts from the same initial items and
 * the same first model of its seed, trains the same way, and is measured on the test split, which nothing else sees.
 * Writes curves.csv and summary.json into `out`, and one file a run into `out`/runs after each round: interrupted or
 * killed, the same call goes on where it was, with the same result. Refuses a folder with another simulation in it.
 */
Result<SimulationSummary> simulate(Project& project, const SimulationOptions& options, const Job& job);

/** Summary of finished runs, from their rows; `fullPool` is the score with all labels. */
SimulationSummary summarise(const std::vector<SimulationRow>& rows, const std::vector<std::string>& strategies,
                            const std::string& metric, double fullPool);

/** Mean and 95 % interval of a few values; the interval is the value itself when there is one only. */
Estimate estimate(const std::vector<double>& values);

}  // namespace querent::session::simulation
