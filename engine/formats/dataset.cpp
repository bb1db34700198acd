#include "engine/formats/dataset.h"

#include "engine/core/file_names.h"
#include "engine/formats/matching/media_index.h"

namespace querent::formats {

Modality modalityOf(const DatasetItem& item) {
    if (!item.media.empty()) return item.media.front().modality;
    return item.sound.rate > 0 || hasSoundExtension(item.name) ? Modality::Audio : Modality::Image;
}

}  // namespace querent::formats
