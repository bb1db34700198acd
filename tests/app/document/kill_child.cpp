#include "tests/app/document/kill_child.h"

#include "app/bridge/image_convert.h"
#include "engine/core/rng.h"
#include "tests/app/support/label_fixture.h"
#include "widgets/canvas/box_canvas.h"

#include <QFile>
#include <QTest>

#include <cstdio>
#include <map>

using namespace querent::app::bridge;

namespace querent::app::test {

namespace {

QString lineOf(ItemId item, const ItemMark& mark, const std::vector<Annotation>& annotations) {
    QString line = QStringLiteral("[%1 %2").arg(item.value).arg(static_cast<int>(mark.state));
    for (const Annotation& annotation : annotations) {
        const Box box = annotation.box.value_or(Box{});
        line += QStringLiteral(" %1:%2:%3,%4,%5,%6")
                    .arg(annotation.id.value)
                    .arg(annotation.label.value)
                    .arg(box.left)
                    .arg(box.top)
                    .arg(box.right)
                    .arg(box.bottom);
    }
    return line + QLatin1Char(']');
}

struct Snapshot {
    ItemMark mark;
    std::vector<Annotation> annotations;

    bool operator==(const Snapshot&) const = default;
};

/** What undo and redo must bring back: the states of one item in their order, and where we are in them. */
struct Reference {
    std::vector<Snapshot> states{Snapshot{}};
    std::size_t at = 0;

    void advance(Snapshot snapshot) {
        states.resize(at + 1);
        states.push_back(std::move(snapshot));
        ++at;
    }
};

class Player {
 public:
    Player(Desk& desk, quint64 seed) : m_desk(desk), m_rng(seed) {}

    /** One random gesture. False when the document is not what the reference says. */
    bool play();
    QString line() {
        QString text;
        for (const ItemId id : m_desk.document().list()) {
            text += lineOf(id, m_desk.document().markOf(id), m_desk.document().annotationsOf(id));
        }
        return text;
    }

 private:
    Snapshot now() { return {m_desk.document().item().mark, m_desk.document().annotations()}; }
    bool draw();
    bool onBox();
    bool undo();
    bool redo();
    bool grew(std::ptrdiff_t by);

    Desk& m_desk;
    Rng m_rng;
    std::map<ItemId, Reference> m_references;
};

/** Checks the number of boxes and that something changed, and notes the new state. */
bool Player::grew(std::ptrdiff_t by) {
    Reference& reference = m_references[m_desk.document().item().id];
    const Snapshot before = reference.states[reference.at];
    const Snapshot after = now();
    if (after == before) return by == 0;  // a gesture that came to nothing: dragged back, the class it had
    const auto expected = static_cast<std::ptrdiff_t>(before.annotations.size()) + by;
    if (static_cast<std::ptrdiff_t>(after.annotations.size()) != expected) return false;
    if (after.mark.state != (after.annotations.empty() ? ItemState::Unlabelled : ItemState::Labelled)) return false;
    reference.advance(after);
    return true;
}

bool Player::draw() {
    const double x = m_rng.integer(4, kWidth - 60), y = m_rng.integer(4, kHeight - 60);
    const double width = m_rng.integer(10, 50), height = m_rng.integer(10, 50);
    m_desk.key(Qt::Key_W);  // drawing over boxes too
    m_desk.drag(x, y, x + width, y + height);
    m_desk.key(Qt::Key_W);
    const bool drawn = grew(1);
    const Box box = m_desk.document().annotations().empty() ? Box{} : *m_desk.document().annotations().back().box;
    return drawn && box == Box{x, y, x + width, y + height};
}

bool Player::onBox() {
    const auto& annotations = m_desk.document().annotations();
    const Annotation chosen = annotations[m_rng.index(annotations.size())];
    const Box box = *chosen.box;
    m_desk.document().setSelection({chosen.id.value});
    switch (m_rng.index(5)) {
        case 0:
            m_desk.drag(box.centreX(), box.centreY(), box.centreX() + m_rng.integer(-20, 20), box.centreY() + 7);
            return grew(0);
        case 1:
            m_desk.drag(box.right, box.bottom, box.right + m_rng.integer(3, 12), box.bottom + m_rng.integer(3, 12));
            return grew(0);
        case 2:
            m_desk.key(Qt::Key_1 + m_rng.integer(0, 2));
            return grew(0);
        case 3:
            m_desk.key(Qt::Key_Right, Qt::ShiftModifier);
            return grew(0);
        default:
            m_desk.key(Qt::Key_Delete);
            return grew(-1);
    }
}

bool Player::undo() {
    Reference& reference = m_references[m_desk.document().item().id];
    m_desk.key(Qt::Key_Z, Qt::ControlModifier);
    if (reference.at > 0) --reference.at;
    return now() == reference.states[reference.at];
}

bool Player::redo() {
    Reference& reference = m_references[m_desk.document().item().id];
    m_desk.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    if (reference.at + 1 < reference.states.size()) ++reference.at;
    return now() == reference.states[reference.at];
}

bool Player::play() {
    if (m_rng.chance(0.1)) {
        m_desk.key(m_desk.document().index() == 0 || m_rng.chance(0.5) ? Qt::Key_D : Qt::Key_A);
        return m_desk.waitForPicture();
    }
    if (m_desk.document().annotations().empty() || m_rng.chance(0.35)) return draw();
    if (m_rng.chance(0.3)) return m_rng.chance(0.6) ? undo() : redo();
    return onBox();
}

}  // namespace

QString stateLine(session::Project& project) {
    QString line;
    for (const ItemId id : project.ids({})) {
        const auto item = project.item(id);
        line += lineOf(id, item ? item->mark : ItemMark{}, project.annotations(id));
    }
    return line;
}

int runKillChild(const QString& projectFile, const QString& journalFile, quint64 seed) {
    auto project = session::project::Project::open(toPath(projectFile), session::project::OpenMode::ReadWrite);
    QFile journal(journalFile);
    if (!project || !journal.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) return 2;
    Desk desk(*std::move(project));
    Player player(desk, seed);
    journal.write("safe 0 " + player.line().toUtf8() + '\n');
    for (int gesture = 1; gesture <= kGestures; ++gesture) {
        if (!player.play()) {
            std::fprintf(stderr, "gesture %d: the document is not what the reference says\n", gesture);
            return 3;
        }
        const QByteArray rest = QByteArray::number(gesture) + ' ' + player.line().toUtf8() + '\n';
        journal.write("done " + rest);
        if (!QTest::qWaitFor([&] { return desk.document().pendingWrites() == 0; }, 20000)) return 4;
        journal.write("safe " + rest);
    }
    return 0;
}

}  // namespace querent::app::test
