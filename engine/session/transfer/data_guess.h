#pragma once

#include "engine/core/records.h"

#include <filesystem>
#include <string>
#include <vector>

namespace querent::session::transfer {

/** What data on disk look like: a format of importFormats() and the project they would make. */
struct DataGuess {
    std::string format = "folder";
    TaskKind task = TaskKind::Detect;
    std::vector<Modality> media = {Modality::Image};  // in the order of the enum, never empty
    bool multiLabel = false;

    bool operator==(const DataGuess&) const = default;
};

/**
 * Guesses by the names of files and the beginnings of a few: quick even in large folders, and sometimes wrong, so that
 * people must be able to say otherwise. What is not there looks like a folder of pictures. Any thread.
 */
DataGuess guessData(const std::filesystem::path& from);

/** The format that data look like, among those of importFormatsFor(settings); "folder" when none of them fits. */
std::string guessFormat(const std::filesystem::path& from, const ProjectSettings& settings);

}  // namespace querent::session::transfer
