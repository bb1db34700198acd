#include "engine/core/samples.h"
#include "engine/core/stopwatch.h"
#include "engine/learn/detect/trainer.h"
#include "engine/learn/detector_config.h"
#include "engine/session/bench/bench.h"
#include "engine/session/bench/generated.h"

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <thread>

namespace querent::session::bench {
namespace {

constexpr Size kPicture{320, 240};
constexpr int kPictures = 16;

/** Generated pictures with a few boxes each, in memory. */
class GeneratedPictures : public ItemSource {
 public:
    GeneratedPictures() {
        Rng rng(5, "training bench");
        for (int i = 0; i < kPictures; ++i) {
            ItemTruth truth{i + 1, kPicture, {}};
            for (int k = 0; k < 4; ++k)
                truth.boxes.push_back({randomBox(rng, kPicture), 0});
            m_truths.push_back(truth);
            m_pictures.push_back(noisePicture(kPicture, static_cast<std::uint64_t>(i)));
        }
    }
    std::size_t count() const override { return m_truths.size(); }
    ItemTruth truth(std::size_t index) const override { return m_truths[index]; }
    Result<Raster> load(std::size_t index, Size) const override { return m_pictures[index]; }

 private:
    std::vector<ItemTruth> m_truths;
    std::vector<Raster> m_pictures;
};

/** Seconds of each step of a short training. */
Result<std::vector<double>> stepTimes(const learn::DetectorConfig& detector, learn::TrainingConfig config,
                                      const ItemSource& pictures, const Job& job) {
    config.steps = 6;
    std::vector<double> seconds;
    Stopwatch watch;
    const auto note = [&](const TrainingStep&) {
        seconds.push_back(watch.seconds());
        watch = Stopwatch();
    };
    const auto outcome = learn::detect::DetectorTrainer().train(detector, config, pictures, nullptr, {}, note, job);
    if (!outcome) return outcome.error();
    seconds.erase(seconds.begin());  // with the building of the network
    std::ranges::sort(seconds);
    return seconds;
}

/** From the wish to stop, `delay` after the first step, until the training has ended: seconds. */
Result<double> stopTime(const learn::DetectorConfig& detector, const learn::TrainingConfig& config,
                        const ItemSource& pictures, std::chrono::duration<double> delay) {
    std::stop_source stop;
    Stopwatch watch;
    std::jthread person;
    const auto begin = [&](const TrainingStep& step) {
        if (step.step != 1) return;
        person = std::jthread([&] {
            std::this_thread::sleep_for(delay);
            watch = Stopwatch();
            stop.request_stop();
        });
    };
    const auto outcome =
        learn::detect::DetectorTrainer().train(detector, config, pictures, nullptr, {}, begin, Job(stop.get_token()));
    if (person.joinable()) person.join();
    const double seconds = watch.seconds();
    if (!outcome && outcome.error().code != ErrorCode::Cancelled) return outcome.error();
    return seconds;
}

}  // namespace

Result<BenchFigures> benchTraining(const std::filesystem::path& folder, const Job& job) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const GeneratedPictures pictures;
    learn::TrainingConfig config;
    config.steps = 100'000;
    config.model = folder / "model.safetensors";
    BenchFigures figures;
    for (const char* size : {"small", "base", "large"}) {
        learn::DetectorConfig detector;
        detector.size = size;
        detector.input = kPicture;
        const auto times = stepTimes(detector, config, pictures, job);
        if (!times) return times.error();
        const double step = (*times)[times->size() / 2];
        figures[std::string(size) + "_step_ms"] = step * 1e3;
        double longest = 0.0;
        for (int part = 1; part <= 4; ++part) {
            if (job.cancelled()) return Job::stopped();
            const auto stopped = stopTime(detector, config, pictures, std::chrono::duration<double>(step * part / 5.0));
            if (!stopped) return stopped.error();
            longest = std::max(longest, *stopped);
        }
        figures[std::string(size) + "_longest_stop_ms"] = longest * 1e3;
    }
    return figures;
}

}  // namespace querent::session::bench
