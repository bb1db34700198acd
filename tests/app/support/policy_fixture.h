#pragma once

#include "engine/core/strategy.h"
#include "engine/session/project/project.h"

#include <QString>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace querent::app::test {

/** A round as a project keeps it once it is over. Figures are kept as session::Round keeps them. */
struct PastRound {
    std::string strategy = "rl-mba";
    double measured = 0.5;               // the headline on validation
    std::vector<double> weights;         // of the project's media
    std::optional<double> gain = {};     // in rehearsal or trials
    std::optional<double> entropy = {};  // of the draw
    std::optional<double> reward = {};   // with baseline = reward / 2
    double advantage = 0.5;              // where there is a reward
    bool gaveWay = false;                // a classic strategy asked
    std::optional<double> others = {};   // what others were expected to gain, where there is a reward
    bool tried = false;                  // the gain is of trials, not of rehearsal
    std::vector<Figure> practice = {};   // what else was told of the choice
};

/** A project of items of these media, all in the pool, with two classes, whose first model drew by chance. */
std::unique_ptr<session::Project> policyProject(const QString& folder, const std::vector<Modality>& media);

/** Writes rounds after what is there: each suggested by the model of the one before. */
void addRounds(session::Project& project, const std::vector<PastRound>& rounds);

/** A batch of all items of the pool that is open, suggested by the newest model; what it is chosen from counts. */
void openBatch(session::Project& project, const std::vector<Reason>& reasons, const PastRound& chosen);

}  // namespace querent::app::test
