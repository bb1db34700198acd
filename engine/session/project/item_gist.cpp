#include "engine/session/project/item_gist.h"

#include "engine/session/project/project_internal.h"

#include <algorithm>

namespace querent::session::project {
namespace {

constexpr std::size_t kTextBytes = 400;  // more than a line on any screen

// Never ends within a character.
std::string beginningOf(const std::string& text) {
    std::size_t end = std::min(text.size(), kTextBytes);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end);
}

void addText(const std::vector<Medium>& media, ItemGist& gist) {
    const auto text = std::find_if(media.begin(), media.end(),
                                   [](const Medium& medium) { return medium.modality == Modality::Text; });
    if (text != media.end()) gist.text = beginningOf(text->text);
}

}  // namespace

std::vector<ItemGist> gistsOf(const Project& project, std::span<const ItemId> items) {
    std::vector<ItemGist> gists(items.size());
    if (items.empty()) return gists;
    project.read([&](store::ProjectFile& file) {
        const auto media = valueOr(file.items().mediaOf(items));
        const auto labels = valueOr(file.annotations().of(items));
        const auto model = valueOr(file.models().current());
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i < media.size()) addText(media[i].media, gists[i]);
            for (const Annotation& label : i < labels.size() ? labels[i].annotations : std::vector<Annotation>()) {
                if (!label.box) gists[i].classes.push_back(label.label);
            }
            if (!model) continue;
            for (const Prediction& prediction : valueOr(file.predictions().of(items[i], model->id))) {
                if (!prediction.box) gists[i].predicted.push_back(prediction);
            }
        }
    });
    return gists;
}

}  // namespace querent::session::project
