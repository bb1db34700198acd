#pragma once

#include "engine/core/records.h"
#include "widgets/common/reason_panel.h"

#include <QString>

#include <string>
#include <vector>

namespace querent::app::models {

/** A reason in its strategy's words; one that no strategy of this program gives is shown by its name alone. */
widgets::common::ReasonTerm reasonTerm(const Reason& reason, double scale);

/** Whether a strategy has words for it. */
bool isKnownReason(const std::string& name);

/** "Picture 62 % · Sound 38 %": how much each medium of the project counts in a choice; empty for fewer than two. */
QString mediaWeightsText(const std::vector<Modality>& media, const std::vector<double>& weights);

}  // namespace querent::app::models
