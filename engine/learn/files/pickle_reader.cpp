#include "engine/learn/files/pickle_reader.h"

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <unordered_map>

namespace querent::learn::files {

namespace {

constexpr std::size_t kLongestPickle = std::size_t{32} << 20;
constexpr std::size_t kMostMemory = std::size_t{128} << 20;  // of values, their texts and their lists

struct Refused {};

/** The pickle machine: a stack, marks on it, and a memo. Throws Refused within this file only. */
class Machine {
 public:
    explicit Machine(std::string_view bytes) : m_bytes(bytes) {}

    Pickle run() {
        for (;;) {
            const auto code = static_cast<unsigned char>(*take(1).data());
            if (code == '.') {
                m_pickle.root = pop();
                return std::move(m_pickle);
            }
            if (!scalar(code) && !container(code) && !memo(code) && !call(code)) throw Refused{};
        }
    }

 private:
    std::string_view take(std::size_t n) {
        if (n > m_bytes.size() - m_at) throw Refused{};
        const std::string_view part = m_bytes.substr(m_at, n);
        m_at += n;
        return part;
    }
    template <typename T>
    T number() {
        std::make_unsigned_t<T> value = 0;
        const std::string_view part = take(sizeof(T));
        for (std::size_t i = sizeof(T); i-- > 0;) {
            value = static_cast<std::make_unsigned_t<T>>(static_cast<std::uint64_t>(value) << 8 |
                                                         static_cast<unsigned char>(part[i]));
        }
        return static_cast<T>(value);
    }
    std::string line() {
        const std::size_t end = m_bytes.find('\n', m_at);
        if (end == std::string_view::npos) throw Refused{};
        std::string text(m_bytes.substr(m_at, end - m_at));
        m_at = end + 1;
        return text;
    }

    /** Few bytes of a pickle can ask for many of memory, by naming one value again and again. */
    void spend(std::size_t bytes) {
        if (bytes > kMostMemory - m_spent) throw Refused{};
        m_spent += bytes;
    }

    void push(Value* value) { m_stack.push_back(value); }
    template <typename Data>
    void make(Data data) {
        spend(sizeof(Value));
        if constexpr (std::is_same_v<Data, std::string>) spend(data.size());
        m_pickle.values.push_back(Value{std::move(data)});
        push(&m_pickle.values.back());
    }
    Value* pop() {
        const std::size_t floor = m_marks.empty() ? 0 : m_marks.back();
        if (m_stack.size() <= floor) throw Refused{};
        Value* value = m_stack.back();
        m_stack.pop_back();
        return value;
    }
    std::vector<const Value*> popToMark() {
        if (m_marks.empty()) throw Refused{};
        const auto from = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        std::vector<const Value*> values(from, m_stack.end());
        spend(values.size() * sizeof(Value*));
        m_stack.erase(from, m_stack.end());
        m_marks.pop_back();
        return values;
    }
    void pushTuple(std::size_t n) {
        std::vector<const Value*> elements(n);
        while (n-- > 0)
            elements[n] = pop();
        make(Tuple{std::move(elements)});
    }
    template <typename T>
    T& top() {
        if (m_stack.empty()) throw Refused{};
        T* data = std::get_if<T>(&m_stack.back()->data);
        if (!data) throw Refused{};
        return *data;
    }

    bool scalar(unsigned char code) {
        switch (code) {
            case 0x80:
                take(1);
                return true;  // PROTO
            case 0x95:
                take(8);
                return true;  // FRAME
            case 'N':
                make(None{});
                return true;  // NONE
            case 0x88:
                make(true);
                return true;  // NEWTRUE
            case 0x89:
                make(false);
                return true;  // NEWFALSE
            case 'J':
                make(std::int64_t{number<std::int32_t>()});
                return true;  // BININT
            case 'K':
                make(std::int64_t{number<std::uint8_t>()});
                return true;  // BININT1
            case 'M':
                make(std::int64_t{number<std::uint16_t>()});
                return true;  // BININT2
            case 0x8a:
                longInteger();
                return true;  // LONG1
            case 'G':
                real();
                return true;  // BINFLOAT
            case 'X':
                make(std::string(take(number<std::uint32_t>())));
                return true;  // BINUNICODE
            case 0x8c:
                make(std::string(take(number<std::uint8_t>())));
                return true;  // SHORT_BINUNICODE
            default:
                return false;
        }
    }
    void longInteger() {
        const std::string_view part = take(number<std::uint8_t>());
        if (part.size() > 8) throw Refused{};
        std::uint64_t value = !part.empty() && (part.back() & 0x80) ? ~std::uint64_t{0} : 0;
        for (std::size_t i = part.size(); i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(part[i]);
        make(static_cast<std::int64_t>(value));
    }
    void real() {
        std::uint64_t bits = 0;
        for (const char c : take(8))
            bits = bits << 8 | static_cast<unsigned char>(c);
        double value = 0.0;
        std::memcpy(&value, &bits, sizeof value);
        make(value);
    }

    bool container(unsigned char code) {
        switch (code) {
            case '(':
                m_marks.push_back(m_stack.size());
                return true;  // MARK
            case ')':
                pushTuple(0);
                return true;  // EMPTY_TUPLE
            case 't':
                make(Tuple{popToMark()});
                return true;  // TUPLE
            case 0x85:
            case 0x86:
            case 0x87:
                pushTuple(code - 0x84U);
                return true;  // TUPLE1..3
            case ']':
                make(Tuple{});
                return true;  // EMPTY_LIST
            case '}':
                make(Dict{});
                return true;  // EMPTY_DICT
            case 'a': {       // APPEND
                const Value* value = pop();
                append(value);
                return true;
            }
            case 'e': {  // APPENDS
                for (const Value* value : popToMark())
                    append(value);
                return true;
            }
            case 's': {  // SETITEM
                const Value* value = pop();
                const Value* key = pop();
                setItem(key, value);
                return true;
            }
            case 'u': {  // SETITEMS
                const std::vector<const Value*> values = popPairs();
                for (std::size_t i = 0; i + 1 < values.size(); i += 2)
                    setItem(values[i], values[i + 1]);
                return true;
            }
            default:
                return false;
        }
    }
    std::vector<const Value*> popPairs() {
        std::vector<const Value*> values = popToMark();
        if (values.size() % 2 != 0) throw Refused{};
        return values;
    }
    void append(const Value* value) {
        spend(sizeof(Value*));
        top<Tuple>().elements.push_back(value);
    }
    void setItem(const Value* key, const Value* value) {
        spend(2 * sizeof(Value*));
        top<Dict>().entries.emplace_back(key, value);
    }

    bool memo(unsigned char code) {
        switch (code) {
            case 'q':
                keep(number<std::uint8_t>());
                return true;  // BINPUT
            case 'r':
                keep(number<std::uint32_t>());
                return true;  // LONG_BINPUT
            case 0x94:
                keep(static_cast<std::uint32_t>(m_memo.size()));
                return true;  // MEMOIZE
            case 'h':
                recall(number<std::uint8_t>());
                return true;  // BINGET
            case 'j':
                recall(number<std::uint32_t>());
                return true;  // LONG_BINGET
            default:
                return false;
        }
    }
    void keep(std::uint32_t index) {
        if (m_stack.empty()) throw Refused{};
        spend(4 * sizeof(Value*));
        m_memo[index] = m_stack.back();
    }
    void recall(std::uint32_t index) {
        const auto it = m_memo.find(index);
        if (it == m_memo.end()) throw Refused{};
        push(it->second);
    }

    bool call(unsigned char code) {
        switch (code) {
            case 'c': {  // GLOBAL
                const std::string module = line();
                make(Global{module + "." + line()});
                return true;
            }
            case 0x93: {  // STACK_GLOBAL
                const Value* name = pop();
                const Value* module = pop();
                if (!name->as<std::string>() || !module->as<std::string>()) throw Refused{};
                spend(name->as<std::string>()->size() + module->as<std::string>()->size());
                make(Global{*module->as<std::string>() + "." + *name->as<std::string>()});
                return true;
            }
            case 'Q':
                make(Persistent{pop()});
                return true;  // BINPERSID
            case 'R':
                reduce();
                return true;  // REDUCE
            case 0x81: {      // NEWOBJ
                pop();        // what its constructor would be given
                const auto* kind = pop()->as<Global>();
                if (kind == nullptr) throw Refused{};
                spend(kind->name.size());
                make(Object{kind->name});
                return true;
            }
            case 'b': {  // BUILD: the attributes of a dictionary are of no use to us
                const Value* state = pop();
                if (m_stack.empty()) throw Refused{};
                if (auto* object = std::get_if<Object>(&m_stack.back()->data)) object->state = state;
                return true;
            }
            default:
                return false;
        }
    }
    void reduce() {
        const Value* arguments = pop();
        const Value* callee = pop();
        if (!arguments->as<Tuple>() || !callee->as<Global>()) throw Refused{};
        const std::vector<const Value*>& given = arguments->as<Tuple>()->elements;
        const std::string& name = callee->as<Global>()->name;
        if (name == "collections.OrderedDict") {
            make(Dict{});
        } else if (name == "torch.jit._pickle.restore_type_tag" && !given.empty()) {
            push(const_cast<Value*>(given.front()));  // one of ours, m_pickle.values
        } else {
            spend(name.size() + given.size() * sizeof(Value*));
            make(Call{name, given});
        }
    }

    std::string_view m_bytes;
    std::size_t m_at = 0;
    std::size_t m_spent = 0;
    Pickle m_pickle;
    std::vector<Value*> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint32_t, Value*> m_memo;
};

}  // namespace

std::optional<Pickle> readPickle(std::string_view bytes) {
    if (bytes.size() > kLongestPickle) return std::nullopt;
    try {
        return Machine(bytes).run();
    } catch (const Refused&) {
        return std::nullopt;
    }
}

}  // namespace querent::learn::files
