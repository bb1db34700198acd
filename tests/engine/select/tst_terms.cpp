// What strategies tell about their choices is what they have declared, with words for people.

#include "tests/engine/select/pools.h"

#include <QTest>

#include <map>
#include <set>

using namespace querent;
using namespace querent::select;

namespace {

using Names = std::set<std::string>;

Names namesOf(const std::vector<Term>& terms) {
    Names names;
    for (const Term& term : terms)
        names.insert(term.name);
    return names;
}

QString listed(const Names& names) {
    QStringList list;
    for (const std::string& name : names)
        list << QString::fromStdString(name);
    return list.join(QStringLiteral(", "));
}

/** What strategies have told, by the strategy that told it. */
struct Told {
    std::map<std::string, Names> reasons, figures;
};

/** Training runs of the copies of a model, in all of which it gets as good. */
Proxy levelProxy() {
    Proxy proxy;
    proxy.ofPool = [](std::span<const std::size_t>, const Job&) -> Result<double> { return 0.5; };
    proxy.ofAnswered = [](std::span<const std::size_t>, std::span<const std::size_t>, const Job&) -> Result<double> {
        return 0.5;
    };
    return proxy;
}

/** A choice, and the lesson of it where there is one. */
void ask(const std::string& name, const SelectionInput& input, Told& told) {
    const auto strategy = makeStrategy(name).value();
    const auto selection = strategy->select(input, 6, 1, Job());
    QVERIFY2(selection.ok(), selection ? "" : selection.error().text().c_str());
    QVERIFY(!selection->picks.empty());
    Names& reasons = told.reasons[selection->askedBy.empty() ? name : selection->askedBy];
    for (const Pick& pick : selection->picks) {
        for (const Reason& reason : pick.reasons)
            reasons.insert(reason.name);
    }
    for (const Figure& figure : selection->figures)
        told.figures[name].insert(figure.name);
    if (!strategy->info().learns || !input.mayLearn) return;
    const auto lesson = strategy->learn(selection->memory, 0.5);
    QVERIFY2(lesson.ok(), lesson ? "" : lesson.error().text().c_str());
    for (const Figure& figure : lesson->figures)
        told.figures[name].insert(figure.name);
}

/**
 * Everybody, about boxes and about classes: a round in which they learn and may let another strategy ask, and one in
 * which they only score, of other media.
 */
Told askAll() {
    Told told;
    const Proxy proxy = levelProxy();
    for (const StrategyInfo& info : strategies()) {
        for (const TaskKind task : info.tasks) {
            const Pool pool = task == TaskKind::Detect ? randomPool(80, 40, 5) : randomClassPool(80, 40, 5);
            SelectionInput input = pool.input();
            input.media = {Modality::Image, Modality::Audio};
            input.proxy = &proxy;
            ask(info.name, input, told);
            input.media = {Modality::Text, Modality::Image};
            input.mayLearn = false;
            ask(info.name, input, told);
        }
    }
    return told;
}

}  // namespace

class TestTerms : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyTermIsDeclaredAndTold() {
        const Told told = askAll();
        for (const StrategyInfo& info : strategies()) {
            const auto of = [&info](const std::map<std::string, Names>& all) {
                const auto found = all.find(info.name);
                return found != all.end() ? listed(found->second) : QString();
            };
            QCOMPARE(QString::fromStdString(info.name) + ": " + of(told.reasons),
                     QString::fromStdString(info.name) + ": " + listed(namesOf(info.reasons)));
            QCOMPARE(QString::fromStdString(info.name) + ": " + of(told.figures),
                     QString::fromStdString(info.name) + ": " + listed(namesOf(info.figures)));
        }
    }

    void reasonsHaveWords() {
        for (const StrategyInfo& info : strategies()) {
            QVERIFY2(!info.reasons.empty(), info.name.c_str());
            for (const Term& term : info.reasons)
                QVERIFY2(*term.title != '\0' && std::string_view(term.sentence).ends_with('.'), term.name);
        }
    }

    // The window goes by the name alone: it is not told whose it is.
    void oneNameHasOneMeaning() {
        std::map<std::string, Term> reasons, figures;
        for (const StrategyInfo& info : strategies()) {
            for (auto [terms, known] : {std::pair(&info.reasons, &reasons), std::pair(&info.figures, &figures)}) {
                for (const Term& term : *terms) {
                    const Term& first = known->emplace(term.name, term).first->second;
                    QCOMPARE(QString(term.title), QString(first.title));
                    QCOMPARE(QString(term.sentence), QString(first.sentence));
                    QCOMPARE(term.decimals, first.decimals);
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTerms)
#include "tst_terms.moc"
