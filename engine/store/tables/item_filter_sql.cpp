#include "engine/store/tables/item_filter_sql.h"

namespace querent::store::tables {
namespace {

// The text as a LIKE pattern that finds it anywhere; '\' escapes.
std::string likePattern(const std::string& text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

}  // namespace

ItemRow readItemRow(const sqlite::Query& row) {
    ItemRow item;
    item.id = row.id<ItemId>(0);
    item.name = row.text(1);
    item.split = row.as<Split>(2);
    item.state = row.as<ItemState>(3);
    item.flagged = row.flag(4);
    item.missing = row.flag(5);
    item.annotations = row.number(6);
    item.round = row.number(7);
    if (!row.null(8)) item.score = row.real(8);
    item.size = {row.number(9), row.number(10)};
    item.seconds = row.real(11);
    return item;
}

std::string whereSql(const ItemFilter& filter) {
    std::string sql;
    int index = 0;
    const auto add = [&](const char* before, const char* behind = "") {
        sql += sql.empty() ? " WHERE " : " AND ";
        sql.append(before).append("?").append(std::to_string(++index)).append(behind);
    };
    // The plus keeps SQLite from another index: walking item_order needs no table row and no sorting.
    if (filter.split) add("+split = ");
    if (filter.state) add("+state = ");
    if (filter.flagged) add("+flagged = ");
    if (filter.missing) add("+missing = ");
    if (filter.label) add("id IN (SELECT item_id FROM annotation WHERE class_id = ", ")");
    if (filter.round)
        add("id IN (SELECT q.item_id FROM query q JOIN round r ON r.id = q.round_id WHERE r.number = ", ")");
    if (!filter.text.empty()) add("name LIKE ", " ESCAPE '\\'");
    return sql;
}

int bindFilter(sqlite::Query& query, const ItemFilter& filter) {
    int index = 0;
    if (filter.split) query.bind(++index, *filter.split);
    if (filter.state) query.bind(++index, *filter.state);
    if (filter.flagged) query.bind(++index, *filter.flagged);
    if (filter.missing) query.bind(++index, *filter.missing);
    if (filter.label) query.bind(++index, *filter.label);
    if (filter.round) query.bind(++index, *filter.round);
    if (!filter.text.empty()) query.bind(++index, likePattern(filter.text));
    return index;
}

std::string orderSql(const ItemFilter& filter) {
    const std::string direction = filter.descending ? " DESC" : "";
    switch (filter.order) {
        case ItemOrder::Name:
            break;
        case ItemOrder::State:
            return " ORDER BY state" + direction + ", sort_key, name";
        case ItemOrder::Round:
            return " ORDER BY round" + direction + ", sort_key, name";
        case ItemOrder::Score:
            return " ORDER BY score IS NULL, score" + direction + ", sort_key, name";
        case ItemOrder::Boxes:
            return " ORDER BY annotations" + direction + ", sort_key, name";
    }
    return " ORDER BY sort_key" + direction + ", name" + direction;
}

}  // namespace querent::store::tables
