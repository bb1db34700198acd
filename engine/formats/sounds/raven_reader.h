#pragma once

#include "engine/formats/sounds/raven_table.h"
#include "engine/formats/sounds/sound_items.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace querent::formats::sounds {

/** "a.BirdNET" and "a" of "a.BirdNET.Table.1.selections.txt": what its sound may be called, the longest first. */
std::vector<std::string> soundNamesOfTable(std::string_view file);

/** Finds the sounds of a table's selections, brings the times to each file's own, and adds them to the items. */
class RavenPlacer {
 public:
    RavenPlacer(SoundItems& sounds, ClassList& classes, Complaints& complaints)
        : m_sounds(sounds), m_classes(classes), m_complaints(complaints) {}

    /** `name` is the table's file, relative to the folder of the tables. */
    void place(const std::filesystem::path& path, const std::string& name, const RavenTable& table);

 private:
    struct Target {
        matching::MediaIndex::Found found;
        std::size_t item = 0;
    };
    using Targets = std::unordered_map<std::string, Target>;

    Targets targetsOf(const std::filesystem::path& path, const std::string& name, const RavenTable& table);
    matching::MediaIndex::Found soundOfTable(const std::string& name) const;
    matching::MediaIndex::Found soundOf(const std::string& file, const std::string& name, bool only) const;
    std::optional<double> beginOf(const RavenRow& row, const Targets& targets, const Where& where);
    std::optional<double> startOf(const std::string& sound) const;

    SoundItems& m_sounds;
    ClassList& m_classes;
    Complaints& m_complaints;
};

}  // namespace querent::formats::sounds
