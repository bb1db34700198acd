#include "engine/learn/files/json.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace querent::learn::files {

namespace {

class Reader {
 public:
    explicit Reader(std::string_view text) : m_text(text) {}

    bool whole(Json& value) {
        if (!any(value, 0)) return false;
        skipSpace();
        return m_at == m_text.size();
    }

 private:
    static constexpr int kDeepest = 32;

    bool any(Json& value, int depth) {
        skipSpace();
        if (depth > kDeepest || m_at >= m_text.size()) return false;
        switch (m_text[m_at]) {
            case '{':
                return object(value, depth);
            case '[':
                return array(value, depth);
            case '"':
                return text(value);
            case 't':
                value = Json(true);
                return word("true");
            case 'f':
                value = Json(false);
                return word("false");
            case 'n':
                return word("null");
            default:
                return number(value);
        }
    }

    bool text(Json& value) {
        std::optional<std::string> read = string();
        if (read) value = Json(std::move(*read));
        return read.has_value();
    }

    bool object(Json& value, int depth) {
        Json::Object members;
        ++m_at;
        if (!take('}')) {
            do {
                skipSpace();
                const std::optional<std::string> name = string();
                if (!name || !take(':') || members.contains(*name) || !any(members[*name], depth + 1)) return false;
            } while (take(','));
            if (!take('}')) return false;
        }
        value = Json(std::move(members));
        return true;
    }

    bool array(Json& value, int depth) {
        Json::Array elements;
        ++m_at;
        if (!take(']')) {
            do {
                if (!any(elements.emplace_back(), depth + 1)) return false;
            } while (take(','));
            if (!take(']')) return false;
        }
        value = Json(std::move(elements));
        return true;
    }

    std::optional<std::string> string() {
        if (m_at >= m_text.size() || m_text[m_at] != '"') return std::nullopt;
        std::string out;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return out;
            }
            if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
            if (c != '\\') {
                out += c;
            } else if (!escape(out)) {
                return std::nullopt;
            }
        }
        return std::nullopt;
    }

    bool escape(std::string& out) {
        static constexpr std::string_view kNames = "\"\\/bfnrt";
        static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
        if (++m_at >= m_text.size()) return false;
        if (const auto i = kNames.find(m_text[m_at]); i != std::string_view::npos) {
            out += kValues[i];
            return true;
        }
        if (m_text[m_at] != 'u') return false;
        std::optional<unsigned> code = hex4();
        if (!code || (*code >= 0xDC00 && *code < 0xE000)) return false;
        if (*code >= 0xD800 && *code < 0xDC00) {
            if (m_text.substr(m_at + 1, 2) != "\\u") return false;
            m_at += 2;
            const std::optional<unsigned> low = hex4();
            if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
            code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
        }
        appendUtf8(*code, out);
        return true;
    }

    std::optional<unsigned> hex4() {
        unsigned code = 0;
        for (int i = 0; i < 4; ++i) {
            if (++m_at >= m_text.size()) return std::nullopt;
            const char c = m_text[m_at];
            unsigned digit = 0;
            if (c >= '0' && c <= '9')
                digit = static_cast<unsigned>(c - '0');
            else if (c >= 'a' && c <= 'f')
                digit = static_cast<unsigned>(c - 'a') + 10;
            else if (c >= 'A' && c <= 'F')
                digit = static_cast<unsigned>(c - 'A') + 10;
            else
                return std::nullopt;
            code = code * 16 + digit;
        }
        return code;
    }

    static void appendUtf8(unsigned code, std::string& out) {
        const auto tail = [&out](unsigned bits) { out += static_cast<char>(0x80 | (bits & 0x3F)); };
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x800) {
            out += static_cast<char>(0xC0 | (code >> 6));
            tail(code);
        } else if (code < 0x10000) {
            out += static_cast<char>(0xE0 | (code >> 12));
            tail(code >> 6);
            tail(code);
        } else {
            out += static_cast<char>(0xF0 | (code >> 18));
            tail(code >> 12);
            tail(code >> 6);
            tail(code);
        }
    }

    bool number(Json& value) {
        const std::size_t begin = m_at;
        skip('-');
        if (!skip('0') && !digits()) return false;
        if (skip('.') && !digits()) return false;
        if (skip('e') || skip('E')) {
            if (!skip('+')) skip('-');
            if (!digits()) return false;
        }
        // Not strtod, which reads a number as the user's language writes it.
        double read = 0.0;
        const auto [end, problem] = std::from_chars(m_text.data() + begin, m_text.data() + m_at, read);
        value = Json(read);
        return problem == std::errc() && end == m_text.data() + m_at;
    }

    bool digits() {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9')
            ++m_at;
        return m_at > begin;
    }
    bool skip(char c) {
        if (m_at >= m_text.size() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }
    bool take(char c) {
        skipSpace();
        return skip(c);
    }
    bool word(std::string_view w) {
        if (m_text.substr(m_at, w.size()) != w) return false;
        m_at += w.size();
        return true;
    }
    void skipSpace() {
        while (m_at < m_text.size() && std::string_view(" \t\n\r").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

std::string quoted(const std::string& s) {
    std::string out = "\"";
    for (const char c : s) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
            out += code;
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string numeral(double value) {
    if (!std::isfinite(value)) return "null";
    char buffer[40];
    const auto written = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, written.ptr};
}

}  // namespace

std::optional<Json> Json::parse(std::string_view text) {
    Json value;
    if (!Reader(text).whole(value)) return std::nullopt;
    return value;
}

std::string Json::text() const {
    if (const bool* b = std::get_if<bool>(&m_value)) return *b ? "true" : "false";
    if (const double* d = std::get_if<double>(&m_value)) return numeral(*d);
    if (const std::string* s = string()) return quoted(*s);
    std::string out;
    const auto add = [&out](const std::string& part) {
        if (out.size() > 1) out += ',';
        out += part;
    };
    if (const Array* elements = array()) {
        out = "[";
        for (const Json& element : *elements)
            add(element.text());
        out += ']';
        return out;
    }
    if (const Object* members = object()) {
        out = "{";
        for (const auto& [name, value] : *members)
            add(quoted(name).append(":").append(value.text()));
        out += '}';
        return out;
    }
    return "null";
}

std::optional<double> Json::number() const {
    const double* d = std::get_if<double>(&m_value);
    return d ? std::optional(*d) : std::nullopt;
}

std::optional<bool> Json::boolean() const {
    const bool* b = std::get_if<bool>(&m_value);
    return b ? std::optional(*b) : std::nullopt;
}

std::optional<std::int64_t> Json::count() const {
    const double* d = std::get_if<double>(&m_value);
    if (!d || *d < 0.0 || *d > 9007199254740992.0 || *d != std::floor(*d)) return std::nullopt;
    return static_cast<std::int64_t>(*d);
}

const Json* Json::find(std::string_view name) const {
    const Object* members = object();
    if (!members) return nullptr;
    const auto it = members->find(name);
    return it == members->end() ? nullptr : &it->second;
}

}  // namespace querent::learn::files
