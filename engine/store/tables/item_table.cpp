#include "engine/store/tables/item_table.h"

#include "engine/core/file_names.h"
#include "engine/core/name_limits.h"
#include "engine/store/sqlite/connection.h"
#include "engine/store/tables/item_filter_sql.h"

namespace querent::store::tables {
namespace {

constexpr const char* kMediumColumns =
    "id, modality, source_id, path, hash, width, height, missing, problem, item_id, rate, channels, frames, text";

Medium readMedium(const sqlite::Query& row) {
    Medium m;
    m.id = row.id<MediumId>(0);
    m.modality = row.as<Modality>(1);
    m.source = row.id<SourceId>(2);
    m.path = row.text(3);
    m.hash = row.text(4);
    m.size = {row.number(5), row.number(6)};
    m.missing = row.flag(7);
    m.problem = row.text(8);
    m.sound = {row.number(10), row.number(11), row.integer(12)};
    m.text = row.text(13);
    return m;
}

std::vector<Medium> readMedia(sqlite::Connection& db, ItemId item) {
    sqlite::Query q =
        db.query(std::string("SELECT ") + kMediumColumns + " FROM medium WHERE item_id = ?1 ORDER BY position");
    q.with(item);
    std::vector<Medium> media;
    while (q.next())
        media.push_back(readMedium(q));
    return media;
}

void requireChanged(const sqlite::Connection& db, int changed, const char* what, std::int64_t id) {
    if (changed == 0)
        throw sqlite::Failure(
            fail(ErrorCode::NotFound, std::string("There is no ") + what + " " + std::to_string(id) + ".", db.path()));
}

std::vector<ItemTable::ItemMedia> readAllMedia(sqlite::Connection& db) {
    sqlite::Query q = db.query(std::string("SELECT ") + kMediumColumns + " FROM medium ORDER BY item_id, position");
    std::vector<ItemTable::ItemMedia> all;
    while (q.next()) {
        const auto item = q.id<ItemId>(9);
        if (all.empty() || all.back().item != item) all.push_back({item, {}});
        all.back().media.push_back(readMedium(q));
    }
    return all;
}

}  // namespace

Result<ItemId> ItemTable::add(const std::string& name, Split split, const std::vector<Medium>& media) {
    return sqlite::guardedWrite(m_db, [&] {
        sqlite::requireName(m_db, "An item", name, kLongestItemName);
        const std::string key = naturalSortKey(name);
        const int added = m_db.query(
                                  "INSERT INTO item (name, sort_key, split) VALUES (?1, ?2, ?3) "
                                  "ON CONFLICT (name) DO NOTHING")
                              .with(name, sqlite::Blob{key}, split)
                              .run();
        if (added == 0)
            throw sqlite::Failure(
                fail(ErrorCode::InvalidArgument, "The project has an item \"" + name + "\" already.", m_db.path()));
        const ItemId item{m_db.lastId()};
        int position = 0;
        for (const Medium& m : media) {
            m_db.query(
                    "INSERT INTO medium (item_id, position, modality, source_id, path, hash, width, height, missing, "
                    "problem, rate, channels, frames, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                    "?13, ?14)")
                .with(item, position++, m.modality, m.source, m.path, m.hash, m.size.width, m.size.height, m.missing,
                      m.problem, m.sound.rate, m.sound.channels, m.sound.frames, m.text)
                .run();
        }
        return item;
    });
}

Result<Item> ItemTable::item(ItemId id) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query("SELECT name, split, state, flagged, note FROM item WHERE id = ?1");
        q.with(id);
        if (!q.next())
            throw sqlite::Failure(
                fail(ErrorCode::NotFound, "There is no item " + std::to_string(id.value) + ".", m_db.path()));
        return Item{id, q.text(0), q.as<Split>(1), {q.as<ItemState>(2), q.flag(3), q.text(4)}, readMedia(m_db, id)};
    });
}

Result<std::optional<ItemId>> ItemTable::find(const std::string& name) const {
    return sqlite::guarded(m_db, [&]() -> std::optional<ItemId> {
        sqlite::Query q = m_db.query("SELECT id FROM item WHERE name = ?1");
        if (!q.with(name).next()) return std::nullopt;
        return q.id<ItemId>(0);
    });
}

Result<std::optional<ItemId>> ItemTable::findByHash(const std::string& hash) const {
    return sqlite::guarded(m_db, [&]() -> std::optional<ItemId> {
        sqlite::Query q =
            m_db.query("SELECT item_id FROM medium WHERE hash = ?1 AND hash <> '' ORDER BY item_id LIMIT 1");
        if (!q.with(hash).next()) return std::nullopt;
        return q.id<ItemId>(0);
    });
}

Result<std::vector<ItemRow>> ItemTable::rows(const ItemFilter& filter, std::int64_t offset, std::int64_t limit) const {
    return sqlite::guarded(m_db, [&] {
        // The inner query walks the index alone, so that a page far down costs no row of the pages before it.
        sqlite::Query ids =
            m_db.query("SELECT id FROM item" + whereSql(filter) + orderSql(filter) + " LIMIT ?8 OFFSET ?9");
        bindFilter(ids, filter);
        ids.bind(8, limit);
        ids.bind(9, offset);
        sqlite::Query row = m_db.query(std::string("SELECT ") + kItemRowColumns + " FROM item WHERE id = ?1");
        std::vector<ItemRow> all;
        while (ids.next()) {
            if (row.with(ids.id<ItemId>(0)).next()) all.push_back(readItemRow(row));
            row.again();
        }
        return all;
    });
}

Result<std::vector<ItemRow>> ItemTable::rows(std::span<const ItemId> items) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query row = m_db.query(std::string("SELECT ") + kItemRowColumns + " FROM item WHERE id = ?1");
        std::vector<ItemRow> all;
        all.reserve(items.size());
        for (const ItemId item : items) {
            if (row.with(item).next()) all.push_back(readItemRow(row));
            row.again();
        }
        return all;
    });
}

Result<std::vector<ItemId>> ItemTable::rowIds(const ItemFilter& filter) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query("SELECT id FROM item" + whereSql(filter) + orderSql(filter));
        bindFilter(q, filter);
        std::vector<ItemId> all;
        while (q.next())
            all.push_back(q.id<ItemId>(0));
        return all;
    });
}

Result<std::vector<ItemId>> ItemTable::noted() const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query("SELECT id FROM item WHERE note <> '' ORDER BY id");
        std::vector<ItemId> all;
        while (q.next())
            all.push_back(q.id<ItemId>(0));
        return all;
    });
}

Result<std::int64_t> ItemTable::count(const ItemFilter& filter) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query("SELECT count(*) FROM item" + whereSql(filter));
        bindFilter(q, filter);
        q.next();
        return q.integer(0);
    });
}

Result<std::optional<std::int64_t>> ItemTable::positionOf(ItemId item, const ItemFilter& filter) const {
    return sqlite::guarded(m_db, [&]() -> std::optional<std::int64_t> {
        sqlite::Query q = m_db.query("SELECT id FROM item" + whereSql(filter) + orderSql(filter));
        bindFilter(q, filter);
        for (std::int64_t position = 0; q.next(); ++position)
            if (q.id<ItemId>(0) == item) return position;
        return std::nullopt;
    });
}

Result<std::vector<std::string>> ItemTable::names(std::span<const ItemId> items) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query("SELECT name FROM item WHERE id = ?1");
        std::vector<std::string> all;
        all.reserve(items.size());
        for (const ItemId item : items) {
            all.push_back(q.with(item).next() ? q.text(0) : std::string());
            q.again();
        }
        return all;
    });
}

Result<void> ItemTable::setSplit(std::span<const ItemId> items, Split split) {
    return sqlite::guardedWrite(m_db, [&] {
        for (const ItemId item : items) {
            const int changed = m_db.query("UPDATE item SET split = ?2 WHERE id = ?1").with(item, split).run();
            requireChanged(m_db, changed, "item", item.value);
        }
    });
}

Result<PoolCounts> ItemTable::counts() const {
    return sqlite::guarded(m_db, [&] {
        PoolCounts counts;
        sqlite::Query items = m_db.query(
            "SELECT split, state, count(*), sum(annotations), sum(flagged), sum(missing) "
            "FROM item GROUP BY split, state");
        while (items.next()) {
            const auto split = items.as<Split>(0);
            counts.items[split][items.as<ItemState>(1)] = items.integer(2);
            counts.annotations[split] += items.integer(3);
            counts.flagged += items.integer(4);
            counts.missing += items.integer(5);
        }
        sqlite::Query tally = m_db.query("SELECT split, class_id, annotations FROM tally WHERE annotations > 0");
        while (tally.next())
            counts.annotationsByClass[tally.as<Split>(0)][tally.id<ClassId>(1)] = tally.integer(2);
        return counts;
    });
}

Result<std::vector<ItemTable::ItemMedia>> ItemTable::mediaOf(std::span<const ItemId> items) const {
    return sqlite::guarded(m_db, [&] {
        if (items.empty()) return readAllMedia(m_db);
        std::vector<ItemMedia> all;
        all.reserve(items.size());
        for (const ItemId item : items)
            all.push_back({item, readMedia(m_db, item)});
        return all;
    });
}

Result<void> ItemTable::updateMedium(const Medium& m) {
    return sqlite::guardedWrite(m_db, [&] {
        const int changed =
            m_db.query(
                    "UPDATE medium SET modality = ?2, source_id = ?3, path = ?4, hash = ?5, width = ?6, height = ?7, "
                    "missing = ?8, problem = ?9, rate = ?10, channels = ?11, frames = ?12, text = ?13 WHERE id = ?1")
                .with(m.id, m.modality, m.source, m.path, m.hash, m.size.width, m.size.height, m.missing, m.problem,
                      m.sound.rate, m.sound.channels, m.sound.frames, m.text)
                .run();
        requireChanged(m_db, changed, "medium", m.id.value);
    });
}

Result<void> ItemTable::setMissing(MediumId medium, bool missing) {
    return sqlite::guardedWrite(m_db, [&] {
        const int changed = m_db.query("UPDATE medium SET missing = ?2 WHERE id = ?1").with(medium, missing).run();
        requireChanged(m_db, changed, "medium", medium.value);
    });
}

Result<void> ItemTable::setProblem(MediumId medium, const std::string& problem) {
    return sqlite::guardedWrite(m_db, [&] {
        const int changed = m_db.query("UPDATE medium SET problem = ?2 WHERE id = ?1").with(medium, problem).run();
        requireChanged(m_db, changed, "medium", medium.value);
    });
}

Result<void> ItemTable::setSize(MediumId medium, Size size) {
    return sqlite::guardedWrite(m_db, [&] {
        const int changed = m_db.query("UPDATE medium SET width = ?2, height = ?3 WHERE id = ?1")
                                .with(medium, size.width, size.height)
                                .run();
        requireChanged(m_db, changed, "medium", medium.value);
    });
}

Result<void> ItemTable::setHash(MediumId medium, const std::string& hash) {
    return sqlite::guardedWrite(m_db, [&] {
        const int changed = m_db.query("UPDATE medium SET hash = ?2 WHERE id = ?1").with(medium, hash).run();
        requireChanged(m_db, changed, "medium", medium.value);
    });
}

}  // namespace querent::store::tables
