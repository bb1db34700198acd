// What the sound pane's view and bar say to the player, and it to them.

#include "app/panes/sound_pane.h"
#include "app/sound/file_sound_provider.h"
#include "engine/session/sound/sound.h"
#include "widgets/audio/sound_view.h"
#include "widgets/audio/transport_bar.h"

#include <algorithm>
#include <cmath>

namespace querent::app {

using widgets::SoundView;
using widgets::TransportBar;

void SoundPane::connectPlayback() {
    connect(m_view, &SoundView::spaceTapped, m_transport, &TransportBar::togglePlay);
    connect(m_view, &SoundView::seekRequested, &m_player, &SoundPlayer::seek);
    connect(m_view, &SoundView::playRequested, &m_player, &SoundPlayer::playRange);
    connect(m_view, &SoundView::cycledTo, this, [this](qint64 id) { playRegion(id); });
    connect(m_view, &SoundView::speedStepRequested, m_transport, &TransportBar::stepSpeed);
    connect(m_view, &SoundView::loopDrawn, this, &SoundPane::takeLoop);
    connect(m_view, &SoundView::loopToggled, this, [this] { takeLooping(!m_player.isLooping()); });

    connect(m_transport, &TransportBar::playRequested, &m_player, &SoundPlayer::play);
    connect(m_transport, &TransportBar::pauseRequested, &m_player, &SoundPlayer::pause);
    connect(m_transport, &TransportBar::stopRequested, &m_player, &SoundPlayer::stop);
    connect(m_transport, &TransportBar::loopToggled, this, &SoundPane::takeLooping);
    connect(m_transport, &TransportBar::speedChanged, &m_player, &SoundPlayer::setSpeed);
    connect(m_transport, &TransportBar::keepPitchToggled, this, [this](bool on) {
        takeKeepPitch(on);
        Q_EMIT lookChanged();
    });
    connect(m_transport, &TransportBar::volumeChanged, this, [this](double volume) {
        m_player.setVolume(volume);
        Q_EMIT lookChanged();
    });

    connect(&m_player, &SoundPlayer::positionChanged, m_view, &SoundView::setPlayhead);
    connect(&m_player, &SoundPlayer::positionChanged, m_transport, &TransportBar::setPosition);
    connect(&m_player, &SoundPlayer::playingChanged, m_transport, &TransportBar::setPlaying);
    connect(&m_player, &SoundPlayer::noteChanged, m_transport, &TransportBar::setNote);
    connect(&m_player, &SoundPlayer::failed, this, &SoundPane::setNote);
    m_player.setVolume(m_transport->volume());
    m_transport->setNote(m_player.note());
}

/** From the lowest to the highest frame of a region. */
void SoundPane::playRegion(qint64 id) {
    const auto& boxes = m_view->boxes();
    const auto found = std::find_if(boxes.begin(), boxes.end(), [id](const auto& box) { return box.id == id; });
    if (found != boxes.end()) m_player.playRange(std::llround(found->box.left), std::llround(found->box.right));
}

void SoundPane::takeLoop(qint64 first, qint64 last) {
    m_view->setLoop(first, last);
    m_player.setLoop(first, last);
    takeLooping(first < last);
}

/** Where no loop has been drawn, the selected region is one; without it, the whole sound. */
void SoundPane::takeLooping(bool on) {
    const QVector<qint64> selected = m_view->selection();
    if (on && !m_view->hasLoop() && selected.size() == 1) {
        for (const widgets::CanvasBox& box : m_view->boxes()) {
            if (box.id != selected.front()) continue;
            m_view->setLoop(std::llround(box.box.left), std::llround(box.box.right));
            m_player.setLoop(std::llround(box.box.left), std::llround(box.box.right));
        }
    }
    m_player.setLooping(on);
    m_transport->setLooping(on);
}

void SoundPane::takeKeepPitch(bool on) {
    m_keepPitch = on;
    m_player.setKeepPitch(on);
    m_transport->setKeepPitch(on);
}

void SoundPane::beginPlayback() {
    m_player.setSound(m_provider->sound()->path(), m_provider->shape());
    m_transport->setSound(m_provider->shape());
    m_transport->setPlaying(false);
    if (m_autoplay) m_player.play();
}

void SoundPane::endPlayback() {
    m_player.setSound({}, {});
    m_transport->setSound({});
}

}  // namespace querent::app
