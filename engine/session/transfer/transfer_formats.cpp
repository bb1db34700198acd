#include "engine/session/transfer/transfer.h"

#include <algorithm>

namespace querent::session::transfer {

std::vector<std::string> importFormats() {
    return {"voc",          "coco",     "yolo",  "csv",     "labelme",     "cvat",    "createml",
            "megadetector", "audacity", "raven", "birdnet", "labelstudio", "folders", "folder"};
}
std::vector<std::string> exportFormats() {
    return {"voc", "coco", "yolo", "csv", "labelme", "cvat", "audacity", "raven", "labelstudio", "folders"};
}

std::vector<std::string> importFormatsFor(const ProjectSettings& settings) {
    const bool pictures = settings.media == std::vector{Modality::Image};
    if (settings.task == TaskKind::Classify && pictures)
        return {"csv", "folders", "cvat", "createml", "labelstudio", "folder"};
    if (settings.task == TaskKind::Classify) return {"csv", "folders", "labelstudio", "folder"};
    std::vector<std::string> formats;
    const auto about = [&](Modality modality) {
        return std::find(settings.media.begin(), settings.media.end(), modality) != settings.media.end();
    };
    if (about(Modality::Image)) formats = {"voc", "coco", "yolo", "labelme", "cvat", "createml", "megadetector"};
    if (about(Modality::Audio)) formats.insert(formats.end(), {"audacity", "raven", "birdnet"});
    formats.insert(formats.end(), {"csv", "labelstudio", "folder"});
    return formats;
}

std::vector<std::string> exportFormatsFor(const ProjectSettings& settings) {
    std::vector<std::string> formats = importFormatsFor(settings);
    const std::vector<std::string> written = exportFormats();
    std::erase_if(formats, [&](const std::string& name) {
        return std::find(written.begin(), written.end(), name) == written.end();
    });
    return formats;
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace querent::session::transfer
