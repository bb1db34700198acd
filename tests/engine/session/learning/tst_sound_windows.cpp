// Boxes on long sounds: windows that miss nothing, answers that come back to the right frames, and a detector that
// learns from them.
#include "engine/core/rng.h"
#include "engine/media/sound/wav_writer.h"
#include "engine/session/learning/learner.h"
#include "engine/session/learning/sound_windows.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numbers>

using namespace querent;
using namespace querent::session;
using namespace querent::session::learning;
namespace fs = std::filesystem;

namespace {

constexpr int kRate = 8000;
constexpr double kWindow = 2.0;  // seconds
constexpr std::int64_t kWindowFrames = 2 * kRate;

TrueBox toneAt(double from, double to, int label) {
    const double middle = label == 0 ? 900.0 : 2700.0;
    return {{from * kRate, middle - 400.0, to * kRate, middle + 400.0}, label};
}

/** Tones at places that a generator chooses, 0.3 to 0.9 s long, at least 0.2 s apart. */
std::vector<TrueBox> tonesOver(double seconds, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<TrueBox> all;
    for (double at = 0.0;;) {
        const double length = rng.uniform(0.3, 0.9);
        if (at + length > seconds) return all;
        all.push_back(toneAt(at, at + length, rng.chance(0.5) ? 1 : 0));
        at += length + rng.uniform(0.2, 4.0);
    }
}

ListedItem soundItem(std::int64_t id, double seconds, std::vector<TrueBox> boxes, const fs::path& path = {}) {
    ListedItem item;
    const auto frames = static_cast<std::int64_t>(seconds * kRate);
    item.truth = {id, {static_cast<int>(frames), kRate / 2}, std::move(boxes)};
    item.media.push_back({Modality::Audio, path, {kRate, 1, frames}, {}});
    return item;
}

/** The item as a file: its tones over a faint hiss. */
bool writeSound(const ListedItem& item, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<float> samples(static_cast<std::size_t>(item.truth.size.width));
    for (float& sample : samples)
        sample = static_cast<float>(0.003 * rng.normal());
    for (const TrueBox& tone : item.truth.boxes) {
        const auto end = std::min(samples.size(), static_cast<std::size_t>(tone.box.right));
        for (auto i = static_cast<std::size_t>(tone.box.left); i < end; ++i)
            samples[i] +=
                static_cast<float>(0.4 * std::sin(2.0 * std::numbers::pi * tone.box.centreY() * double(i) / kRate));
    }
    return media::sound::writeWav(item.media.front().path, samples, kRate).ok();
}

/** What a detector without faults says about a window: all that training would have shown it there. */
ItemPrediction perfect(const ListedItem& item, const SoundWindow& window) {
    ItemPrediction seen;
    for (const TrueBox& truth : windowOf(item, window).truth.boxes) {
        if (!truth.crowd) seen.boxes.push_back({truth.box, truth.label, 0.9, {}});
    }
    return seen;
}

ItemPrediction merged(const ListedItem& item, const std::function<ItemPrediction(const SoundWindow&)>& look) {
    WindowMerger merger(item.truth);
    for (const SoundWindow& window : windowsOf(item, kWindow))
        merger.add(window, look(window));
    return merger.finish();
}

/** Whether there is one box for each event and no other, all edges within `tolerance` frames. */
bool sameEvents(const ItemPrediction& seen, const std::vector<TrueBox>& truth, double tolerance) {
    const auto found = [&](const TrueBox& event) {
        return std::count_if(seen.boxes.begin(), seen.boxes.end(), [&](const Detection& box) {
            return box.label == event.label && std::abs(box.box.left - event.box.left) <= tolerance &&
                   std::abs(box.box.right - event.box.right) <= tolerance;
        });
    };
    return seen.boxes.size() == truth.size() &&
           std::all_of(truth.begin(), truth.end(), [&](const TrueBox& event) { return found(event) == 1; });
}

}  // namespace

class TestSoundWindows : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

 private Q_SLOTS:
    void windowsCoverTheSound_data();
    void windowsCoverTheSound();
    void everyEventLiesInTheWindowThatAnswersForIt();
    void windowsAreAsLongAsTheDataWants();
    void whatIsCutIsClippedOrIgnored();
    void trainingSeesEveryEventAndLittleSilence();
    void boxesComeBackOnce();
    void shakyBoxesComeBackOnce();
    void eventsLongerThanAWindowAreJoined();
    void whatWindowsKnowIsKept();
    void hoursStayWithinBounds();
    void aDetectorLearnsFromALongSound();
};

void TestSoundWindows::windowsCoverTheSound_data() {
    QTest::addColumn<qint64>("frames");
    for (const qint64 frames : {960'000, 24'001, 32'000, 33'333, 16'000, 15'999, 1})
        QTest::addRow("%lld", static_cast<long long>(frames)) << frames;
}

void TestSoundWindows::windowsCoverTheSound() {
    QFETCH(qint64, frames);
    const auto windows = windowsOver(frames, kWindowFrames);
    QVERIFY(windows.front().begins && windows.back().ends);
    QCOMPARE(windows.front().from, 0);
    QCOMPARE(windows.back().to, frames);
    QCOMPARE(windows.size() == 1, frames <= kWindowFrames);
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const SoundWindow& window = windows[i];
        QCOMPARE(window.frames, std::min<std::int64_t>(frames, kWindowFrames));
        QVERIFY(window.first >= 0 && window.first + window.frames <= frames);
        QCOMPARE(window.begins, i == 0);
        QCOMPARE(window.ends, i + 1 == windows.size());
        if (i == 0) continue;
        QCOMPARE(window.from, windows[i - 1].to);
        QVERIFY(window.first > windows[i - 1].first);
        QVERIFY(windows[i - 1].first + windows[i - 1].frames - window.first >= kWindowFrames / 2);
    }
}

void TestSoundWindows::everyEventLiesInTheWindowThatAnswersForIt() {
    const auto windows = windowsOver(120 * kRate, kWindowFrames);
    const auto all = tonesOver(120.0, 3);
    QVERIFY(all.size() > 30);
    for (const TrueBox& truth : all) {
        const auto answers = [&](const SoundWindow& window) {
            return truth.box.centreX() >= double(window.from) && truth.box.centreX() < double(window.to);
        };
        QCOMPARE(std::count_if(windows.begin(), windows.end(), answers), 1);
        const SoundWindow& window = *std::find_if(windows.begin(), windows.end(), answers);
        QVERIFY(truth.box.left >= double(window.first));
        QVERIFY(truth.box.right <= double(window.first + window.frames));
    }
}

void TestSoundWindows::windowsAreAsLongAsTheDataWants() {
    const ItemList shortEvents({soundItem(1, 120.0, tonesOver(120.0, 1))});
    QCOMPARE(windowSecondsFor(shortEvents, {192, 64}), spectrogramSeconds({192, 64}));
    QCOMPARE(windowSecondsFor(ItemList({soundItem(1, 120.0, {})}), {768, 64}), spectrogramSeconds({768, 64}));
    const ItemList longEvents({soundItem(1, 120.0, {toneAt(0, 9, 0), toneAt(20, 29, 0), toneAt(40, 49, 1)})});
    QCOMPARE(windowSecondsFor(longEvents, {128, 64}), 18.0);
    QVERIFY(!needsWindows(soundItem(1, 3.0, {}), kWindow));
    QVERIFY(needsWindows(soundItem(1, 3.1, {}), kWindow));
    QVERIFY(!needsWindows(soundItem(1, 300.0, {}), 0.0));  // a model from before there were windows
    ListedItem withPicture = soundItem(1, 300.0, {});
    withPicture.media.push_back({Modality::Image, {}, {}, {}});
    QVERIFY(!needsWindows(withPicture, kWindow));  // its boxes lie on the picture
}

void TestSoundWindows::whatIsCutIsClippedOrIgnored() {
    const ListedItem item = soundItem(7, 120.0, {toneAt(10.2, 10.6, 0), toneAt(11.5, 12.3, 1), toneAt(11.9, 12.8, 0)});
    const ListedItem part = windowOf(item, {10 * kRate, kWindowFrames, 0, 0, false, false});
    QCOMPARE(part.truth.item, 7);
    QVERIFY((part.truth.size == Size{2 * kRate, kRate / 2}));
    QCOMPARE(part.media.front().firstFrame, 10 * kRate);
    QCOMPARE(part.media.front().frames, kWindowFrames);
    QCOMPARE(part.truth.boxes.size(), std::size_t{3});
    QVERIFY(std::abs(part.truth.boxes[0].box.left - 0.2 * kRate) < 1e-6 && !part.truth.boxes[0].crowd);
    QCOMPARE(part.truth.boxes[1].box.right, 2.0 * kRate);
    QVERIFY(!part.truth.boxes[1].crowd);  // five eighths of it can be seen
    QVERIFY(part.truth.boxes[2].crowd);   // a ninth
}

void TestSoundWindows::trainingSeesEveryEventAndLittleSilence() {
    const auto few = std::vector{toneAt(30.0, 30.5, 0), toneAt(90.0, 90.5, 1)};
    const ItemList items({soundItem(5, 1.5, {toneAt(0.5, 0.9, 0)}), soundItem(6, 120.0, few), soundItem(8, 60.0, {})});
    const WindowedItems shown = windowsForTraining(items, kWindow);
    std::map<std::size_t, int> windows, boxes;
    for (std::size_t i = 0; i < shown.items.count(); ++i) {
        const ItemTruth truth = shown.items.truth(i);
        QCOMPARE(truth.item, static_cast<std::int64_t>(i));
        ++windows[shown.parts[i]];
        boxes[shown.parts[i]] += static_cast<int>(truth.boxes.size());
    }
    QCOMPARE(windows[0], 1);
    QCOMPARE(shown.items.items()[0].media.front().frames, -1);  // the whole file, as if there were no windows
    QVERIFY((shown.items.truth(0).boxes[0].box == items.truth(0).boxes[0].box));
    QVERIFY(boxes[1] >= 4 && windows[1] <= 2 * boxes[1]);  // each event in both windows that overlap there
    QCOMPARE(windows[2], 2);                               // confirmed silence
}

void TestSoundWindows::boxesComeBackOnce() {
    const ListedItem item = soundItem(9, 120.0, tonesOver(120.0, 5));
    const ItemPrediction seen = merged(item, [&](const SoundWindow& window) { return perfect(item, window); });
    QCOMPARE(seen.item, 9);
    QVERIFY(sameEvents(seen, item.truth.boxes, 1e-6));
    // Right at the seams: edges and middles of events on the edges of windows and of the parts they answer for.
    for (const double at : {9.0, 9.5, 10.0, 10.5, 118.0, 118.5, 119.0}) {
        for (const double length : {0.3, 0.99}) {
            for (const double shift : {0.0, 0.5, 1.0}) {
                const double from = at - shift * length;
                if (from + length > 120.0) continue;
                const ListedItem one = soundItem(1, 120.0, {toneAt(from, from + length, 0)});
                const auto found = merged(one, [&](const SoundWindow& window) { return perfect(one, window); });
                QVERIFY2(sameEvents(found, one.truth.boxes, 1e-6),
                         qPrintable(QString("%1 + %2").arg(from).arg(length)));
            }
        }
    }
}

void TestSoundWindows::shakyBoxesComeBackOnce() {
    const ListedItem item = soundItem(9, 120.0, tonesOver(120.0, 11));
    Rng rng(1);
    int windows = 0;
    const ItemPrediction seen = merged(item, [&](const SoundWindow& window) {
        ItemPrediction look = perfect(item, window);
        for (Detection& found : look.boxes) {
            const double size = found.box.width();
            found.box.left += rng.uniform(-0.05, 0.05) * size;
            found.box.right += rng.uniform(-0.05, 0.05) * size;
            found.box = found.box.clampedTo({static_cast<int>(window.frames), kRate / 2});
            found.score = rng.uniform(0.5, 1.0);
        }
        look.embedding = {static_cast<float>(windows++), 2.0F};
        return look;
    });
    QVERIFY(sameEvents(seen, item.truth.boxes, 0.05 * 0.9 * kRate));
    QVERIFY(std::is_sorted(seen.boxes.begin(), seen.boxes.end(),
                           [](const Detection& a, const Detection& b) { return a.score > b.score; }));
    QCOMPARE(seen.embedding.size(), std::size_t{2});
    QVERIFY(std::abs(seen.embedding[0] - 0.5F * float(windows - 1)) < 1e-3F);
    QCOMPARE(seen.embedding[1], 2.0F);
}

void TestSoundWindows::eventsLongerThanAWindowAreJoined() {
    const std::vector<TrueBox> truth = {toneAt(10.3, 17.9, 0), toneAt(12.0, 13.6, 1), toneAt(40.0, 41.5, 0),
                                        toneAt(100.0, 120.0, 1)};
    const ListedItem item = soundItem(2, 120.0, truth);
    const ItemPrediction seen = merged(item, [&](const SoundWindow& window) {
        // A perfect detector of what training shows would leave out what is cut by more than three quarters.
        ItemPrediction all;
        for (const TrueBox& box : windowOf(item, window).truth.boxes)
            all.boxes.push_back({box.box, box.label, 0.8, {}});
        return all;
    });
    QVERIFY(sameEvents(seen, truth, 1e-6));
}

// What strategies ask for comes through: a box keeps its features, a joined one those of its best part.
void TestSoundWindows::whatWindowsKnowIsKept() {
    const ListedItem item = soundItem(1, 9.0, {toneAt(0.4, 1.2, 0), toneAt(3.0, 6.2, 1)});
    std::size_t windows = 0;
    const auto look = [&](const SoundWindow& window) {
        ItemPrediction seen;
        for (const TrueBox& truth : windowOf(item, window).truth.boxes) {
            const double score = truth.box.width() > 0.9 * static_cast<double>(window.frames) ? 0.9 : 0.8;
            seen.boxes.push_back({truth.box, truth.label, score, {}, {static_cast<float>(score)}});
        }
        seen.expectedLoss = static_cast<double>(windows);
        seen.discrepancy = 0.5;
        ++windows;
        return seen;
    };
    const ItemPrediction seen = merged(item, look);
    QCOMPARE(seen.boxes.size(), std::size_t{2});
    for (const Detection& box : seen.boxes)
        QVERIFY((box.features == std::vector<float>{static_cast<float>(box.score)}));
    QCOMPARE(seen.boxes.front().score, 0.9);
    QCOMPARE(seen.expectedLoss, 0.5 * static_cast<double>(windows - 1));
    QCOMPARE(seen.discrepancy, 0.5);
    const ItemPrediction bare = merged(item, [&](const SoundWindow& window) { return perfect(item, window); });
    QVERIFY(std::isnan(bare.expectedLoss) && bare.discrepancy < 0.0);
}

void TestSoundWindows::hoursStayWithinBounds() {
    const double seconds = 3.0 * 3600.0;
    const ListedItem item = soundItem(1, seconds, {toneAt(5000.2, 5000.7, 1)});
    Rng rng(4);
    const ItemPrediction seen = merged(item, [&](const SoundWindow& window) {
        ItemPrediction look = perfect(item, window);
        while (look.boxes.size() < 100) {
            const double at = rng.uniform(0.1, 1.7) * kRate;
            const double low = rng.uniform(0.0, 3900.0);
            look.boxes.push_back({{at, low, at + 0.1 * kRate, low + 100.0}, 0, rng.uniform(0.01, 0.5), {}});
        }
        return look;
    });
    QCOMPARE(seen.boxes.size(), std::size_t{5000});
    QVERIFY((seen.boxes.front().box == item.truth.boxes.front().box));
    QVERIFY(seen.boxes[1].score <= 0.5 && seen.boxes.back().score > 0.4);
}

void TestSoundWindows::aDetectorLearnsFromALongSound() {
    const fs::path folder = m_dir.path().toStdString();
    const ListedItem known = soundItem(1, 120.0, tonesOver(120.0, 21), folder / "known.wav");
    const ListedItem asked = soundItem(2, 121.3, tonesOver(121.3, 22), folder / "asked.wav");
    const ListedItem brief = soundItem(3, 2.0, {toneAt(0.7, 1.2, 1)}, folder / "brief.wav");
    QVERIFY(writeSound(known, 1) && writeSound(asked, 2) && writeSound(brief, 3));
    ProjectSettings settings;
    settings.media = {Modality::Audio};
    const auto learner = makeLearner(settings);
    const ItemList train({known});
    FitRequest request;
    request.train = &train;
    request.classes = 2;
    request.input = {192, 64};
    request.steps = 240;
    request.model = folder / "model.pt";
    request.device = "cpu";
    const auto fitted = learner->fit(request, Job());
    QVERIFY2(fitted.ok(), fitted ? "" : fitted.error().text().c_str());
    QVERIFY(fitted->config.find("\"window_seconds\":2.0") != std::string::npos);

    ListedItem missing = soundItem(4, 60.0, {}, folder / "missing.wav");
    const ItemList items({asked, missing, brief});
    const auto seen = learner->predict({request.model, {}, 0}, items, PredictFor::Selecting, "cpu", Job());
    QVERIFY2(seen.ok(), seen ? "" : seen.error().text().c_str());
    QCOMPARE(seen->predictions.size(), std::size_t{2});
    QCOMPARE(seen->leftOut.size(), std::size_t{1});
    QCOMPARE(seen->leftOut[0].item, 4);
    const std::vector<std::size_t> places = placesPredicted(items, *seen);
    QVERIFY((places == std::vector<std::size_t>{0, 2}));
    const double score = learner->score({asked.truth}, {seen->predictions[0]}, 2);
    qInfo("mAP@.5 %.3f over %zu events", score, asked.truth.boxes.size());
    QVERIFY(score > 0.8);
    const std::vector<Detection>& found = seen->predictions[0].boxes;
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j)
            QVERIFY2(found[i].label != found[j].label || iou(found[i].box, found[j].box) <= 0.5, "found twice");
    }
    // What is short is heard as if there were nothing else.
    const auto alone = learner->predict({request.model, {}, 0}, ItemList({brief}), PredictFor::Selecting, "cpu", Job());
    QVERIFY(alone.ok());
    QCOMPARE(alone->predictions[0].boxes.size(), seen->predictions[1].boxes.size());
    QVERIFY(alone->predictions[0].embedding == seen->predictions[1].embedding);
    QCOMPARE(alone->predictions[0].embedding.size(), seen->predictions[0].embedding.size());
}

QTEST_GUILESS_MAIN(TestSoundWindows)
#include "tst_sound_windows.moc"
