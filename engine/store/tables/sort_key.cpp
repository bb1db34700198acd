#include "engine/store/tables/sort_key.h"

namespace querent::store::tables {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// '0' as the mark of a number (it sorts against other characters as any digit does), its length, its digits.
void appendNumber(std::string& key, std::string_view digits) {
    constexpr std::size_t kMore = 255;
    key += '0';
    std::size_t length = digits.size();
    for (; length >= kMore; length -= kMore)
        key += static_cast<char>(kMore);
    key += static_cast<char>(length);
    key += digits;
}

}  // namespace

std::string naturalSortKey(std::string_view name) {
    std::string key;
    key.reserve(name.size() + 8);
    for (std::size_t i = 0; i < name.size();) {
        if (!isDigit(name[i])) {
            key += lower(name[i++]);
            continue;
        }
        std::size_t end = i;
        while (end < name.size() && isDigit(name[end]))
            ++end;
        while (i + 1 < end && name[i] == '0')
            ++i;
        appendNumber(key, name.substr(i, end - i));
        i = end;
    }
    return key;
}

}  // namespace querent::store::tables
