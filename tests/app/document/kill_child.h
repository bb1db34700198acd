#pragma once

#include "engine/session/project/project.h"

#include <QString>

namespace querent::app::test {

inline constexpr int kGestures = 200;

/** Every annotation and state of the project in one line: equal lines, equal projects. */
QString stateLine(session::Project& project);

/**
 * Opens the project and does kGestures random gestures with mouse and keys, each checked against a reference. Writes
 * "done N STATE" to the journal when a gesture is in memory, and "safe N STATE" when the program says that it is saved.
 * Returns the process's exit code; 3 when the document and the reference differ.
 */
int runKillChild(const QString& projectFile, const QString& journalFile, quint64 seed);

}  // namespace querent::app::test
