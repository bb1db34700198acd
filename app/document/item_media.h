#pragma once

#include "engine/core/records.h"

#include <QString>

namespace querent::app::document {

/** The item's medium of a modality; null when it has none. */
const Medium* mediumOf(const Item& item, Modality modality);

/** Why the file of a medium cannot be shown, one sentence; empty when nothing is known against it. */
QString problemOf(const Medium& medium);

}  // namespace querent::app::document
