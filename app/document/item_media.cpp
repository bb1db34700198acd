#include "app/document/item_media.h"

#include <QCoreApplication>

#include <algorithm>

namespace querent::app::document {

const Medium* mediumOf(const Item& item, Modality modality) {
    const auto found = std::find_if(item.media.begin(), item.media.end(),
                                    [modality](const Medium& medium) { return medium.modality == modality; });
    return found == item.media.end() ? nullptr : &*found;
}

QString problemOf(const Medium& medium) {
    if (!medium.problem.empty()) return QString::fromStdString(medium.problem);
    if (!medium.missing) return {};
    return QCoreApplication::translate("Media", "The file %1 is missing.").arg(QString::fromStdString(medium.path));
}

}  // namespace querent::app::document
