#include "engine/formats/text/json_objects.h"

#include "engine/formats/text/json_source.h"
#include "engine/formats/text/text.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace querent::formats::text {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 64;
constexpr std::int64_t kMostValues = 4'000'000;
// No tool has such a member; it holds the line of an object.
constexpr const char* kLine = "\n";

// Builds one object at a time from the parser's events.
class Collector {
 public:
    using number_integer_t = Json::number_integer_t;
    using number_unsigned_t = Json::number_unsigned_t;
    using number_float_t = Json::number_float_t;
    using string_t = Json::string_t;
    using binary_t = Json::binary_t;

    Collector(const JsonSource& source, const JsonParts& parts, const std::function<void(const Json&)>& sink)
        : m_source(source), m_parts(parts), m_sink(sink) {}

    const std::string& problem() const { return m_problem; }
    JsonOutline take() { return std::move(m_outline); }

    bool null() { return add(nullptr); }
    bool boolean(bool flag) { return add(flag); }
    bool number_integer(number_integer_t n) { return add(n); }
    bool number_unsigned(number_unsigned_t n) { return add(n); }
    bool number_float(number_float_t n, const string_t&) { return add(n); }
    bool string(string_t& text) { return m_skipping ? skipped() : add(std::move(text)); }
    bool binary(binary_t&) { return true; }

    bool key(string_t& text) {
        if (m_skipping) return true;
        m_key = std::move(text);
        m_skipping = m_key == kLine ||
                     std::find(m_parts.passedOver.begin(), m_parts.passedOver.end(), m_key) != m_parts.passedOver.end();
        return true;
    }

    bool start_object(std::size_t) {
        if (!deeper()) return false;
        if (m_skipping) return enterSkipped();
        if (m_open.empty()) {
            if (!isElement() && !m_parts.list.empty()) {
                m_outline.rest = Json::object();
                m_open.push_back(&m_outline.rest);
                return true;
            }
            m_values = 0;
            m_object = Json::object();
            m_open.push_back(&m_object);
        } else if (isElement()) {
            m_values = 0;
            m_object = Json::object();
            m_outer = std::exchange(m_open, {&m_object});
        } else {
            m_open.push_back(put(Json::object()));
        }
        m_open.back()->emplace(kLine, m_source.line());
        return true;
    }

    bool end_object() {
        --m_depth;
        if (m_skipping) return leaveSkipped();
        if (m_open.size() == 1 && m_open.front() == &m_object) {
            m_sink(m_object);
            m_open = std::exchange(m_outer, {});
            return true;
        }
        m_open.pop_back();
        return true;
    }

    bool start_array(std::size_t) {
        if (!deeper()) return false;
        if (m_skipping) return enterSkipped();
        const bool isRoot = m_depth == 1;
        if (isRoot || (m_depth == 2 && !m_outline.isList && isRest() && m_key == m_parts.list)) {
            m_outline.isList = isRoot;
            m_outline.hasList = true;
            m_listDepth = m_depth;
            return true;
        }
        if (isElement()) {
            ++m_outline.strangers;
            m_skipping = true;
            return enterSkipped();
        }
        m_open.push_back(put(Json::array()));
        return true;
    }

    bool end_array() {
        const bool isList = m_depth == m_listDepth;
        --m_depth;
        if (m_skipping) return leaveSkipped();
        if (isList) {
            m_listDepth = 0;
        } else {
            m_open.pop_back();
        }
        return true;
    }

    bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception& problem) {
        if (m_problem.empty()) m_problem = jsonProblem(token, problem.what());
        return false;
    }

 private:
    bool isRest() const { return m_open.size() == 1 && m_open.front() == &m_outline.rest; }
    // True for what stands in the list itself.
    bool isElement() const { return m_listDepth > 0 && (m_open.empty() || isRest()); }

    bool deeper() {
        if (++m_depth <= kDeepest) return count();
        m_problem = "The file is nested deeper than any such file can be.";
        return false;
    }

    bool count() {
        const bool inElement = !m_open.empty() && m_open.front() == &m_object;
        if (m_skipping || ++(inElement ? m_values : m_restValues) <= kMostValues) return true;
        m_problem = "One object of the file has more values than can be read.";
        return false;
    }

    bool enterSkipped() {
        ++m_skippedDepth;
        return true;
    }
    bool leaveSkipped() {
        if (--m_skippedDepth == 0) m_skipping = false;
        return true;
    }
    bool skipped() {
        if (m_skippedDepth == 0) m_skipping = false;
        return true;
    }

    // The stack holds pointers into the tree; only the container at its end grows, so they stay valid.
    Json* put(Json value) {
        Json& parent = *m_open.back();
        if (parent.is_object()) return &(parent[m_key] = std::move(value));
        parent.push_back(std::move(value));
        return &parent.back();
    }

    bool add(Json value) {
        if (m_skipping) return skipped();
        if (isElement()) {
            ++m_outline.strangers;
            return true;
        }
        if (m_open.empty()) return true;
        if (!count()) return false;
        put(std::move(value));
        return true;
    }

    const JsonSource& m_source;
    const JsonParts& m_parts;
    const std::function<void(const Json&)>& m_sink;
    Json m_object;
    JsonOutline m_outline;
    std::vector<Json*> m_open;
    std::vector<Json*> m_outer;  // while an object of the list is built: the file's own
    std::string m_key;
    std::string m_problem;
    std::int64_t m_values = 0;      // of the object of the list
    std::int64_t m_restValues = 0;  // of all that is not in the list
    int m_depth = 0;
    int m_listDepth = 0;  // of the list while inside it
    int m_skippedDepth = 0;
    bool m_skipping = false;
};

}  // namespace

Result<JsonOutline> streamJson(const std::filesystem::path& path, const JsonParts& parts, const Job& job,
                               const std::function<void(const Json&)>& sink) {
    std::error_code problem;
    const auto bytes = std::filesystem::file_size(path, problem);
    if (!problem && static_cast<std::int64_t>(bytes) > parts.mostBytes)
        return fail(ErrorCode::Unsupported, "The file is larger than such a file can sensibly be.", path);
    const auto source = std::make_unique<JsonSource>(path, job);
    if (!source->isOpen()) return fail(ErrorCode::Io, "The file cannot be opened.", path);
    Collector collector(*source, parts, sink);
    // The parser reads a character ahead, which between two documents is white space.
    bool whole = true;
    for (bool first = true; whole && (first || (parts.lines && source->skipBlanks())); first = false)
        whole = Json::sax_parse(JsonSource::Iterator(source.get()), JsonSource::Iterator(), &collector,
                                Json::input_format_t::json, !parts.lines);
    if (const auto read = source->outcome(whole, collector.problem()); !read) return read.error();
    JsonOutline outline = collector.take();
    outline.nonNumbers = source->nonNumbers();
    return outline;
}

std::int64_t lineOf(const Json& object) {
    const Json& line = memberOf(object, kLine);
    return line.is_number_integer() ? line.get<std::int64_t>() : 0;
}

const Json& memberOf(const Json& object, const char* name) {
    static const Json kNothing;
    if (!object.is_object()) return kNothing;
    const auto found = object.find(name);
    return found == object.end() ? kNothing : *found;
}

std::string textOf(const Json& object, const char* name) {
    const Json& member = memberOf(object, name);
    return member.is_string() ? std::string(trimmed(member.get_ref<const std::string&>())) : std::string();
}

std::optional<double> numberOf(const Json& value) {
    if (!value.is_number()) return std::nullopt;
    const auto number = value.get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<std::vector<double>> numbersOf(const Json& list, std::size_t count) {
    if (!list.is_array() || list.size() != count) return std::nullopt;
    std::vector<double> numbers;
    for (const Json& entry : list) {
        const std::optional<double> number = numberOf(entry);
        if (!number) return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

int sideOf(const Json& object, const char* name) {
    const double side = numberOf(memberOf(object, name)).value_or(0.0);
    return side >= 1.0 && side <= 1e9 ? static_cast<int>(side) : 0;
}

}  // namespace querent::formats::text
