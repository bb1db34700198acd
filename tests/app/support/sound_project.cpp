#include "tests/app/support/sound_project.h"

#include "engine/media/sound/wav_writer.h"
#include "engine/session/transfer/transfer.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <numbers>

namespace querent::app::test {

namespace fs = std::filesystem;

namespace {

/** Test set-up that fails is a fault of the program: nothing after it would mean anything. */
[[noreturn]] void giveUp(const std::string& why) {
    qFatal("%s", why.c_str());
}

template <typename Number>
void put(std::string& bytes, Number number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

std::vector<float> sweep(int rate, int channels, std::int64_t frames) {
    std::vector<float> samples(static_cast<std::size_t>(frames * channels));
    double phase = 0.0;
    std::size_t at = 0;
    for (std::int64_t i = 0; i < frames; ++i) {
        const double t = static_cast<double>(i) / rate;
        const double within = std::fmod(t, 2.0) / 2.0;
        phase += 2.0 * std::numbers::pi * (200.0 + within * 0.4 * rate) / rate;
        for (int c = 0; c < channels; ++c) {
            const double swell = 0.1 + 0.7 * std::abs(std::sin(1.3 * t + c));
            samples[at++] = static_cast<float>(swell * std::sin(phase * (c + 1) / channels));
        }
    }
    return samples;
}

void writeSweep(const fs::path& file, int rate, int channels, std::int64_t frames) {
    fs::create_directories(file.parent_path());
    const auto written = media::sound::writeWav(file, sweep(rate, channels, frames), rate, channels);
    if (!written) giveUp(written.error().text());
}

void writeLong(const fs::path& file, int rate, int channels, std::int64_t seconds,
               const std::function<bool(std::int64_t, std::vector<std::int16_t>&)>& second) {
    fs::create_directories(file.parent_path());
    const auto frameBytes = static_cast<std::uint16_t>(2 * channels);
    const std::int64_t dataBytes = seconds * rate * frameBytes;
    std::string head = "RF64";
    put(head, std::uint32_t{0xFFFFFFFF});
    head += "WAVEds64";
    put(head, std::uint32_t{28});
    put(head, dataBytes + 72);
    put(head, dataBytes);
    put(head, seconds * rate);
    put(head, std::uint32_t{0});
    head += "fmt ";
    put(head, std::uint32_t{16});
    put(head, std::uint16_t{1});
    put(head, static_cast<std::uint16_t>(channels));
    put(head, static_cast<std::uint32_t>(rate));
    put(head, static_cast<std::uint32_t>(rate * frameBytes));
    put(head, frameBytes);
    put(head, std::uint16_t{16});
    head += "data";
    put(head, std::uint32_t{0xFFFFFFFF});
    std::ofstream out(file, std::ios::binary);
    out << head;
    std::vector<std::int16_t> samples(static_cast<std::size_t>(rate * channels));
    for (std::int64_t i = 0; i < seconds; ++i) {
        const auto bytes = static_cast<std::streamsize>(samples.size() * sizeof(std::int16_t));
        if (second(i, samples)) {
            out.write(reinterpret_cast<const char*>(samples.data()), bytes);
        } else {
            out.seekp(bytes, std::ios::cur);
        }
    }
    out.close();
    if (!out) giveUp("cannot write " + file.string());
    fs::resize_file(file, static_cast<std::uintmax_t>(dataBytes) + head.size());
}

std::unique_ptr<session::Project> soundProject(const fs::path& folder, TaskKind task, std::vector<Modality> media) {
    ProjectSettings settings;
    settings.task = task;
    settings.media = std::move(media);
    settings.holdoutShare = 0.0;
    auto project = session::project::Project::create(folder / "test.querent", settings, {"wren", "owl"});
    if (!project) giveUp(project.error().text());
    session::transfer::ImportRequest request;
    request.format = "folder";
    request.from = folder / "sounds";
    const auto report = session::transfer::importInto(**project, request, Job());
    if (!report) giveUp(report.error().text());
    return *std::move(project);
}

Item itemOf(const session::Project& project, const char* text) {
    ItemFilter filter;
    filter.text = text;
    const auto rows = project.rows(filter, 0, 1);
    if (rows.empty()) giveUp(std::string("no item named ").append(text));
    return project.item(rows[0].id).value();
}

}  // namespace querent::app::test
