#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace querent::formats {

/** What a file of labels is by its first bytes. */
struct Recognised {
    std::string what;    // "a labelme file", "a zip archive", for a sentence; empty: nothing that is known
    std::string format;  // the word of the format that reads it; empty where none does
    std::string advice;  // what to do where none does: "Unpack it and import the folder."
};

/** Reads the beginning of the file, some kilobytes; a folder or a file that cannot be read is nothing known. */
Recognised recognise(const std::filesystem::path& file);

/** The same for bytes at hand. */
Recognised recogniseText(std::string_view beginning);

}  // namespace querent::formats
