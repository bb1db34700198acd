#include "engine/learn/files/trusted_programs.h"

#include "engine/core/files.h"
#include "engine/learn/files/json.h"
#include "engine/learn/files/sha256.h"
#include "engine/learn/files/zip_reader.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>

namespace querent::learn::files {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPrograms = "programs";

std::mutex& listLock() {
    static std::mutex lock;
    return lock;
}

/** {"programs": {SHA-256: where it was}}; with no programs when there is no list, or none that can be read. */
nlohmann::json listed(const fs::path& file) {
    const nlohmann::json none = {{kPrograms, nlohmann::json::object()}};
    if (file.empty()) return none;
    const Result<std::string> bytes = readWhole(file);
    std::optional<nlohmann::json> list = bytes ? parseJson(*bytes) : std::nullopt;
    if (!list) return none;
    const nlohmann::json* programs = memberOf(*list, kPrograms);
    return programs && programs->is_object() ? std::move(*list) : none;
}

}  // namespace

bool isProgram(std::string_view bytes) {
    const std::optional<ZipReader> zip = ZipReader::open(bytes);
    return zip && std::any_of(zip->parts().begin(), zip->parts().end(),
                              [](const auto& part) { return part.first.find("/code/") != std::string::npos; });
}

fs::path trustedProgramsFile() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const char* home = std::getenv("HOME");
    fs::path folder;
    // The specification has relative paths ignored.
    if (config != nullptr && fs::path(config).is_absolute()) {
        folder = config;
    } else if (home != nullptr && *home != '\0') {
        folder = fs::path(home) / ".config";
    } else {
        return {};
    }
    return folder / "querent" / "trusted-programs.json";
}

bool isTrusted(std::string_view program) {
    const std::lock_guard lock(listLock());
    return listed(trustedProgramsFile()).at(kPrograms).contains(sha256(program));
}

Result<void> trust(std::string_view program, const fs::path& chosen) {
    const fs::path file = trustedProgramsFile();
    if (file.empty()) {
        return fail(ErrorCode::InvalidArgument,
                    "There is no home folder in which to remember that this program may run; set HOME.");
    }
    const std::lock_guard lock(listLock());
    nlohmann::json list = listed(file);
    std::error_code problem;
    list[kPrograms][sha256(program)] = fs::absolute(chosen, problem).string();
    fs::create_directories(file.parent_path(), problem);
    if (problem) return cannotWrite(file, problem.value());
    return replaceWhole(file, jsonText(list) + "\n");
}

Result<void> requireTrust(std::string_view program, const fs::path& path) {
    if (isTrusted(program)) return {};
    return fail(ErrorCode::Unsupported,
                "This holds a TorchScript program, which could do whatever you can do on this machine, so it was not "
                "run. If you know where it comes from, choose its file as the backbone yourself and allow it there.",
                path);
}

}  // namespace querent::learn::files
