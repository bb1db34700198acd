#pragma once

#include "engine/core/samples.h"
#include "engine/session/learning/item_list.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace querent::session::learning {

/**
 * A stretch of a long sound that a detector looks at by itself. Neighbours overlap by at least half a window. Each
 * answers for what has its middle between `from` and `to`: these parts cover the sound once, and whatever is not longer
 * than half a window lies whole in the window that answers for it.
 */
struct SoundWindow {
    std::int64_t first = 0;   // frames of the file
    std::int64_t frames = 0;  // length
    std::int64_t from = 0;
    std::int64_t to = 0;
    bool begins = true;  // at the beginning of the sound: its left edge cuts nothing
    bool ends = true;    // at the end of the sound
};

/**
 * How long a window should be, in seconds: as long as `input` shows at the usual scale, and at least twice as long as
 * nearly all (95 in 100) boxes of the items.
 */
double windowSecondsFor(const ItemSource& items, Size input);

/** Whether an item is looked at in windows: a sound, and no picture, of more than one and a half windows. */
bool needsWindows(const ListedItem& item, double windowSeconds);

/** The windows of a sound of so many frames; one when it is not longer than a window. */
std::vector<SoundWindow> windowsOver(std::int64_t frames, std::int64_t windowFrames);
std::vector<SoundWindow> windowsOf(const ListedItem& item, double windowSeconds);

/**
 * An item that is one window of a long sound: its plane is the window's, its boxes are those that reach into it, cut at
 * its edges. Of a box that shows less than a quarter nobody could say what it is: it is marked as a crowd, which
 * training ignores.
 */
ListedItem windowOf(const ListedItem& item, const SoundWindow& window);

/** Items to train on, and of which place of the original list each is a part. */
struct WindowedItems {
    ItemList items;  // truth().item is the place in this list
    std::vector<std::size_t> parts;
};

/**
 * Long sounds in windows, all others as they are. Of a sound's windows without a box only as many stay as there are
 * with one (at least two), evenly spread: silence would crowd out everything else.
 */
WindowedItems windowsForTraining(const ItemList& items, double windowSeconds);

/**
 * Puts what a detector saw in the windows of one sound together. Boxes that a window's edge does not cut count where
 * their middle lies in the part that the window answers for. A cut box gives way to the neighbour, which sees it whole,
 * when it shows less than half a window; longer ones are joined with what the neighbours see of them (same class, at
 * least half of their frequencies in common, scores not too different). Of what still overlaps (same class, IoU above
 * one half) the better one stays; what is cut even so goes where others cover half of it. Scores, class probabilities
 * and features of boxes stay as they are; a joined box has those of its best part. Embeddings, expected losses and
 * discrepancies are averaged; what one window does not know is not known of the sound. One thread at a time.
 */
class WindowMerger {
 public:
    /** @param sound  the item's truth: its id, and its plane in frames x Hz */
    explicit WindowMerger(const ItemTruth& sound) : m_item(sound.item), m_plane(sound.size) {}

    /** Windows come in their order; the boxes of `seen` are in frames of the window. */
    void add(const SoundWindow& window, const ItemPrediction& seen);
    /** Boxes in frames of the file, best first; at most 100 a window and 5,000 in all. */
    ItemPrediction finish();

 private:
    /** A box that an inner edge of its window cuts. */
    struct Piece {
        Detection found;
        bool cutLeft = false;
        bool cutRight = false;
        bool used = false;
    };
    void take(const SoundWindow& window, const Detection& found);
    void joinPieces();
    Piece joined(std::size_t window, Piece& start);
    Piece* continuation(std::size_t window, const Piece& piece, bool rightwards);

    std::int64_t m_item;
    Size m_plane;
    std::int64_t m_windowFrames = 0;
    std::vector<Detection> m_whole, m_cut;
    std::vector<std::vector<Piece>> m_pieces;  // by window
    std::vector<double> m_embedding;           // sum
    double m_expectedLoss = 0.0;               // sum
    double m_discrepancy = 0.0;                // sum; < 0 where a window has none
};

}  // namespace querent::session::learning
