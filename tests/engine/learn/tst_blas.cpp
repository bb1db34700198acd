// Products of matrices against a plain loop, and the name of the library behind them.

#include "engine/learn/blas.h"
#include "engine/learn/matrix_check.h"

#include <QTest>

#include <cmath>
#include <filesystem>

using namespace querent;
using namespace querent::learn;

class TestBlas : public QObject {
    Q_OBJECT

    static torch::Tensor right(const torch::Tensor& a, const torch::Tensor& b) { return torch::mm(a, b); }
    static std::string sentenceFor(const Product& product) {
        const Result<double> share = compareProducts(product);
        return share ? std::string() : share.error().sentence;
    }

 private Q_SLOTS:
    void theLibraryInUseMultipliesRightly() {
        const int threads = torch::get_num_threads();
        const auto report = checkBlas();
        QVERIFY2(report, report ? "" : report.error().text().c_str());
        QVERIFY(report->find(blasInUse()) != std::string::npos);
        QCOMPARE(torch::get_num_threads(), threads);
    }

    void namesTheLibraryAndItsFile() {
        const std::string name = blasInUse();
        const std::size_t open = name.find(" (");
        if (open == std::string::npos) QSKIP("This LibTorch has its BLAS inside.");
        QVERIFY(open > 0);
        const std::filesystem::path file = name.substr(open + 2, name.size() - open - 3);
        QVERIFY2(std::filesystem::is_regular_file(file), file.c_str());
        QVERIFY(!std::filesystem::is_symlink(file));
    }

    void acceptsAnyOrderOfSummation() {
        // In blocks of eight along k, the last ones first.
        const auto inBlocks = [](const torch::Tensor& a, const torch::Tensor& b) {
            torch::Tensor sum = torch::zeros({a.size(0), b.size(1)}, a.options());
            for (std::int64_t k = (a.size(1) - 1) / 8 * 8; k >= 0; k -= 8)
                sum += right(a.slice(1, k, k + 8), b.slice(0, k, k + 8));
            return sum;
        };
        const Result<double> share = compareProducts(inBlocks);
        QVERIFY2(share, share ? "" : share.error().text().c_str());
        QVERIFY(*share > 0.0 && *share <= 1.0);
    }

    void findsWhatIsWrongInOneShapeOnly() {
        const auto oneNumber = [](const torch::Tensor& a, const torch::Tensor& b) {
            torch::Tensor c = right(a, b);
            if (a.scalar_type() == torch::kFloat && a.size(0) == 17 && a.size(1) == 100 && b.size(1) == 257)
                c[16][256] += 1e-3;
            return c;
        };
        QCOMPARE(QString::fromStdString(sentenceFor(oneNumber)),
                 QString("The product of 17 x 100 and 100 x 257 floats is wrong."));
    }

    void findsWhatIsWrongForOneTransposeOnly() {
        const auto lastRow = [](const torch::Tensor& a, const torch::Tensor& b) {
            torch::Tensor c = right(a, b);
            const bool transposed = a.stride(0) == 1 && a.size(0) > 1 && a.size(1) > 1;
            if (a.scalar_type() == torch::kDouble && transposed && b.is_contiguous() && c.size(0) == 257)
                c[256].zero_();
            return c;
        };
        QCOMPARE(QString::fromStdString(sentenceFor(lastRow)),
                 QString("The product of 257 x 3 and 3 x 1 doubles, the first transposed, is wrong."));
    }

    void findsFloatsPassedOffAsDoubles() {
        const auto coarse = [](const torch::Tensor& a, const torch::Tensor& b) {
            return right(a.to(torch::kFloat), b.to(torch::kFloat)).to(a.scalar_type());
        };
        QVERIFY(sentenceFor(coarse).find("doubles") != std::string::npos);
    }

    void findsWhatIsNoNumber() {
        const auto poisoned = [](const torch::Tensor& a, const torch::Tensor& b) { return right(a, b) * NAN; };
        QVERIFY(!sentenceFor(poisoned).empty());
    }
};

QTEST_GUILESS_MAIN(TestBlas)
#include "tst_blas.moc"
