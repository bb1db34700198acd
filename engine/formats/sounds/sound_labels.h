#pragma once

#include "engine/formats/writing.h"

#include <string>
#include <vector>

namespace querent::formats::sounds {

/** A box of a sound in the units of label files. */
struct SoundLabel {
    const DatasetBox* box = nullptr;
    double begin = 0.0;  // seconds
    double end = 0.0;
    double low = 0.0;  // Hz
    double high = 0.0;
};

/** The boxes of a sound of known rate, cut to the sound, by their beginnings. */
std::vector<SoundLabel> labelsInTime(const ExportItem& item);

/** A number >= 0 with this many decimals, never with an exponent. */
std::string fixedText(double value, int decimals);

/** Tells of class names with a tab or a line end, which become blanks. */
void sayOneLine(const ExportView& view, LossReport& report);

/** Plans the lists of classes and splits and copies of the sounds into the folder audio, and tells what is lost. */
void planSounds(ExportPlan& plan, const ExportView& view, const WriteOptions& options, LossReport& report);

}  // namespace querent::formats::sounds
