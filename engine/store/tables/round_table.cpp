#include "engine/store/tables/round_table.h"

#include "engine/core/utc.h"
#include "engine/store/sqlite/connection.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace querent::store::tables {
namespace {

constexpr const char* kRoundColumns =
    "id, number, step, strategy, seed, suggested_by, model_id, labels_at_training, train_seconds, select_seconds, "
    "started_at, finished_at";

RoundRecord readRound(const sqlite::Query& row) {
    RoundRecord r;
    r.id = row.id<RoundId>(0);
    r.number = row.number(1);
    r.step = row.as<RoundStep>(2);
    r.strategy = row.text(3);
    r.seed = static_cast<std::uint64_t>(row.integer(4));
    r.suggestedBy = row.id<ModelId>(5);
    r.model = row.id<ModelId>(6);
    r.labelsAtTraining = row.integer(7);
    r.trainSeconds = row.real(8);
    r.selectSeconds = row.real(9);
    r.startedUtc = row.text(10);
    r.finishedUtc = row.text(11);
    return r;
}

// A list of pairs: an object would lose the order in which the reasons are read.
std::string reasonsToJson(const std::vector<Reason>& reasons) {
    nlohmann::json j = nlohmann::json::array();
    for (const Reason& reason : reasons)
        j.push_back({reason.name, reason.value});
    return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<Reason> reasonsFromJson(const std::string& text) {
    const nlohmann::json j = nlohmann::json::parse(text);
    std::vector<Reason> reasons;
    for (const auto& pair : j) {
        // JSON has no NaN: it is written as null.
        const double value = pair.at(1).is_null() ? std::nan("") : pair.at(1).get<double>();
        reasons.push_back({pair.at(0).get<std::string>(), value});
    }
    return reasons;
}

void insertQuery(sqlite::Connection& db, RoundId round, int number, const QueryEntry& entry) {
    db.query("INSERT INTO query (round_id, item_id, rank, score, reasons, control) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .with(round, entry.item, entry.rank, entry.score, reasonsToJson(entry.reasons), entry.control)
        .run();
    db.query("UPDATE item SET round = ?2, score = ?3 WHERE id = ?1").with(entry.item, number, entry.score).run();
}

}  // namespace

Result<RoundId> RoundTable::start(const RoundRecord& round, std::span<const QueryEntry> batch) {
    return sqlite::guardedWrite(m_db, [&] {
        sqlite::Query taken = m_db.query("SELECT 1 FROM round WHERE number = ?1");
        if (taken.with(round.number).next())
            throw sqlite::Failure(fail(ErrorCode::InvalidArgument,
                                       "Round " + std::to_string(round.number) + " exists already.", m_db.path()));
        m_db.query(
                "INSERT INTO round (number, step, strategy, seed, suggested_by, model_id, labels_at_training, "
                "train_seconds, select_seconds, started_at, finished_at) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
            .with(round.number, round.step, round.strategy, round.seed, round.suggestedBy, round.model,
                  round.labelsAtTraining, round.trainSeconds, round.selectSeconds,
                  round.startedUtc.empty() ? utcNow() : round.startedUtc, round.finishedUtc)
            .run();
        const RoundId id{m_db.lastId()};
        for (const QueryEntry& entry : batch)
            insertQuery(m_db, id, round.number, entry);
        return id;
    });
}

Result<void> RoundTable::update(const RoundRecord& r) {
    return sqlite::guardedWrite(m_db, [&] {
        const int changed =
            m_db.query(
                    "UPDATE round SET number = ?2, step = ?3, strategy = ?4, seed = ?5, suggested_by = ?6, "
                    "model_id = ?7, labels_at_training = ?8, train_seconds = ?9, select_seconds = ?10, "
                    "started_at = ?11, finished_at = ?12 WHERE id = ?1")
                .with(r.id, r.number, r.step, r.strategy, r.seed, r.suggestedBy, r.model, r.labelsAtTraining,
                      r.trainSeconds, r.selectSeconds, r.startedUtc, r.finishedUtc)
                .run();
        if (changed == 0)
            throw sqlite::Failure(
                fail(ErrorCode::NotFound, "There is no round " + std::to_string(r.id.value) + ".", m_db.path()));
    });
}

Result<std::vector<RoundRecord>> RoundTable::list() const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(std::string("SELECT ") + kRoundColumns + " FROM round ORDER BY number");
        std::vector<RoundRecord> all;
        while (q.next())
            all.push_back(readRound(q));
        return all;
    });
}

Result<std::optional<RoundRecord>> RoundTable::latest() const {
    return sqlite::guarded(m_db, [&]() -> std::optional<RoundRecord> {
        sqlite::Query q =
            m_db.query(std::string("SELECT ") + kRoundColumns + " FROM round ORDER BY number DESC LIMIT 1");
        if (!q.next()) return std::nullopt;
        return readRound(q);
    });
}

Result<std::vector<QueryEntry>> RoundTable::queries(RoundId round) const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query(
            "SELECT item_id, rank, score, reasons, control FROM query WHERE round_id = ?1 ORDER BY rank, id");
        q.with(round);
        std::vector<QueryEntry> all;
        while (q.next())
            all.push_back({q.id<ItemId>(0), q.number(1), q.real(2), reasonsFromJson(q.text(3)), q.flag(4)});
        return all;
    });
}

Result<std::vector<ItemId>> RoundTable::askedItems() const {
    return sqlite::guarded(m_db, [&] {
        sqlite::Query q = m_db.query("SELECT DISTINCT item_id FROM query ORDER BY item_id");
        std::vector<ItemId> all;
        while (q.next())
            all.push_back(q.id<ItemId>(0));
        return all;
    });
}

}  // namespace querent::store::tables
