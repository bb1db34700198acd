#pragma once

#include "engine/core/records.h"

#include <QString>

namespace querent::app::models {

/** What is labelled, as people choose it for a new project. */
enum class LabelKind { BoxesOnPictures, BoxesOnSounds, OneClass, SeveralClasses };

LabelKind labelKindOf(TaskKind task, const std::vector<Modality>& media, bool multiLabel);
/** Sets task, media and the number of classes; `media` counts for classes only. */
void setLabelKind(ProjectSettings& settings, LabelKind kind, const std::vector<Modality>& media);

/** "Boxes on pictures", "One class for each item", ... */
QString labelKindTitle(LabelKind kind);

/** "1 box", "1,234 boxes"; labels where whole items get classes. */
QString labelCount(const ProjectSettings& settings, qint64 count);
/** "1 item", "1,234 items". */
QString itemCount(qint64 count);
/** The title of a column that counts them: "Boxes", "Labels". */
QString labelsTitle(const ProjectSettings& settings);

/** "Picture", "Sound", "Text". */
QString mediumTitle(Modality medium);

/** True when the project is about this kind of medium. */
bool isAbout(const ProjectSettings& settings, Modality medium);

/** What a folder or data set of such a project is, in the place of a path: "a folder of sounds, or ...". */
QString dataHint(const ProjectSettings& settings);

}  // namespace querent::app::models
