#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace querent::tests {

/** A zip archive of parts as they are, without checksums: what tells a TorchScript program from numbers is its names.
 */
inline std::string storedZip(const std::vector<std::pair<std::string, std::string>>& parts) {
    const auto little = [](std::uint64_t number, int bytes) {
        std::string out;
        for (int i = 0; i < bytes; ++i, number >>= 8)
            out += static_cast<char>(number & 0xFF);
        return out;
    };
    std::string all;
    std::string directory;
    for (const auto& [name, bytes] : parts) {
        const std::string sizes =
            little(0, 4) + little(bytes.size(), 4) + little(bytes.size(), 4) + little(name.size(), 2) + little(0, 2);
        directory += "PK\x01\x02" + little(20, 2) + little(20, 2) + little(0, 8) + sizes + little(0, 10) +
                     little(all.size(), 4) + name;
        all += "PK\x03\x04" + little(20, 2) + little(0, 8) + sizes + name + bytes;
    }
    return all + directory + "PK\x05\x06" + little(0, 4) + little(parts.size(), 2) + little(parts.size(), 2) +
           little(directory.size(), 4) + little(all.size(), 4) + little(0, 2);
}

}  // namespace querent::tests
