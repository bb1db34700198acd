#include "engine/formats/sounds/sound_items.h"
#include "engine/formats/sounds/sound_labels.h"
#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <algorithm>
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

constexpr int kDecimals = 6;  // as Audacity writes them: half a frame of any sound below 500 kHz
constexpr double kUnit = 1e-6;

// The two sides of one axis, at least one unit apart: what has no length comes back as nothing.
std::string sides(double low, double high, double most) {
    std::string first = fixedText(low, kDecimals);
    std::string last = fixedText(high, kDecimals);
    if (first == last)
        (high + kUnit <= most ? last = fixedText(high + kUnit, kDecimals)
                              : first = fixedText(std::max(0.0, low - kUnit), kDecimals));
    return first + '\t' + last;
}

void writeTrack(std::ostream& out, const ExportItem& item) {
    const SoundShape& sound = item.item->sound;
    for (const SoundLabel& label : labelsInTime(item)) {
        out << sides(label.begin, label.end, sound.seconds()) << '\t' << oneLine(label.box->label) << '\n';
        const bool all = label.low <= 0.0 && label.high >= sound.nyquist();
        if (!all) out << "\\\t" << sides(label.low, label.high, sound.nyquist()) << '\n';
    }
}

bool isRounded(double value) {
    return std::abs(text::parseNumber(fixedText(value, kDecimals)).value_or(0.0) - value) > 1e-9;
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
        if (!item.settled) continue;  // a sound without a file is unlabelled
        const std::string& name = isOurList(names[i] + ".txt") ? item.item->name : names[i];
        plan.add(name + ".txt", [&item](std::ostream& out) { writeTrack(out, item); });
    }
    planSounds(plan, *view, options, report);
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::sounds
