#pragma once

#include <cstdint>
#include <string_view>

namespace querent {

/** What FNV-1a starts from: the sum of no bytes. */
constexpr std::uint64_t kFnv1aStart = 0xCBF29CE484222325ULL;

/**
 * FNV-1a, 64 bits: for seeds from names, checksums of small files and fingerprints. Its values are stored in files and
 * decide seeds, so they never change.
 *
 * @param hash  the sum of the bytes before, where they come in parts
 */
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash = kFnv1aStart) {
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash;
}

/** The same of a number's eight bytes, the lowest first. */
constexpr std::uint64_t fnv1a(std::uint64_t number, std::uint64_t hash) {
    for (int shift = 0; shift < 64; shift += 8)
        hash = (hash ^ ((number >> shift) & 0xFFU)) * 0x100000001B3ULL;
    return hash;
}

}  // namespace querent
