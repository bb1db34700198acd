#include "engine/core/rng.h"
#include "engine/session/transfer/holdout.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace querent;

class TestHoldout : public QObject {
    Q_OBJECT

    static std::vector<session::transfer::HoldoutItem> items(int count, int rare) {
        std::vector<session::transfer::HoldoutItem> all;
        Rng rng(4);
        for (int i = 1; i <= count; ++i) {
            session::transfer::HoldoutItem item{ItemId(i), {}};
            if (i <= rare) item.classes.push_back(ClassId(9));
            for (int copies = rng.integer(0, 4); copies > 0; --copies)
                item.classes.push_back(ClassId(1));
            all.push_back(item);
        }
        return all;
    }

 private Q_SLOTS:
    void everyPartGetsItsShareAndNothingTwice() {
        const auto draw = session::transfer::drawHoldout(items(200, 10), 0.2, 0.1, 3);
        QCOMPARE(draw.val.size(), std::size_t{40});
        QCOMPARE(draw.test.size(), std::size_t{20});
        std::set<ItemId> seen(draw.val.begin(), draw.val.end());
        for (const ItemId item : draw.test)
            QVERIFY(seen.insert(item).second);
    }

    void aRareClassReachesEachPart() {
        const auto draw = session::transfer::drawHoldout(items(200, 10), 0.2, 0.2, 5);
        const auto rareIn = [](const std::vector<ItemId>& part) {
            return std::count_if(part.begin(), part.end(), [](ItemId id) { return id.value <= 10; });
        };
        QCOMPARE(rareIn(draw.val), 2);
        QCOMPARE(rareIn(draw.test), 2);
    }

    void theSeedDecides() {
        const auto once = session::transfer::drawHoldout(items(60, 3), 0.3, 0.0, 8);
        QVERIFY(session::transfer::drawHoldout(items(60, 3), 0.3, 0.0, 8).val == once.val);
        QVERIFY(session::transfer::drawHoldout(items(60, 3), 0.3, 0.0, 9).val != once.val);
        QVERIFY(once.test.empty());
    }

    void somethingStaysInThePool() {
        const auto draw = session::transfer::drawHoldout(items(3, 0), 0.9, 0.9, 1);
        QVERIFY(draw.val.size() + draw.test.size() < 3);
        QVERIFY(session::transfer::drawHoldout({}, 0.2, 0.2, 1).val.empty());
    }
};

QTEST_GUILESS_MAIN(TestHoldout)
#include "tst_holdout.moc"
