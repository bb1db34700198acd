#pragma once

#include "engine/formats/dataset.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace querent::formats {

/**
 * Collects complaints while a data set is read. Bounded: of a file that is wrong in every row the first kMost are kept
 * and the rest is counted, so that a bad file of any size gives a report of some size. Sentences are UTF-8, whatever
 * the names of files that they quote.
 */
class Complaints {
 public:
    static constexpr std::size_t kMost = 10000;

    /** The row was read, somehow: the sentence says how. */
    void note(Where where, std::string sentence) { add(std::move(where), std::move(sentence), false); }
    /** The row was left out: the sentence says why. */
    void drop(Where where, std::string sentence) { add(std::move(where), std::move(sentence), true); }
    /** One note for all that happens for the same reason; its count is put before the sentence: "12 numbers ...". */
    void tally(const Where& where, const std::string& one, const std::string& many);

    std::vector<Complaint> take();

 private:
    void add(Where where, std::string sentence, bool fatal);

    struct Tally {
        Where first;
        std::string one;
        std::string many;
        std::int64_t count = 0;
    };
    std::vector<Complaint> m_list;
    std::map<std::pair<std::filesystem::path, std::string>, Tally> m_tallies;
    std::int64_t m_more = 0;
};

}  // namespace querent::formats
