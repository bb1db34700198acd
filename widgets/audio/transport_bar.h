#pragma once

#include "engine/core/sound.h"

#include <QWidget>

#include <array>

class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace querent::widgets::audio {

/**
 * Play, stop, loop, speed, pitch, position, volume. It plays nothing: it says what the person wants, and shows what the
 * one who plays tells it. The setters emit nothing. Keys with the focus on it: Space, Ctrl+PgUp / Ctrl+PgDn /
 * Ctrl+Home.
 */
class TransportBar : public QWidget {
    Q_OBJECT

 public:
    /** What can be chosen, and what the keys step through. */
    static constexpr std::array kSpeeds = {0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0};

    explicit TransportBar(QWidget* parent = nullptr);

    /** An empty shape turns the buttons off. */
    void setSound(const SoundShape& shape);
    void setPosition(qint64 frame);
    void setPlaying(bool playing);
    bool isPlaying() const { return m_playing; }
    void setLooping(bool on);
    /** The nearest of kSpeeds. */
    void setSpeed(double speed);
    double speed() const;
    void setKeepPitch(bool on);
    /** In [0, 1], as the ear measures it: whoever plays turns it into a factor. */
    void setVolume(double volume);
    double volume() const;
    /** One quiet sentence, "No sound device was found."; play is off while it is there. Empty takes it away. */
    void setNote(const QString& sentence);
    /** "0:12.345 / 3:05.000", as it is shown. */
    QString positionText() const;
    /** Where there is no room for the volume's slider, only its button stays. */
    QSize minimumSizeHint() const override;

 public Q_SLOTS:
    /** 1 faster, -1 slower, 0 back to normal. */
    void stepSpeed(int step);
    /** As a click on the button: asks to play or to pause. */
    void togglePlay();

 Q_SIGNALS:
    void playRequested();
    void pauseRequested();
    void stopRequested();
    void loopToggled(bool on);
    void speedChanged(double speed);
    void keepPitchToggled(bool on);
    void volumeChanged(double volume);

 protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

 private:
    QToolButton* addButton(const char* name, const QString& iconName, const QString& text);
    void makeParts();
    void layParts();
    void refreshPlay();
    void refreshPosition();
    void refreshVolume();
    void fixWidth();
    void fitSlider();
    int widthWithoutSlider() const;

    SoundShape m_shape;
    qint64 m_frame = 0;
    bool m_playing = false;
    QToolButton* m_play;
    QToolButton* m_stop;
    QToolButton* m_loop;
    QLabel* m_position;
    QComboBox* m_speed;
    QToolButton* m_pitch;
    QLabel* m_note;
    QToolButton* m_mute;
    QSlider* m_volume;
    int m_heard = 80;  // the volume before it was muted
};

}  // namespace querent::widgets::audio
