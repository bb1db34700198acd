#include "engine/formats/sounds/sound_labels.h"
#include "engine/formats/text/text.h"
#include "engine/formats/writing.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace querent::formats::sounds {
namespace {

namespace fs = std::filesystem;

constexpr Capability kRaven = {.name = "A selection table",
                               .sounds = true,
                               .details = {.score = true},
                               .fractions = true,
                               .frequencies = true,
                               .boxes = true,
                               .empties = true};

// The shortest text that reads back as exactly this, without an exponent.
std::string exactText(double value) {
    std::array<char, 400> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
    return error == std::errc() ? std::string(buffer.data(), end) : std::string("0");
}

// Raven's own columns in Raven's order, then ours. No path: the table is about the sound beside it, wherever that is.
void writeTable(std::ostream& out, const ExportItem& item, bool scores) {
    out << "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tAnnotation"
        << (scores ? "\tConfidence\n" : "\n");
    int selection = 0;
    for (const SoundLabel& label : labelsInTime(item)) {
        out << ++selection << "\tSpectrogram 1\t1\t" << exactText(label.begin) << '\t' << exactText(label.end) << '\t'
            << exactText(label.low) << '\t' << exactText(label.high) << '\t' << oneLine(label.box->label);
        if (scores) out << '\t' << (label.box->score ? exactText(*label.box->score) : std::string());
        out << '\n';
    }
}

}  // namespace

Result<LossReport> writeRaven(const Dataset& dataset, const WriteOptions& options, const Job& job) {
    const Result<ExportView> view = makeView(dataset, options, kRaven);
    if (!view) return view.error();
    LossReport report = reportOf(*view);
    sayUnansweredLabels(*view, report);
    sayOneLine(*view, report);
    bool scores = false;
    for (const ExportItem& item : view->items)
        scores |= std::any_of(item.boxes.begin(), item.boxes.end(),
                              [](const DatasetBox* box) { return box->score.has_value(); });
    std::error_code problem;
    ExportPlan plan(fs::absolute(options.to, problem).lexically_normal(), ".querent-export-raven", true);
    const std::vector<std::string> names = sidecarNames(*view);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const ExportItem& item = view->items[i];
        if (!item.settled) continue;  // a sound without a table is unlabelled
        plan.add(names[i] + ".Table.1.selections.txt",
                 [&item, scores](std::ostream& out) { writeTable(out, item, scores); });
    }
    planSounds(plan, *view, options, report);
    return finishExport(plan, std::move(report), dataset, options, job);
}

}  // namespace querent::formats::sounds
