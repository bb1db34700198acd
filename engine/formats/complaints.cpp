#include "engine/formats/complaints.h"

#include "engine/formats/text/encoding.h"

namespace querent::formats {

void Complaints::add(Where where, std::string sentence, bool fatal) {
    if (m_list.size() < kMost) {
        m_list.push_back({std::move(where), text::readable(std::move(sentence)), fatal});
    } else {
        ++m_more;
    }
}

void Complaints::tally(const Where& where, const std::string& one, const std::string& many) {
    Tally& tally = m_tallies[{where.path, one}];
    if (tally.count++ == 0) {
        tally.first = where;
        tally.one = one;
        tally.many = many;
    }
}

std::vector<Complaint> Complaints::take() {
    std::vector<Complaint> all = std::move(m_list);
    for (auto& [key, tally] : m_tallies) {
        const std::string& sentence = tally.count == 1 ? tally.one : tally.many;
        all.push_back({tally.first, text::readable(std::to_string(tally.count) + " " + sentence), false});
    }
    if (m_more > 0) all.push_back({{}, "There are " + std::to_string(m_more) + " more complaints like these.", true});
    m_list.clear();
    m_tallies.clear();
    m_more = 0;
    return all;
}

}  // namespace querent::formats
