#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/formats/dataset.h"
#include "engine/session/transfer/transfer.h"

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace querent::session::transfer {

/** What the files of an import say themselves, asked once each. Lives within one import on one thread. */
class MediaFacts {
 public:
    Result<Size> size(const std::filesystem::path& path);
    int orientation(const std::filesystem::path& path);  // EXIF, 1 to 8; 1 for what is no picture
    Result<SoundShape> sound(const std::filesystem::path& path);

    /** A file with what it says of itself; `told`: what the data set says where the file does not. */
    Medium medium(Modality modality, const std::filesystem::path& path, const formats::DatasetItem& told);
    /** What is said about files that can be used all the same: one that is cut short, for instance. */
    const std::vector<ImportComplaint>& remarks() const { return m_remarks; }

 private:
    void look(Medium& medium, const std::filesystem::path& path, Size told);
    void hear(Medium& medium, const std::filesystem::path& path, const SoundShape& told);

    std::unordered_map<std::string, Result<Size>> m_sizes;
    std::unordered_map<std::string, Result<SoundShape>> m_sounds;
    std::vector<ImportComplaint> m_remarks;
};

/** A file as a folder and a path in it: `name` where the file's path ends with it, otherwise its own last part. */
struct MediumPlace {
    std::filesystem::path root;
    std::string path;
};
MediumPlace placeOf(const std::filesystem::path& file, const std::string& name);

/** The media of an item; a data set of single files does not list them. */
std::vector<formats::DatasetMedium> mediaOf(const formats::DatasetItem& item);

/** Such an item is known by its name alone: the same picture may belong to several. */
bool isComposite(const formats::DatasetItem& item);

}  // namespace querent::session::transfer
