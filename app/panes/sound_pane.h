#pragma once

#include "app/panes/medium_pane.h"
#include "app/panes/sound_look.h"
#include "app/sound/audio_output.h"
#include "app/sound/sound_loader.h"
#include "app/sound/sound_player.h"
#include "widgets/audio/sound_view.h"

#include <QTimer>

#include <memory>
#include <optional>

class QLabel;
class QToolButton;

namespace querent::app::sound {
class FileSoundProvider;
}

namespace querent::session::project {
class Project;
}

namespace querent::widgets::audio {
class TransportBar;
}

namespace querent::app::panes {

/**
 * The sound of the current item: waveform over spectrogram with its regions, and the bar that plays it. Of an item with
 * several sounds it shows the first. The project must outlive it. UI thread only.
 */
class SoundPane : public MediumPane {
    Q_OBJECT

 public:
    /** Plays on `output`; without one, on the system's sound device. */
    explicit SoundPane(session::project::Project& project, QWidget* parent = nullptr,
                       std::unique_ptr<sound::AudioOutput> output = nullptr);
    ~SoundPane() override;

    Modality modality() const override { return Modality::Audio; }
    void showItem(const Item& item, const std::vector<ItemId>& neighbours) override;
    void clear(const QString& sentence) override;
    ItemId shown() const override { return m_shown; }

    widgets::canvas::BoxSurface* surface() const override { return m_view; }
    void setKeepView(bool keep) override { m_keepView = keep; }

    /** A sound that is shown begins to play: for classes of whole clips. */
    void setAutoplay(bool on) { m_autoplay = on; }

    /** How it looks and sounds, for whoever keeps settings between runs; lookChanged() tells when. */
    QVariantMap saveLook() const;
    void restoreLook(const QVariantMap& map);

    widgets::audio::SoundView& view() const { return *m_view; }
    widgets::audio::TransportBar& transport() const { return *m_transport; }
    const sound::SoundLoader& sounds() const { return m_loader; }
    sound::SoundPlayer& player() { return m_player; }

 Q_SIGNALS:
    void lookChanged();

 private:
    void buildWidgets();
    void buildLayout();
    void connectView();
    void connectLook();
    void connectPlayback();
    void playRegion(qint64 id);
    void takeLoop(qint64 first, qint64 last);
    void takeLooping(bool on);
    void takeKeepPitch(bool on);
    void beginPlayback();
    void endPlayback();
    void leaveSound();
    void onLoaded(ItemId item);
    void showSound(const sound::LoadedSound& sound);
    void showNothing(const QString& sentence);
    void takeLook(const SoundLook& look);
    void applyLook();
    void setNote(const QString& sentence);
    void tellCursor(double frame, double hz);
    void tellZoom(double pixelsPerSecond);

    sound::SoundLoader m_loader;
    sound::SoundPlayer m_player;
    bool m_autoplay = false;
    bool m_keepPitch = true;
    std::shared_ptr<sound::FileSoundProvider> m_provider;  // what the view shows
    ItemId m_item;                                         // the one that is wanted
    ItemId m_shown;
    SoundLook m_look;
    bool m_keepView = false;
    SoundShape m_lastShape;
    std::optional<widgets::audio::SoundRange> m_lastRange;  // of the sound before, for a kept view
    QTimer m_opening;                                       // opening takes long enough to say so

    widgets::audio::SoundView* m_view;
    widgets::audio::TransportBar* m_transport;
    QWidget* m_noteRow;
    QLabel* m_noteIcon;
    QLabel* m_note;
    QToolButton* m_waveform;
    QToolButton* m_spectrogram;
    QToolButton* m_settings;
    SoundLookPanel* m_panel;
};

}  // namespace querent::app::panes
