#include "engine/formats/labelstudio/json_tasks.h"

#include "engine/formats/text/json_source.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace querent::formats::labelstudio {
namespace {

using Json = nlohmann::json;

// Builds one object at a time from the parser's events.
class Collector {
 public:
    using number_integer_t = Json::number_integer_t;
    using number_unsigned_t = Json::number_unsigned_t;
    using number_float_t = Json::number_float_t;
    using string_t = Json::string_t;
    using binary_t = Json::binary_t;

    Collector(const text::JsonSource& source, const std::function<void(const Json&, std::int64_t)>& sink)
        : m_source(source), m_sink(sink) {}

    const std::string& problem() const { return m_problem; }
    bool isList() const { return m_started; }

    bool null() { return add(nullptr); }
    bool boolean(bool flag) { return add(flag); }
    bool number_integer(number_integer_t n) { return add(n); }
    bool number_unsigned(number_unsigned_t n) { return add(n); }
    bool number_float(number_float_t n, const string_t&) { return add(n); }
    bool string(string_t& text) { return add(std::move(text)); }
    bool binary(binary_t&) { return true; }
    bool key(string_t& text) {
        m_key = std::move(text);
        return true;
    }

    bool start_object(std::size_t) {
        m_started = true;
        if (m_open.empty()) {
            m_line = m_source.line();
            m_object = Json::object();
            m_open.push_back(&m_object);
            return true;
        }
        m_open.push_back(put(Json::object()));
        return true;
    }
    bool end_object() { return close(); }

    bool start_array(std::size_t) {
        m_started = true;
        if (!m_open.empty()) m_open.push_back(put(Json::array()));
        return true;
    }
    bool end_array() { return m_open.empty() || close(); }

    bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception& problem) {
        m_problem = text::jsonProblem(token, problem.what());
        return false;
    }

 private:
    // The stack holds pointers into the tree; only the container at its end grows, so they stay valid.
    Json* put(Json value) {
        Json& parent = *m_open.back();
        if (parent.is_object()) return &(parent[m_key] = std::move(value));
        parent.push_back(std::move(value));
        return &parent.back();
    }

    bool add(Json value) {
        if (!m_open.empty()) put(std::move(value));
        return true;
    }

    bool close() {
        m_open.pop_back();
        if (m_open.empty()) m_sink(m_object, m_line);
        return true;
    }

    const text::JsonSource& m_source;
    const std::function<void(const Json&, std::int64_t)>& m_sink;
    Json m_object;
    std::vector<Json*> m_open;
    std::string m_key;
    std::string m_problem;
    std::int64_t m_line = 1;
    bool m_started = false;
};

}  // namespace

Result<void> streamObjects(const std::filesystem::path& path, const Job& job,
                           const std::function<void(const nlohmann::json&, std::int64_t)>& sink,
                           std::int64_t& nonNumbers) {
    const auto source = std::make_unique<text::JsonSource>(path, job);
    if (!source->isOpen()) return fail(ErrorCode::Io, "The file cannot be opened.", path);
    Collector collector(*source, sink);
    // One document, or (JSON lines) one after the other. The parser reads a character ahead: white space between two.
    bool whole = true;
    for (bool first = true; whole && (first || source->skipBlanks()); first = false)
        whole = Json::sax_parse(text::JsonSource::Iterator(source.get()), text::JsonSource::Iterator(), &collector,
                                nlohmann::json::input_format_t::json, false);
    if (const auto read = source->outcome(whole, collector.problem()); !read) return read.error();
    if (!collector.isList()) return fail(ErrorCode::Malformed, "The file has no list of objects.", path);
    nonNumbers = source->nonNumbers();
    return {};
}

}  // namespace querent::formats::labelstudio
