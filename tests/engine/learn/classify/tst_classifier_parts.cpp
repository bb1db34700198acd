// What a classifier is made of: subwords, evidence, changed pictures and sounds.
#include "engine/learn/classify/classifier_doubts.h"
#include "engine/learn/classify/item_augment.h"
#include "engine/learn/classify/subwords.h"
#include "engine/learn/losses/evidential.h"

#include <QTest>

#include <cmath>

using namespace querent;
using namespace querent::learn;
using namespace querent::learn::classify;
using namespace querent::learn::losses;
using namespace querent::learn::networks;

class TestClassifierParts : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void learnsWordsThatComeBack() {
        std::vector<std::string> texts;
        for (int i = 0; i < 20; ++i)
            texts.push_back("What color is the rectangle?");
        const Subwords subwords = Subwords::learn(texts);
        const auto ids = subwords.encode("what COLOR is the  rectangle?", 32);
        QCOMPARE(ids.size(), std::size_t{6});  // five words and a mark
        QCOMPARE(ids, subwords.encode("What color\nis the rectangle ?", 32));
        for (const std::int64_t id : ids)
            QVERIFY(id > Subwords::kUnknown && id < subwords.size());
        QCOMPARE(Subwords(subwords.pieces()).encode("the rectangle", 32), subwords.encode("the rectangle", 32));
        QCOMPARE(Subwords::learn(texts).pieces(), subwords.pieces());
    }

    void takesAnyText() {
        const Subwords subwords = Subwords::learn({"näher näher näher", "שלום שלום", "🐦🐦 🐦🐦"});
        QCOMPARE(subwords.encode("", 8), std::vector<std::int64_t>{Subwords::kUnknown});
        QCOMPARE(subwords.encode(" \n\t", 8), std::vector<std::int64_t>{Subwords::kUnknown});
        QVERIFY(subwords.encode("näher", 8).front() > Subwords::kUnknown);
        QVERIFY(subwords.encode("🐦🐦", 8).front() > Subwords::kUnknown);
        QCOMPARE(subwords.encode("xyz", 8), std::vector<std::int64_t>(3, Subwords::kUnknown));
        QCOMPARE(subwords.encode(std::string(100'000, 'x'), 16).size(), std::size_t{16});
        QVERIFY(!subwords.encode("\xff\xfe broken \xc3", 16).empty());
        QCOMPARE(Subwords().encode("a b", 8).size(), std::size_t{2});
        QVERIFY(Subwords::learn({std::string(50'000, 'y')}).size() >= 2);
    }

    void evidenceIsAboveOne() {
        const torch::Tensor alpha = evidenceOf(torch::tensor({{-50.0F, 0.0F, 50.0F}}));
        QVERIFY(alpha[0][0].item<float>() >= 1.0F);
        QVERIFY(std::abs(alpha[0][1].item<float>() - 1.0F - std::log(2.0F)) < 1e-5F);
        QVERIFY(std::abs(alpha[0][2].item<float>() - 51.0F) < 1e-3F);
    }

    // methods.md: KL(Dir(1) || Dir(1)) = 0, and only the evidence for wrong classes is held against a head.
    void klIsZeroForNoEvidence() {
        QVERIFY(std::abs(klToUniform(torch::ones({1, 5})).item<double>()) < 1e-5);
        QVERIFY(klToUniform(torch::tensor({{4.0F, 1.0F, 1.0F}})).item<double>() > 0.1);
        const torch::Tensor target = torch::tensor({{1.0F, 0.0F, 0.0F}});
        const torch::Tensor right = torch::tensor({{9.0F, 1.0F, 1.0F}});
        QVERIFY(std::abs(evidentialLoss(right, target, 1.0).item<double>() -
                         evidentialLoss(right, target, 0.0).item<double>()) < 1e-5);
        const torch::Tensor wrong = torch::tensor({{1.0F, 9.0F, 1.0F}});
        QVERIFY(evidentialLoss(wrong, target, 1.0).item<double>() > evidentialLoss(wrong, target, 0.0).item<double>());
        QVERIFY(evidentialLoss(wrong, target, 0.0).item<double>() > evidentialLoss(right, target, 0.0).item<double>());
    }

    // Sensoy et al. 2018, Eq. 4: with two classes, digamma(S) - digamma(alpha) is a sum of fractions for whole alphas.
    void evidentialLossByHand() {
        const torch::Tensor alpha = torch::tensor({{3.0F, 2.0F}});
        const double loss = evidentialLoss(alpha, torch::tensor({{1.0F, 0.0F}}), 0.0).item<double>();
        QVERIFY(std::abs(loss - (1.0 / 3.0 + 1.0 / 4.0)) < 1e-5);
    }

    // Slowly, class by class; and a step of that length along the border's normal, a little stretched, changes it.
    void bordersAreWhereAnswersChange() {
        torch::manual_seed(4);
        const torch::Tensor weight = torch::randn({6, 9});
        const torch::Tensor hidden = torch::randn({40, 9});
        const torch::Tensor logits = hidden.matmul(weight.t());
        const torch::Tensor borders = bordersOf(logits, weight, false);
        for (std::int64_t i = 0; i < 40; ++i) {
            const auto answer = logits[i].argmax().item<std::int64_t>();
            double nearest = 1e9;
            torch::Tensor towards;
            for (std::int64_t k = 0; k < 6; ++k) {
                if (k == answer) continue;
                const torch::Tensor normal = weight[k] - weight[answer];
                const double length = normal.norm().item<double>();
                const double distance = (logits[i][answer] - logits[i][k]).item<double>() / length;
                if (distance < nearest) towards = normal / length;
                nearest = std::min(nearest, distance);
            }
            QVERIFY(std::abs(borders[i].item<double>() - nearest) < 1e-4 * (1.0 + nearest));
            const auto after = [&](double share) {
                return weight.matmul(hidden[i] + share * nearest * towards).argmax().item<std::int64_t>();
            };
            QVERIFY(after(0.99) == answer && after(1.01) != answer);
        }
    }

    void bordersOfOddHeads() {
        const torch::Tensor one = bordersOf(torch::tensor({{2.0F}, {3.0F}}), torch::ones({1, 4}), false);
        QVERIFY(one[0].item<double>() < 0.0 && one[1].item<double>() < 0.0);
        const torch::Tensor equal = bordersOf(torch::tensor({{2.0F, 1.0F}}), torch::ones({2, 4}), false);
        QVERIFY(std::isfinite(equal[0].item<double>()) && equal[0].item<double>() > 1e6);
        // |f| / |w|: 3 / 1 and 1 / 2.
        const torch::Tensor several =
            bordersOf(torch::tensor({{-3.0F, 1.0F}}), torch::tensor({{1.0F, 0.0F}, {0.0F, 2.0F}}), true);
        QVERIFY(std::abs(several[0].item<double>() - 0.5) < 1e-6);
    }

    void dropoutKeepsTheMean() {
        const torch::Tensor masks = dropoutMasks(50, 400, 0.2, 7);
        QVERIFY(std::abs(masks.mean().item<double>() - 1.0) < 0.02);
        QVERIFY(std::abs(masks.eq(0.0).to(torch::kFloat).mean().item<double>() - 0.2) < 0.02);
        QVERIFY(torch::equal(masks, dropoutMasks(50, 400, 0.2, 7)));
        QVERIFY(!torch::equal(masks, dropoutMasks(50, 400, 0.2, 8)));
    }

    void standardisedFeaturesForgetLoudness() {
        Matrix quiet(3, 2);
        quiet.values = {-60, -50, -40, -30, -20, -10};
        Matrix loud = quiet;
        for (float& value : loud.values)
            value = value * 2.0F + 30.0F;
        const Matrix a = standardised(quiet);
        const Matrix b = standardised(loud);
        double sum = 0.0;
        double squares = 0.0;
        for (std::size_t i = 0; i < a.values.size(); ++i) {
            QVERIFY(std::abs(a.values[i] - b.values[i]) < 1e-4F);
            sum += static_cast<double>(a.values[i]);
            squares += static_cast<double>(a.values[i] * a.values[i]);
        }
        QVERIFY(std::abs(sum) < 1e-4);
        QVERIFY(std::abs(squares / 6.0 - 1.0) < 1e-4);
        Matrix silence(2, 2);
        silence.values = {-100, -100, -100, -100};
        QCOMPARE(standardised(silence).values, std::vector<float>(4, 0.0F));
    }

    void soundsArePlacedAndCut() {
        Matrix sound(3, 2);
        sound.values = {1, 2, 3, 4, 5, 6};  // three columns of two bands
        std::vector<float> plane(2 * 5);
        placeSound(sound, 1, 5, plane);
        QCOMPARE(plane, (std::vector<float>{1, 1, 3, 5, 1, 1, 2, 4, 6, 1}));
        std::vector<float> narrow(2 * 2);
        placeSound(sound, -1, 2, narrow);
        QCOMPARE(narrow, (std::vector<float>{3, 5, 4, 6}));
        QCOMPARE(centredOffset(3, 5), 1);
        Rng rng(1);
        for (int i = 0; i < 50; ++i) {
            const int offset = drawnOffset(9, 4, {}, rng);
            QVERIFY(offset <= 0 && offset >= -5);
        }
    }

    void noChangeChangesNothing() {
        Raster picture{{7, 5}, std::vector<std::uint8_t>(7 * 5 * 3)};
        Rng rng(3);
        for (std::uint8_t& value : picture.rgb)
            value = static_cast<std::uint8_t>(rng.integer(0, 255));
        ItemAugmentation none;
        none.shift = none.turn = none.scale = none.colour = 0.0;
        std::vector<float> changed(7 * 5 * 3), plain(7 * 5 * 3);
        renderChanged(picture, none, rng, changed);
        renderPlain(picture, plain);
        for (std::size_t i = 0; i < plain.size(); ++i)
            QVERIFY(std::abs(changed[i] - plain[i]) < 1e-2F);
        QCOMPARE(plain[1], float(picture.rgb[3]));
        renderChanged(picture, {}, rng, changed);
        QVERIFY(changed != plain);
    }
};

QTEST_GUILESS_MAIN(TestClassifierParts)
#include "tst_classifier_parts.moc"
