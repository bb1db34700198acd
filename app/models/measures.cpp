#include "app/models/measures.h"

#include "engine/session/learning/learner.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace querent::app::models {
namespace {

QString translate(const char* text) {
    return QCoreApplication::translate("Measures", text);
}

QVector<Measure> measuresOfBoxes() {
    return {
        {"map50", translate("mAP@.5"), translate("Mean average precision; a box counts from an overlap of one half."),
         true, "ap50", translate("AP@.5")},
        {"map", translate("mAP@[.5:.95]"),
         translate("Mean average precision over overlaps from 0.5 to 0.95: how well boxes fit."), true, "ap",
         translate("AP@[.5:.95]")}};
}

QVector<Measure> measuresOfClasses() {
    const QString f1 = translate("F1");
    return {{"top1", translate("Top-1"), translate("Share of items whose likeliest class is theirs."), true, "f1", f1},
            {"macro_f1", translate("Macro-F1"),
             translate("Mean of F1 over the classes: rare ones count as much as frequent ones."), true, "f1", f1},
            {"map", translate("mAP"), translate("Mean over the classes of how well their items are ranked first."),
             true, "ap", translate("AP")},
            {"nll", translate("NLL"),
             translate("Negative log-likelihood: the surprise at the true answers. Lower is better."), false, "f1", f1},
            {"ece", translate("ECE"),
             translate("Expected calibration error: how far probabilities are from the truth. Lower is better."), false,
             "f1", f1}};
}

}  // namespace

QVector<Measure> measuresOf(const ProjectSettings& settings) {
    QVector<Measure> measures = settings.task == TaskKind::Detect ? measuresOfBoxes() : measuresOfClasses();
    const std::string headline = session::learning::headlineMetric(settings);
    std::stable_partition(measures.begin(), measures.end(),
                          [&headline](const Measure& measure) { return measure.name == headline; });
    if (settings.multiLabel) std::swap(measures[1], measures[2]);  // the likeliest class says little where several hold
    return measures;
}

QString nothingToMeasure(const ProjectSettings& settings) {
    return settings.task == TaskKind::Detect ? translate("no boxes in the validation set")
                                             : translate("no labels in the validation set");
}

QString undefinedClassText(const ProjectSettings& settings) {
    return settings.task == TaskKind::Detect
               ? translate("No box of this class is in the validation set, so there is nothing to measure.")
               : translate("No item of this class is in the validation set, so there is nothing to measure.");
}

}  // namespace querent::app::models
