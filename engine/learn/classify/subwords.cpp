#include "engine/learn/classify/subwords.h"

#include <algorithm>
#include <map>
#include <utility>

namespace querent::learn::classify {

namespace {

// A text of a hundred thousand characters teaches no more about words than its beginning.
constexpr std::size_t kBytesRead = 4000;
constexpr std::size_t kWordsKept = 5000;
constexpr std::int64_t kLeastCount = 2;

std::size_t characterLength(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xF0) return 4;
    if (lead >= 0xE0) return 3;
    return lead >= 0xC0 ? 2 : 1;  // a stray byte stands for itself
}

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool isMark(char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || byte >= 0x80;
    return !letter;
}

/** Words in small letters with a space before each; every mark of ASCII is a word of its own. */
template <typename Hear>
void eachWord(std::string_view text, Hear&& hear) {
    std::string word;
    const auto end = [&] {
        if (!word.empty()) hear(std::exchange(word, {}));
    };
    for (char c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (isSpace(c)) {
            end();
            continue;
        }
        if (isMark(c)) end();
        if (word.empty()) word.push_back(' ');
        word.push_back(c);
        if (isMark(c)) end();
    }
    end();
}

/** A word as it is being merged: numbers of its pieces. */
struct Word {
    std::vector<int> parts;
    std::int64_t count = 0;
};

class Merging {
 public:
    explicit Merging(const std::map<std::string, std::int64_t>& counts) {
        std::vector<std::pair<std::string, std::int64_t>> words(counts.begin(), counts.end());
        std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
        if (words.size() > kWordsKept) words.resize(kWordsKept);
        for (const auto& [text, count] : words)
            m_words.push_back({charactersOf(text, count), count});
    }

    /** Characters that occur often enough, then merged pairs, the most frequent first. */
    std::vector<std::string> run(std::size_t most) {
        std::vector<std::string> pieces;
        for (std::size_t i = 0; i < m_texts.size() && pieces.size() < most; ++i) {
            if (m_seen[i] >= kLeastCount) pieces.push_back(m_texts[i]);
        }
        while (pieces.size() < most) {
            const auto best = mostFrequentPair();
            if (best.second < kLeastCount) break;
            merge(best.first);
            pieces.push_back(m_texts.back());
        }
        return pieces;
    }

 private:
    using Pair = std::pair<int, int>;

    std::vector<int> charactersOf(const std::string& word, std::int64_t count) {
        std::vector<int> parts;
        for (std::size_t at = 0; at < word.size();) {
            // The space belongs to the first character.
            std::size_t length = at == 0 ? 1 : 0;
            length += characterLength(static_cast<unsigned char>(word[at + length]));
            parts.push_back(numberOf(word.substr(at, length)));
            m_seen[static_cast<std::size_t>(parts.back())] += count;
            at += length;
        }
        return parts;
    }

    int numberOf(const std::string& text) {
        const auto [at, isNew] = m_numbers.emplace(text, static_cast<int>(m_texts.size()));
        if (isNew) {
            m_texts.push_back(text);
            m_seen.push_back(0);
        }
        return at->second;
    }

    std::pair<Pair, std::int64_t> mostFrequentPair() const {
        std::unordered_map<std::int64_t, std::int64_t> counts;
        for (const Word& word : m_words) {
            for (std::size_t i = 1; i < word.parts.size(); ++i)
                counts[(std::int64_t{word.parts[i - 1]} << 32) + word.parts[i]] += word.count;
        }
        std::pair<Pair, std::int64_t> best{{}, 0};
        for (const auto& [key, count] : counts) {
            const Pair pair{static_cast<int>(key >> 32), static_cast<int>(key & 0xFFFFFFFF)};
            // Among equals the one seen first, whatever the order of the map.
            if (count > best.second || (count == best.second && pair < best.first)) best = {pair, count};
        }
        return best;
    }

    void merge(const Pair& pair) {
        std::string text = m_texts[static_cast<std::size_t>(pair.first)];
        text += m_texts[static_cast<std::size_t>(pair.second)];
        const int merged = numberOf(text);
        for (Word& word : m_words) {
            std::vector<int>& parts = word.parts;
            for (std::size_t i = 1; i < parts.size(); ++i) {
                if (parts[i - 1] != pair.first || parts[i] != pair.second) continue;
                parts[i - 1] = merged;
                parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i));
            }
        }
    }

    std::vector<Word> m_words;
    std::vector<std::string> m_texts;  // of the pieces, by number
    std::vector<std::int64_t> m_seen;  // characters: how often
    std::unordered_map<std::string, int> m_numbers;
};

}  // namespace

Subwords::Subwords(std::vector<std::string> pieces) : m_pieces(std::move(pieces)) {
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        m_ids.emplace(m_pieces[i], static_cast<std::int64_t>(i) + 2);
        m_longest = std::max(m_longest, m_pieces[i].size());
    }
}

Subwords Subwords::learn(const std::vector<std::string>& texts, std::size_t most) {
    std::map<std::string, std::int64_t> counts;
    for (const std::string& text : texts)
        eachWord(std::string_view(text).substr(0, kBytesRead), [&](const std::string& word) { ++counts[word]; });
    std::vector<std::string> pieces = Merging(counts).run(most);
    std::sort(pieces.begin(), pieces.end());
    pieces.erase(std::unique(pieces.begin(), pieces.end()), pieces.end());
    return Subwords(std::move(pieces));
}

std::vector<std::int64_t> Subwords::encode(std::string_view text, std::size_t most) const {
    std::vector<std::int64_t> ids;
    const auto take = [&](const std::string& word) {
        for (std::size_t at = 0; at < word.size() && ids.size() < most;) {
            std::size_t length = std::min(m_longest, word.size() - at);
            auto found = m_ids.end();
            for (; length > 0 && found == m_ids.end(); --length)
                found = m_ids.find(word.substr(at, length));
            if (found != m_ids.end()) {
                ids.push_back(found->second);
                at += found->first.size();
                continue;
            }
            ids.push_back(kUnknown);
            const std::size_t space = word[at] == ' ' ? 1 : 0;
            at += space;
            if (at < word.size()) at += characterLength(static_cast<unsigned char>(word[at]));
        }
    };
    // A piece takes a character at least: what lies further back cannot count any more.
    eachWord(text.substr(0, most * std::max<std::size_t>(m_longest, 4) * 2), take);
    if (ids.empty()) ids.push_back(kUnknown);
    return ids;
}

}  // namespace querent::learn::classify
