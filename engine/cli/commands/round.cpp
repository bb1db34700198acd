#include "engine/session/round.h"

#include "engine/cli/console.h"
#include "engine/cli/print.h"
#include "engine/session/curve_picture.h"
#include "engine/session/project/known_answers.h"

#include <cstdio>

namespace querent::cli::commands {
namespace {

struct Options {
    std::string file;
    session::RoundOptions round;
    int rounds = 1;
    std::filesystem::path curve;
    std::uint64_t seed = 0;
    bool json = false;
};

Result<RoundRecord> playRound(session::Project& project, const session::RoundOptions& options, const Job& job) {
    session::Round round(project, options);
    if (!project.openRound()) {
        if (const auto suggested = round.suggest(job); !suggested) return suggested;
    }
    if (project.openRound()->step == RoundStep::Labelling && !options.askedOnly) {
        if (const auto answered = round.answerFromTruth(job); !answered) return answered.error();
    }
    return round.advance(job);
}

void say(const RoundRecord& round, const session::CurvePoint& point) {
    std::fprintf(stderr, "Round %d: %lld labels, %s %.4f [%.4f, %.4f]\n", round.number,
                 static_cast<long long>(round.labelsAtTraining), shown(point.metric.name).c_str(), point.metric.value,
                 point.metric.low, point.metric.high);
}

Result<void> playRounds(session::Project& project, const Options& options, const Console& console) {
    for (int i = 0; i < options.rounds; ++i) {
        const auto done = playRound(project, options.round, console.job());
        if (!done) return done.error();
        console.endProgress();
        const auto points = session::learningCurve(project);
        if (!points.empty()) say(*done, points.back());
    }
    return {};
}

void printTable(const std::vector<session::CurvePoint>& points) {
    if (points.empty()) {
        std::printf("No round has been measured yet.\n");
        return;
    }
    const char* title = session::titleOf(points.front().metric);
    std::printf("%5s %7s %-12s %7s  %-18s %8s %8s\n", "round", "labels", "strategy", title, "95 % interval", "train s",
                "select s");
    for (const session::CurvePoint& point : points) {
        std::printf("%5d %7lld %-12s %7.4f  [%.4f, %.4f]   %8.1f %8.1f\n", point.round.number,
                    static_cast<long long>(point.round.labelsAtTraining), shown(point.round.strategy).c_str(),
                    point.metric.value, point.metric.low, point.metric.high, point.round.trainSeconds,
                    point.round.selectSeconds);
    }
}

nlohmann::json documentOf(const std::vector<session::CurvePoint>& points) {
    nlohmann::json document = nlohmann::json::array();
    for (const session::CurvePoint& point : points) {
        document.push_back({{"round", point.round.number},
                            {"labels", point.round.labelsAtTraining},
                            {"strategy", point.round.strategy},
                            {point.metric.name, point.metric.value},
                            {"interval", {point.metric.low, point.metric.high}},
                            {"seconds_train", point.round.trainSeconds},
                            {"seconds_select", point.round.selectSeconds}});
    }
    return document;
}

int play(Options& options, const Console& console) {
    auto project = openForWriting(options.file);
    if (!project) return console.failed(project.error());
    if (options.seed != 0) options.round.seed = options.seed;
    options.round.askedOnly = session::project::answersAreKnown(**project);
    options.round.onNote = console.note();
    if (const auto played = playRounds(**project, options, console); !played) return console.failed(played.error());
    const auto points = session::learningCurve(**project);
    if (options.json) {
        printJson(documentOf(points));
    } else {
        printTable(points);
    }
    if (options.curve.empty()) return kDone;
    const auto drawn = session::drawCurve(points, options.curve);
    return drawn ? kDone : console.failed(drawn.error());
}

}  // namespace

void addRound(CLI::App& parent, const Runner& run) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand("round", "Whole rounds, answered from what is known already");
    command->add_option("project", options->file, "Project file")->required();
    command->add_option("--strategy", options->round.strategy, "Default: the project's");
    command->add_option("--count", options->round.count, "Batch size (default: the project's)");
    command->add_option("--rounds", options->rounds, "How many")->check(CLI::PositiveNumber);
    command->add_option("--steps", options->round.steps, "Training steps (default: by the number of labels)");
    command->add_option("--curve", options->curve, "Draw the learning curve into this .svg file");
    command->add_option("--device", options->round.device, "auto, cpu, cuda or cuda:N");
    command->add_option("--seed", options->seed, "Makes the round repeatable");
    command->add_flag("--json", options->json, "Print one JSON document");
    command->callback([options, run] { run([options](const Console& console) { return play(*options, console); }); });
}

}  // namespace querent::cli::commands
