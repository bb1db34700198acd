#pragma once

namespace querent {

/** Marks a text that the window shows translated; lupdate takes it for QT_TRANSLATE_NOOP (CONTRIBUTING.md). */
constexpr const char* translatable(const char* /*context*/, const char* text) {
    return text;
}

/** What a strategy calls a number that it tells, and the words for people; declared once, beside who tells it. */
struct Term {
    const char* name;           // what files keep, so it stays for good; new ones in lower case
    const char* title = "";     // a few words; empty where no window shows the number
    const char* sentence = "";  // what the number means, and in what way more of it differs
    int decimals = 2;
};

}  // namespace querent
