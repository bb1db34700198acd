#pragma once

#include "tests/engine/formats/formats_support.h"

#include <array>
#include <cstdint>
#include <tuple>

/** What the tests of sound formats share: small real wav files and a reader of their headers. */
namespace support {

/** Rate, channels and length from the header of a wav file; knows nothing but PCM in a RIFF. */
inline Result<SoundShape> wavShape(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    const auto number = [&](int bytes) {
        std::array<unsigned char, 4> raw{};
        file.read(reinterpret_cast<char*>(raw.data()), bytes);
        return static_cast<std::int64_t>(raw[0] | raw[1] << 8 | raw[2] << 16) +
               static_cast<std::int64_t>(raw[3]) * (1 << 24);
    };
    std::string word(4, ' ');
    const auto tag = [&] { return file.read(word.data(), 4) ? word : std::string(); };
    if (tag() != "RIFF" || number(4) < 0 || tag() != "WAVE") return fail(ErrorCode::Malformed, "This is no wav.", path);
    SoundShape shape;
    std::int64_t frameBytes = 0;
    for (std::string name = tag(); !name.empty(); name = tag()) {
        const std::int64_t size = number(4);
        const auto next = file.tellg() + static_cast<std::streamoff>(size + size % 2);
        if (name == "fmt ") {
            number(2);
            shape.channels = static_cast<int>(number(2));
            shape.rate = static_cast<int>(number(4));
            number(4);
            frameBytes = number(2);
        } else if (name == "data" && frameBytes > 0) {
            shape.frames = size / frameBytes;
            return shape;
        }
        file.seekg(next);
    }
    return fail(ErrorCode::Malformed, "The wav has no data.", path);
}

/** A wav file that says it holds this much; its samples are left out, as nobody here reads them. */
inline std::string wavText(const SoundShape& shape) {
    std::string text;
    const auto number = [&](std::int64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            text.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
    };
    const std::int64_t bytes = shape.frames * shape.channels * 2;
    text += "RIFF";
    number(36 + bytes, 4);
    text += "WAVEfmt ";
    number(16, 4);
    number(1, 2);
    number(shape.channels, 2);
    number(shape.rate, 4);
    number(static_cast<std::int64_t>(shape.rate) * shape.channels * 2, 4);
    number(shape.channels * 2, 2);
    number(16, 2);
    text += "data";
    number(bytes, 4);
    return text;
}

inline ReadOptions hearing(const fs::path& from, const fs::path& files = {}) {
    ReadOptions options = reading(from, files);
    options.soundShape = wavShape;
    return options;
}

/** A sound of 8 kHz, mono. */
inline fs::path writeSound(const Folder& folder, const std::string& name, double seconds, int rate = 8000) {
    return folder.write(name, wavText({rate, 1, std::llround(seconds * rate)}));
}

/** A labelled sound of two seconds, without labels yet, in `folder`/audio. */
inline DatasetItem soundItem(const Folder& folder, const std::string& name, int rate) {
    DatasetItem item;
    item.name = name;
    item.file = writeSound(folder, "audio/" + name, 2.0, rate);
    item.sound = {rate, 1, std::int64_t{2} * rate};
    item.state = ItemState::Labelled;
    return item;
}

struct SoundOptions {
    bool wholeFrames = true;
    bool scores = false;
    bool splits = true;
};

/** Sounds with awkward names and rates below `folder`/audio, with boxes in the order of time. */
inline Dataset randomSounds(Rng& rng, const Folder& folder, const SoundOptions& options) {
    static const std::vector<std::string> kNames = {
        "a.wav",    "sub/a.wav", "Vögel am Morgen.WAV", "s2.wav",          "s10.wav",     "=x.wav",
        "same.wav", "same.flac", "classes.wav",         "it's, \"q\".wav", "鳥/声 1.wav", "no.dots.wav"};
    static constexpr std::array<int, 5> kRates = {8000, 11025, 22050, 44100, 48000};
    Dataset data;
    data.classes = {"Amsel", "weiße Zelle", "<&>\"'", "-5", "0", "a,b;c", "never used"};
    for (const std::string& name : kNames) {
        DatasetItem item;
        item.name = name;
        item.sound = {kRates[rng.index(kRates.size())], rng.integer(1, 2), rng.integer(2000, 3000000)};
        item.file = folder.write("audio/" + name, wavText(item.sound));
        if (options.splits) item.split = static_cast<Split>(rng.index(3));
        const int count = rng.chance(0.3) ? 0 : rng.integer(1, 8);
        const Size reach{static_cast<int>(item.sound.frames), static_cast<int>(item.sound.nyquist())};
        for (int i = 0; i < count; ++i) {
            DatasetBox box;
            box.label = data.classes[rng.index(data.classes.size() - 1)];
            box.box = randomBox(rng, reach, options.wholeFrames);
            if (rng.chance(0.3)) box.box->top = 0.0, box.box->bottom = item.sound.nyquist();
            if (options.scores) box.score = rng.uniform();
            item.boxes.push_back(box);
        }
        std::sort(item.boxes.begin(), item.boxes.end(), [](const DatasetBox& a, const DatasetBox& b) {
            return std::tie(a.box->left, a.box->right) < std::tie(b.box->left, b.box->right);
        });
        item.state = count > 0 ? ItemState::Labelled : ItemState::ConfirmedEmpty;
        data.items.push_back(std::move(item));
    }
    return data;
}

inline bool says(const LossReport& report, const std::string& line) {
    return std::find(report.lines.begin(), report.lines.end(), line) != report.lines.end();
}

inline std::string allLines(const LossReport& report) {
    std::string text;
    for (const std::string& line : report.lines)
        text += line + "\n";
    return text;
}

}  // namespace support
