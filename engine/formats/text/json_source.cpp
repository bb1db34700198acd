#include "engine/formats/text/json_source.h"

#include "engine/formats/text/text.h"

#include <algorithm>
#include <cstring>

namespace querent::formats::text {

JsonSource::JsonSource(const std::filesystem::path& path, const Job& job) : m_job(job), m_path(path) {
    std::error_code problem;
    if (!std::filesystem::is_regular_file(path, problem)) return;
    m_total = static_cast<std::int64_t>(std::filesystem::file_size(path, problem));
#ifdef _WIN32
    m_file.reset(_wfopen(path.c_str(), L"rb"));
#else
    m_file.reset(std::fopen(path.c_str(), "rb"));
#endif
    std::array<char, 512> beginning{};
    const std::size_t count = m_file ? std::fread(beginning.data(), 1, beginning.size(), m_file.get()) : 0;
    if (m_file) std::rewind(m_file.get());
    if (!looksLikeUtf16({beginning.data(), count})) return;
    constexpr std::int64_t kMost = std::int64_t{1} << 30;
    if (Result<Decoded> text = readText(path, kMost)) m_decoded = std::move(text->text);
}

std::size_t JsonSource::read(char* to, std::size_t room) {
    if (m_decoded.empty()) return std::fread(to, 1, room, m_file.get());
    const std::size_t count = std::min(room, m_decoded.size() - m_given);
    std::memcpy(to, m_decoded.data() + m_given, count);
    m_given += count;
    return count;
}

bool JsonSource::skipBlanks() {
    while (m_begin < m_end || fill(1)) {
        const char c = m_buffer[m_begin];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') return true;
        ++m_begin;
        track(c);
    }
    return false;
}

// Makes `wanted` bytes available where the file has that many left.
bool JsonSource::fill(std::size_t wanted) {
    if (m_end - m_begin >= wanted) return true;
    if (m_cancelled || m_failed) return false;
    std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
    m_end -= m_begin;
    m_begin = 0;
    if (m_job.cancelled()) {
        m_cancelled = true;
        m_end = 0;
        return false;
    }
    const std::size_t count = read(m_buffer.data() + m_end, m_buffer.size() - m_end);
    m_failed = count == 0 && std::ferror(m_file.get()) != 0;
    m_end += count;
    m_read += static_cast<std::int64_t>(count);
    m_job.report("Reading", m_read, m_total);
    return m_end - m_begin >= wanted;
}

bool JsonSource::swallow(std::string_view literal) {
    if (!fill(literal.size()) || std::string_view(m_buffer.data() + m_begin, literal.size()) != literal) return false;
    m_begin += literal.size();
    ++m_nonNumbers;
    m_pending = "null";
    return true;
}

void JsonSource::track(char c) {
    // A parser is one character ahead of what it tells of: the line ends with the character behind its end.
    if (m_lineEnded) ++m_line;
    m_lineEnded = c == '\n';
    if (m_escaped) {
        m_escaped = false;
    } else if (m_inString && c == '\\') {
        m_escaped = true;
    } else if (c == '"') {
        m_inString = !m_inString;
    }
}

int JsonSource::get() {
    if (m_pending.empty()) {
        if (m_begin == m_end && !fill(1)) return -1;
        const char c = m_buffer[m_begin];
        const bool suspicious = !m_inString && (c == 'N' || c == 'I' || c == '-');
        if (!suspicious || !(swallow("NaN") || swallow("-Infinity") || swallow("Infinity") || swallow("-NaN"))) {
            ++m_begin;
            track(c);
            return static_cast<unsigned char>(c);
        }
    }
    const char c = m_pending.front();
    m_pending.remove_prefix(1);
    return static_cast<unsigned char>(c);
}

Result<void> JsonSource::outcome(bool whole, const std::string& problem) const {
    if (m_cancelled) return Job::stopped();
    if (m_failed) return fail(ErrorCode::Io, "The file cannot be read to its end.", m_path);
    if (!whole)
        return fail(ErrorCode::Malformed, problem.empty() ? "This is not a JSON file." : problem, m_path, m_line);
    return {};
}

std::string jsonProblem(const std::string& token, std::string_view parserSays) {
    // "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error ...": its end is for people.
    for (const std::string_view lead : {"] ", ": "}) {
        if (const std::size_t at = parserSays.find(lead); at != std::string_view::npos)
            parserSays.remove_prefix(at + lead.size());
    }
    if (parserSays.find("unexpected end of input") != std::string_view::npos)
        return "The file ends in the middle (near " + inQuotes(token) + "): it was cut off, or is still being written.";
    if (parserSays.find("ill-formed UTF-8") != std::string_view::npos)
        return "The file is not UTF-8 (near " + inQuotes(token) + "); save it as UTF-8.";
    return "This is not a whole JSON file (near " + inQuotes(token) + "): " + std::string(parserSays) + ".";
}

}  // namespace querent::formats::text
