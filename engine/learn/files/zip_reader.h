#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace querent::learn::files {

/**
 * The parts of a zip archive that lie in it as they are, as PyTorch keeps pickles and numbers: nothing is unpacked, so
 * an archive is never larger than its bytes. Parts that are packed have no bytes here, only a name.
 */
class ZipReader {
 public:
    /** Empty for bytes that are no zip archive, or whose parts do not lie within. `bytes` outlive it. */
    static std::optional<ZipReader> open(std::string_view bytes);

    struct Part {
        std::optional<std::string_view> bytes;  // empty for one that is packed
        std::uint32_t checksum = 0;
    };
    /** By name: "archive/data.pkl". */
    const std::map<std::string, Part, std::less<>>& parts() const { return m_parts; }

    /** A part whose checksum is right; empty when there is none, when it is packed, or when it is damaged. */
    std::optional<std::string_view> part(std::string_view name) const;

 private:
    std::map<std::string, Part, std::less<>> m_parts;
};

}  // namespace querent::learn::files
