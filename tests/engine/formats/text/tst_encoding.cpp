#include "engine/formats/text/encoding.h"
#include "tests/engine/formats/formats_support.h"

using namespace support;

/** The door for text: whatever comes in is UTF-8, and somebody is told where it was not. */
class TestEncoding : public QObject {
    Q_OBJECT

    static text::Decoded through(const std::string& bytes) {
        const Result<text::Decoded> decoded = text::decoded(bytes, "x");
        return decoded ? *decoded : text::Decoded{"refused", decoded.error().sentence};
    }

 private Q_SLOTS:
    void utf8StaysAsItIs() {
        for (const char* plain : {"", "cat", "Übung ö 猫 🐈", "a\nb\r\n"}) {
            QCOMPARE(through(plain).text, std::string(plain));
            QCOMPARE(through(plain).remark, std::string());
        }
        QCOMPARE(through("\xEF\xBB\xBFö").text, std::string("ö"));
        QCOMPARE(through("\xEF\xBB\xBFö").remark, std::string());
    }

    void utf16IsKnownWithAndWithoutItsMark() {
        const std::string little("p\0a\0t\0h\0,\0\xF6\0\n\0a\0", 16);
        std::string big;
        for (std::size_t i = 0; i < little.size(); i += 2)
            big += {little[i + 1], little[i]};
        for (const std::string& bytes : {little, "\xFF\xFE" + little, big, "\xFE\xFF" + big}) {
            QCOMPARE(through(bytes).text, std::string("path,ö\na"));
            QVERIFY(through(bytes).remark.find("UTF-16") != std::string::npos);
        }
    }

    void otherEncodingsAreGuessedAndSaid() {
        QCOMPARE(through("\xC3\xA8\n\xB9\xB7\n").text, std::string("猫\n狗\n"));
        QVERIFY(through("\xC3\xA8\n\xB9\xB7\n").remark.find("GBK") != std::string::npos);
        QCOMPARE(through("\x83\x6C\x83\x52\n").text, std::string("ネコ\n"));
        QVERIFY(through("\x83\x6C\x83\x52\n").remark.find("Shift-JIS") != std::string::npos);
        QCOMPARE(through("W\xF6lfe und K\xE4uze\n").text, std::string("Wölfe und Käuze\n"));
        QCOMPARE(through("cr\xE9\xE9\x65\n").text, std::string("créée\n"));  // two letters of Latin-1 side by side
        QVERIFY(through("W\xF6lfe\n").remark.find("Latin-1") != std::string::npos);
    }

    void xmlSaysItsEncoding() {
        const text::Decoded decoded = through("<?xml version='1.0' encoding='GBK'?><name>\xC3\xA8</name>");
        QVERIFY(decoded.text.ends_with("<name>猫</name>"));
        QCOMPARE(decoded.remark, std::string());
    }

    void whatComesOutIsUtf8() {
        Rng rng(3);
        for (int i = 0; i < 2000; ++i) {
            std::string bytes;
            for (int n = rng.integer(1, 40); n > 0; --n)
                bytes += static_cast<char>(rng.integer(0, 255));
            const Result<text::Decoded> decoded = text::decoded(bytes, "x");
            QVERIFY(!decoded || text::isUtf8(decoded->text));
            QVERIFY(!decoded || text::isUtf8(bytes) || !decoded->remark.empty() || bytes.starts_with("\xEF\xBB\xBF"));
        }
    }

    void bytesThatAreNoTextAreReplaced() {
        QCOMPARE(text::readable("weiß"), std::string("weiß"));
        QCOMPARE(text::readable("\xFF"
                                "a\xC3(\xE2\x82"),
                 std::string("\uFFFD"
                             "a\uFFFD(\uFFFD\uFFFD"));
    }

    void composedLettersCompareEqual() {
        QCOMPARE(text::composed("U\xCC\x88"
                                "bung"),
                 std::string("Übung"));
        QCOMPARE(text::composed("Übung"), std::string("Übung"));
    }
};

QTEST_GUILESS_MAIN(TestEncoding)
#include "tst_encoding.moc"
