#include "widgets/audio/transport_bar.h"

#include "widgets/audio/time_axis.h"
#include "widgets/common/one_line_label.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace querent::widgets::audio {

namespace {

constexpr int kNormalSpeed = 4;  // in kSpeeds
constexpr int kVolumeSteps = 100;
constexpr int kSliderWidth = 110;

QString speedText(double speed) {
    return QStringLiteral("%1×").arg(QString::number(speed, 'g', 3));
}

}  // namespace

TransportBar::TransportBar(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("transportBar"));
    setAccessibleName(tr("Playback"));
    makeParts();
    connect(m_play, &QToolButton::clicked, this, &TransportBar::togglePlay);
    connect(m_stop, &QToolButton::clicked, this, &TransportBar::stopRequested);
    connect(m_loop, &QToolButton::toggled, this, &TransportBar::loopToggled);
    connect(m_pitch, &QToolButton::toggled, this, &TransportBar::keepPitchToggled);
    connect(m_speed, &QComboBox::currentIndexChanged, this, [this] { Q_EMIT speedChanged(speed()); });
    connect(m_volume, &QSlider::valueChanged, this, [this] {
        refreshVolume();
        Q_EMIT volumeChanged(volume());
    });
    connect(m_mute, &QToolButton::clicked, this, [this] {
        if (m_volume->value() > 0) m_heard = m_volume->value();
        m_volume->setValue(m_volume->value() > 0 ? 0 : m_heard);
    });
    setSound({});
    refreshVolume();
}

QToolButton* TransportBar::addButton(const char* name, const QString& iconName, const QString& text) {
    auto* button = new QToolButton(this);
    button->setObjectName(QLatin1String(name));
    button->setIcon(common::icon(iconName));
    button->setIconSize({20, 20});
    button->setToolTip(text);
    button->setAccessibleName(text);
    return button;
}

void TransportBar::makeParts() {
    m_play = addButton("play", QStringLiteral("play"), tr("Play (Space)"));
    m_stop = addButton("stop", QStringLiteral("stop"), tr("Stop"));
    m_loop = addButton("loop", QStringLiteral("loop"), tr("Play again and again"));
    m_loop->setCheckable(true);
    m_position = new QLabel(this);
    m_position->setObjectName(QStringLiteral("position"));
    m_position->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_speed = new QComboBox(this);
    m_speed->setObjectName(QStringLiteral("speed"));
    m_speed->setAccessibleName(tr("Speed"));
    m_speed->setToolTip(tr("Speed: Ctrl+Page Up is faster, Ctrl+Page Down slower, Ctrl+Home normal"));
    for (const double speed : kSpeeds)
        m_speed->addItem(speedText(speed));
    m_speed->setCurrentIndex(kNormalSpeed);
    m_speed->setMaxVisibleItems(static_cast<int>(kSpeeds.size()));
    m_pitch = addButton("keepPitch", QStringLiteral("pitch"), tr("Keep the pitch at other speeds"));
    m_pitch->setCheckable(true);
    m_pitch->setChecked(true);
    m_note = new common::OneLineLabel(this);
    m_note->setObjectName(QStringLiteral("note"));
    m_note->setProperty("role", "muted");
    m_note->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_mute = addButton("mute", QStringLiteral("volume"), tr("Sound off"));
    m_volume = new QSlider(Qt::Horizontal, this);
    m_volume->setObjectName(QStringLiteral("volume"));
    m_volume->setAccessibleName(tr("Volume"));
    m_volume->setRange(0, kVolumeSteps);
    m_volume->setValue(m_heard);
    m_volume->setFixedWidth(kSliderWidth);
    layParts();
}

void TransportBar::layParts() {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 4);
    layout->setSpacing(4);
    for (QWidget* w : std::initializer_list<QWidget*>{m_play, m_stop, m_loop})
        layout->addWidget(w);
    layout->addSpacing(8);
    layout->addWidget(m_position);
    layout->addSpacing(8);
    layout->addWidget(m_speed);
    layout->addWidget(m_pitch);
    layout->addSpacing(8);
    layout->addWidget(m_note, 1);
    layout->addWidget(m_mute);
    layout->addWidget(m_volume);
}

void TransportBar::setSound(const SoundShape& shape) {
    m_shape = shape;
    m_frame = 0;
    fixWidth();
    refreshPosition();
    refreshPlay();
}

// Digits are not all as wide: the text must not push what stands behind it to and fro.
void TransportBar::fixWidth() {
    const TimeFormat format = timeFormatFor(m_shape.seconds());
    QString widest = timeText(m_shape.seconds(), format, 3);
    for (QChar& c : widest) {
        if (c.isDigit()) c = QLatin1Char('8');
    }
    m_position->setMinimumWidth(m_position->fontMetrics().horizontalAdvance(widest + QStringLiteral(" / ") + widest));
    fitSlider();
}

void TransportBar::setPosition(qint64 frame) {
    m_frame = std::clamp<qint64>(frame, 0, m_shape.frames);
    refreshPosition();
}

void TransportBar::refreshPosition() {
    const TimeFormat format = timeFormatFor(m_shape.seconds());
    const double at = m_shape.rate > 0 ? static_cast<double>(m_frame) / m_shape.rate : 0.0;
    m_position->setText(timeText(at, format, 3) + QStringLiteral(" / ") + timeText(m_shape.seconds(), format, 3));
}

QString TransportBar::positionText() const {
    return m_position->text();
}

void TransportBar::setPlaying(bool playing) {
    m_playing = playing;
    refreshPlay();
}

void TransportBar::refreshPlay() {
    const bool can = !m_shape.empty() && m_note->text().isEmpty();
    const QString text = m_playing ? tr("Pause (Space)") : tr("Play (Space)");
    m_play->setIcon(common::icon(m_playing ? QStringLiteral("pause") : QStringLiteral("play")));
    m_play->setToolTip(text);
    m_play->setAccessibleName(text);
    m_play->setEnabled(can);
    m_stop->setEnabled(can);
    m_loop->setEnabled(!m_shape.empty());
}

void TransportBar::setLooping(bool on) {
    const QSignalBlocker quiet(m_loop);
    m_loop->setChecked(on);
}

void TransportBar::setSpeed(double speed) {
    const QSignalBlocker quiet(m_speed);
    const auto* const nearest = std::min_element(
        kSpeeds.begin(), kSpeeds.end(), [&](double a, double b) { return std::abs(a - speed) < std::abs(b - speed); });
    m_speed->setCurrentIndex(static_cast<int>(nearest - kSpeeds.begin()));
}

double TransportBar::speed() const {
    return kSpeeds[static_cast<std::size_t>(std::max(m_speed->currentIndex(), 0))];
}

void TransportBar::stepSpeed(int step) {
    const int last = static_cast<int>(kSpeeds.size()) - 1;
    m_speed->setCurrentIndex(step == 0 ? kNormalSpeed : std::clamp(m_speed->currentIndex() + step, 0, last));
}

void TransportBar::togglePlay() {
    if (!m_play->isEnabled()) return;
    if (m_playing) {
        Q_EMIT pauseRequested();
    } else {
        Q_EMIT playRequested();
    }
}

void TransportBar::setKeepPitch(bool on) {
    const QSignalBlocker quiet(m_pitch);
    m_pitch->setChecked(on);
}

void TransportBar::setVolume(double volume) {
    const QSignalBlocker quiet(m_volume);
    m_volume->setValue(static_cast<int>(std::lround(std::clamp(volume, 0.0, 1.0) * kVolumeSteps)));
    refreshVolume();
}

double TransportBar::volume() const {
    return static_cast<double>(m_volume->value()) / kVolumeSteps;
}

void TransportBar::refreshVolume() {
    const bool off = m_volume->value() == 0;
    m_mute->setIcon(common::icon(off ? QStringLiteral("volume-off") : QStringLiteral("volume")));
    m_mute->setToolTip(off ? tr("Sound on") : tr("Sound off"));
    m_mute->setAccessibleName(m_mute->toolTip());
    m_volume->setToolTip(tr("Volume %1 %").arg(m_volume->value()));
}

void TransportBar::setNote(const QString& sentence) {
    m_note->setText(sentence);
    m_note->setToolTip(sentence);
    m_mute->setVisible(sentence.isEmpty());  // what cannot be heard cannot be too loud
    fitSlider();
    refreshPlay();
}

int TransportBar::widthWithoutSlider() const {
    const int whole = layout()->minimumSize().width();
    return m_volume->isHidden() ? whole : whole - kSliderWidth - layout()->spacing();
}

QSize TransportBar::minimumSizeHint() const {
    return {widthWithoutSlider(), QWidget::minimumSizeHint().height()};
}

void TransportBar::resizeEvent(QResizeEvent* event) {
    fitSlider();
    QWidget::resizeEvent(event);
}

void TransportBar::fitSlider() {
    const bool room = width() >= widthWithoutSlider() + kSliderWidth + layout()->spacing();
    m_volume->setVisible(room && m_note->text().isEmpty());
}

void TransportBar::keyPressEvent(QKeyEvent* event) {
    const bool control = event->modifiers() == Qt::ControlModifier;
    if (control && event->key() == Qt::Key_PageUp) return stepSpeed(1);
    if (control && event->key() == Qt::Key_PageDown) return stepSpeed(-1);
    if (control && event->key() == Qt::Key_Home) return stepSpeed(0);
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) return togglePlay();
    QWidget::keyPressEvent(event);
}

void TransportBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fixWidth();
    QWidget::changeEvent(event);
}

}  // namespace querent::widgets::audio
