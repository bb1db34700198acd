#include "app/preferences/key_table.h"

#include <QCoreApplication>

namespace querent::app::preferences::keys {

namespace {

struct Row {
    const char* id;
    const char* group;
    const char* text;
    const char* icon;
    const char* help;
    const char* keys;  // portable sequences with blanks between them
    KeyScope scope = KeyScope::Picture;
    bool fixed = false;
};

#define T(text) QT_TRANSLATE_NOOP("Keys", text)

// clang-format off
constexpr Row kRows[] = {
    {"item.next", T("Items"), T("Next item"), "next", T("Shows the next item of the list."), "D PgDown"},
    {"item.previous", T("Items"), T("Previous item"), "previous", T("Shows the item before this one."), "A PgUp"},
    {"item.next_unanswered", T("Items"), T("Next unanswered item"), "next", T("Goes to the next item nobody has answered."), "Ctrl+Shift+D"},
    {"item.previous_unanswered", T("Items"), T("Previous unanswered item"), "previous", T("Goes back to the nearest item nobody has answered."), "Ctrl+Shift+A"},

    {"answer.confirm", T("Answer"), T("Confirm and next"), "check", T("Says that all is labelled, and goes to the next unanswered item."), "Return Enter Ctrl+Return"},
    {"answer.accept_all", T("Answer"), T("Accept all suggestions and next"), "accept", T("Accepts every suggestion that is shown, and goes on."), "Shift+Return Shift+Enter"},
    {"answer.empty", T("Answer"), T("Nothing here"), "empty", T("Says that there is nothing to find on this item, and goes on."), "N"},
    {"answer.skip", T("Answer"), T("Skip"), "skip", T("Leaves this item out, and goes on."), "K"},
    {"answer.unsure", T("Answer"), T("Unsure"), "unsure", T("Says that you cannot tell; the item does not train. Goes on."), "Q"},
    {"answer.flag", T("Answer"), T("Flag with a note"), "flag", T("Sets the item aside for another look, with a note."), "G"},

    {"draw.box", T("Draw"), T("Draw boxes"), "draw", T("Every drag draws a box, until this is switched off."), "W R"},
    {"draw.select", T("Draw"), T("Select only"), "select", T("Drags select and edit; nothing is drawn."), "V"},
    {"draw.keyboard", T("Draw"), T("Draw with the keyboard"), "crosshair", T("Arrows move the crosshair, Enter places a corner."), "Shift+W"},

    {"edit.undo", T("Edit"), T("Undo"), "undo", T("Takes the last change of this item back."), "Ctrl+Z"},
    {"edit.redo", T("Edit"), T("Redo"), "redo", T("Does again what was taken back."), "Ctrl+Shift+Z Ctrl+Y"},
    {"edit.delete", T("Edit"), T("Delete selected"), "trash", T("Deletes the selected boxes, and rejects selected suggestions."), "Del Backspace"},
    {"edit.delete_all", T("Edit"), T("Delete all boxes"), "trash", T("Deletes every box of this item; undo brings them back."), "Ctrl+Shift+Del"},
    {"edit.duplicate", T("Edit"), T("Duplicate"), "copy", T("Copies the selected boxes beside themselves."), "Ctrl+D"},
    {"edit.copy", T("Edit"), T("Copy"), "copy", T("Copies the selected boxes."), "Ctrl+C"},
    {"edit.paste", T("Edit"), T("Paste"), "paste", T("Pastes copied boxes where they were."), "Ctrl+V"},
    {"edit.copy_previous", T("Edit"), T("Copy from previous item"), "copy", T("Copies all boxes of the item before this one."), "Ctrl+P"},
    {"edit.select_all", T("Edit"), T("Select all"), "select", T("Selects every box."), "Ctrl+A"},
    {"edit.lock", T("Edit"), T("Lock"), "lock", T("Keeps the selected boxes from being changed by mistake."), "L Alt+L"},
    {"edit.difficult", T("Edit"), T("Difficult"), "warning", T("Marks the selected boxes as difficult: VOC figures leave them out, COCO figures count them."), "J"},
    {"edit.advance", T("Classes"), T("Go on after a class"), "next", T("Where items have one class, choosing it goes on to the next unanswered item."), "Ctrl+Shift+G"},
    {"edit.save", T("Edit"), T("Save"), "save", T("Everything is saved at once; this makes a backup too."), "Ctrl+S", KeyScope::Everywhere},

    {"suggestion.accept", T("Suggestions"), T("Accept suggestion"), "accept", T("Makes a label of the focused suggestion."), "Y"},
    {"suggestion.reject", T("Suggestions"), T("Reject suggestion"), "reject", T("Takes the focused suggestion away."), "X"},

    {"class.palette", T("Classes"), T("Find class"), "search", T("Searches the classes by name."), "E Ctrl+E"},
    {"class.next", T("Classes"), T("Next class"), "down", T("Chooses the class below."), "]"},
    {"class.previous", T("Classes"), T("Previous class"), "up", T("Chooses the class above."), "["},

    {"view.zoom_in", T("View"), T("Zoom in"), "zoom-in", T("Enlarges the picture."), "Ctrl+= Ctrl++"},
    {"view.zoom_out", T("View"), T("Zoom out"), "zoom-out", T("Makes the picture smaller."), "Ctrl+-"},
    {"view.actual", T("View"), T("Actual size"), "one-to-one", T("One pixel of the picture on one of the screen."), "Ctrl+0"},
    {"view.fit", T("View"), T("Fit"), "fit", T("Shows the whole picture."), "F Ctrl+F"},
    {"view.keep", T("View"), T("Keep zoom"), "search", T("Keeps zoom and place from one item to the next."), "Ctrl+K"},
    {"view.boxes", T("View"), T("Show boxes"), "show", T("Shows or hides all boxes."), "Ctrl+H"},
    {"view.ghosts", T("View"), T("Show suggestions"), "ghost", T("Shows or hides what the model suggests."), "Ctrl+Shift+H"},
    {"view.crosshair", T("View"), T("Crosshair"), "crosshair", T("Draws lines through the cursor."), "Ctrl+Shift+C"},
    {"view.next_panel", T("View"), T("Next panel"), "more", T("Moves the focus out of the picture, from panel to panel."), "F6"},
    {"sound.autoplay", T("Sound"), T("Play by itself"), "play", T("Plays a sound as soon as it is shown."), "Ctrl+Shift+P", KeyScope::Sound},

    {"help.keys", T("View"), T("Keys"), "keys", T("Shows what the keyboard does."), "F1 ? Shift+?", KeyScope::Everywhere},

    {"canvas.nudge", T("Picture"), T("Move selected by 1 px (Shift: 10 px)"), "", "", "Left Right Up Down", KeyScope::Picture, true},
    {"canvas.grow", T("Picture"), T("Move the lower right corner (Shift: 10 px)"), "", "", "Ctrl+Left Ctrl+Right Ctrl+Up Ctrl+Down", KeyScope::Picture, true},
    {"canvas.shrink", T("Picture"), T("Move the upper left corner (Shift: 10 px)"), "", "", "Alt+Left Alt+Right Alt+Up Alt+Down", KeyScope::Picture, true},
    {"canvas.cycle", T("Picture"), T("Next and previous box"), "", "", "Tab Shift+Tab", KeyScope::Picture, true},
    {"canvas.peek", T("Picture"), T("Hide boxes while held"), "", "", "H", KeyScope::Picture, true},
    {"canvas.cancel", T("Picture"), T("Cancel, deselect"), "", "", "Esc", KeyScope::Picture, true},

    {"sound.play", T("Sound"), T("Play, pause"), "", "", "Space", KeyScope::Sound, true},
    {"sound.play_region", T("Sound"), T("Play the region once"), "", "", "Shift+Space", KeyScope::Sound, true},
    {"sound.loop", T("Sound"), T("Loop on and off"), "", "", "L", KeyScope::Sound, true},
    {"sound.seek", T("Sound"), T("Back and forward 1 s (Shift: 5 s, Ctrl: 0.1 s)"), "", "", "Left Right", KeyScope::Sound, true},
    {"sound.speed", T("Sound"), T("Faster, slower, normal"), "", "", "Ctrl+PgUp Ctrl+PgDown Ctrl+Home", KeyScope::Sound, true},
    {"sound.mark", T("Sound"), T("Region starts, ends at the cursor"), "", "", "I O", KeyScope::Sound, true},
    {"sound.start", T("Sound"), T("Move the start or low edge (Shift: finely)"), "", "", "Alt+Left Alt+Right Alt+Up Alt+Down", KeyScope::Sound, true},
    {"sound.end", T("Sound"), T("Move the end or high edge (Shift: finely)"), "", "", "Ctrl+Alt+Left Ctrl+Alt+Right Ctrl+Alt+Up Ctrl+Alt+Down", KeyScope::Sound, true},
    {"sound.cycle", T("Sound"), T("Next and previous region, and play it"), "", "", "Tab Shift+Tab", KeyScope::Sound, true},
    {"sound.zoom", T("Sound"), T("Zoom to a drag, back, everything"), "", "", "Z B Home", KeyScope::Sound, true},
};
// clang-format on

#undef T

QString translated(const char* text) {
    return QCoreApplication::translate("Keys", text);
}

QList<QKeySequence> sequences(const QString& portable) {
    QList<QKeySequence> keys;
    for (const QString& one : portable.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        keys << QKeySequence(one, QKeySequence::PortableText);
    }
    return keys;
}

/** 1-9, 0; then the same with Shift; then with Alt+Shift. */
KeyAction classAction(int place) {
    static const char* const kPrefixes[] = {"", "Shift+", "Alt+Shift+"};
    KeyAction action;
    action.id = QStringLiteral("class.%1").arg(place + 1);
    action.group = translated("Classes");
    action.text = QCoreApplication::translate("Keys", "Class %1").arg(place + 1);
    action.icon = QStringLiteral("label");
    action.help =
        QCoreApplication::translate("Keys", "Chooses class %1, and gives it to the selected boxes.").arg(place + 1);
    action.keys = sequences(QLatin1String(kPrefixes[place / 10]) + QString::number((place + 1) % 10));
    return action;
}

struct Change {
    const char* id;
    const char* keys;
};

// Peers' habits, without those that would clash with what Querent's keys mean everywhere (Ctrl+V pastes, Ctrl+Y
// redoes).
constexpr Change kLabelImg[] = {{"answer.confirm", "Space Return Enter Ctrl+Return"},
                                {"draw.box", "W"},
                                {"draw.select", "Ctrl+J V"},
                                {"class.palette", "Ctrl+E E"},
                                {"view.actual", "Ctrl+= Ctrl+0"},
                                {"view.zoom_in", "Ctrl++"},
                                {"view.fit", "Ctrl+F F"}};
constexpr Change kCvat[] = {{"item.next", "F PgDown"},        {"item.previous", "D PgUp"},     {"draw.box", "N"},
                            {"answer.empty", "Shift+N"},      {"view.fit", "Ctrl+F"},          {"view.actual", "Alt+0"},
                            {"edit.copy_previous", "Ctrl+B"}, {"edit.delete", "Del Backspace"}};
constexpr Change kLabelStudio[] = {{"item.next", "Ctrl+PgDown PgDown D"},
                                   {"item.previous", "Ctrl+PgUp PgUp A"},
                                   {"answer.confirm", "Ctrl+Return Ctrl+Enter Return Enter"},
                                   {"answer.skip", "Ctrl+Space K"},
                                   {"edit.delete", "Backspace Del"},
                                   {"edit.delete_all", "Ctrl+Backspace"},
                                   {"edit.lock", "Alt+L"},
                                   {"view.boxes", "Alt+H"}};

template <std::size_t Count>
QHash<QString, QList<QKeySequence>> changesOf(const Change (&changes)[Count]) {
    QHash<QString, QList<QKeySequence>> result;
    for (const Change& change : changes)
        result[QLatin1String(change.id)] = sequences(QLatin1String(change.keys));
    return result;
}

}  // namespace

QVector<KeyAction> table() {
    QVector<KeyAction> actions;
    for (const Row& row : kRows) {
        actions << KeyAction{QLatin1String(row.id),
                             translated(row.group),
                             translated(row.text),
                             QLatin1String(row.icon),
                             translated(row.help),
                             sequences(QLatin1String(row.keys)),
                             row.scope,
                             row.fixed};
        if (actions.back().id == QLatin1String("class.previous")) {
            for (int place = 0; place < kClassKeys; ++place)
                actions << classAction(place);
        }
    }
    return actions;
}

QStringList presetNames() {
    return {QStringLiteral("Querent"), QStringLiteral("labelImg"), QStringLiteral("CVAT"),
            QStringLiteral("Label Studio")};
}

QHash<QString, QList<QKeySequence>> presetChanges(const QString& preset) {
    if (preset == QLatin1String("labelImg")) return changesOf(kLabelImg);
    if (preset == QLatin1String("Label Studio")) return changesOf(kLabelStudio);
    if (preset != QLatin1String("CVAT")) return {};
    auto changes = changesOf(kCvat);
    for (int place = 0; place < 10; ++place) {  // CVAT: Ctrl with the digit
        changes[QStringLiteral("class.%1").arg(place + 1)] = sequences(QStringLiteral("Ctrl+%1").arg((place + 1) % 10));
    }
    return changes;
}

}  // namespace querent::app::preferences::keys
