#include "app/preferences/key_fallback.h"
#include "app/preferences/keymap.h"

#include <QSet>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace querent::app::preferences;

class TestKeymap : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyActionIsWhole() {
        QSet<QString> ids;
        for (const KeyAction& action : Keymap::actions()) {
            QVERIFY2(!ids.contains(action.id), qPrintable(action.id));
            ids << action.id;
            QVERIFY2(!action.text.isEmpty() && !action.group.isEmpty(), qPrintable(action.id));
            QVERIFY2(!action.keys.isEmpty(), qPrintable(action.id));
            QVERIFY2(action.fixed || (!action.icon.isEmpty() && !action.help.isEmpty()), qPrintable(action.id));
            for (const QKeySequence& sequence : action.keys)
                QVERIFY2(!sequence.isEmpty(), qPrintable(action.id));
        }
        QVERIFY(ids.contains(QStringLiteral("class.30")));
    }

    void noPresetClashes_data() {
        QTest::addColumn<QString>("preset");
        for (const QString& preset : Keymap::presets())
            QTest::newRow(qPrintable(preset)) << preset;
    }

    void noPresetClashes() {
        QFETCH(QString, preset);
        Keymap keymap;
        QVERIFY(keymap.usePreset(preset));
        for (const KeyConflict& conflict : keymap.conflicts()) {
            QFAIL(qPrintable(conflict.first + QStringLiteral(" and ") + conflict.second + QStringLiteral(": ") +
                             conflict.sequence.toString()));
        }
    }

    void defaultsAsDocumented_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("keys");
        QTest::newRow("next") << "item.next"
                              << "D; PgDown";
        QTest::newRow("previous") << "item.previous"
                                  << "A; PgUp";
        QTest::newRow("draw") << "draw.box"
                              << "W; R";
        QTest::newRow("redo") << "edit.redo"
                              << "Ctrl+Shift+Z; Ctrl+Y";
        QTest::newRow("empty") << "answer.empty"
                               << "N";
        QTest::newRow("tenth class") << "class.10"
                                     << "0";
        QTest::newRow("eleventh class") << "class.11"
                                        << "Shift+1";
        QTest::newRow("thirtieth class") << "class.30"
                                         << "Alt+Shift+0";
    }

    void defaultsAsDocumented() {
        QFETCH(QString, id);
        QFETCH(QString, keys);
        QCOMPARE(QKeySequence::listToString(Keymap().keys(id), QKeySequence::PortableText), keys);
    }

    void peersTrapsAreLeftOut() {
        Keymap keymap;
        QVERIFY(keymap.usePreset(QStringLiteral("labelImg")));
        QCOMPARE(keymap.keys(QStringLiteral("edit.paste")),
                 QList<QKeySequence>{QKeySequence(QStringLiteral("Ctrl+V"))});
        QVERIFY(keymap.keys(QStringLiteral("edit.redo")).contains(QKeySequence(QStringLiteral("Ctrl+Y"))));
        QVERIFY(keymap.keys(QStringLiteral("answer.confirm")).contains(QKeySequence(QStringLiteral("Space"))));
        QVERIFY(!keymap.usePreset(QStringLiteral("nobody")));
    }

    void clashesAreFound() {
        Keymap keymap;
        QSignalSpy changed(&keymap, &Keymap::changed);
        keymap.setKeys(QStringLiteral("answer.skip"), {QKeySequence(QStringLiteral("N"))});
        QCOMPARE(changed.count(), 1);
        QCOMPARE(keymap.conflicts().size(), 1);
        QCOMPARE(keymap.usersOf(QKeySequence(QStringLiteral("N")), QStringLiteral("answer.skip")),
                 QStringList{QStringLiteral("answer.empty")});
        keymap.setKeys(QStringLiteral("canvas.peek"), {QKeySequence(QStringLiteral("N"))});
        QCOMPARE(keymap.keys(QStringLiteral("canvas.peek")), QList<QKeySequence>{QKeySequence(QStringLiteral("H"))});
    }

    void settingsRoundTrip() {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("keys.ini")), QSettings::IniFormat);
        Keymap written;
        written.usePreset(QStringLiteral("CVAT"));
        written.setKeys(QStringLiteral("answer.skip"),
                        {QKeySequence(QStringLiteral("Ctrl+,")), QKeySequence(Qt::Key_Semicolon)});
        written.save(settings);
        Keymap read;
        read.load(settings);
        QCOMPARE(read.preset(), QStringLiteral("CVAT"));
        for (const KeyAction& action : Keymap::actions())
            QCOMPARE(read.keys(action.id), written.keys(action.id));
    }

    void sheetNamesEveryAction() {
        const auto sheet = Keymap().sheet();
        QCOMPARE(sheet.size(), Keymap::actions().size());
        for (const auto& entry : sheet)
            QVERIFY2(!entry.keys.isEmpty(), qPrintable(entry.action));
    }

#ifdef Q_OS_LINUX
    void placesOnTheKeyboard() {
        QCOMPARE(keyAtScanCode(25), static_cast<int>(Qt::Key_W));
        QCOMPARE(keyAtScanCode(40), static_cast<int>(Qt::Key_D));
        QCOMPARE(keyAtScanCode(10), static_cast<int>(Qt::Key_1));
        QCOMPARE(keyAtScanCode(65), 0);  // space
        QCOMPARE(keyAtScanCode(0), 0);
    }
#endif
};

QTEST_MAIN(TestKeymap)
#include "tst_keymap.moc"
