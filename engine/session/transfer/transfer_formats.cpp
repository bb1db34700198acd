#include "engine/session/transfer/transfer.h"

namespace querent::session::transfer {

std::vector<std::string> importFormats() {
    return {"voc", "coco", "yolo", "csv", "audacity", "raven", "birdnet", "labelstudio", "folders", "folder"};
}
std::vector<std::string> exportFormats() {
    return {"voc", "coco", "yolo", "csv", "audacity", "raven", "labelstudio", "folders"};
}

std::vector<std::string> importFormatsFor(const ProjectSettings& settings) {
    if (settings.task == TaskKind::Classify) return {"csv", "folders", "labelstudio", "folder"};
    if (settings.media.front() == Modality::Audio)
        return {"audacity", "raven", "birdnet", "csv", "labelstudio", "folder"};
    return {"voc", "coco", "yolo", "csv", "labelstudio", "folder"};
}

std::vector<std::string> exportFormatsFor(const ProjectSettings& settings) {
    std::vector<std::string> formats = importFormatsFor(settings);
    std::erase_if(formats, [](const std::string& name) { return name == "birdnet" || name == "folder"; });
    return formats;
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace querent::session::transfer
