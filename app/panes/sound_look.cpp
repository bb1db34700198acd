#include "app/panes/sound_look.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QSlider>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace querent::app::panes {

namespace {

using widgets::audio::ColourMap;
using widgets::audio::FrequencyScale;

constexpr int kSmallestFft = 256;
constexpr int kLargestFft = 8192;
constexpr int kLeastContrast = 10;  // dB between the darkest and the brightest
constexpr int kGap = 12;
constexpr std::array kMaps = {widgets::audio::ColourMap::Viridis, widgets::audio::ColourMap::Magma,
                              widgets::audio::ColourMap::Grey, widgets::audio::ColourMap::InvertedGrey};
constexpr std::array kScales = {widgets::audio::FrequencyScale::Linear, widgets::audio::FrequencyScale::Mel,
                                widgets::audio::FrequencyScale::Logarithmic};

QIcon swatch(widgets::audio::ColourMap map) {
    QImage image(48, 12, QImage::Format_RGB32);
    for (int x = 0; x < image.width(); ++x) {
        for (int y = 0; y < image.height(); ++y)
            image.setPixel(x, y, widgets::audio::colourAt(map, x / (image.width() - 1.0)));
    }
    return QPixmap::fromImage(image);
}

QString decibels(int value) {
    return QStringLiteral("%1 dB").arg(value).replace(QLatin1Char('-'), QChar(0x2212));
}

double numberIn(const QVariantMap& map, const char* name, double otherwise, double low, double high) {
    bool good = false;
    const double value = map.value(QLatin1String(name), otherwise).toDouble(&good);
    return good && value >= low && value <= high ? value : otherwise;
}

}  // namespace

QVariantMap toMap(const SoundLook& look) {
    return {{QStringLiteral("colourMap"), static_cast<int>(look.map)},
            {QStringLiteral("lowDb"), look.levels.lowDb},
            {QStringLiteral("highDb"), look.levels.highDb},
            {QStringLiteral("gainDb"), look.levels.gainDb},
            {QStringLiteral("fftSize"), look.fftSize},
            {QStringLiteral("scale"), static_cast<int>(look.scale)},
            {QStringLiteral("channel"), look.channel},
            {QStringLiteral("everyChannel"), look.everyChannel},
            {QStringLiteral("waveform"), look.waveform},
            {QStringLiteral("spectrogram"), look.spectrogram},
            {QStringLiteral("split"), look.split},
            {QStringLiteral("follow"), look.follow}};
}

SoundLook soundLookFrom(const QVariantMap& map) {
    const SoundLook first;
    SoundLook look;
    look.map = kMaps[static_cast<std::size_t>(numberIn(map, "colourMap", 0, 0, kMaps.size() - 1))];
    look.scale = kScales[static_cast<std::size_t>(numberIn(map, "scale", 0, 0, kScales.size() - 1))];
    look.levels.lowDb = numberIn(map, "lowDb", first.levels.lowDb, -120, -20);
    look.levels.highDb = numberIn(map, "highDb", first.levels.highDb, -100, 0);
    if (look.levels.highDb - look.levels.lowDb < kLeastContrast) look.levels = first.levels;
    look.levels.gainDb = numberIn(map, "gainDb", first.levels.gainDb, -20, 40);
    const auto window = static_cast<unsigned>(numberIn(map, "fftSize", 0, kSmallestFft, kLargestFft));
    look.fftSize = static_cast<int>(std::bit_floor(window));
    look.channel = static_cast<int>(numberIn(map, "channel", first.channel, widgets::audio::kMixedChannel, 31));
    look.everyChannel = map.value(QStringLiteral("everyChannel"), first.everyChannel).toBool();
    look.waveform = map.value(QStringLiteral("waveform"), first.waveform).toBool();
    look.spectrogram = map.value(QStringLiteral("spectrogram"), first.spectrogram).toBool() || !look.waveform;
    look.split = numberIn(map, "split", first.split, 0.1, 0.9);
    look.follow = map.value(QStringLiteral("follow"), first.follow).toBool();
    return look;
}

SoundLookPanel::SoundLookPanel(QWidget* parent) : QFrame(parent, Qt::Popup) {
    setObjectName(QStringLiteral("soundLookPanel"));
    setAccessibleName(tr("How sounds look"));
    setProperty("role", QStringLiteral("dropdown"));
    auto* form = new QFormLayout(this);
    form->setContentsMargins(16, 14, 16, 14);
    form->setSpacing(kGap);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    makeSpectrogramParts(*form);
    makeSliders(*form);
    makeOthers(*form);
    setMinimumWidth(360);
    refresh();
}

QComboBox* SoundLookPanel::addCombo(QFormLayout& form, const char* name, const QString& text) {
    auto* combo = new QComboBox(this);
    combo->setObjectName(QLatin1String(name));
    combo->setAccessibleName(text);
    form.addRow(text, combo);
    connect(combo, &QComboBox::currentIndexChanged, this, &SoundLookPanel::read);
    return combo;
}

void SoundLookPanel::makeSpectrogramParts(QFormLayout& form) {
    m_map = addCombo(form, "colourMap", tr("Colours"));
    m_map->setIconSize({48, 12});
    m_scale = addCombo(form, "frequencyScale", tr("Frequencies"));
    m_window = addCombo(form, "fftSize", tr("Window"));
    m_window->setToolTip(tr("A longer window tells frequencies apart, a shorter one moments."));
    m_channel = addCombo(form, "channel", tr("Channel"));
    m_channel->setToolTip(tr("What the spectrogram shows"));
    m_refreshing = true;
    for (const widgets::audio::ColourMap map : kMaps)
        m_map->addItem(swatch(map), widgets::audio::colourMapName(map));
    m_scale->addItems({tr("Linear"), tr("Mel"), tr("Logarithmic")});
    m_refreshing = false;
}

QSlider* SoundLookPanel::addSlider(QFormLayout& form, const char* name, const QString& text, int low, int high,
                                   QLabel*& value) {
    auto* slider = new QSlider(Qt::Horizontal, this);
    slider->setObjectName(QLatin1String(name));
    slider->setAccessibleName(text);
    slider->setRange(low, high);
    slider->setPageStep(5);
    value = new QLabel(this);
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    value->setMinimumWidth(value->fontMetrics().horizontalAdvance(decibels(-888)));
    auto* row = new QHBoxLayout;
    row->addWidget(slider, 1);
    row->addWidget(value);
    form.addRow(text, row);
    connect(slider, &QSlider::valueChanged, this, &SoundLookPanel::read);
    return slider;
}

void SoundLookPanel::makeSliders(QFormLayout& form) {
    m_refreshing = true;  // a slider that gets its range may change its value
    m_gain = addSlider(form, "gain", tr("Gain"), -20, 40, m_gainText);
    m_low = addSlider(form, "lowDb", tr("Darkest"), -120, -20, m_lowText);
    m_high = addSlider(form, "highDb", tr("Brightest"), -100, 0, m_highText);
    m_gain->setToolTip(tr("Louder or quieter, for the eye only"));
    m_low->setToolTip(tr("All that is quieter looks alike."));
    m_high->setToolTip(tr("All that is louder looks alike."));
    m_refreshing = false;
}

void SoundLookPanel::makeOthers(QFormLayout& form) {
    m_everyChannel = new QCheckBox(tr("A waveform for each channel"), this);
    m_everyChannel->setObjectName(QStringLiteral("everyChannel"));
    m_follow = new QCheckBox(tr("Turn the page with the playhead"), this);
    m_follow->setObjectName(QStringLiteral("follow"));
    auto* reset = new QPushButton(tr("As at first"), this);
    reset->setObjectName(QStringLiteral("resetLook"));
    form.addRow(m_everyChannel);
    form.addRow(m_follow);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(reset);
    form.addRow(row);
    connect(m_everyChannel, &QCheckBox::toggled, this, &SoundLookPanel::read);
    connect(m_follow, &QCheckBox::toggled, this, &SoundLookPanel::read);
    connect(reset, &QPushButton::clicked, this, [this] {
        SoundLook look;
        look.split = m_look.split;
        setLook(look);
        Q_EMIT changed(m_look);
    });
}

void SoundLookPanel::setLook(const SoundLook& look) {
    m_look = look;
    refresh();
}

void SoundLookPanel::setSound(const SoundShape& shape) {
    m_shape = shape;
    refresh();
}

void SoundLookPanel::fillWindows() {
    m_window->clear();
    m_window->addItem(tr("By the rate"), 0);
    for (int size = kSmallestFft; size <= kLargestFft; size *= 2) {
        QString text = QString::number(size);
        if (m_shape.rate > 0) text = tr("%1 samples, %2 ms").arg(size).arg(1000.0 * size / m_shape.rate, 0, 'f', 1);
        m_window->addItem(text, size);
    }
    m_window->setCurrentIndex(m_window->findData(m_look.fftSize));
}

void SoundLookPanel::fillChannels() {
    m_channel->clear();
    m_channel->addItem(tr("All, mixed"), widgets::audio::kMixedChannel);
    for (int channel = 0; channel < m_shape.channels && m_shape.channels > 1; ++channel) {
        const QString name =
            m_shape.channels == 2 ? (channel == 0 ? tr("Left") : tr("Right")) : tr("Channel %1").arg(channel + 1);
        m_channel->addItem(name, channel);
    }
    m_channel->setCurrentIndex(std::max(0, m_channel->findData(m_look.channel)));
    m_channel->setEnabled(m_shape.channels > 1);
    m_everyChannel->setEnabled(m_shape.channels > 1);
}

void SoundLookPanel::refresh() {
    m_refreshing = true;
    fillWindows();
    fillChannels();
    m_map->setCurrentIndex(static_cast<int>(std::find(kMaps.begin(), kMaps.end(), m_look.map) - kMaps.begin()));
    m_scale->setCurrentIndex(
        static_cast<int>(std::find(kScales.begin(), kScales.end(), m_look.scale) - kScales.begin()));
    m_gain->setValue(static_cast<int>(std::lround(m_look.levels.gainDb)));
    m_low->setValue(static_cast<int>(std::lround(m_look.levels.lowDb)));
    m_high->setValue(static_cast<int>(std::lround(m_look.levels.highDb)));
    m_gainText->setText(decibels(m_gain->value()));
    m_lowText->setText(decibels(m_low->value()));
    m_highText->setText(decibels(m_high->value()));
    m_everyChannel->setChecked(m_look.everyChannel);
    m_follow->setChecked(m_look.follow);
    m_refreshing = false;
}

void SoundLookPanel::read() {
    if (m_refreshing) return;
    m_look.map = kMaps[static_cast<std::size_t>(std::max(0, m_map->currentIndex()))];
    m_look.scale = kScales[static_cast<std::size_t>(std::max(0, m_scale->currentIndex()))];
    m_look.fftSize = m_window->currentData().toInt();
    // A sound with fewer channels does not change what is wanted for the others.
    if (m_channel->isEnabled()) m_look.channel = m_channel->currentData().toInt();
    m_look.levels.gainDb = m_gain->value();
    // Whichever was moved pushes the other.
    if (sender() == m_high) {
        m_look.levels.highDb = m_high->value();
        m_look.levels.lowDb = std::min<double>(m_low->value(), m_high->value() - kLeastContrast);
    } else {
        m_look.levels.lowDb = m_low->value();
        m_look.levels.highDb = std::max<double>(m_high->value(), m_low->value() + kLeastContrast);
    }
    m_look.everyChannel = m_everyChannel->isChecked();
    m_look.follow = m_follow->isChecked();
    refresh();
    Q_EMIT changed(m_look);
}

void SoundLookPanel::popupAt(const QWidget& anchor) {
    const auto place = [&] {
        const QRect room = anchor.screen()->availableGeometry();
        const QPoint top = anchor.mapToGlobal(QPoint(anchor.width(), 0));
        int y = top.y() - height() - 4;
        if (y < room.top()) y = std::min(top.y() + anchor.height() + 4, room.bottom() + 1 - height());
        const int mostX = std::max(room.left(), room.right() + 1 - width());
        move(std::clamp(top.x() - width(), room.left(), mostX), y);
    };
    adjustSize();
    place();
    show();
    // The style's margins count only once it has been applied, which the first show does.
    adjustSize();
    place();
    m_map->setFocus(Qt::PopupFocusReason);
}

}  // namespace querent::app::panes
