#include "engine/learn/files/json.h"

#include <cmath>
#include <set>
#include <vector>

namespace querent::learn::files {

namespace {

using nlohmann::json;

constexpr int kDeepest = 32;

/** What the library lets pass: depth without an end, and names that come twice. */
class Strictness {
 public:
    bool accepts(int depth, json::parse_event_t event, const json& value) {
        if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start)
            m_strict = m_strict && depth <= kDeepest;
        if (event == json::parse_event_t::object_start) m_names.emplace_back();
        if (event == json::parse_event_t::object_end) m_names.pop_back();
        if (event == json::parse_event_t::key)
            m_strict = m_strict && m_names.back().insert(value.get_ref<const std::string&>()).second;
        return m_strict;
    }
    bool strict() const { return m_strict; }

 private:
    std::vector<std::set<std::string>> m_names;  // of the objects that are open
    bool m_strict = true;
};

std::optional<json> parseUtf8(std::string_view text) {
    Strictness strictness;
    const auto heard = [&](int depth, json::parse_event_t event, const json& value) {
        return strictness.accepts(depth, event, value);
    };
    json value = json::parse(text.begin(), text.end(), heard, false);
    if (value.is_discarded() || !strictness.strict()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<json> parseJson(std::string_view text) {
    if (std::optional<json> value = parseUtf8(text)) return value;
    // As a value of its own it is written without stray bytes, and read back so.
    return parseUtf8(json::parse(jsonText(std::string(text))).get_ref<const std::string&>());
}

std::string jsonText(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

const json* memberOf(const json& value, const char* name) {
    if (!value.is_object()) return nullptr;
    const auto member = value.find(name);
    return member == value.end() ? nullptr : &*member;
}

std::optional<std::int64_t> wholeNumber(const json& value) {
    if (!value.is_number()) return std::nullopt;
    const double number = value.get<double>();
    if (number < 0.0 || number > 9007199254740992.0 || number != std::floor(number)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

}  // namespace querent::learn::files
