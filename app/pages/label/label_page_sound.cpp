// What the Label page adds where a project has sounds.

#include "app/pages/label/label_actions.h"
#include "app/pages/label/label_page_p.h"
#include "app/panes/item_panes.h"
#include "app/panes/sound_pane.h"
#include "widgets/audio/transport_bar.h"

namespace querent::app::pages::label {

void LabelPage::Private::connectSound() {
    panes::SoundPane* sound = panes->sound();
    if (sound == nullptr) return;
    // Who gives classes to clips wants to hear them; who draws on long sounds says when.
    const bool byItself = !forBoxes();
    sound->setAutoplay(byItself);
    actions->onToggled(QStringLiteral("sound.autoplay"), byItself, [sound](bool on) { sound->setAutoplay(on); });
    QObject::connect(sound, &panes::SoundPane::lookChanged, &page,
                     [this] { Q_EMIT page.lookChanged(page.saveLook()); });
}

QVariantMap LabelPage::saveLook() const {
    const panes::SoundPane* sound = d->panes->sound();
    return sound ? sound->saveLook() : QVariantMap();
}

void LabelPage::restoreLook(const QVariantMap& look) {
    if (panes::SoundPane* sound = d->panes->sound()) sound->restoreLook(look);
}

void LabelPage::Private::onSpaceTapped() {
    if (panes::SoundPane* sound = panes->sound()) {
        sound->transport().togglePlay();
    } else {
        actions->trigger(Qt::Key_Space);
    }
}

}  // namespace querent::app::pages::label
