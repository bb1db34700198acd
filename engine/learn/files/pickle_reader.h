#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace querent::learn::files {

struct Value;

struct None {};
/** module.name; nothing is ever looked up or called. */
struct Global {
    std::string name;
};
/** What a global was called with. */
struct Call {
    std::string name;
    std::vector<const Value*> arguments;
};
/** A reference to data outside of the pickle. */
struct Persistent {
    const Value* id = nullptr;
};
struct Tuple {
    std::vector<const Value*> elements;  // of lists, too
};
struct Dict {
    std::vector<std::pair<const Value*, const Value*>> entries;
};
/** Of a class, which is nothing but its name here. */
struct Object {
    std::string name;
    const Value* state = nullptr;  // null: it was given none
};

struct Value {
    std::variant<None, bool, std::int64_t, double, std::string, Global, Call, Persistent, Tuple, Dict, Object> data;

    template <typename T>
    const T* as() const {
        return std::get_if<T>(&data);
    }
};

/**
 * What a pickle says. Values point at each other, in circles where the pickle does; they lie side by side, so that no
 * depth of theirs is a depth of calls.
 */
struct Pickle {
    std::deque<Value> values;
    const Value* root = nullptr;
};

/**
 * Reads the part of Python's pickle protocol 2 to 4 that torch.save() writes for dictionaries of tensors, and LibTorch
 * for modules. Calls are recorded, not made, so a hostile file can do no more than be refused. Empty for all that is
 * not understood, and for what is longer, or would take more memory, than any network's (32 and 128 MiB).
 */
std::optional<Pickle> readPickle(std::string_view bytes);

}  // namespace querent::learn::files
