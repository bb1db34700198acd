#include "tests/fuzz/target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace fuzz {
namespace fs = std::filesystem;
namespace {

constexpr char kBetween = '\x1e';
constexpr std::size_t kMostFiles = 6;

struct Scratch {
    Scratch() {
        std::error_code none;
        const fs::path memory = "/dev/shm";
        const fs::path base = access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path(none);
        std::string name = (base / "querent-fuzz-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) broken("No temporary folder can be made.");
        path = name;
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    fs::path path;
};

bool staysInside(const std::string& name) {
    if (name.empty() || name.size() > 120 || name.find('\0') != std::string::npos || name.front() == '/') return false;
    const fs::path path(name);
    const auto parts = std::distance(path.begin(), path.end());
    return parts <= 4 && std::none_of(path.begin(), path.end(),
                                      [](const fs::path& part) { return part == ".." || part == "." || part.empty(); });
}

}  // namespace

std::vector<Target> targets() {
    std::vector<Target> all;
    for (const std::span<const Target> some : {labelTargets(), mediaTargets(), numberTargets(), projectTargets()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

const Target* targetNamed(std::string_view name) {
    static const std::vector<Target> all = targets();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Target& target) { return target.name == name; });
    return found == all.end() ? nullptr : &*found;
}

void broken(const std::string& sentence) {
    std::fprintf(stderr, "%s\n", sentence.c_str());
    std::abort();
}

const fs::path& scratch() {
    static const Scratch folder;
    return folder.path;
}

void writeFile(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string readFile(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

std::string bundled(const std::vector<NamedFile>& files) {
    std::string all;
    for (const NamedFile& file : files) {
        if (!all.empty()) all += kBetween;
        all += file.name + "\n" + file.bytes;
    }
    return all;
}

std::vector<NamedFile> unbundled(std::string_view bytes) {
    std::vector<NamedFile> files;
    while (!bytes.empty() && files.size() < kMostFiles) {
        const std::size_t end = std::min(bytes.find(kBetween), bytes.size());
        const std::string_view part = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        const std::size_t line = part.find('\n');
        if (line == std::string_view::npos) continue;
        NamedFile file{std::string(part.substr(0, line)), std::string(part.substr(line + 1))};
        if (staysInside(file.name)) files.push_back(std::move(file));
    }
    return files;
}

std::string bundledFolder(const fs::path& folder) {
    std::vector<NamedFile> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && !entry.path().filename().string().starts_with('.'))
            files.push_back({entry.path().lexically_relative(folder).generic_string(), readFile(entry.path())});
    }
    std::sort(files.begin(), files.end(), [](const NamedFile& a, const NamedFile& b) { return a.name < b.name; });
    return bundled(files);
}

}  // namespace fuzz
