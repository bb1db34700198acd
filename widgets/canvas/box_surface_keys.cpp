#include "widgets/canvas/box_surface_p.h"

#include <QKeyEvent>

namespace querent::widgets {

namespace {

// X11 and Wayland say 0 here for keys that did not come from a keyboard; the letter then has to do.
#if defined(Q_OS_LINUX)
constexpr quint32 kScanCodeOfH = 43;
#else
constexpr quint32 kScanCodeOfH = 0;
#endif

bool isEnter(const QKeyEvent& event) {
    return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

bool isTab(const QKeyEvent& event) {
    return event.key() == Qt::Key_Tab || event.key() == Qt::Key_Backtab;
}

}  // namespace

std::optional<QPointF> directionOf(int key) {
    switch (key) {
        case Qt::Key_Left:
            return QPointF(-1, 0);
        case Qt::Key_Right:
            return QPointF(1, 0);
        case Qt::Key_Up:
            return QPointF(0, -1);
        case Qt::Key_Down:
            return QPointF(0, 1);
        default:
            return std::nullopt;
    }
}

Qt::KeyboardModifiers modifiersOf(const QKeyEvent& event) {
    return event.modifiers() & ~Qt::KeypadModifier;
}

/** A bare letter also answers by its place, so that it works under a Russian or Greek layout. */
bool BoxSurface::Inside::isPeek(const QKeyEvent& event) const {
    if (peekKey == 0) return false;
    if (event.key() == peekKey) return true;
    const bool latin = event.key() >= Qt::Key_A && event.key() <= Qt::Key_Z;
    return peekKey == Qt::Key_H && !latin && kScanCodeOfH != 0 && event.nativeScanCode() == kScanCodeOfH;
}

bool BoxSurface::Inside::wantsKey(const QKeyEvent& event) const {
    if (isEnter(event)) return keyboardDraw || drawing();
    if (event.key() == Qt::Key_Escape) {
        return keyboardDraw || phase() != GesturePhase::Idle || mode == CanvasMode::Draw || !state.selected().isEmpty();
    }
    if (event.key() == Qt::Key_Space || isPeek(event)) return modifiersOf(event) == Qt::NoModifier;
    return isTab(event);
}

bool BoxSurface::event(QEvent* event) {
    const auto type = event->type();
    if (type == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (m_inside->answersKeys() && m_inside->wantsKey(*key)) {
            event->accept();
            return true;
        }
    }
    if (type == QEvent::KeyPress) {
        // QWidget would take Tab for moving the focus.
        auto* key = static_cast<QKeyEvent*>(event);
        const bool plain = !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
        if (plain && m_inside->hasMedium() && isTab(*key)) {
            const bool back = key->key() == Qt::Key_Backtab || (key->modifiers() & Qt::ShiftModifier);
            cycleSelection(back ? -1 : 1);
            key->accept();
            return true;
        }
    }
    if (type == QEvent::PaletteChange || type == QEvent::StyleChange || type == QEvent::FontChange) {
        m_inside->styleChanged();
    }
    return QAbstractScrollArea::event(event);
}

void BoxSurface::keyPressEvent(QKeyEvent* event) {
    event->accept();
    if (event->key() == Qt::Key_Escape && m_inside->escape()) return;
    if (m_inside->answersKeys()) {
        if (isEnter(*event) && (m_inside->keyboardDraw || m_inside->drawing())) return m_inside->placeKeyboardCorner();
        if (m_inside->takeKey(*event)) return;
        if (m_inside->isPeek(*event) && modifiersOf(*event) == Qt::NoModifier) {
            if (!event->isAutoRepeat() && !m_inside->peeking) {
                m_inside->peeking = true;
                m_inside->repaintAll();
            }
            return;
        }
    }
    event->ignore();
}

void BoxSurface::keyReleaseEvent(QKeyEvent* event) {
    event->accept();
    if (event->isAutoRepeat()) return;
    if (directionOf(event->key()) && m_inside->nudging) return m_inside->finishNudge();
    if (m_inside->isPeek(*event) && m_inside->peeking) {
        m_inside->peeking = false;
        return m_inside->repaintAll();
    }
    event->ignore();
}

void BoxSurface::focusOutEvent(QFocusEvent* event) {
    m_inside->finishNudge();
    m_inside->peeking = false;
    m_inside->repaintAll();
    QAbstractScrollArea::focusOutEvent(event);
}

// A run of presses is one gesture: it ends with the key, or a moment after the last press.
bool BoxSurface::Inside::beginNudge(bool same) {
    if (nudging && !same) finishNudge();
    if (!nudging) {
        startEditing(state.editableSelection(), BoxPart::Body, {});
        nudging = editing();
    }
    if (!nudging) return false;
    nudgeTimer.start();
    repaintOverlay();
    return true;
}

void BoxSurface::Inside::finishNudge() {
    nudgeTimer.stop();
    if (!nudging) return;
    nudging = false;
    if (editing()) finishEditing(nudgedPart());
}

bool BoxSurface::Inside::escape() {
    if (keyboardDraw || phase() != GesturePhase::Idle) {
        surface->cancelGesture();
        return true;
    }
    if (mode == CanvasMode::Draw) {
        surface->setMode(CanvasMode::Modeless);
        return true;
    }
    if (state.selected().isEmpty()) return false;
    select({});
    return true;
}

void BoxSurface::Inside::placeKeyboardCorner() {
    if (drawing()) return finishDrawing();
    select({});
    startDrawing(keyboardPoint(), {});
    repaintOverlay();
}

}  // namespace querent::widgets
