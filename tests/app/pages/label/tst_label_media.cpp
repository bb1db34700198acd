// The Label page with sounds, texts and items of several media.
#include "app/panes/item_panes.h"
#include "app/panes/picture_pane.h"
#include "app/panes/sound_pane.h"
#include "app/panes/text_pane.h"
#include "tests/app/support/label_fixture.h"
#include "tests/app/support/media_fixture.h"
#include "widgets/audio/sound_view.h"
#include "widgets/canvas/box_canvas.h"
#include "widgets/common/class_panel.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/object_table.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QMouseEvent>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTest>
#include <QTextBlock>

#include <algorithm>
#include <cmath>

using namespace querent;
using namespace querent::app::panes;
using namespace querent::app::test;

namespace {

ProjectSettings classesOf(std::vector<Modality> media) {
    ProjectSettings settings;
    settings.task = TaskKind::Classify;
    settings.media = std::move(media);
    return settings;
}

ProjectSettings boxesOnSounds() {
    ProjectSettings settings;
    settings.task = TaskKind::Detect;
    settings.media = {Modality::Audio};
    return settings;
}

const std::vector<std::string> kClasses = {"chirp", "bell", "rain"};

MediumPane* paneOf(Desk& desk, Modality modality) {
    for (MediumPane* pane : desk.page().panes().all()) {
        if (pane->modality() == modality) return pane;
    }
    return nullptr;
}

widgets::audio::SoundView& viewOf(Desk& desk) {
    return qobject_cast<SoundPane*>(paneOf(desk, Modality::Audio))->view();
}

bool waitForSound(Desk& desk) {
    return QTest::qWaitFor([&] { return paneOf(desk, Modality::Audio)->shown() == desk.document().item().id; }, 10000);
}

void send(widgets::audio::SoundView& view, QEvent::Type type, QPointF sound, Qt::MouseButton button,
          Qt::MouseButtons held) {
    QWidget* viewport = view.viewport();
    const QPointF at = view.toViewport(sound);
    QMouseEvent event(type, at, viewport->mapToGlobal(at), button, held, Qt::NoModifier);
    QCoreApplication::sendEvent(viewport, &event);
}

void drag(widgets::audio::SoundView& view, QPointF from, QPointF to) {
    send(view, QEvent::MouseMove, from, Qt::NoButton, Qt::NoButton);
    send(view, QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    send(view, QEvent::MouseMove, (from + to) / 2.0, Qt::NoButton, Qt::LeftButton);
    send(view, QEvent::MouseMove, to, Qt::NoButton, Qt::LeftButton);
    send(view, QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
}

}  // namespace

class TestLabelMedia : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_next = 0;

    QString fresh() {
        const QString folder = m_dir.filePath(QString::number(++m_next));
        QDir().mkpath(folder);
        return folder;
    }

 private Q_SLOTS:
    void everyMediumHasItsPane() {
        const MixedItem whole{true, 0.5, "What is heard here?", {}};
        Desk desk(makeMixedProject(fresh(), {whole, whole},
                                   classesOf({Modality::Text, Modality::Audio, Modality::Image}), kClasses));
        QCOMPARE(desk.page().panes().all().size(), std::size_t{3});
        QVERIFY(waitForSound(desk));
        for (const Modality modality : {Modality::Image, Modality::Audio, Modality::Text}) {
            MediumPane* pane = paneOf(desk, modality);
            QVERIFY(pane != nullptr);
            QVERIFY(pane->isVisible() && pane->height() > 60);
            QVERIFY(pane->shown() == desk.document().item().id);
        }
        QVERIFY(viewOf(desk).drawing() == widgets::audio::SoundDrawing::Nothing);
        QVERIFY(desk.canvas().isReadOnly());
        QVERIFY(viewOf(desk).hasFocus());  // Space plays
        desk.key(Qt::Key_2);
        QCOMPARE(desk.document().index(), 1);
        QVERIFY(desk.page().action(QStringLiteral("edit.advance"))->isEnabled());
        const auto stored = desk.stored(desk.itemAt(0));
        QCOMPARE(stored.size(), std::size_t{1});
        QVERIFY(stored[0].label == desk.document().classes()[1].id);
        QVERIFY(!stored[0].box);
    }

    void whatAnItemHasNotIsSaidInItsPlace() {
        Desk desk(makeMixedProject(fresh(),
                                   {{true, 0.0, {}, {}}, {false, 0.5, "Only heard.", {}}, {true, -1.0, "x", {}}},
                                   classesOf({Modality::Image, Modality::Audio, Modality::Text}), kClasses));
        QVERIFY(QTest::qWaitFor([&] { return desk.canvas().hasPicture(); }, 10000));
        QVERIFY(!paneOf(desk, Modality::Audio)->shown().valid());
        QVERIFY(!paneOf(desk, Modality::Text)->shown().valid());
        QVERIFY(!viewOf(desk).hasSound());
        desk.document().openIndex(1);
        QVERIFY(waitForSound(desk));
        QVERIFY(!desk.canvas().hasPicture());
        auto* text = desk.page().findChild<QPlainTextEdit*>(QStringLiteral("textMedium"));
        QCOMPARE(text->toPlainText(), QStringLiteral("Only heard."));
        // A file that cannot be read is told beside the others, and the item can be answered all the same.
        desk.document().openIndex(2);
        QVERIFY(QTest::qWaitFor([&] { return desk.canvas().hasPicture(); }, 10000));
        QVERIFY(!viewOf(desk).hasSound());
        QCOMPARE(desk.page().findChild<QStackedWidget*>(QStringLiteral("centre"))->currentWidget(),
                 static_cast<QWidget*>(&desk.page().panes()));
        desk.key(Qt::Key_1);
        QVERIFY(desk.storedMark(desk.itemAt(2)).state == ItemState::Labelled);
    }

    void theOnlyMediumThatCannotBeReadIsSaidLarge() {
        Desk desk(makeMixedProject(fresh(), {{false, -1.0, {}, {}}, {false, 0.5, {}, {}}}, classesOf({Modality::Audio}),
                                   kClasses));
        auto* centre = desk.page().findChild<QStackedWidget*>(QStringLiteral("centre"));
        QTRY_VERIFY(qobject_cast<widgets::common::EmptyState*>(centre->currentWidget()) != nullptr);
        desk.key(Qt::Key_K);
        QCOMPARE(desk.document().index(), 1);
        QVERIFY(waitForSound(desk));
        QCOMPARE(centre->currentWidget(), static_cast<QWidget*>(&desk.page().panes()));
    }

    void textsAreShownAsTheyAre_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("markup") << QStringLiteral("<b>not bold</b> &amp; **not** either");
        QTest::newRow("right to left") << QStringLiteral("ما لون المثلث؟");
        QTest::newRow("emoji") << QStringLiteral("is it 🌧 or 👨‍👩‍👧?");
        QTest::newRow("lines") << QStringLiteral("one\ntwo\nthree");
        QTest::newRow("long") << QStringLiteral("word ").repeated(20'000).trimmed();
        QTest::newRow("one long word") << QStringLiteral("x").repeated(100'000);
    }
    void textsAreShownAsTheyAre() {
        QFETCH(QString, text);
        Desk desk(
            makeMixedProject(fresh(), {{false, 0.0, text.toStdString(), {}}}, classesOf({Modality::Text}), kClasses));
        auto* field = desk.page().findChild<QPlainTextEdit*>(QStringLiteral("textMedium"));
        QVERIFY(field != nullptr);
        QCOMPARE(field->toPlainText(), text);
        // Letters are keys of the page here, not of the field.
        desk.key(Qt::Key_3);
        QVERIFY(desk.storedMark(desk.itemAt(0)).state == ItemState::Labelled);
        QCOMPARE(field->toPlainText(), text);
    }

    void theLanguageOfATextDecidesItsSide() {
        Desk desk(
            makeMixedProject(fresh(), {{false, 0.0, "ما لون المثلث؟", {}}}, classesOf({Modality::Text}), kClasses));
        auto* field = desk.page().findChild<QPlainTextEdit*>(QStringLiteral("textMedium"));
        QCOMPARE(field->document()->firstBlock().textDirection(), Qt::RightToLeft);
    }

    void fiftyClipsByKeysAlone() {
        constexpr int kClips = 50;
        std::vector<MixedItem> clips(kClips, MixedItem{false, 1.0, {}, {}});
        Desk desk(makeMixedProject(fresh(), clips, classesOf({Modality::Audio}), kClasses));
        QVERIFY(waitForSound(desk));
        QVector<double> times;
        for (int i = 0; i < kClips; ++i) {
            QCOMPARE(desk.document().index(), i);
            // People listen before they answer; the next clips are made ready meanwhile.
            QTest::qWait(60);
            QElapsedTimer clock;
            clock.start();
            desk.key(Qt::Key_1 + i % 3);
            if (i + 1 == kClips) break;
            QVERIFY(waitForSound(desk));
            viewOf(desk).viewport()->repaint();
            times << static_cast<double>(clock.nsecsElapsed()) / 1e6;
        }
        std::sort(times.begin(), times.end());
        qInfo("from the key to the next clip painted: median %.1f ms, worst %.1f ms", times[times.size() / 2],
              times.back());
        desk.project().flush();
        for (int i = 0; i < kClips; ++i) {
            const auto stored = desk.stored(desk.itemAt(i));
            QCOMPARE(stored.size(), std::size_t{1});
            QVERIFY(stored[0].label == desk.document().classes()[static_cast<std::size_t>(i % 3)].id);
            QVERIFY(desk.storedMark(desk.itemAt(i)).state == ItemState::Labelled);
        }
    }

    void regionsAreFramesAndHertz() {
        Desk desk(makeMixedProject(fresh(), {{false, 2.0, {}, {}}, {false, 2.0, {}, {}}}, boxesOnSounds(), kClasses));
        QVERIFY(waitForSound(desk));
        widgets::audio::SoundView& view = viewOf(desk);
        drag(view, {4000, 1000}, {8000, 3000});
        QCOMPARE(desk.document().annotations().size(), std::size_t{1});
        const Box drawn = *desk.document().annotations()[0].box;
        QCOMPARE(drawn.left, std::round(drawn.left));  // edges lie between samples
        QVERIFY(std::abs(drawn.left - 4000) < 40 && std::abs(drawn.right - 8000) < 40);
        QVERIFY(std::abs(drawn.top - 1000) < 60 && std::abs(drawn.bottom - 3000) < 60);
        QCOMPARE(view.boxes().size(), std::size_t{1});
        auto* table = desk.page().findChild<widgets::common::ObjectTable*>(QStringLiteral("objects"));
        const QString start = table->model()->index(0, widgets::common::ObjectTable::XColumn).data().toString();
        QCOMPARE(start, QString::number(drawn.left / 8000.0, 'f', 3));
        desk.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(desk.document().annotations().empty());
        desk.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        desk.key(Qt::Key_Tab);
        desk.key(Qt::Key_2);
        QVERIFY(desk.document().annotations()[0].label == desk.document().classes()[1].id);
        desk.key(Qt::Key_Return);
        QCOMPARE(desk.document().index(), 1);
        const auto stored = desk.stored(desk.itemAt(0));
        QCOMPARE(stored.size(), std::size_t{1});
        QVERIFY(stored[0].box == drawn);
        desk.reopen();
        desk.document().openIndex(0);
        QVERIFY(waitForSound(desk));
        QVERIFY(viewOf(desk).boxes().front().box == drawn);
    }

    void loopAndLockKeepApart() {
        Desk sounds(makeMixedProject(fresh(), {{false, 1.0, {}, {}}}, boxesOnSounds(), kClasses));
        QVERIFY(waitForSound(sounds));
        const auto keys = sounds.page().action(QStringLiteral("edit.lock"))->shortcuts();
        QVERIFY(!keys.contains(QKeySequence(Qt::Key_L)));
        QVERIFY(keys.contains(QKeySequence(Qt::ALT | Qt::Key_L)));
        QVERIFY(sounds.page().action(QStringLiteral("sound.autoplay")) != nullptr);
        QVERIFY(!sounds.page().action(QStringLiteral("edit.advance"))->isEnabled());  // boxes do not go on
        Desk pictures;
        QVERIFY(pictures.page().action(QStringLiteral("edit.lock"))->shortcuts().contains(QKeySequence(Qt::Key_L)));
        QVERIFY(pictures.page().action(QStringLiteral("sound.autoplay")) == nullptr);
    }
};

QTEST_MAIN(TestLabelMedia)
#include "tst_label_media.moc"
