#include "engine/formats/recognise.h"
#include "tests/engine/formats/formats_support.h"

using namespace support;

/** The first bytes tell what a file is, and a file of another kind is named instead of half read. */
class TestRecognise : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void kinds_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("what");
        const auto row = [](const char* name, QByteArray bytes, const char* format, const char* what) {
            QTest::newRow(name) << std::move(bytes) << QString(format) << QString(what);
        };
        row("labelme", R"({"version":"5","shapes":[],"imagePath":"a.jpg"})", "labelme", "labelme");
        row("createml", R"([{"image":"a.jpg","annotations":[{"label":"x","coordinates":{"x":1}}]}])", "createml",
            "CreateML");
        row("megadetector", R"({"images":[],"detection_categories":{"1":"animal"}})", "megadetector", "MegaDetector");
        row("coco", R"({"images":[],"annotations":[],"categories":[]})", "coco", "COCO");
        row("results", R"([{"image_id":1,"category_id":1,"bbox":[1,2,3,4],"score":1}])", "coco", "results");
        row("tasks", R"([{"data":{"image":"a.jpg"},"annotations":[]}])", "labelstudio", "Label Studio");
        row("minimal", R"([{"image":"a.jpg","annotator":1,"annotation_id":3,"lead_time":2}])", "labelstudio",
            "JSON-MIN");
        row("cvat", "<?xml version='1.0'?>\n<annotations><version>1.1</version><image id='0'/></annotations>", "cvat",
            "CVAT");
        row("voc", "<annotation><filename>a.jpg</filename></annotation>", "voc", "VOC");
        row("yolo", "0 0.5 0.5 0.1 0.1\n", "yolo", "YOLO");
        row("yaml", "path: .\nnames: [a]\n", "yolo", "data.yaml");
        row("audacity", "1.0\t2.0\twren\n", "audacity", "Audacity");
        row("raven", "Selection\tBegin Time (s)\tEnd Time (s)\n", "raven", "Raven");
        row("birdnet", "Start (s),End (s),Scientific name,Common name,Confidence\n", "birdnet", "BirdNET");
        row("table", "path,class\na.jpg,x\n", "csv", "table");
        row("zip", QByteArray("PK\x03\x04\x14\x00", 6), "", "zip");
        row("gzip", QByteArray("\x1F\x8B\x08", 3), "", "gzip");
        row("empty", "", "", "empty");
        row("noise", QByteArray("\x00\x01\x02\x03\x00\x00\x07", 7), "", "");
        QByteArray wide;
        for (const char c : std::string(R"({"images":[],"annotations":[]})"))
            wide += QByteArray(1, c) + QByteArray(1, '\0');
        row("utf16", "\xFF\xFE" + wide, "coco", "COCO");
    }

    void kinds() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, format);
        QFETCH(QString, what);
        const Recognised found = recogniseText({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        QCOMPARE(QString::fromStdString(found.format), format);
        QVERIFY2(QString::fromStdString(found.what).contains(what) && found.what.empty() == what.isEmpty(),
                 found.what.c_str());
    }

    void errorsSayWhatTheFileIs() {
        const Folder folder;
        folder.write("a.json", R"({"version":"5","shapes":[],"imagePath":"a.jpg","imageData":null})");
        folder.write("set.zip", "PK\x03\x04 rest");
        const Result<Dataset> labelme = read(Format::Coco, reading(folder / "a.json"));
        QVERIFY(!labelme.ok() && labelme.error().sentence.find("labelme file") != std::string::npos);
        const Result<Dataset> zip = read(Format::Coco, reading(folder / "set.zip"));
        QVERIFY(!zip.ok() && zip.error().sentence.find("Unpack it") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestRecognise)
#include "tst_recognise.moc"
