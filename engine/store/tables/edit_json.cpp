#include "engine/store/tables/edit_json.h"

#include <nlohmann/json.hpp>

#include <array>

namespace querent::store::tables {
namespace {

using Json = nlohmann::json;

Json toJson(const Annotation& a) {
    Json j = {{"id", a.id.value}, {"class", a.label.value}};
    if (a.box) j["box"] = {a.box->left, a.box->top, a.box->right, a.box->bottom};
    if (a.difficult) j["difficult"] = true;
    if (a.crowd) j["crowd"] = true;
    if (a.truncated) j["truncated"] = true;
    if (a.occluded) j["occluded"] = true;
    if (a.provenance != Provenance::Human) j["provenance"] = static_cast<int>(a.provenance);
    if (a.author.valid()) j["author"] = a.author.value;
    if (a.model.valid()) j["model"] = a.model.value;
    if (a.score) j["score"] = *a.score;
    if (a.round != 0) j["round"] = a.round;
    return j;
}

Annotation annotationFrom(const Json& j) {
    Annotation a;
    a.id = AnnotationId{j.at("id").get<std::int64_t>()};
    a.label = ClassId{j.at("class").get<std::int64_t>()};
    if (j.contains("box")) {
        const auto sides = j.at("box").get<std::array<double, 4>>();
        a.box = Box{sides[0], sides[1], sides[2], sides[3]};
    }
    a.difficult = j.value("difficult", false);
    a.crowd = j.value("crowd", false);
    a.truncated = j.value("truncated", false);
    a.occluded = j.value("occluded", false);
    a.provenance = static_cast<Provenance>(j.value("provenance", 0));
    a.author = PersonId{j.value("author", std::int64_t{0})};
    a.model = ModelId{j.value("model", std::int64_t{0})};
    if (j.contains("score")) a.score = j.at("score").get<double>();
    a.round = j.value("round", 0);
    return a;
}

Json toJson(const ItemMark& mark) {
    Json j = {{"state", static_cast<int>(mark.state)}};
    if (mark.flagged) j["flagged"] = true;
    if (!mark.note.empty()) j["note"] = mark.note;
    return j;
}

ItemMark markFrom(const Json& j) {
    return ItemMark{static_cast<ItemState>(j.at("state").get<int>()), j.value("flagged", false),
                    j.value("note", std::string())};
}

}  // namespace

std::string editBody(const Edit& edit) {
    Json j = Json::object();
    for (const AnnotationChange& change : edit.changes) {
        Json entry = Json::object();
        if (change.before) entry["before"] = toJson(*change.before);
        if (change.after) entry["after"] = toJson(*change.after);
        j["changes"].push_back(std::move(entry));
    }
    if (edit.markBefore) j["markBefore"] = toJson(*edit.markBefore);
    if (edit.markAfter) j["markAfter"] = toJson(*edit.markAfter);
    // A note is the user's: bytes that are no UTF-8 must not make an edit impossible.
    return j.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void readEditBody(const std::string& json, Edit& edit) {
    const Json j = Json::parse(json);
    if (j.contains("changes")) {
        for (const Json& entry : j.at("changes")) {
            AnnotationChange change;
            if (entry.contains("before")) change.before = annotationFrom(entry.at("before"));
            if (entry.contains("after")) change.after = annotationFrom(entry.at("after"));
            edit.changes.push_back(std::move(change));
        }
    }
    if (j.contains("markBefore")) edit.markBefore = markFrom(j.at("markBefore"));
    if (j.contains("markAfter")) edit.markAfter = markFrom(j.at("markAfter"));
}

}  // namespace querent::store::tables
