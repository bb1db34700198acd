#include "engine/learn/metrics/coco_matcher.h"

#include <algorithm>
#include <utility>

namespace querent::learn::metrics {
namespace {

struct AreaRange {
    double low;
    double high;
    bool contains(double area) const { return area >= low && area <= high; }
};
constexpr std::array<AreaRange, kCocoAreas> kAreaRanges = {
    {{0.0, 1e10}, {0.0, 32.0 * 32.0}, {32.0 * 32.0, 96.0 * 96.0}, {96.0 * 96.0, 1e10}}};

constexpr std::array<double, kCocoThresholds> makeThresholds() {
    std::array<double, kCocoThresholds> values{};
    const double step = (0.95 - 0.5) / 9.0;  // numpy's linspace, to the last bit
    for (std::size_t t = 0; t < values.size(); ++t)
        values[t] = static_cast<double>(t) * step + 0.5;
    values.back() = 0.95;
    return values;
}
constexpr std::array<double, kCocoThresholds> kThresholds = makeThresholds();

double overlap(const Detection& found, const TrueBox& truth) {
    const double both = intersectionArea(found.box, truth.box);
    if (both <= 0.0) return 0.0;
    return both / (truth.crowd ? found.box.area() : found.box.area() + truth.box.area() - both);
}

/** A true box that a detection overlaps enough for the lowest threshold. */
struct Candidate {
    std::size_t truth = 0;
    double overlap = 0.0;
};

/** The detections and true boxes of one class in one image. Keeps its memory from image to image. */
class ImageMatcher {
 public:
    explicit ImageMatcher(const CocoScope& scope) : m_scope(scope) {}

    /** `found` by descending score, at most 100. Appends one record each to `out`. */
    void match(std::uint32_t image, std::span<const Detection* const> found, std::span<const TrueBox* const> truth,
               CocoClass& out) {
        findCandidates(found, truth);
        const std::size_t first = out.records.size();
        for (std::size_t d = 0; d < found.size(); ++d) {
            out.records.push_back({found[d]->score, image, static_cast<std::uint32_t>(d), {}, {}});
        }
        for (std::size_t area = 0; area < m_scope.areas; ++area) {
            const std::size_t counted = prepareTruth(truth, kAreaRanges[area]);
            out.positives[area] += static_cast<std::int64_t>(counted);
            if (area == 0 && counted > 0) out.positivesByImage.push_back({image, static_cast<std::uint32_t>(counted)});
            for (std::size_t d = 0; d < found.size(); ++d) {
                matchOne(d, kAreaRanges[area].contains(found[d]->box.area()), truth, area, out.records[first + d]);
            }
        }
    }

 private:
    void findCandidates(std::span<const Detection* const> found, std::span<const TrueBox* const> truth) {
        m_candidates.clear();
        m_firstCandidate.assign(1, 0);
        for (const Detection* box : found) {
            for (std::size_t g = 0; g < truth.size(); ++g) {
                const double value = overlap(*box, *truth[g]);
                if (value >= kThresholds.front()) m_candidates.push_back({g, value});
            }
            m_firstCandidate.push_back(m_candidates.size());
        }
    }

    std::size_t prepareTruth(std::span<const TrueBox* const> truth, const AreaRange& range) {
        m_taken.assign(truth.size(), 0);
        m_ignore.clear();
        for (const TrueBox* box : truth)
            m_ignore.push_back(box->crowd || !range.contains(box->box.area()) ? 1 : 0);
        return static_cast<std::size_t>(std::count(m_ignore.begin(), m_ignore.end(), 0));
    }

    void matchOne(std::size_t d, bool inRange, std::span<const TrueBox* const> truth, std::size_t area,
                  CocoRecord& record) {
        unsigned matched = 0;
        unsigned ignored = 0;
        const bool hopeless = m_firstCandidate[d] == m_firstCandidate[d + 1];
        for (std::size_t t = 0; t < m_scope.thresholds && !hopeless; ++t) {
            const unsigned bit = 1U << t;
            const Candidate* best = bestOf(d, t, truth, false);
            if (!best) best = bestOf(d, t, truth, true);
            if (!best) continue;
            matched |= bit;
            if (m_ignore[best->truth] != 0) ignored |= bit;
            m_taken[best->truth] |= bit;
        }
        // What matched nothing and is out of the area range is no miss.
        if (!inRange) ignored |= ~matched & ((1U << kCocoThresholds) - 1U);
        record.matched[area] = static_cast<std::uint16_t>(matched);
        record.ignored[area] = static_cast<std::uint16_t>(ignored);
    }

    /** The free true box of largest overlap, of equal ones the last, among those that are ignored or those that count.
     */
    const Candidate* bestOf(std::size_t d, std::size_t t, std::span<const TrueBox* const> truth, bool ignored) const {
        double least = std::min(kThresholds[t], 1.0 - 1e-10);
        const Candidate* best = nullptr;
        for (std::size_t i = m_firstCandidate[d]; i < m_firstCandidate[d + 1]; ++i) {
            const Candidate& candidate = m_candidates[i];
            if ((m_ignore[candidate.truth] != 0) != ignored || candidate.overlap < least) continue;
            if ((m_taken[candidate.truth] & (1U << t)) != 0 && !truth[candidate.truth]->crowd) continue;
            least = candidate.overlap;
            best = &candidate;
        }
        return best;
    }

    CocoScope m_scope;
    std::vector<Candidate> m_candidates;
    std::vector<std::size_t> m_firstCandidate;  // [detections + 1], where each one's candidates start
    std::vector<unsigned> m_taken;              // [truth], one bit a threshold
    std::vector<char> m_ignore;                 // [truth], in the current area range
};

/** Pointers to the boxes of an image, by class, and detections by descending score within a class. */
struct SortedImage {
    std::vector<const Detection*> found;
    std::vector<const TrueBox*> truth;

    void fill(const ImagePair& pair) {
        found.clear();
        truth.clear();
        for (const Detection& box : pair.found)
            found.push_back(&box);
        for (const TrueBox& box : pair.truth)
            truth.push_back(&box);
        std::stable_sort(found.begin(), found.end(), [](const Detection* a, const Detection* b) {
            return a->label != b->label ? a->label < b->label : a->score > b->score;
        });
        std::stable_sort(truth.begin(), truth.end(),
                         [](const TrueBox* a, const TrueBox* b) { return a->label < b->label; });
    }
};

template <typename T>
std::size_t endOfClass(const std::vector<const T*>& boxes, std::size_t begin, int label) {
    while (begin < boxes.size() && boxes[begin]->label == label)
        ++begin;
    return begin;
}

int nextLabel(const SortedImage& image, std::size_t d, std::size_t g) {
    if (d == image.found.size()) return image.truth[g]->label;
    if (g == image.truth.size()) return image.found[d]->label;
    return std::min(image.found[d]->label, image.truth[g]->label);
}

}  // namespace

std::vector<CocoClass> matchCoco(std::span<const ImagePair> pairs, int classes, const CocoScope& scope) {
    std::vector<CocoClass> result(static_cast<std::size_t>(classes));
    ImageMatcher matcher(scope);
    SortedImage image;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        image.fill(pairs[i]);
        std::size_t d = 0;
        std::size_t g = 0;
        while (d < image.found.size() || g < image.truth.size()) {
            const int label = nextLabel(image, d, g);
            const std::size_t dEnd = endOfClass(image.found, d, label);
            const std::size_t gEnd = endOfClass(image.truth, g, label);
            matcher.match(static_cast<std::uint32_t>(i),
                          std::span(image.found).subspan(d, std::min(dEnd - d, kCocoMaxDetections)),
                          std::span(image.truth).subspan(g, gEnd - g), result[static_cast<std::size_t>(label)]);
            d = dEnd;
            g = gEnd;
        }
    }
    for (CocoClass& one : result) {
        std::stable_sort(one.records.begin(), one.records.end(),
                         [](const CocoRecord& a, const CocoRecord& b) { return a.score > b.score; });
    }
    return result;
}

}  // namespace querent::learn::metrics
