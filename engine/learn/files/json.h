#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace querent::learn::files {

/**
 * A strict reader for the small JSON texts inside model, shard and .safetensors files (RFC 8259, at most 32 levels
 * deep, duplicate names refused). It exists because this module builds on LibTorch alone.
 */
class Json {
 public:
    using Array = std::vector<Json>;
    using Object = std::map<std::string, Json, std::less<>>;

    Json() = default;
    Json(bool value) : m_value(value) {}
    Json(double value) : m_value(value) {}
    Json(std::string value) : m_value(std::move(value)) {}
    Json(Array value) : m_value(std::move(value)) {}
    Json(Object value) : m_value(std::move(value)) {}

    /** Empty when the text is not exactly one JSON value. */
    static std::optional<Json> parse(std::string_view text);
    /** On one line, names in order; numbers with as few digits as read back the same. */
    std::string text() const;

    const Array* array() const { return std::get_if<Array>(&m_value); }
    const Object* object() const { return std::get_if<Object>(&m_value); }
    const std::string* string() const { return std::get_if<std::string>(&m_value); }
    std::optional<double> number() const;
    std::optional<bool> boolean() const;
    /** A whole number in [0, 2^53]. */
    std::optional<std::int64_t> count() const;
    /** The member of an object; null when there is none. */
    const Json* find(std::string_view name) const;

 private:
    std::variant<std::monostate, bool, double, std::string, Array, Object> m_value;
};

}  // namespace querent::learn::files
