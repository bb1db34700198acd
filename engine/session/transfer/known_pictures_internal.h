#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"
#include "engine/store/project_file.h"

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace querent::session::transfer {

/**
 * Which pictures a project has already, for an import: two folders may each have a 001.jpg. A picture is known by its
 * folder and path; reached by another way (an export's copy, a moved folder), by its content and file name; and when
 * the data only names a picture that is not there, by that name. Lives within one import on one thread.
 */
class KnownPictures {
 public:
    static Result<KnownPictures> read(store::ProjectFile& file);

    /** By folder and path: nothing has to be read for this. */
    std::optional<ItemId> atPath(const std::filesystem::path& file) const;

    /**
     * By content, among the pictures that the project had before this import: two pictures of one import that are alike
     * are two items. The file name must be the same as well; of several, the one whose path agrees furthest.
     */
    std::optional<ItemId> withContent(const std::string& hash, const std::string& name) const;

    /** By name alone: the item of that name, otherwise the only one whose path in its folder is that. */
    Result<std::optional<ItemId>> named(store::ProjectFile& file, const std::string& name) const;
    /** Several pictures have this path in their folders. */
    bool ambiguous(const std::string& name) const;

    void add(ItemId item, const std::filesystem::path& file) { m_byPath.emplace(keyOf(file), item); }

    /**
     * The name of a new item. Names are unique in a project, because exports name files by them: a second 001.jpg gets
     * as much of its folder before it as tells it apart ("night/001.jpg"), at last a number.
     */
    static Result<std::string> freeName(store::ProjectFile& file, const std::string& name,
                                        const std::filesystem::path& folder);

 private:
    struct Place {
        ItemId item;
        std::string path;  // in its folder
    };
    static std::string keyOf(const std::filesystem::path& file) { return file.lexically_normal().native(); }

    std::unordered_map<std::string, ItemId> m_byPath;
    std::unordered_map<std::string, std::vector<Place>> m_byContent;
    std::unordered_map<std::string, std::vector<ItemId>> m_byRelativePath;
};

}  // namespace querent::session::transfer
