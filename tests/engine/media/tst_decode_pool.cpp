// Order, cancelling and sharing of background decodes.

#include "engine/media/decode_pool.h"
#include "tests/engine/media/picture_fixtures.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <future>
#include <mutex>
#include <vector>

using namespace querent;
using namespace querent::media;
using namespace fixtures;
namespace fs = std::filesystem;

class TestDecodePool : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::vector<fs::path> m_pictures;

 private Q_SLOTS:
    void initTestCase();
    void urgentFirst();
    void cancels();
    void decodesOnce();
    void reportsErrors();
    void survivesItsEnd();
};

namespace {

/** Holds the only thread of a pool inside a callback, so that a test can fill the queue behind it. */
class Gate {
 public:
    Gate(DecodePool& pool, const fs::path& picture) {
        pool.submit(picture, {1, 1}, 1000, [this](const auto&) {
            m_entered.set_value();
            m_opened.get_future().wait();
        });
        m_entered.get_future().wait();
    }
    void open() { m_opened.set_value(); }

 private:
    std::promise<void> m_entered;
    std::promise<void> m_opened;
};

}  // namespace

void TestDecodePool::initTestCase() {
    for (int i = 0; i < 6; ++i) {
        const fs::path path = fs::path(m_dir.path().toStdString()) / (std::to_string(i) + ".jpg");
        m_pictures.push_back(write(path, encoded(".jpg", quadrants(64 + 2 * i, 32))));
    }
}

void TestDecodePool::urgentFirst() {
    DecodePool pool(1);
    std::vector<int> order;  // written by the one pool thread, read after the last callback
    std::promise<void> done;
    Gate gate(pool, m_pictures[5]);
    const int priorities[] = {1, 5, 1, 9, 5};
    for (int i = 0; i < 5; ++i) {
        pool.submit(m_pictures[static_cast<std::size_t>(i)], {}, priorities[i], [&, i](const auto& picture) {
            order.push_back(picture.ok() && (*picture)->size.width == 64 + 2 * i ? i : -1);
            if (order.size() == 5) done.set_value();
        });
    }
    gate.open();
    done.get_future().wait();
    QCOMPARE(order, (std::vector<int>{3, 1, 4, 0, 2}));
}

void TestDecodePool::cancels() {
    DecodePool pool(1);
    std::atomic<int> ran{0};
    std::promise<void> done;
    Gate gate(pool, m_pictures[5]);
    const auto count = [&](const auto&) { ++ran; };
    const auto ticket = pool.submit(m_pictures[0], {}, 5, count);
    pool.submit(m_pictures[1], {}, 1, count);
    pool.submit(m_pictures[2], {}, 2, count);
    pool.submit(m_pictures[3], {}, 7, count);
    QVERIFY(pool.cancel(ticket));
    QVERIFY(!pool.cancel(ticket));
    QVERIFY(!pool.cancel(123456));
    QCOMPARE(pool.cancelBelow(3), std::size_t{2});
    QCOMPARE(pool.waiting(), std::size_t{1});
    pool.submit(m_pictures[4], {}, 0, [&](const auto&) { done.set_value(); });
    gate.open();
    done.get_future().wait();
    QCOMPARE(ran.load(), 1);
    QVERIFY(pool.cached(m_pictures[0], {}) == nullptr);
    QVERIFY(pool.cached(m_pictures[3], {}) != nullptr);
}

void TestDecodePool::decodesOnce() {
    DecodePool pool(3);
    std::atomic<int> served{0};
    std::promise<void> done;
    for (int i = 0; i < 50; ++i) {
        pool.submit(m_pictures[0], {}, i % 3, [&](const auto& picture) {
            if (picture.ok() && ++served == 50) done.set_value();
        });
    }
    done.get_future().wait();
    QCOMPARE(pool.decodes(), std::int64_t{1});
    QVERIFY(pool.cached(m_pictures[0], {}) != nullptr);
    QVERIFY(pool.cached(m_pictures[0], {10, 10}) == nullptr);  // another size is another picture
    pool.forget(m_pictures[0]);
    QVERIFY(pool.cached(m_pictures[0], {}) == nullptr);
}

void TestDecodePool::reportsErrors() {
    DecodePool pool;
    std::promise<ErrorCode> code;
    pool.submit("/nowhere/at/all.jpg", {}, 1,
                [&](const auto& picture) { code.set_value(picture ? ErrorCode::Internal : picture.error().code); });
    QCOMPARE(code.get_future().get(), ErrorCode::NotFound);
}

void TestDecodePool::survivesItsEnd() {
    std::atomic<int> ran{0};
    for (int i = 0; i < 20; ++i) {
        DecodePool pool(2);
        for (const fs::path& picture : m_pictures)
            pool.submit(picture, {}, 1, [&](const auto&) { ++ran; });
    }
    const int after = ran.load();  // whatever ran has ended with its pool
    QTest::qWait(20);
    QCOMPARE(ran.load(), after);
}

QTEST_GUILESS_MAIN(TestDecodePool)
#include "tst_decode_pool.moc"
