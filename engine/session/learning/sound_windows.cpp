#include "engine/session/learning/sound_windows.h"

#include "engine/session/learning/learner.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::session::learning {
namespace {

constexpr double kLongFrom = 1.5;         // windows
constexpr double kUsualBoxes = 0.95;      // the share of boxes that fit into half a window
constexpr double kLeastVisible = 0.25;    // of a box in training
constexpr double kEdge = 1.0 / 32.0;      // of a window: a box that comes so close to an edge is cut by it
constexpr double kSameBox = 0.5;          // IoU
constexpr double kCovered = 0.5;          // share of a cut box
constexpr double kSameFrequencies = 0.5;  // shared share of the lower of two boxes
constexpr double kLeastScoreShare = 1.0 / 3.0;
constexpr std::size_t kMostBoxesAWindow = 100;
constexpr std::size_t kMostBoxes = 5000;
constexpr std::size_t kFewestEmpty = 2;  // windows of a sound

const ListedMedium* soundOf(const ListedItem& item) {
    const ListedMedium* sound = nullptr;
    for (const ListedMedium& medium : item.media) {
        if (medium.modality == Modality::Image) return nullptr;
        if (medium.modality == Modality::Audio && sound == nullptr) sound = &medium;
    }
    return sound;
}

std::int64_t framesOf(const ListedMedium& sound, double seconds) {
    return std::max<std::int64_t>(1, std::llround(seconds * sound.sound.rate));
}

/** `keep` of `places`, evenly spread. */
std::vector<std::size_t> spread(const std::vector<std::size_t>& places, std::size_t keep) {
    if (keep >= places.size()) return places;
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < keep; ++i)
        kept.push_back(places[(2 * i + 1) * places.size() / (2 * keep)]);
    return kept;
}

bool better(const Detection& a, const Detection& b) {
    return a.score > b.score;
}

/** Boxes of one sound, found by where they are: hours cost no more a minute than minutes do. */
class Timeline {
 public:
    /** `cell`: frames, about a window. */
    Timeline(std::int64_t frames, std::int64_t cell)
        : m_cell(std::max<std::int64_t>(1, cell)), m_cells(static_cast<std::size_t>(frames / m_cell) + 1) {}

    /** Adds a box unless `hides` says of one of its class that reaches into the same cells that it hides it. */
    template <typename Hides>
    void add(Detection found, Hides hides) {
        const std::size_t first = cellOf(found.box.left);
        const std::size_t last = cellOf(found.box.right);
        for (std::size_t c = first; c <= last; ++c) {
            for (const std::size_t other : m_cells[c]) {
                if (kept[other].label == found.label && hides(kept[other].box, found.box)) return;
            }
        }
        for (std::size_t c = first; c <= last; ++c)
            m_cells[c].push_back(kept.size());
        kept.push_back(std::move(found));
    }

    std::vector<Detection> kept;

 private:
    std::size_t cellOf(double frame) const {
        return std::min(m_cells.size() - 1, static_cast<std::size_t>(frame / static_cast<double>(m_cell)));
    }

    std::int64_t m_cell;
    std::vector<std::vector<std::size_t>> m_cells;
};

/** The share of the lower box's height that two boxes have in common. */
double sharedHeight(const Box& a, const Box& b) {
    const double both = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
    const double least = std::min(a.height(), b.height());
    return least > 0.0 ? both / least : 0.0;
}

}  // namespace

double windowSecondsFor(const ItemSource& items, Size input) {
    std::vector<double> seconds;
    for (std::size_t i = 0; i < items.count(); ++i) {
        const ItemTruth truth = items.truth(i);
        if (truth.size.empty()) continue;
        for (const TrueBox& box : truth.boxes) {
            if (!box.crowd) seconds.push_back(box.box.width() / (2.0 * truth.size.height));
        }
    }
    const double usual = spectrogramSeconds(input);
    if (seconds.empty()) return usual;
    std::sort(seconds.begin(), seconds.end());
    const auto place = static_cast<std::size_t>(kUsualBoxes * static_cast<double>(seconds.size() - 1));
    return std::max(usual, 2.0 * seconds[place]);
}

bool needsWindows(const ListedItem& item, double windowSeconds) {
    const ListedMedium* sound = soundOf(item);
    return sound != nullptr && windowSeconds > 0.0 && sound->sound.seconds() > kLongFrom * windowSeconds;
}

std::vector<SoundWindow> windowsOver(std::int64_t frames, std::int64_t windowFrames) {
    std::vector<SoundWindow> windows;
    const std::int64_t length = std::min(frames, windowFrames);
    const std::int64_t step = std::max<std::int64_t>(1, length / 2);
    for (std::int64_t first = 0;; first += step) {
        const std::int64_t start = std::min(first, frames - length);  // the last one ends with the sound
        windows.push_back({start, length, 0, frames, start == 0, start + length == frames});
        if (start + length == frames) break;
    }
    for (std::size_t i = 1; i < windows.size(); ++i)
        windows[i - 1].to = windows[i].from = (windows[i].first + windows[i - 1].first + length) / 2;
    return windows;
}

std::vector<SoundWindow> windowsOf(const ListedItem& item, double windowSeconds) {
    const ListedMedium* sound = soundOf(item);
    if (sound == nullptr) return {};
    return windowsOver(sound->sound.frames, framesOf(*sound, windowSeconds));
}

ListedItem windowOf(const ListedItem& item, const SoundWindow& window) {
    ListedItem part;
    part.media = {*soundOf(item)};
    part.media.front().firstFrame = window.first;
    part.media.front().frames = window.frames;
    part.truth.item = item.truth.item;
    part.truth.size = {static_cast<int>(window.frames), item.truth.size.height};
    for (TrueBox truth : item.truth.boxes) {
        const double whole = truth.box.area();
        truth.box = truth.box.translated(static_cast<double>(-window.first), 0.0).clampedTo(part.truth.size);
        if (truth.box.empty()) continue;
        if (truth.box.area() < kLeastVisible * whole) truth.crowd = true;
        part.truth.boxes.push_back(truth);
    }
    return part;
}

WindowedItems windowsForTraining(const ItemList& items, double windowSeconds) {
    std::vector<ListedItem> all;
    std::vector<std::size_t> parts;
    const auto take = [&](ListedItem item, std::size_t part) {
        item.truth.item = static_cast<std::int64_t>(all.size());
        all.push_back(std::move(item));
        parts.push_back(part);
    };
    for (std::size_t i = 0; i < items.count(); ++i) {
        const ListedItem& item = items.items()[i];
        if (!needsWindows(item, windowSeconds)) {
            take(item, i);
            continue;
        }
        const std::vector<SoundWindow> windows = windowsOf(item, windowSeconds);
        std::vector<std::size_t> chosen, empty;
        for (std::size_t w = 0; w < windows.size(); ++w) {
            const ListedItem part = windowOf(item, windows[w]);
            const bool any = std::any_of(part.truth.boxes.begin(), part.truth.boxes.end(),
                                         [](const TrueBox& box) { return !box.crowd; });
            (any ? chosen : empty).push_back(w);
        }
        const std::vector<std::size_t> silent = spread(empty, std::max(kFewestEmpty, chosen.size()));
        chosen.insert(chosen.end(), silent.begin(), silent.end());
        std::sort(chosen.begin(), chosen.end());
        for (const std::size_t w : chosen)
            take(windowOf(item, windows[w]), i);
    }
    return {items.derived(std::move(all)), std::move(parts)};
}

void WindowMerger::add(const SoundWindow& window, const ItemPrediction& seen) {
    m_windowFrames = std::max(m_windowFrames, window.frames);
    m_pieces.emplace_back();
    for (Detection found : seen.boxes) {
        found.box = found.box.translated(static_cast<double>(window.first), 0.0);
        take(window, found);
    }
    // Hours of windows with a hundred guesses each: only the best can be among those that stay in the end.
    if (m_whole.size() > 4 * kMostBoxes) {
        const auto end = m_whole.begin() + static_cast<std::ptrdiff_t>(2 * kMostBoxes);
        std::nth_element(m_whole.begin(), end, m_whole.end(), better);
        m_whole.erase(end, m_whole.end());
    }
    m_expectedLoss += seen.expectedLoss;
    m_discrepancy = seen.discrepancy < 0.0 || m_discrepancy < 0.0 ? -1.0 : m_discrepancy + seen.discrepancy;
    m_embedding.resize(std::max(m_embedding.size(), seen.embedding.size()));
    for (std::size_t i = 0; i < seen.embedding.size(); ++i)
        m_embedding[i] += static_cast<double>(seen.embedding[i]);
}

void WindowMerger::take(const SoundWindow& window, const Detection& found) {
    const auto length = static_cast<double>(window.frames);
    const auto left = static_cast<double>(window.first);
    const double edge = kEdge * length;
    Piece piece{found, !window.begins && found.box.left < left + edge,
                !window.ends && found.box.right > left + length - edge};
    if (piece.cutLeft || piece.cutRight) {
        if (found.box.width() >= 0.5 * length - 2.0 * edge) m_pieces.back().push_back(std::move(piece));
        return;
    }
    // A little beyond its own part too: where two windows disagree about the middle, neither might answer.
    const double middle = found.box.centreX();
    const bool before = !window.begins && middle < static_cast<double>(window.from) - edge;
    const bool behind = !window.ends && middle > static_cast<double>(window.to) + edge;
    if (!before && !behind) m_whole.push_back(found);
}

WindowMerger::Piece* WindowMerger::continuation(std::size_t window, const Piece& piece, bool rightwards) {
    Piece* best = nullptr;
    for (Piece& other : m_pieces[window]) {
        const bool meets = rightwards ? other.cutLeft && other.found.box.left < piece.found.box.right
                                      : other.cutRight && other.found.box.right > piece.found.box.left;
        const double worse = std::min(other.found.score, piece.found.score);
        const double most = std::max(other.found.score, piece.found.score);
        if (other.used || !meets || other.found.label != piece.found.label || worse < kLeastScoreShare * most) continue;
        if (sharedHeight(other.found.box, piece.found.box) < kSameFrequencies) continue;
        if (best == nullptr || other.found.score > best->found.score) best = &other;
    }
    return best;
}

WindowMerger::Piece WindowMerger::joined(std::size_t window, Piece& start) {
    start.used = true;
    Piece all = start;
    const auto walk = [&](bool rightwards) {
        const Piece* at = &start;
        std::size_t place = window;
        while (rightwards ? at->cutRight && place + 1 < m_pieces.size() : at->cutLeft && place > 0) {
            place = rightwards ? place + 1 : place - 1;
            Piece* next = continuation(place, *at, rightwards);
            if (next == nullptr) return;
            next->used = true;
            all.found.box.left = std::min(all.found.box.left, next->found.box.left);
            all.found.box.right = std::max(all.found.box.right, next->found.box.right);
            (rightwards ? all.cutRight : all.cutLeft) = rightwards ? next->cutRight : next->cutLeft;
            at = next;
        }
    };
    walk(true);
    walk(false);
    return all;
}

void WindowMerger::joinPieces() {
    std::vector<std::pair<std::size_t, std::size_t>> order;
    for (std::size_t w = 0; w < m_pieces.size(); ++w) {
        for (std::size_t p = 0; p < m_pieces[w].size(); ++p)
            order.emplace_back(w, p);
    }
    const auto at = [this](const auto& place) -> Piece& { return m_pieces[place.first][place.second]; };
    std::stable_sort(order.begin(), order.end(),
                     [&](const auto& a, const auto& b) { return better(at(a).found, at(b).found); });
    for (const auto& place : order) {
        if (at(place).used) continue;
        const Piece all = joined(place.first, at(place));
        (all.cutLeft || all.cutRight ? m_cut : m_whole).push_back(all.found);
    }
}

ItemPrediction WindowMerger::finish() {
    joinPieces();
    Timeline timeline(m_plane.width, m_windowFrames);
    for (std::vector<Detection>* boxes : {&m_whole, &m_cut}) {
        std::stable_sort(boxes->begin(), boxes->end(), better);
        for (Detection& found : *boxes) {
            found.box = found.box.clampedTo(m_plane);
            if (found.box.empty()) continue;
            timeline.add(std::move(found), [&](const Box& kept, const Box& box) {
                return boxes == &m_whole ? iou(kept, box) > kSameBox
                                         : intersectionArea(kept, box) > kCovered * box.area();
            });
        }
    }
    const std::size_t windows = m_pieces.size();
    ItemPrediction merged;
    merged.item = m_item;
    merged.boxes = std::move(timeline.kept);
    std::stable_sort(merged.boxes.begin(), merged.boxes.end(), better);
    if (const std::size_t most = std::min(kMostBoxes, kMostBoxesAWindow * windows); merged.boxes.size() > most)
        merged.boxes.resize(most);
    for (const double sum : m_embedding)
        merged.embedding.push_back(static_cast<float>(sum / static_cast<double>(windows)));
    if (windows == 0) return merged;
    merged.expectedLoss = m_expectedLoss / static_cast<double>(windows);
    if (m_discrepancy >= 0.0) merged.discrepancy = m_discrepancy / static_cast<double>(windows);
    return merged;
}

}  // namespace querent::session::learning
