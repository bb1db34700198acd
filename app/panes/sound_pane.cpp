#include "app/panes/sound_pane.h"

#include "app/sound/file_sound_provider.h"
#include "engine/session/project/project.h"
#include "engine/session/sound/sound.h"
#include "widgets/audio/transport_bar.h"
#include "widgets/common/one_line_label.h"
#include "widgets/common/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace querent::app::panes {

using widgets::audio::SoundView;
using widgets::audio::TransportBar;

namespace {

constexpr int kOpeningMs = 150;
constexpr int kIconSize = 20;

QToolButton* toolButton(const char* name, const QString& iconName, const QString& text, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setObjectName(QLatin1String(name));
    button->setIcon(widgets::common::icon(iconName));
    button->setIconSize({kIconSize, kIconSize});
    button->setToolTip(text);
    button->setAccessibleName(text);
    return button;
}

}  // namespace

SoundPane::SoundPane(session::project::Project& project, QWidget* parent, std::unique_ptr<sound::AudioOutput> output)
    : MediumPane(parent), m_loader(project), m_player(std::move(output)) {
    setObjectName(QStringLiteral("soundPane"));
    buildWidgets();
    buildLayout();
    connectView();
    connectLook();
    connectPlayback();
    applyLook();
    connect(&m_loader, &sound::SoundLoader::loaded, this, &SoundPane::onLoaded);
    m_opening.setSingleShot(true);
    m_opening.setInterval(kOpeningMs);
    connect(&m_opening, &QTimer::timeout, this, [this] { showNothing(tr("Opening the sound …")); });
}

SoundPane::~SoundPane() {
    // The view outlives the members here: it must not tell them anything, nor look at what it shows.
    m_view->disconnect(this);
    m_player.disconnect(this);
    m_player.disconnect(m_view);
    m_view->clearSound({});
}

void SoundPane::buildWidgets() {
    m_view = new widgets::audio::SoundView(this);
    m_transport = new widgets::audio::TransportBar(this);
    m_waveform = toolButton("showWaveform", QStringLiteral("waveform"), tr("Show the waveform"), this);
    m_spectrogram = toolButton("showSpectrogram", QStringLiteral("spectrogram"), tr("Show the spectrogram"), this);
    for (QToolButton* button : {m_waveform, m_spectrogram})
        button->setCheckable(true);
    m_settings = toolButton("soundSettings", QStringLiteral("settings"), tr("How sounds look"), this);
    m_panel = new SoundLookPanel(this);
    m_noteRow = new QWidget(this);
    m_noteRow->setObjectName(QStringLiteral("soundNoteRow"));
    m_noteIcon = new QLabel(m_noteRow);
    m_note = new widgets::common::OneLineLabel(m_noteRow);
    m_note->setObjectName(QStringLiteral("soundNote"));
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setNote({});
}

void SoundPane::buildLayout() {
    auto* note = new QHBoxLayout(m_noteRow);
    note->setContentsMargins(12, 4, 12, 4);
    note->addWidget(m_noteIcon);
    note->addWidget(m_note, 1);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(0, 0, 12, 0);
    bar->setSpacing(4);
    bar->addWidget(m_transport, 1);
    for (QWidget* button : std::initializer_list<QWidget*>{m_waveform, m_spectrogram, m_settings})
        bar->addWidget(button);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_noteRow);
    layout->addLayout(bar);
    setFocusProxy(m_view);
}

void SoundPane::connectView() {
    connect(m_view, &widgets::audio::SoundView::cursorLeft, this, [this] { Q_EMIT cursorTold({}); });
    connect(m_view, &widgets::audio::SoundView::cursorMoved, this, &SoundPane::tellCursor);
    connect(m_view, &widgets::audio::SoundView::zoomChanged, this, &SoundPane::tellZoom);
}

void SoundPane::connectLook() {
    connect(m_panel, &SoundLookPanel::changed, this, &SoundPane::takeLook);
    connect(m_settings, &QToolButton::clicked, this, [this] {
        m_panel->setSound(m_view->shape());
        m_panel->popupAt(*m_settings);
    });
    connect(m_waveform, &QToolButton::clicked, this, [this](bool on) {
        SoundLook look = m_look;
        look.waveform = on;
        look.spectrogram = look.spectrogram || !on;
        takeLook(look);
    });
    connect(m_spectrogram, &QToolButton::clicked, this, [this](bool on) {
        SoundLook look = m_look;
        look.spectrogram = on;
        look.waveform = look.waveform || !on;
        takeLook(look);
    });
}

// --- items

void SoundPane::showItem(const Item& item, const std::vector<ItemId>& neighbours) {
    leaveSound();
    m_item = item.id;
    m_loader.setSight({m_view->timeAxis().width(), m_view->devicePixelRatioF(), m_look.fftSize, m_look.channel});
    const sound::LoadedSound* held = m_loader.cached(item.id);
    if (!held || !held->problem.isEmpty()) {
        // Most sounds are open before anybody has seen that they were not: what is on screen stays for so long.
        m_view->clearSound({});
        m_view->setUpdatesEnabled(false);
        m_opening.start();
    }
    m_loader.want(item.id, neighbours);
}

/** Nothing of the sound that was shown may be touched any more. */
void SoundPane::leaveSound() {
    m_view->settleGesture();
    endPlayback();
    if (m_view->hasSound()) {
        m_lastShape = m_view->shape();
        m_lastRange = m_view->range();
    }
    m_shown = ItemId();
    m_view->setBoxes({});
    setNote({});
}

void SoundPane::clear(const QString& sentence) {
    leaveSound();
    m_item = ItemId();
    m_loader.wantNothing();
    showNothing(sentence);
}

void SoundPane::onLoaded(ItemId item) {
    if (item != m_item) return;
    const sound::LoadedSound sound = *m_loader.cached(item);
    if (sound.provider) {
        showSound(sound);
    } else if (sound.problem.isEmpty()) {
        showNothing(tr("This item has no sound."));
    } else {
        showNothing(sound.problem);
        Q_EMIT problem(item, sound.problem);
    }
    Q_EMIT itemShown(item);
}

void SoundPane::showSound(const sound::LoadedSound& sound) {
    m_opening.stop();
    const auto before = std::exchange(m_provider, sound.provider);  // lives until the view has let go of it
    if (before) before->disconnect(this);
    connect(m_provider.get(), &sound::FileSoundProvider::failed, this, &SoundPane::setNote);
    m_shown = m_item;
    applyLook();
    m_view->setProvider(m_provider.get());
    m_view->setUpdatesEnabled(true);
    if (m_keepView && m_lastRange && m_lastShape == m_view->shape()) m_view->setRange(*m_lastRange);
    setNote(sound.note);
    beginPlayback();
}

void SoundPane::showNothing(const QString& sentence) {
    m_opening.stop();
    m_view->clearSound(sentence);
    m_view->setUpdatesEnabled(true);
    m_provider = nullptr;
    endPlayback();
    Q_EMIT cursorTold({});
    Q_EMIT zoomTold({});
}

void SoundPane::setNote(const QString& sentence) {
    m_note->setText(sentence);
    m_note->setToolTip(sentence);
    m_noteIcon->setPixmap(
        widgets::common::icon(QStringLiteral("warning"), widgets::common::Theme::colours(this).warning).pixmap(16, 16));
    m_noteRow->setVisible(!sentence.isEmpty());
}

// --- how it looks

QVariantMap SoundPane::saveLook() const {
    SoundLook look = m_look;
    look.split = m_view->split();
    QVariantMap map = toMap(look);
    map[QStringLiteral("volume")] = m_transport->volume();
    map[QStringLiteral("keepPitch")] = m_keepPitch;
    return map;
}

void SoundPane::restoreLook(const QVariantMap& map) {
    m_look = soundLookFrom(map);
    m_view->setSplit(m_look.split);
    bool good = false;
    const double volume = map.value(QStringLiteral("volume")).toDouble(&good);
    if (good) m_transport->setVolume(volume);
    m_player.setVolume(m_transport->volume());
    takeKeepPitch(map.value(QStringLiteral("keepPitch"), true).toBool());
    applyLook();
}

void SoundPane::takeLook(const SoundLook& look) {
    m_look = look;
    applyLook();
    Q_EMIT lookChanged();
}

void SoundPane::applyLook() {
    const bool hasChannel = m_provider && m_look.channel < m_provider->shape().channels;
    m_view->setColourMap(m_look.map);
    m_view->setLevels(m_look.levels);
    m_view->setFftSize(sound::spectrumWindow(m_look.fftSize, m_provider ? m_provider->shape().rate : 0));
    m_view->setFrequencyScale(m_look.scale);
    m_view->setSpectrogramChannel(hasChannel ? m_look.channel : widgets::audio::kMixedChannel);
    m_view->setEveryChannel(m_look.everyChannel);
    m_view->setWaveformVisible(m_look.waveform);
    m_view->setSpectrogramVisible(m_look.spectrogram);
    m_view->setFollowPlayhead(m_look.follow);
    m_waveform->setChecked(m_look.waveform);
    m_spectrogram->setChecked(m_look.spectrogram);
    m_panel->setLook(m_look);
}

// --- the status line

void SoundPane::tellCursor(double frame, double hz) {
    const SoundShape shape = m_view->shape();
    if (shape.empty()) return;
    QString text =
        widgets::audio::timeText(std::max(frame, 0.0) / shape.rate, widgets::audio::timeFormatFor(shape.seconds()), 3);
    if (!std::isnan(hz)) text += QStringLiteral("  ·  ") + widgets::audio::frequencyText(hz);
    Q_EMIT cursorTold(text);
}

void SoundPane::tellZoom(double pixelsPerSecond) {
    if (!m_view->hasSound()) return;
    const int digits = pixelsPerSecond >= 10.0 ? 0 : pixelsPerSecond >= 1.0 ? 1 : 2;
    Q_EMIT zoomTold(tr("%1 px/s", "pixels in a second").arg(pixelsPerSecond, 0, 'f', digits));
}

// --- what is heard: the view and the bar tell the player, and it tells them

void SoundPane::connectPlayback() {
    connect(m_view, &widgets::audio::SoundView::spaceTapped, m_transport, &widgets::audio::TransportBar::togglePlay);
    connect(m_view, &widgets::audio::SoundView::seekRequested, &m_player, &sound::SoundPlayer::seek);
    connect(m_view, &widgets::audio::SoundView::playRequested, &m_player, &sound::SoundPlayer::playRange);
    connect(m_view, &widgets::audio::SoundView::cycledTo, this, [this](qint64 id) { playRegion(id); });
    connect(m_view, &widgets::audio::SoundView::speedStepRequested, m_transport,
            &widgets::audio::TransportBar::stepSpeed);
    connect(m_view, &widgets::audio::SoundView::loopDrawn, this, &SoundPane::takeLoop);
    connect(m_view, &widgets::audio::SoundView::loopToggled, this, [this] { takeLooping(!m_player.isLooping()); });

    connect(m_transport, &widgets::audio::TransportBar::playRequested, &m_player, &sound::SoundPlayer::play);
    connect(m_transport, &widgets::audio::TransportBar::pauseRequested, &m_player, &sound::SoundPlayer::pause);
    connect(m_transport, &widgets::audio::TransportBar::stopRequested, &m_player, &sound::SoundPlayer::stop);
    connect(m_transport, &widgets::audio::TransportBar::loopToggled, this, &SoundPane::takeLooping);
    connect(m_transport, &widgets::audio::TransportBar::speedChanged, &m_player, &sound::SoundPlayer::setSpeed);
    connect(m_transport, &widgets::audio::TransportBar::keepPitchToggled, this, [this](bool on) {
        takeKeepPitch(on);
        Q_EMIT lookChanged();
    });
    connect(m_transport, &widgets::audio::TransportBar::volumeChanged, this, [this](double volume) {
        m_player.setVolume(volume);
        Q_EMIT lookChanged();
    });

    connect(&m_player, &sound::SoundPlayer::positionChanged, m_view, &widgets::audio::SoundView::setPlayhead);
    connect(&m_player, &sound::SoundPlayer::positionChanged, m_transport, &widgets::audio::TransportBar::setPosition);
    connect(&m_player, &sound::SoundPlayer::playingChanged, m_transport, &widgets::audio::TransportBar::setPlaying);
    connect(&m_player, &sound::SoundPlayer::noteChanged, m_transport, &widgets::audio::TransportBar::setNote);
    connect(&m_player, &sound::SoundPlayer::failed, this, &SoundPane::setNote);
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
        for (const widgets::canvas::CanvasBox& box : m_view->boxes()) {
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

}  // namespace querent::app::panes
