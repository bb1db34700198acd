#include "engine/formats/sounds/sound_labels.h"
#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <cmath>

namespace querent::formats::sounds {
namespace {

namespace fs = std::filesystem;

constexpr Capability kAudacity = {.name = "An Audacity label track",
                                  .sounds = true,
                                  .fractions = true,
                                  .frequencies = true,
                                  .boxes = true,
                                  .empties = true};

// Six decimals, as Audacity writes them: half a frame of any sound below 500 kHz.
void writeTrack(std::ostream& out, const ExportItem& item) {
    for (const SoundLabel& label : labelsInTime(item)) {
        out << fixedText(label.begin, 6) << '\t' << fixedText(label.end, 6) << '\t' << oneLine(label.box->label)
            << '\n';
        const bool all = label.low <= 0.0 && label.high >= item.item->sound.nyquist();
        if (!all) out << "\\\t" << fixedText(label.low, 6) << '\t' << fixedText(label.high, 6) << '\n';
    }
}

bool isRounded(double value) {
    return std::abs(text::parseNumber(fixedText(value, 6)).value_or(0.0) - value) > 1e-9;
}

void sayRounded(const ExportView& view, LossReport& report) {
    std::int64_t rounded = 0;
    for (const ExportItem& item : view.items) {
        for (const SoundLabel& label : labelsInTime(item))
            rounded += isRounded(label.begin) || isRounded(label.end) || isRounded(label.low) || isRounded(label.high);
    }
    if (rounded > 0)
        report.lines.push_back(text::counted(rounded, "box is", "boxes are") +
                               " rounded to a millionth of a second and of a Hertz.");
}

}  // namespace

Result<LossReport> writeAudacity(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kAudacity);
    if (!view) return view.error();
    LossReport report = reportOf(*view);
    sayRounded(*view, report);
    sayUnansweredLabels(*view, report);
    sayOneLine(*view, report);
    std::error_code problem;
    ExportPlan plan(fs::absolute(options.to, problem).lexically_normal(), ".querent-export-audacity", true);
    const std::vector<std::string> names = sidecarNames(*view);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const ExportItem& item = view->items[i];
        if (!isTrainable(item.item->state)) continue;  // a sound without a file is unlabelled
        const std::string& name = names[i] == "classes" ? item.item->name : names[i];  // our list has that name
        plan.add(name + ".txt", [&item](std::ostream& out) { writeTrack(out, item); });
    }
    planClassList(plan, *view);
    planSounds(plan, *view, options, report);
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::sounds
