#pragma once

#include "engine/core/records.h"
#include "engine/core/term.h"

#include <cstdint>
#include <string>
#include <vector>

namespace querent {

/** What there is to know about a query strategy before it is asked. */
struct StrategyInfo {
    std::string name;              // "entropy-mean": what the command line, files and the project call it
    std::string title;             // "Entropy (mean)": what people call it
    std::string sentence;          // one plain sentence for people
    std::string source;            // where it was published
    bool needsModel = false;       // predictions
    bool needsFeatures = false;    // poolFeatures, and labelledFeatures where something is labelled
    bool needsLabelled = false;    // SelectionInput::labelled
    bool needsHoldout = false;     // SelectionInput::holdout
    bool needsProxy = false;       // SelectionInput::proxy, for some of its choices
    bool learns = false;           // has a memory that goes from round to round
    bool judges = false;           // SelectionInput::judged is understood: scores depend on the pool around an item
    bool ablation = false;         // a strategy without one of its parts, for comparisons: not to be offered to people
    bool needsSamples = false;     // ItemPrediction::samples
    bool needsCoalitions = false;  // ItemPrediction::coalitions
    bool needsSeveralMedia = false;  // says nothing that another strategy does not where items have one medium
    std::vector<TaskKind> tasks;
    std::vector<Term> reasons;  // that its picks may have
    std::vector<Term> figures;  // that its choices and lessons may have

    /** Random picks stand in for it until there is a model. */
    bool waitsForModel() const { return needsModel || needsFeatures; }
};

/** A number about a round or a policy, for charts: "weight" of modality 1, "advantage". */
struct Figure {
    std::string name;  // one word, lower case
    double value = 0.0;
    int part = -1;  // the modality that it belongs to, in the project's order; -1 = none

    bool operator==(const Figure&) const = default;
};

/** What a strategy remembers after a round. */
struct Lesson {
    std::string memory;
    std::vector<Figure> figures;
};

/** An item that could not be read or judged, so that the work went on without it; the sentence says which and why. */
struct LeftOut {
    std::int64_t item = 0;
    std::string sentence;
};

}  // namespace querent
