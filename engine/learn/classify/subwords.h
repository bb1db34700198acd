#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace querent::learn::classify {

/**
 * The pieces of words that a text encoder reads, learnt from the project's own texts by merging the most frequent
 * neighbours (byte-pair encoding, Sennrich et al. 2016), and applied by taking the longest piece that fits. Texts are
 * UTF-8 in any script; capitals of ASCII do not count. Immutable.
 */
class Subwords {
 public:
    static constexpr std::int64_t kPadding = 0;
    static constexpr std::int64_t kUnknown = 1;

    Subwords() = default;
    /** From the pieces of an earlier one. */
    explicit Subwords(std::vector<std::string> pieces);
    /** At most `most` pieces; only what occurs twice becomes one. Same texts, same pieces. */
    static Subwords learn(const std::vector<std::string>& texts, std::size_t most = 1500);

    /** At most `most` ids, each in [kUnknown, size()); one kUnknown for a text without any word. */
    std::vector<std::int64_t> encode(std::string_view text, std::size_t most) const;

    /** Ids are below it; at least 2. */
    std::int64_t size() const { return static_cast<std::int64_t>(m_pieces.size()) + 2; }
    /** In the order of their ids, from 2 on; a piece that begins a word begins with a space. */
    const std::vector<std::string>& pieces() const { return m_pieces; }

 private:
    std::vector<std::string> m_pieces;
    std::unordered_map<std::string, std::int64_t> m_ids;
    std::size_t m_longest = 0;  // bytes
};

}  // namespace querent::learn::classify
