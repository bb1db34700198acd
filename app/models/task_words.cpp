#include "app/models/task_words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace querent::app::models {
namespace {

QString translate(const char* text) {
    return QCoreApplication::translate("Task", text);
}

}  // namespace

LabelKind labelKindOf(TaskKind task, const std::vector<Modality>& media, bool multiLabel) {
    if (task == TaskKind::Classify) return multiLabel ? LabelKind::SeveralClasses : LabelKind::OneClass;
    const bool sounds = !media.empty() && media.front() == Modality::Audio;
    return sounds ? LabelKind::BoxesOnSounds : LabelKind::BoxesOnPictures;
}

void setLabelKind(ProjectSettings& settings, LabelKind kind, const std::vector<Modality>& media) {
    const bool boxes = kind == LabelKind::BoxesOnPictures || kind == LabelKind::BoxesOnSounds;
    settings.task = boxes ? TaskKind::Detect : TaskKind::Classify;
    settings.multiLabel = kind == LabelKind::SeveralClasses;
    settings.media = media;
    if (boxes) settings.media = {kind == LabelKind::BoxesOnSounds ? Modality::Audio : Modality::Image};
}

QString labelKindTitle(LabelKind kind) {
    switch (kind) {
        case LabelKind::BoxesOnPictures:
            return translate("Boxes on pictures");
        case LabelKind::BoxesOnSounds:
            return translate("Boxes on sounds");
        case LabelKind::OneClass:
            return translate("One class for each item");
        case LabelKind::SeveralClasses:
            return translate("Several classes for each item");
    }
    return {};
}

QString labelCount(const ProjectSettings& settings, qint64 count) {
    const QString number = QLocale().toString(count);
    if (settings.task == TaskKind::Detect) return count == 1 ? translate("1 box") : translate("%1 boxes").arg(number);
    return count == 1 ? translate("1 label") : translate("%1 labels").arg(number);
}

QString itemCount(qint64 count) {
    return count == 1 ? translate("1 item") : translate("%1 items").arg(QLocale().toString(count));
}

QString labelsTitle(const ProjectSettings& settings) {
    return settings.task == TaskKind::Detect ? translate("Boxes") : translate("Labels");
}

QString mediumTitle(Modality medium) {
    switch (medium) {
        case Modality::Image:
            return translate("Picture");
        case Modality::Audio:
            return translate("Sound");
        case Modality::Text:
            return translate("Text");
    }
    return {};
}

bool isAbout(const ProjectSettings& settings, Modality medium) {
    return std::find(settings.media.begin(), settings.media.end(), medium) != settings.media.end();
}

QString dataHint(const ProjectSettings& settings) {
    if (settings.task == TaskKind::Classify) return translate("a folder for each class, or a table of items (CSV)");
    if (isAbout(settings, Modality::Audio)) return translate("a folder of sounds, or a data set with labels");
    return translate("a folder of pictures, or a data set with labels");
}

}  // namespace querent::app::models
