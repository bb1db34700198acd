// Principal components: against planted directions, their own equation, and bad input.

#include "engine/select/geometry/principal.h"
#include "tests/engine/select/pools.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace querent;
using namespace querent::select;
using namespace querent::select::geometry;

namespace {

PrincipalComponents componentsOf(const Matrix& features, std::size_t count) {
    return principalComponents(features, count, Job()).value();
}

double product(std::span<const float> a, std::span<const float> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

/** Independent columns, column d with deviation 0.8^d, around 5. */
Matrix stretched(std::size_t rows, std::size_t cols, std::uint64_t seed) {
    Rng rng(seed, "stretched");
    Matrix matrix(rows, cols);
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t d = 0; d < cols; ++d)
            matrix.at(i, d) = static_cast<float>(5.0 + std::pow(0.8, static_cast<double>(d)) * rng.normal());
    }
    return matrix;
}

double varianceAlong(const Matrix& projected, std::size_t column) {
    double sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < projected.rows; ++i) {
        sum += static_cast<double>(projected.at(i, column));
        squares += std::pow(static_cast<double>(projected.at(i, column)), 2);
    }
    const auto n = static_cast<double>(projected.rows);
    return squares / n - sum * sum / (n * n);
}

}  // namespace

class TestPrincipal : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    // C a = v a with the covariance C, worked out here.
    void axesSolveTheirEquation_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("cols");
        QTest::newRow("tall") << 300 << 12;
        QTest::newRow("tall, by a subspace") << 400 << 60;
        QTest::newRow("wide") << 20 << 30;
    }
    void axesSolveTheirEquation() {
        QFETCH(int, rows);
        QFETCH(int, cols);
        const Matrix features = stretched(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), 1);
        const PrincipalComponents found = componentsOf(features, 4);
        QCOMPARE(found.axes.rows, 4U);
        for (std::size_t k = 0; k < 4; ++k) {
            std::vector<double> image(features.cols, 0.0);
            for (std::size_t i = 0; i < features.rows; ++i) {
                double along = 0.0;
                for (std::size_t d = 0; d < features.cols; ++d)
                    along += (double(features.at(i, d)) - found.mean[d]) * double(found.axes.at(k, d));
                for (std::size_t d = 0; d < features.cols; ++d)
                    image[d] += along * (double(features.at(i, d)) - found.mean[d]) / rows;
            }
            const auto axis = found.axes.row(k);
            for (std::size_t d = 0; d < features.cols; ++d)
                QVERIFY(std::abs(image[d] - found.variances[k] * double(axis[d])) < 1e-4 * found.variances[0]);
            const auto largest =
                std::max_element(axis.begin(), axis.end(), [](float a, float b) { return std::abs(a) < std::abs(b); });
            QVERIFY(*largest > 0.0F);
        }
    }

    void axesAreOrthonormalAndSayWhatVaries_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("cols");
        QTest::newRow("small") << 40 << 10;
        QTest::newRow("tall, by a subspace") << 400 << 90;
        QTest::newRow("wide, by a subspace") << 80 << 300;
        QTest::newRow("wide and small") << 9 << 60;
    }
    void axesAreOrthonormalAndSayWhatVaries() {
        QFETCH(int, rows);
        QFETCH(int, cols);
        const Matrix features = stretched(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), 3);
        const PrincipalComponents found = componentsOf(features, 6);
        QCOMPARE(found.axes.rows, 6U);
        const Matrix projected = project(found, features);
        for (std::size_t a = 0; a < 6; ++a) {
            for (std::size_t b = 0; b < 6; ++b)
                QVERIFY(std::abs(product(found.axes.row(a), found.axes.row(b)) - (a == b ? 1.0 : 0.0)) < 1e-5);
            QVERIFY(a == 0 || found.variances[a] <= found.variances[a - 1]);
            QVERIFY(std::abs(varianceAlong(projected, a) - found.variances[a]) < 1e-4 * found.variances[0]);
        }
    }

    void subspacesAgreeWithAllAtOnce() {
        const Matrix features = stretched(300, 70, 5);
        const PrincipalComponents some = componentsOf(features, 5);  // a subspace of 13
        const PrincipalComponents all = componentsOf(features, 70);  // all at once
        for (std::size_t k = 0; k < 5; ++k) {
            QVERIFY(std::abs(some.variances[k] / all.variances[k] - 1.0) < 1e-6);
            QVERIFY(product(some.axes.row(k), all.axes.row(k)) > 0.9999);
        }
    }

    void linesAndEqualRowsHaveFewAxes() {
        Matrix line(20, 4);
        for (std::size_t i = 0; i < 20; ++i) {
            for (std::size_t d = 0; d < 4; ++d)
                line.at(i, d) = static_cast<float>(1.0 + static_cast<double>(i * (d + 1)));
        }
        const PrincipalComponents found = componentsOf(line, 3);
        QCOMPARE(found.axes.rows, 1U);
        QVERIFY(std::abs(static_cast<double>(found.axes.at(0, 3)) - 4.0 / std::sqrt(30.0)) < 1e-6);
        Matrix equal(7, 3);
        std::fill(equal.values.begin(), equal.values.end(), 0.1F);
        QCOMPARE(componentsOf(equal, 3).axes.rows, 0U);
        QCOMPARE(project(componentsOf(equal, 3), equal).cols, 0U);
        QCOMPARE(componentsOf(Matrix(1, 3), 3).axes.rows, 0U);
    }

    void badInputIsRefused() {
        const auto refused = [](const Matrix& features, std::size_t count) {
            const auto answer = principalComponents(features, count, Job());
            return !answer && answer.error().code == ErrorCode::InvalidArgument;
        };
        Matrix features(3, 2);
        QVERIFY(refused(Matrix(0, 2), 1));
        QVERIFY(refused(Matrix(3, 0), 1));
        QVERIFY(refused(features, 0));
        features.at(1, 1) = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(refused(features, 1));
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(principalComponents(stretched(9, 4, 1), 2, Job(stop.get_token())).error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestPrincipal)
#include "tst_principal.moc"
