#pragma once

#include "widgets/audio/colour_map.h"
#include "widgets/audio/sound_provider.h"
#include "widgets/audio/time_axis.h"

#include <QFrame>
#include <QVariantMap>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QSlider;

namespace querent::app::panes {

/** How a person wants sounds to look: the same for every sound. */
struct SoundLook {
    widgets::audio::ColourMap map = widgets::audio::ColourMap::Viridis;
    widgets::audio::LevelRange levels;
    int fftSize = 0;  // frames of a window; 0 = by the rate of the sound
    widgets::audio::FrequencyScale scale = widgets::audio::FrequencyScale::Linear;
    int channel = widgets::audio::kMixedChannel;  // of the spectrogram
    bool everyChannel = true;                     // a waveform for each
    bool waveform = true;                         // one of the two is always there
    bool spectrogram = true;
    double split = 0.35;  // the waveform's share
    bool follow = true;   // the playhead

    bool operator==(const SoundLook&) const = default;
};

QVariantMap toMap(const SoundLook& look);
/** What is not in the map, or makes no sense, is as it is at first. */
SoundLook soundLookFrom(const QVariantMap& map);

/**
 * The settings of the sound pane that are not needed every minute, in a window that closes with the next click
 * elsewhere. It changes nothing itself: changed() says what is wanted.
 */
class SoundLookPanel : public QFrame {
    Q_OBJECT

 public:
    explicit SoundLookPanel(QWidget* parent);

    void setLook(const SoundLook& look);
    const SoundLook& look() const { return m_look; }
    /** The rate tells how long a window lasts, the channels what can be chosen. */
    void setSound(const SoundShape& shape);
    /** Opens above the widget, or below where there is no room, inside the screen. */
    void popupAt(const QWidget& anchor);

 Q_SIGNALS:
    void changed(const querent::app::panes::SoundLook& look);

 private:
    void makeSpectrogramParts(QFormLayout& form);
    void makeSliders(QFormLayout& form);
    void makeOthers(QFormLayout& form);
    QSlider* addSlider(QFormLayout& form, const char* name, const QString& text, int low, int high, QLabel*& value);
    QComboBox* addCombo(QFormLayout& form, const char* name, const QString& text);
    void fillChannels();
    void fillWindows();
    void refresh();
    void read();

    SoundLook m_look;
    SoundShape m_shape;
    bool m_refreshing = false;
    QComboBox* m_map;
    QComboBox* m_scale;
    QComboBox* m_window;
    QComboBox* m_channel;
    QSlider* m_gain;
    QSlider* m_low;
    QSlider* m_high;
    QLabel* m_gainText;
    QLabel* m_lowText;
    QLabel* m_highText;
    QCheckBox* m_everyChannel;
    QCheckBox* m_follow;
};

}  // namespace querent::app::panes
