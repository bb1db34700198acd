// Suggestions that are up to date with the last key, and a batch that is sorted anew by them.

#include "app/controllers/instant_controller.h"
#include "app/controllers/labeling_controller.h"
#include "app/preferences/settings.h"
#include "engine/session/round.h"
#include "engine/session/transfer/transfer.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

using namespace querent;
using namespace querent::app;
using namespace querent::app::controllers;
using namespace querent::app::document;

namespace {

constexpr int kTexts = 48;
const std::array<const char*, 3> kWords = {"apple", "boat", "cloud"};

/** Texts with a word of their class among others; nobody has answered. */
std::unique_ptr<session::Project> texts(const std::filesystem::path& folder, TaskKind task) {
    std::ofstream manifest(folder / "manifest.csv");
    manifest << "id,split,class,image,audio,text\n";
    for (int i = 0; i < kTexts; ++i)
        manifest << "t" << i << ",train,,,,number " << i << " of the " << kWords[static_cast<std::size_t>(i % 3)]
                 << "s\n";
    manifest.close();
    ProjectSettings settings;
    settings.task = task;
    settings.media = {task == TaskKind::Detect ? Modality::Image : Modality::Text};
    settings.strategy = "random";
    settings.batchSize = 24;
    settings.controlShare = 0.25;
    auto project = session::Project::create(folder / "t.querent", settings, {"a", "b", "c"});
    if (!project || task == TaskKind::Detect) return project ? std::move(*project) : nullptr;
    session::transfer::ImportRequest request;
    request.format = "csv";
    request.from = folder / "manifest.csv";
    return session::transfer::importInto(**project, request, Job()) ? std::move(*project) : nullptr;
}

}  // namespace

class TestInstantController : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<preferences::Settings> m_settings;
    std::unique_ptr<session::Project> m_project;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<preferences::Keymap> m_keymap;
    std::unique_ptr<LabelingController> m_hands;
    std::unique_ptr<InstantController> m_instant;

    /** The class that the words of the item mean. */
    ClassId classOf(ItemId item) const {
        const std::string text = m_project->item(item)->media.front().text;
        for (std::size_t c = 0; c < kWords.size(); ++c) {
            if (text.find(kWords[c]) != std::string::npos) return m_project->classes()[c].id;
        }
        return {};
    }

    void answerHere() { m_hands->chooseClass(classOf(m_document->item().id)); }

    std::vector<ItemId> controls() const {
        std::vector<ItemId> found;
        for (const QueryEntry& entry : m_project->batch(m_project->openRound()->id)) {
            if (entry.control) found.push_back(entry.item);
        }
        return found;
    }

    void openBatch() {
        session::Round round(*m_project, {});
        QVERIFY(round.suggest(Job()).ok());
        m_document->showBatch();
        QCOMPARE(m_document->list().size(), std::size_t{24});
    }

 private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<preferences::Settings>(m_dir->filePath("s.ini"));
        m_project = texts(m_dir->path().toStdString(), TaskKind::Classify);
        QVERIFY(m_project != nullptr);
        m_document = std::make_unique<Document>(*m_project);
        m_keymap = std::make_unique<preferences::Keymap>();
        m_hands = std::make_unique<LabelingController>(*m_document, *m_keymap);
        m_instant = std::make_unique<InstantController>(*m_settings);
    }

    void cleanup() {
        if (m_instant) m_instant->setDocument(nullptr);
        m_instant.reset();
        m_hands.reset();
        m_document.reset();
        m_project.reset();
    }

    void eachAnswerCountsForTheNextItem() {
        m_document->showUnlabelled();
        m_instant->setDocument(m_document.get());
        QTRY_VERIFY(m_instant->ready());
        QVERIFY(m_document->classSuggestions().empty());
        for (int i = 0; i < 12; ++i)
            answerHere();
        int right = 0;
        for (int i = 0; i < 12; ++i) {
            QTRY_VERIFY(!m_document->classSuggestions().empty());
            if (m_document->classSuggestions().front().label == classOf(m_document->item().id)) ++right;
            answerHere();
        }
        QVERIFY2(right >= 11, qPrintable(QString::number(right)));
    }

    // Nothing is lost of what is answered before all items have been looked at.
    void earlyAnswersCountToo() {
        m_document->showUnlabelled();
        m_instant->setDocument(m_document.get());
        for (int i = 0; i < 12; ++i)
            answerHere();
        QTRY_VERIFY(!m_document->classSuggestions().empty());
        QCOMPARE(m_document->classSuggestions().front().label, classOf(m_document->item().id));
    }

    void aSuggestionStaysWhileSomebodyLooks() {
        m_document->showUnlabelled();
        const ItemId item = m_document->item().id;
        const auto classes = m_project->classes();
        const std::vector<Prediction> first = {{classes[0].id, std::nullopt, 0.9, {}}};
        const std::vector<Prediction> second = {{classes[1].id, std::nullopt, 0.8, {}}};
        m_document->suggestClasses(m_document->list()[1], second, true);
        QVERIFY(m_document->ghosts().empty());
        m_document->suggestClasses(item, first, true);
        QCOMPARE(m_document->ghosts().front().prediction, first.front());
        m_document->suggestClasses(item, second, true);
        QCOMPARE(m_document->ghosts().front().prediction, first.front());
        // What was turned down once is not offered again.
        m_hands->rejectFocused();
        QVERIFY(m_document->ghosts().empty());
        QVERIFY(m_document->next() && m_document->previous());
        m_document->suggestClasses(item, first, true);
        QVERIFY(m_document->ghosts().empty());
        QVERIFY(m_document->next() && m_document->previous());
        m_document->suggestClasses(item, second, true);
        QCOMPARE(m_document->ghosts().front().prediction, second.front());
        // It can be taken, and says where it is from.
        m_hands->acceptFocused();
        const Annotation taken = m_document->annotationsOf(item).front();
        QCOMPARE(taken.label, classes[1].id);
        QCOMPARE(taken.provenance, Provenance::ModelAccepted);
        QCOMPARE(taken.score, std::optional<double>(0.8));
        m_project->flush();
        QCOMPARE(m_project->annotations(item).front().provenance, Provenance::ModelAccepted);
    }

    void theRestOfTheBatchIsSorted_data() {
        QTest::addColumn<bool>("wanted");
        QTest::newRow("wanted") << true;
        QTest::newRow("not wanted") << false;
    }

    void theRestOfTheBatchIsSorted() {
        QFETCH(bool, wanted);
        m_settings->setDoubtfulFirst(wanted);
        openBatch();
        m_instant->setDocument(m_document.get());
        QTRY_VERIFY(m_instant->ready());
        const std::vector<ItemId> before = m_document->list();
        QSignalSpy prepared(m_document.get(), &Document::changed);
        for (int i = 0; i < 12; ++i) {
            const std::vector<ItemId> seen(
                m_document->list().begin(),
                m_document->list().begin() + std::min<std::ptrdiff_t>(24, m_document->index() + 3));
            answerHere();
            QTest::qWait(30);
            // What is on the screen, and the next two, stay.
            QVERIFY(std::equal(seen.begin(), seen.end(), m_document->list().begin()));
        }
        const std::vector<ItemId> after = m_document->list();
        QVERIFY(std::is_permutation(before.begin(), before.end(), after.begin(), after.end()));
        QCOMPARE(before != after, wanted);
        for (const ItemId control : controls()) {
            QCOMPARE(std::find(before.begin(), before.end(), control) - before.begin(),
                     std::find(after.begin(), after.end(), control) - after.begin());
        }
    }

    void anotherOrderMustBeOfTheSameItems() {
        openBatch();
        const std::vector<ItemId> list = m_document->list();
        QSignalSpy changed(m_document.get(), &Document::changed);
        m_document->sortRest({});
        m_document->sortRest(list);                            // the current one among them
        m_document->sortRest({list[0], list[23]});             // others
        m_document->sortRest({list.begin() + 8, list.end()});  // as it is
        QVERIFY(changed.isEmpty());
        m_document->sortRest({list[23], list[22]});
        QCOMPARE(changed.count(), 1);
        QCOMPARE(m_document->list()[22], list[23]);
    }

    void boxesAreLeftAlone() {
        cleanup();
        QTemporaryDir dir;
        m_settings = std::make_unique<preferences::Settings>(dir.filePath("s.ini"));
        m_project = texts(dir.path().toStdString(), TaskKind::Detect);
        m_document = std::make_unique<Document>(*m_project);
        m_instant = std::make_unique<InstantController>(*m_settings);
        m_instant->setDocument(m_document.get());
        QSignalSpy looking(m_instant.get(), &InstantController::looking);
        m_instant->refresh();
        QTest::qWait(50);
        QVERIFY(!m_instant->ready() && looking.isEmpty());
        cleanup();
    }

    // Closing tells the work that it is stopped: nothing may begin again on a project that goes.
    void closingWhileItIsToLookAgain() {
        m_instant->setDocument(m_document.get());
        m_instant->refresh();
        QSignalSpy prepared(m_instant.get(), &InstantController::prepared);
        m_instant->setDocument(nullptr);
        m_hands.reset();
        m_document.reset();
        m_project.reset();
        QTest::qWait(100);
        QVERIFY(prepared.isEmpty() && !m_instant->ready());
    }

    // What was said for one project is not heard by the next, whose items have the same numbers.
    void anotherProjectHearsNothing() {
        m_document->showUnlabelled();
        m_instant->setDocument(m_document.get());
        for (int i = 0; i < 12; ++i)
            answerHere();
        QTRY_VERIFY(!m_document->classSuggestions().empty());
        QVERIFY(m_document->next());
        QCoreApplication::processEvents();  // asks for the next item's suggestion
        QTest::qSleep(50);                  // which is there now, and not heard yet
        QTemporaryDir other;
        const auto project = texts(other.path().toStdString(), TaskKind::Classify);
        Document document(*project);
        document.showList(m_document->list(), {}, m_document->item().id);
        m_instant->setDocument(&document);
        QTRY_VERIFY(m_instant->ready());
        QTest::qWait(50);
        QVERIFY(document.classSuggestions().empty());
        m_instant->setDocument(nullptr);
    }

    void refreshingLooksAgain() {
        m_instant->setDocument(m_document.get());
        m_instant->refresh();  // while it looks
        QTRY_VERIFY(m_instant->ready());
        QSignalSpy prepared(m_instant.get(), &InstantController::prepared);
        m_instant->refresh();
        QTRY_COMPARE(prepared.count(), 1);
    }
};

QTEST_MAIN(TestInstantController)
#include "tst_instant_controller.moc"
