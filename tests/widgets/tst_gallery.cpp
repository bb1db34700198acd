// Pictures of the widgets, light and dark, at 100 % and 200 %, in $QUERENT_SCREENSHOTS, to be looked at.

#include "engine/core/annotation.h"
#include "tests/widgets/gallery.h"
#include "widgets/canvas/box_canvas.h"
#include "widgets/charts/bar_chart.h"
#include "widgets/charts/curve_chart.h"
#include "widgets/charts/loss_chart.h"
#include "widgets/common/banner.h"
#include "widgets/common/class_panel.h"
#include "widgets/common/command_palette.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/key_sheet.h"
#include "widgets/common/object_table.h"
#include "widgets/common/reason_panel.h"
#include "widgets/common/round_bar.h"
#include "widgets/common/theme.h"
#include "widgets/common/thumbnail_strip.h"
#include "widgets/common/toast.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTest>
#include <QVBoxLayout>

#include <cmath>
#include <random>

using namespace querent;
using namespace querent::widgets::canvas;
using namespace querent::widgets::charts;
using namespace querent::widgets::common;

namespace {

// Cells on a bright ground, as a microscope shows them.
QImage cells(int width, int height, unsigned seed) {
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(QColor(0xe9e2da));
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    std::mt19937 random(seed);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int i = 0; i < 26; ++i) {
        const QPointF at(below(width), below(height));
        const double r = width / 22.0 + below(8);
        QRadialGradient shade(at, r);
        shade.setColorAt(0, QColor(0xdba9a2));
        shade.setColorAt(0.75, QColor(0xc77f7d));
        shade.setColorAt(1, QColor(0xd49b94));
        painter.setBrush(shade);
        painter.setPen(Qt::NoPen);
        painter.drawEllipse(at, r, r * 0.95);
    }
    return image;
}

QVector<ClassEntry> classes() {
    return {{ClassId(1), "Rotes Blutkörperchen", classColour(0), "1", 1284},
            {ClassId(2), "Weißes Blutkörperchen (Lymphozyt, mit Granula)", classColour(1), "2", 96},
            {ClassId(3), "Blutplättchen", classColour(2), "3", 211},
            {ClassId(4), "Artefakt", classColour(5), "4", 12}};
}

CanvasBox boxOf(qint64 id, Box box, int label, bool ghost = false) {
    const ClassEntry entry = classes()[label];
    CanvasBox out;
    out.id = id;
    out.box = box;
    out.label = entry.label;
    out.colour = entry.colour;
    out.name = entry.name.section(' ', 0, 1);
    out.ghost = ghost;
    out.score = 0.87;
    return out;
}

void fillCanvas(BoxCanvas& canvas) {
    canvas.setPicture(cells(640, 480, 3), {640, 480});
    std::vector<CanvasBox> boxes{boxOf(1, {60, 60, 150, 145}, 0),   boxOf(2, {200, 90, 330, 230}, 1),
                                 boxOf(3, {420, 70, 480, 120}, 2),  boxOf(4, {380, 260, 500, 380}, 0, true),
                                 boxOf(5, {120, 290, 210, 380}, 0), boxOf(6, {540, 300, 620, 380}, 3)};
    boxes[4].difficult = true;
    boxes[5].locked = true;
    canvas.setBoxes(boxes);
    canvas.setSelection({2});
    canvas.setActiveClass(classes()[0].name, classes()[0].colour);
}

void fillStrip(ThumbnailStrip& strip, QStandardItemModel& model) {
    for (int i = 0; i < 14; ++i) {
        auto* item = new QStandardItem(QStringLiteral("BloodImage_%1").arg(i));
        if (i != 9) item->setData(cells(160, 120, static_cast<unsigned>(i)), ThumbnailRole);
        item->setData(i < 5 ? i + 1 <= 4 ? i + 1 : 1 : 0, StateRole);
        item->setData(i == 2 || i == 7, FlaggedRole);
        item->setData(i == 10, MissingRole);
        model.appendRow(item);
    }
    strip.setModel(&model);
    strip.setCurrentRow(5);
}

RoundStatus readyRound() {
    RoundStatus status = gallery::roundStatus();
    status.canTrain = true;
    return status;
}

ObjectRow rowOf(qint64 id, int label, Box box) {
    ObjectRow row;
    row.id = id;
    row.className = classes()[label].name;
    row.colour = classes()[label].colour;
    row.box = box;
    return row;
}

QVector<ObjectRow> objectRows() {
    QVector<ObjectRow> rows{rowOf(1, 0, {60, 60, 150, 145}), rowOf(2, 1, {200, 90, 330, 230}),
                            rowOf(4, 0, {380, 260, 500, 380})};
    rows[1].provenance = Provenance::ModelCorrected;
    rows[1].score = 0.91;
    rows[2].ghost = true;
    rows[2].score = 0.87;
    return rows;
}

QVector<ShortcutEntry> shortcuts() {
    return {{"Items", "Next item", "D, PgDown"},
            {"Items", "Previous item", "A, PgUp"},
            {"Items", "Next unlabelled", "Ctrl+Shift+D"},
            {"Drawing", "Draw box", "W, R"},
            {"Drawing", "Select only", "V"},
            {"Drawing", "Cancel", "Esc"},
            {"Drawing", "Delete", "Del, Backspace"},
            {"Answers", "Confirm and next", "Enter"},
            {"Answers", "Nothing here", "N"},
            {"Answers", "Skip", "K"},
            {"Answers", "Unsure", "Q"},
            {"View", "Zoom in", "Ctrl++"},
            {"View", "Fit", "F, Ctrl+F"},
            {"View", "Hide boxes while held", "H"}};
}

/** A window like the label screen. */
std::unique_ptr<QWidget> labelScreen(QStandardItemModel& model) {
    auto window = std::make_unique<QWidget>();
    auto* layout = new QVBoxLayout(window.get());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* banners = new BannerStack;
    banners->show("a", Severity::Warning, "2 Dateien fehlen: Der Ordner „BCCD/JPEGImages“ wurde verschoben.",
                  {{"x", "Ordner suchen…"}});
    auto* bar = new RoundBar;
    bar->setStatus(readyRound());
    auto* middle = new QHBoxLayout;
    middle->setSpacing(0);
    auto* canvas = new BoxCanvas;
    auto* side = new QVBoxLayout;
    auto* panel = new ClassPanel;
    panel->setClasses(classes());
    panel->setActiveClass(ClassId(1));
    panel->setChosen({ClassId(3)});
    auto* reason = new ReasonPanel;
    reason->setReason(
        {0.81,
         3,
         30,
         {{"Uncertainty", "", 0.62, 1.0}, {"Novelty", "", 0.34, 1.0}, {"Rarity of its classes", "", 0.12, 1.0}},
         "Model from round 3, entropy"});
    auto* table = new ObjectTable;
    table->setRows(objectRows());
    table->setSelection({2});
    side->addWidget(panel, 3);
    side->addWidget(reason);
    side->addWidget(table, 2);
    middle->addWidget(canvas, 1);
    auto* holder = new QWidget;
    holder->setFixedWidth(420);
    holder->setLayout(side);
    side->setContentsMargins(0, 0, 8, 8);
    middle->addWidget(holder);
    auto* strip = new ThumbnailStrip;
    fillStrip(*strip, model);
    layout->addWidget(banners);
    layout->addWidget(bar);
    layout->addLayout(middle, 1);
    layout->addWidget(strip);
    window->resize(1280, 860);
    fillCanvas(*canvas);
    return window;
}

std::unique_ptr<QWidget> chartScreen() {
    auto window = std::make_unique<QWidget>();
    auto* grid = new QGridLayout(window.get());
    auto* curve = new CurveChart;
    curve->setTitle("mAP@.5 on the holdout");
    curve->setAxes("Labelled images", "mAP@.5");
    curve->setSeries({{"Policy",
                       CurveRole::Main,
                       {{20, 0.681, 0.62, 0.73, "Round 1"},
                        {40, 0.75, 0.71, 0.79, "Round 2"},
                        {60, 0.80, 0.77, 0.83, "Round 3"},
                        {80, 0.84, 0.81, 0.865, "Round 4"}}},
                      {"Random control",
                       CurveRole::Control,
                       {{20, 0.66, 0.6, 0.71, ""},
                        {40, 0.71, 0.66, 0.75, ""},
                        {60, 0.755, 0.71, 0.79, ""},
                        {80, 0.79, 0.75, 0.82, ""}}}});
    curve->setTarget(0.9);
    curve->setProjection({{80, 0.84}, {120, 0.88}, {150, 0.9}});
    auto* bars = new BarChart;
    bars->setTitle("AP by class");
    bars->setValueTitle("AP@.5");
    bars->setBars({{"Rotes Blutkörperchen", 0.83, 0.8, 0.86, classColour(0), 1284},
                   {"Weißes Blutkörperchen (Lymphozyt)", 0.95, 0.92, 0.97, classColour(1), 96},
                   {"Blutplättchen", 0.71, 0.61, 0.79, classColour(2), 211}});
    auto* loss = new LossChart;
    loss->setSteps(300);
    std::mt19937 random(5);
    for (int i = 0; i < 220; ++i)
        loss->append(i, 0.6 + 2.4 * std::exp(-i / 60.0) + 0.3 * (static_cast<double>(random() % 1000) / 1000.0 - 0.5));
    auto* empty = new CurveChart;
    empty->setTitle("Policy reward");
    grid->addWidget(curve, 0, 0);
    grid->addWidget(bars, 0, 1);
    grid->addWidget(loss, 1, 0);
    grid->addWidget(empty, 1, 1);
    window->resize(1200, 800);
    return window;
}

std::unique_ptr<QWidget> popupScreen() {
    auto window = std::make_unique<QWidget>();
    auto* layout = new QVBoxLayout(window.get());
    auto* banners = new BannerStack;
    banners->show("i", Severity::Info, "A newer model is ready: suggestions now come from round 4.", {{"x", "Show"}});
    banners->show("s", Severity::Success, "The backup was checked.");
    banners->show("e", Severity::Error,
                  "The disk is full. Your last 3 edits are kept in memory and written as soon as there is room.",
                  {{"x", "Try again"}}, false);
    auto* bar = new RoundBar;
    bar->setStatus(readyRound());
    bar->setRunning({"Training", 0.4, "step 120 of 300, about 20 s left", false});
    auto* empty = new EmptyState;
    empty->setContent("folder", "No project is open",
                      "Start with one of the two demo projects, or drop a folder of pictures or sounds here.");
    empty->addButton("New project", true);
    empty->addButton("Open…");
    layout->addWidget(banners);
    layout->addWidget(bar);
    layout->addWidget(empty, 1);
    window->resize(900, 700);
    window->show();
    auto* search = new ClassSearch(window.get());
    search->setClasses(classes(), true);
    auto* toast = new Toast(window.get());
    toast->say("Saved. 12 of 30 items answered.", Severity::Success, "Undo", 100000);
    return window;
}

std::unique_ptr<QWidget> iconScreen() {
    auto window = std::make_unique<QWidget>();
    auto* grid = new QGridLayout(window.get());
    int i = 0;
    for (const QString& name : iconNames()) {
        auto* cell = new QPushButton(icon(name), name);
        cell->setIconSize({24, 24});
        cell->setEnabled(i % 9 != 8);
        grid->addWidget(cell, i / 8, i % 8);
        ++i;
    }
    return window;
}

}  // namespace

class Gallery : public QObject {
    Q_OBJECT

    static void save(QWidget& widget, const QString& name, double ratio) {
        const QString folder = qEnvironmentVariable("QUERENT_SCREENSHOTS");
        QImage image(widget.size() * ratio, QImage::Format_RGB32);
        image.setDevicePixelRatio(ratio);
        image.fill(Theme::colours(&widget).window);
        widget.render(&image);
        QVERIFY(!image.isNull());
        // Something must have been drawn: more than a few colours.
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); y += 7) {
            for (int x = 0; x < image.width(); x += 7)
                colours.insert(image.pixel(x, y));
        }
        QVERIFY2(colours.size() > 8, qPrintable(name));
        if (folder.isEmpty()) return;
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(image.save(folder + "/widgets-" + name + ".png"));
    }

 private Q_SLOTS:
    void screens_data() { gallery::addScreens(); }
    void screens() {
        const double ratio = gallery::beginScreen();
        const QString row = QString::fromLatin1(QTest::currentDataTag());
        QStandardItemModel model;
        const auto label = labelScreen(model);
        const auto charts = chartScreen();
        const auto popups = popupScreen();
        const auto icons = iconScreen();
        KeySheet keys;
        keys.setShortcuts(shortcuts());
        const std::pair<QWidget*, const char*> all[] = {{label.get(), "label"},
                                                        {charts.get(), "charts"},
                                                        {popups.get(), "popups"},
                                                        {icons.get(), "icons"},
                                                        {&keys, "keys"}};
        for (const auto& [widget, name] : all) {
            widget->show();
            QVERIFY(QTest::qWaitForWindowExposed(widget));
            if (auto* search = widget->findChild<ClassSearch*>()) {
                widget->activateWindow();
                search->popup();
                search->findChild<QLineEdit*>("paletteEdit")->setText("blut");
            }
            QTest::qWait(150);
            save(*widget, QString::fromLatin1(name) + '-' + row, ratio);
        }
    }
};

QTEST_MAIN(Gallery)
#include "tst_gallery.moc"
