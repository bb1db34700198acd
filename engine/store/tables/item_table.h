#pragma once

#include "engine/core/records.h"
#include "engine/core/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace querent::store::sqlite {
class Connection;
}

namespace querent::store::tables {

/** Items and their media. Lists are in natural order of names ("img2" before "img10"). Owned by ProjectFile. */
class ItemTable {
 public:
    explicit ItemTable(sqlite::Connection& connection) : m_db(connection) {}

    /** The ids within `media` are ignored. InvalidArgument when the name is empty or taken. Many: in a Transaction. */
    Result<ItemId> add(const std::string& name, Split split, const std::vector<Medium>& media);
    /** NotFound when there is none. */
    Result<Item> item(ItemId id) const;
    Result<std::optional<ItemId>> find(const std::string& name) const;
    /** The item that has a medium with this content hash, if any. */
    Result<std::optional<ItemId>> findByHash(const std::string& hash) const;

    Result<std::vector<ItemRow>> rows(const ItemFilter& filter, std::int64_t offset, std::int64_t limit) const;
    /** Rows of the given items, in the given order; items that do not exist are left out. */
    Result<std::vector<ItemRow>> rows(std::span<const ItemId> items) const;
    /** The whole list, in its order. 100,000 items take some 30 ms. */
    Result<std::vector<ItemId>> rowIds(const ItemFilter& filter) const;
    Result<std::int64_t> count(const ItemFilter& filter) const;
    /** 0-based place of the item in the list; nothing when the filter leaves it out. */
    Result<std::optional<std::int64_t>> positionOf(ItemId item, const ItemFilter& filter) const;
    /** Names for many items at once, in the given order; empty where there is no such item. */
    Result<std::vector<std::string>> names(std::span<const ItemId> items) const;

    /** Items with a note, by id. */
    Result<std::vector<ItemId>> noted() const;

    Result<void> setSplit(std::span<const ItemId> items, Split split);
    Result<PoolCounts> counts() const;

    /** The media of many items (all of them for an empty span), by item in the given order (by id for all). */
    struct ItemMedia {
        ItemId item;
        std::vector<Medium> media;
    };
    Result<std::vector<ItemMedia>> mediaOf(std::span<const ItemId> items) const;
    /** Writes everything of the medium except the item it belongs to; the item's row follows. */
    Result<void> updateMedium(const Medium& medium);
    Result<void> setMissing(MediumId medium, bool missing);
    Result<void> setProblem(MediumId medium, const std::string& problem);
    Result<void> setSize(MediumId medium, Size size);
    Result<void> setHash(MediumId medium, const std::string& hash);

 private:
    sqlite::Connection& m_db;
};

}  // namespace querent::store::tables
