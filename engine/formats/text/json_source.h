#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

namespace querent::formats::text {

/**
 * The characters of a JSON file for a parser, from a buffer of fixed size: counts lines, listens to the job, and
 * replaces the literals NaN and Infinity (which are no JSON, but which Python writes) by null, so that one bad number
 * costs its row and not the file. Text in UTF-16 is read whole and given as UTF-8. Ends early when the job is cancelled
 * or the disk fails: ask outcome() afterwards.
 */
class JsonSource {
 public:
    JsonSource(const std::filesystem::path& path, const Job& job);

    bool isOpen() const { return m_file != nullptr; }
    int get();  // the next byte, or -1 at the end
    /** Passes over white space; false at the end. */
    bool skipBlanks();
    std::int64_t line() const { return m_line; }
    std::int64_t nonNumbers() const { return m_nonNumbers; }
    /**
     * How parsing has ended: Cancelled, Io, or, where it was not `whole`, Malformed with the line and `problem`, which
     * is empty where the parser did not say anything.
     */
    Result<void> outcome(bool whole, const std::string& problem) const;

    /** An input iterator over the rest of the source, as nlohmann::json::sax_parse takes it. */
    class Iterator {
     public:
        using iterator_category = std::input_iterator_tag;
        using value_type = char;
        using difference_type = std::ptrdiff_t;
        using pointer = const char*;
        using reference = char;

        Iterator() = default;
        explicit Iterator(JsonSource* source) : m_source(source), m_current(source->get()) {}
        char operator*() const { return static_cast<char>(m_current); }
        Iterator& operator++() {
            m_current = m_source->get();
            return *this;
        }
        Iterator operator++(int) {
            Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator& other) const { return atEnd() == other.atEnd(); }
        bool operator!=(const Iterator& other) const { return !(*this == other); }

     private:
        bool atEnd() const { return m_source == nullptr || m_current < 0; }
        JsonSource* m_source = nullptr;
        int m_current = -1;
    };

 private:
    bool fill(std::size_t wanted);
    std::size_t read(char* to, std::size_t room);
    bool swallow(std::string_view literal);
    void track(char c);

    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Closer> m_file;
    const Job& m_job;
    std::filesystem::path m_path;
    std::string m_decoded;    // the whole text, where it is not UTF-8 in the file
    std::size_t m_given = 0;  // of m_decoded
    std::array<char, 1 << 16> m_buffer{};
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::string_view m_pending;  // of a replacement
    std::int64_t m_line = 1;
    std::int64_t m_nonNumbers = 0;
    std::int64_t m_read = 0;
    std::int64_t m_total = 0;
    bool m_lineEnded = false;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_cancelled = false;
    bool m_failed = false;
};

/** Where and why a file is not JSON to its end, by the token and the words of nlohmann's parser. */
std::string jsonProblem(const std::string& token, std::string_view parserSays);

}  // namespace querent::formats::text
