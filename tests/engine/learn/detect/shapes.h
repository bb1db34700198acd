#pragma once

#include "engine/core/rng.h"
#include "engine/core/samples.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace querent::learn {

/** Generated pictures: discs (class 0) and squares (class 1) of some colour on a noisy ground. */
class Shapes : public ItemSource {
 public:
    /** size: at least 120 x 60 pixels. */
    Shapes(std::size_t count, std::uint64_t seed, Size size = {160, 128}) {
        for (std::size_t i = 0; i < count; ++i)
            add(static_cast<std::int64_t>(i + 1), Rng(seed + i, "shapes"), size);
    }
    std::size_t count() const override { return m_truths.size(); }
    ItemTruth truth(std::size_t index) const override { return m_truths[index]; }
    Result<Raster> load(std::size_t index, Size) const override { return m_pictures[index]; }

    std::vector<ItemTruth> truths() const { return m_truths; }
    void addBox(std::size_t index, const TrueBox& box) { m_truths[index].boxes.push_back(box); }

 private:
    void add(std::int64_t id, Rng rng, Size size) {
        Raster picture{size, {}};
        picture.rgb.resize(picture.stride() * static_cast<std::size_t>(size.height));
        for (std::uint8_t& value : picture.rgb)
            value = static_cast<std::uint8_t>(rng.integer(60, 90));
        ItemTruth truth{id, size, {}};
        // One shape in each half, so that they never touch.
        for (int half = 0; half < 2; ++half) {
            const int room = std::min(size.width / 2, size.height) - 4;
            const int side = rng.integer(std::min(24, room - 4), std::min(52, room));
            const int left = half * size.width / 2 + rng.integer(2, size.width / 2 - side - 2);
            const int top = rng.integer(2, size.height - side - 2);
            const int label = rng.integer(0, 1);
            draw(picture, left, top, side, label, rng);
            const Box box{double(left), double(top), double(left + side), double(top + side)};
            truth.boxes.push_back({box, label});
        }
        m_pictures.push_back(picture);
        m_truths.push_back(truth);
    }

    static void draw(Raster& picture, int left, int top, int side, int label, Rng& rng) {
        const std::uint8_t colour[3] = {static_cast<std::uint8_t>(rng.integer(150, 255)),
                                        static_cast<std::uint8_t>(rng.integer(150, 255)),
                                        static_cast<std::uint8_t>(rng.integer(0, 60))};
        const double radius = 0.5 * side;
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x) {
                const double dx = x + 0.5 - radius;
                const double dy = y + 0.5 - radius;
                if (label == 0 && dx * dx + dy * dy > radius * radius) continue;
                const std::size_t at =
                    static_cast<std::size_t>(top + y) * picture.stride() + static_cast<std::size_t>(left + x) * 3;
                std::copy(colour, colour + 3, picture.rgb.begin() + static_cast<std::ptrdiff_t>(at));
            }
        }
    }

    std::vector<Raster> m_pictures;
    std::vector<ItemTruth> m_truths;
};

}  // namespace querent::learn
