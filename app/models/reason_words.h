#pragma once

#include "engine/core/records.h"
#include "widgets/common/reason_panel.h"

#include <QString>

#include <string>
#include <vector>

namespace querent::app {

/** A strategy's term as people read it; a name of no known term is shown as it is, without a sentence. */
widgets::ReasonTerm reasonTerm(const Reason& reason, double scale);

/** Whether a term has a name and a sentence of its own. */
bool isKnownReason(const std::string& name);

/** "Picture 62 % · Sound 38 %": how much each medium of the project counts in a choice; empty for fewer than two. */
QString mediaWeightsText(const std::vector<Modality>& media, const std::vector<double>& weights);

}  // namespace querent::app
