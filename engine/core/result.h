#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace querent {

enum class ErrorCode {
    InvalidArgument,  // the request is at fault
    NotFound,
    Malformed,    // the data is at fault
    Unsupported,  // the data is fine, and we do not read it
    Io,
    ReadOnly,
    Locked,  // another program holds the project
    DiskFull,
    NewerVersion,  // written by a later program
    Corrupt,
    Cancelled,
    OutOfMemory,
    Internal,
};

/** A place in a file of the user's: `line` is 1-based, 0 where there is none. */
struct Where {
    std::filesystem::path path;
    std::int64_t line = 0;
};

/** An expected failure: what kind, one plain sentence for people, and where. */
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string sentence;
    Where where;

    /** "path:line: sentence", without the parts that are not known. */
    std::string text() const {
        if (where.path.empty()) return sentence;
        std::string text = where.path.generic_string();
        if (where.line > 0) text.append(":").append(std::to_string(where.line));
        return text.append(": ").append(sentence);
    }
};

/** `return fail(ErrorCode::Malformed, "The box has no class.", path, line);` */
inline Error fail(ErrorCode code, std::string sentence, std::filesystem::path path = {}, std::int64_t line = 0) {
    return Error{code, std::move(sentence), Where{std::move(path), line}};
}

/**
 * A value or an Error: the subset of C++23's std::expected that we use (GCC 12 has none).
 * Asking a failed result for its value, or a good one for its error, is a programming fault and throws
 * std::bad_variant_access.
 */
template <typename T>
class [[nodiscard]] Result {
 public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() & { return std::get<0>(m_state); }
    const T& value() const& { return std::get<0>(m_state); }
    /** By value, so that `for (auto& x : *list())` walks over something that is still there. */
    T value() && { return std::get<0>(std::move(m_state)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const { return std::get<1>(m_state); }

 private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
 public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    const Error& error() const { return m_error.value(); }

 private:
    std::optional<Error> m_error;
};

}  // namespace querent
