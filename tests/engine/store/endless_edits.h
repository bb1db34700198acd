#pragma once

#include "tests/engine/store/store_fixture.h"

#include <unistd.h>

namespace querent::store::test {

/**
 * For a process of its own: draws a box on one item after the other and moves it, for ever; tells each acknowledged
 * event through the pipe. Returns an exit code when something fails.
 * @param pause  after each edit, in microseconds
 */
inline int writeForEver(const std::filesystem::path& path, const std::vector<ItemId>& items, ClassId label, int pipe,
                        unsigned pause = 0) {
    Result<ProjectFile> file = ProjectFile::open(path, Access::ReadWrite);
    if (!file) return 1;
    for (std::size_t i = 0;; ++i) {
        const ItemId item = items[i % items.size()];
        Annotation box = boxOf(label);
        box.id = *file->annotations().nextId();
        Annotation moved = box;
        moved.box->right += 1;
        Edit move;
        move.item = item;
        move.changes = {{box, moved}};
        for (const Edit& edit : {creating(item, {box}), move}) {
            const Result<EventId> event = file->annotations().apply(edit);
            if (!event) return 2;
            if (pause > 0) usleep(pause);
            if (write(pipe, &event->value, sizeof event->value) != sizeof event->value) return 3;
        }
    }
}

// The annotations of an item as its event log says they must be.
inline std::vector<Annotation> replayed(const std::vector<EventRecord>& log) {
    std::vector<Annotation> boxes;
    for (const EventRecord& event : log)
        for (const AnnotationChange& change : event.edit.changes) {
            if (change.before) std::erase(boxes, *change.before);
            if (change.after) boxes.push_back(*change.after);
        }
    return boxes;
}

}  // namespace querent::store::test
