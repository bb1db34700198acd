// Memory of large tensors is used again while somebody wants that, and tensors hold what was written to them.

#include "engine/learn/block_cache.h"

#include <QTest>
#include <torch/torch.h>

#include <cstdint>
#include <thread>
#include <vector>

using querent::learn::KeptBlocks;

class TestBlockCache : public QObject {
    Q_OBJECT

    static std::uintptr_t placeOf(const torch::Tensor& tensor) {
        return reinterpret_cast<std::uintptr_t>(tensor.data_ptr());
    }

 private Q_SLOTS:
    void aBlockIsUsedAgain() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("Nothing is kept under the sanitizers.");
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
        QSKIP("Nothing is kept under the sanitizers.");
#endif
#endif
        const KeptBlocks kept;
        std::uintptr_t first = 0;
        {
            const torch::Tensor tensor = torch::ones({1 << 20});
            first = placeOf(tensor);
        }
        // A little smaller, but of the same step between two powers of two.
        const torch::Tensor again = torch::full({(1 << 20) - 100}, 2.0F);
        QCOMPARE(placeOf(again), first);
        const torch::Tensor other = torch::zeros({1 << 20});
        QVERIFY(placeOf(other) != first);
        QCOMPARE(again.sum().item<double>(), 2.0 * ((1 << 20) - 100));
    }

    void whatOutlivesItStays() {
        torch::Tensor left;
        {
            const KeptBlocks kept;
            left = torch::arange(1 << 18);
        }
        const KeptBlocks next;
        const torch::Tensor more = torch::zeros({1 << 18}, torch::kLong);
        QVERIFY(torch::equal(left, torch::arange(1 << 18)));
        QVERIFY(more.sum().item<std::int64_t>() == 0);
    }

    void allSizesAreAligned() {
        const KeptBlocks kept;
        for (std::int64_t size = 0; size < 200000; size = size * 3 / 2 + 1) {
            torch::Tensor tensor = torch::empty({size}, torch::kByte);
            if (size == 0) continue;
            QCOMPARE(placeOf(tensor) % 64, std::uintptr_t{0});
            tensor.fill_(7);
            QCOMPARE(tensor[size - 1].item<int>(), 7);
            tensor.resize_({2 * size}).fill_(9);
            QCOMPARE(tensor.to(torch::kLong).sum().item<std::int64_t>(), 18 * size);
        }
    }

    void threadsShareIt() {
        std::vector<std::jthread> threads;
        std::vector<int> wrong(4, 0);
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([t, &wrong] {
                const KeptBlocks kept;
                for (int i = 0; i < 200; ++i) {
                    const torch::Tensor tensor = torch::full({20000 + 1000 * (i % 7)}, static_cast<float>(t));
                    if (tensor.min().item<float>() != static_cast<float>(t) ||
                        tensor.max().item<float>() != tensor.min().item<float>())
                        ++wrong[static_cast<std::size_t>(t)];
                }
            });
        }
        threads.clear();
        QCOMPARE(wrong, std::vector<int>(4, 0));
    }
};

QTEST_GUILESS_MAIN(TestBlockCache)
#include "tst_block_cache.moc"
