#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <filesystem>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/**
 * The folders that media paths start from. A folder at most two levels away from the project is stored relative to it,
 * so that both can move together. Nothing here reads or changes a folder. Owned by ProjectFile.
 */
class SourceTable {
 public:
    SourceTable(sqlite::Connection& connection, std::filesystem::path projectFolder)
        : m_db(connection), m_projectFolder(std::move(projectFolder)) {}

    /** The source for that folder, added when there is none; relative folders start at the project's. */
    Result<SourceId> add(const std::filesystem::path& folder);
    Result<std::vector<Source>> list() const;
    /** Relocates: media keep their paths within the source. InvalidArgument when another source has that folder. */
    Result<void> setFolder(SourceId id, const std::filesystem::path& folder);
    /** The absolute folder of a source; NotFound when there is none. */
    Result<std::filesystem::path> folder(SourceId id) const;
    /** Absolute, whatever form the source is stored in. */
    std::filesystem::path resolve(const Source& source) const;

 private:
    std::filesystem::path stored(const std::filesystem::path& folder) const;
    sqlite::Connection& m_db;
    std::filesystem::path m_projectFolder;
};

}  // namespace querent::store::tables
