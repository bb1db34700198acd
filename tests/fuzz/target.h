#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/**
 * Files from strangers, made up by a machine. A target reads bytes as one of the program's readers does; whatever they
 * are, it returns. Crashes, hangs, exceptions and answers that break a reader's promise end the process.
 */
namespace fuzz {

struct Target {
    const char* name;
    void (*run)(std::string_view bytes);
    /** Good files, for mutations to begin with; made by the program's own writers where there are any. */
    std::vector<std::string> (*seeds)();
};

std::span<const Target> labelTargets();
std::span<const Target> mediaTargets();
std::span<const Target> numberTargets();
std::span<const Target> projectTargets();

/** Every target. */
std::vector<Target> targets();
/** Null when there is none of this name. */
const Target* targetNamed(std::string_view name);

/** Ends the process with the sentence: what was read breaks a promise. */
[[noreturn]] void broken(const std::string& sentence);
inline void require(bool kept, const std::string& promise) {
    if (!kept) broken(promise);
}

/** A folder of this process in memory, or else where temporary files go; removed at the end. */
const std::filesystem::path& scratch();
void writeFile(const std::filesystem::path& path, std::string_view bytes);
std::string readFile(const std::filesystem::path& path);

/**
 * Several files in one text, for readers of whole folders: a line with the name, the bytes, and U+001E between two.
 * The way back leaves out names that would lead out of the folder.
 */
struct NamedFile {
    std::string name;
    std::string bytes;
};
std::string bundled(const std::vector<NamedFile>& files);
std::vector<NamedFile> unbundled(std::string_view bytes);
/** The files below a folder as one text. */
std::string bundledFolder(const std::filesystem::path& folder);

}  // namespace fuzz
