#pragma once

#include "engine/core/rng.h"
#include "engine/core/samples.h"

#include <cstdint>
#include <string>
#include <vector>

namespace querent::learn {

/**
 * Generated items of three classes with a picture (a bright bar at a third of its own), a sound (a loud band of its
 * own) and a text (a word of its own among others). Any of them may be missing.
 */
class MediaItems : public ItemSource {
 public:
    static constexpr int kClasses = 3;
    static constexpr std::size_t kBands = 16;

    /** present(i, modality): whether item i has it. */
    template <typename Present>
    MediaItems(std::size_t count, std::uint64_t seed, Present&& present) {
        for (std::size_t i = 0; i < count; ++i) {
            Rng rng(seed + i, "media");
            Made item;
            item.label = static_cast<int>(i % kClasses);
            if (present(i, Modality::Image)) item.picture = pictureOf(item.label, rng);
            if (present(i, Modality::Audio)) item.sound = soundOf(item.label, rng);
            if (present(i, Modality::Text)) item.text = textOf(item.label, rng);
            m_items.push_back(std::move(item));
        }
    }
    MediaItems(std::size_t count, std::uint64_t seed)
        : MediaItems(count, seed, [](std::size_t, Modality) { return true; }) {}

    std::size_t count() const override { return m_items.size(); }
    ItemTruth truth(std::size_t index) const override {
        ItemTruth truth;
        truth.item = static_cast<std::int64_t>(index) + 1;
        truth.labels = {m_items[index].label};
        return truth;
    }
    Result<Raster> load(std::size_t index, Size) const override { return m_items[index].picture; }
    Result<Content> content(std::size_t index, Modality modality, Size) const override {
        const Made& item = m_items[index];
        if (modality == Modality::Image && !item.picture.empty()) return Content(item.picture);
        if (modality == Modality::Audio && item.sound.rows > 0) return Content(item.sound);
        if (modality == Modality::Text && !item.text.empty()) return Content(item.text);
        return Content();
    }
    std::vector<ItemTruth> truths() const {
        std::vector<ItemTruth> all;
        for (std::size_t i = 0; i < count(); ++i)
            all.push_back(truth(i));
        return all;
    }

 private:
    struct Made {
        int label = 0;
        Raster picture;
        Matrix sound;
        std::string text;
    };

    static Raster pictureOf(int label, Rng& rng) {
        Raster picture{{18, 18}, {}};
        picture.rgb.resize(picture.stride() * 18);
        for (std::size_t y = 0; y < 18; ++y) {
            for (std::size_t x = 0; x < 54; ++x) {
                const bool bar = static_cast<int>(x / 18) == label;
                picture.rgb[y * picture.stride() + x] =
                    static_cast<std::uint8_t>(rng.integer(bar ? 140 : 20, bar ? 255 : 120));
            }
        }
        return picture;
    }
    static Matrix soundOf(int label, Rng& rng) {
        Matrix sound(static_cast<std::size_t>(rng.integer(12, 20)), kBands);
        for (std::size_t column = 0; column < sound.rows; ++column) {
            for (std::size_t band = 0; band < kBands; ++band) {
                const bool loud = static_cast<int>(band / 5) == label;
                sound.at(column, band) = static_cast<float>(rng.uniform(-60.0, -40.0) + (loud ? 25.0 : 0.0));
            }
        }
        return sound;
    }
    static std::string textOf(int label, Rng& rng) {
        static const char* const kWords[] = {"heron", "lantern", "pebble"};
        static const char* const kOthers[] = {"the", "a", "was", "seen", "near", "water"};
        std::string text;
        const int place = rng.integer(0, 4);
        for (int i = 0; i < 5; ++i) {
            if (i > 0) text.push_back(' ');
            text += i == place ? kWords[label] : kOthers[rng.index(6)];
        }
        return text;
    }

    std::vector<Made> m_items;
};

}  // namespace querent::learn
