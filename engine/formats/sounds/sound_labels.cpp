#include "engine/formats/sounds/sound_labels.h"

#include "engine/formats/text/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <tuple>

namespace querent::formats::sounds {

std::vector<SoundLabel> labelsInTime(const ExportItem& item) {
    std::vector<SoundLabel> labels;
    const double rate = item.item->sound.rate;
    for (const DatasetBox* box : item.boxes) {
        const std::optional<Box> inside = box->box ? insideOf(*item.item, *box->box) : std::nullopt;
        if (inside && rate > 0.0)
            labels.push_back({box, inside->left / rate, inside->right / rate, inside->top, inside->bottom});
    }
    std::stable_sort(labels.begin(), labels.end(), [](const SoundLabel& a, const SoundLabel& b) {
        return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
    });
    return labels;
}

std::string fixedText(double value, int decimals) {
    std::array<char, 400> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
    return error == std::errc() ? std::string(buffer.data(), end) : std::string("0");
}

void sayOneLine(const ExportView& view, LossReport& report) {
    const auto count = std::count_if(view.classes.begin(), view.classes.end(),
                                     [](const ClassIndex& entry) { return oneLine(entry.name) != entry.name; });
    if (count > 0)
        report.lines.push_back(text::counted(count, "class name has", "class names have") +
                               " a tab or a line end, which becomes a blank.");
}

void planSounds(ExportPlan& plan, const ExportView& view, const WriteOptions& options, LossReport& report) {
    std::vector<std::string> classes;
    for (const ClassIndex& entry : view.classes) {
        std::string name = oneLine(entry.name);
        if (std::find(classes.begin(), classes.end(), name) == classes.end()) classes.push_back(std::move(name));
    }
    planList(plan, "classes.txt", std::move(classes));
    std::vector<std::string> names;
    for (const ExportItem& out : view.items)
        names.push_back(out.item->name);
    planSplitLists(plan, view, names, "splits", "", report);
    planImages(plan, view, options, report, [](const DatasetItem& item) { return "audio/" + item.name; });
}

}  // namespace querent::formats::sounds
