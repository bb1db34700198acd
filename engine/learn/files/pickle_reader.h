#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace querent::learn::files {

struct Value;
using ValuePtr = std::shared_ptr<Value>;

struct None {};
/** module.name; nothing is ever looked up or called. */
struct Global {
    std::string name;
};
/** What a global was called with. */
struct Call {
    std::string name;
    std::vector<ValuePtr> arguments;
};
/** A reference to data outside of the pickle. */
struct Persistent {
    ValuePtr id;
};
struct Tuple {
    std::vector<ValuePtr> elements;  // of lists, too
};
struct Dict {
    std::vector<std::pair<ValuePtr, ValuePtr>> entries;
};

struct Value {
    std::variant<None, bool, std::int64_t, double, std::string, Global, Call, Persistent, Tuple, Dict> data;

    template <typename T>
    const T* as() const {
        return std::get_if<T>(&data);
    }
};

/**
 * Reads the part of Python's pickle protocol 2 to 4 that torch.save() writes for dictionaries of tensors. Calls are
 * recorded, not made, so a hostile file can do no more than be refused. Empty for all that is not understood.
 */
std::optional<ValuePtr> read(std::string_view bytes);

}  // namespace querent::learn::files
