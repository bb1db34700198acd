#include "engine/session/logbook/logbook.h"

#include "engine/core/file_names.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

namespace querent::session::logbook {
namespace {

namespace fs = std::filesystem;
using Logger = std::shared_ptr<spdlog::logger>;

constexpr std::string_view kLeftOut = "…";

std::mutex& guard() {
    static std::mutex mutex;
    return mutex;
}

Logger& kept() {
    static Logger logger;
    return logger;
}

Logger logger() {
    const std::lock_guard lock(guard());
    return kept();
}

void write(spdlog::level::level_enum level, const std::string& line) {
    if (const Logger here = logger()) here->log(level, spdlog::string_view_t(line));
}

[[noreturn]] void onTerminate() {
    try {
        if (const std::exception_ptr problem = std::current_exception()) std::rethrow_exception(problem);
        error("The program ends: terminate() was called.");
    } catch (const std::exception& problem) {
        error(std::string("The program ends by an exception: ") + problem.what());
    } catch (...) {
        error("The program ends by an exception of an unknown kind.");
    }
    std::abort();
}

bool isNamed(std::string_view word) {
    while (!word.empty() && std::string_view(".,:;)").find(word.back()) != word.npos)
        word.remove_suffix(1);
    return word.find('/') != word.npos || word.find('\\') != word.npos || hasMediaExtension(word) ||
           word.ends_with(".querent") || word.ends_with(".csv") || word.ends_with(".json") || word.ends_with(".xml") ||
           word.ends_with(".txt");
}

/** Where the quotation that begins at `at` ends; npos where none begins. An apostrophe is no quotation mark. */
std::size_t quotationEnd(std::string_view line, std::size_t at) {
    const char mark = line[at];
    const bool opens = (mark == '"' || mark == '\'') && (at == 0 || line[at - 1] == ' ' || line[at - 1] == '(');
    return opens ? line.find(mark, at + 1) : std::string_view::npos;
}

}  // namespace

fs::path defaultFile() {
    const char* state = std::getenv("XDG_STATE_HOME");
    const char* home = std::getenv("HOME");
    fs::path folder;
    // The specification has relative paths ignored.
    if (state != nullptr && fs::path(state).is_absolute()) {
        folder = state;
    } else if (home != nullptr && *home != '\0') {
        folder = fs::path(home) / ".local" / "state";
    } else {
        return {};
    }
    return folder / "querent" / "querent.log";
}

bool begin(const fs::path& file, const std::string& headline, std::size_t fileBytes) {
    if (file.empty()) return false;
    try {
        std::error_code ignored;  // what cannot be made cannot be opened either
        fs::create_directories(file.parent_path(), ignored);
        auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), fileBytes, kFiles - 1);
        auto made = std::make_shared<spdlog::logger>("querent", std::move(sink));
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %P %l %v", spdlog::pattern_time_type::utc);
        made->flush_on(spdlog::level::info);
        made->set_error_handler([](const std::string&) {});  // a full disk has its own message
        const std::lock_guard lock(guard());
        kept() = std::move(made);
    } catch (const std::exception&) {
        return false;
    }
    std::set_terminate(onTerminate);
    noteAsIs(headline);
    return true;
}

void end() {
    const std::lock_guard lock(guard());
    kept().reset();
}

std::string withoutNames(std::string_view line) {
    std::string clean;
    for (std::size_t at = 0; at < line.size();) {
        if (const std::size_t close = quotationEnd(line, at); close != std::string_view::npos) {
            clean += kLeftOut;
            at = close + 1;
            continue;
        }
        const std::size_t end = std::min(line.find_first_of(" \n", at), line.size());
        const std::string_view word = line.substr(at, end - at);
        if (word.starts_with('(')) {  // a quotation may begin behind it
            clean += '(';
            ++at;
            continue;
        }
        clean += isNamed(word) ? kLeftOut : word;
        if (end < line.size()) clean += ' ';
        at = end + 1;
    }
    return clean;
}

void note(std::string_view line) {
    write(spdlog::level::info, withoutNames(line));
}

void warn(std::string_view line) {
    write(spdlog::level::warn, withoutNames(line));
}

void error(std::string_view line) {
    write(spdlog::level::err, withoutNames(line));
}

void noteAsIs(const std::string& line) {
    write(spdlog::level::info, line);
}

}  // namespace querent::session::logbook
