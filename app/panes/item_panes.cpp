#include "app/panes/item_panes.h"

#include "app/panes/picture_pane.h"
#include "app/panes/sound_pane.h"
#include "app/panes/text_pane.h"

#include <QApplication>

#include <algorithm>

namespace querent::app::panes {

namespace {

MediumPane* makePane(Modality modality, session::project::Project& project, QWidget* parent) {
    switch (modality) {
        case Modality::Image:
            return new PicturePane(project, parent);
        case Modality::Audio:
            return new SoundPane(project, parent);
        case Modality::Text:
            return new TextPane(parent);
    }
    return nullptr;
}

/** Shares of the height. */
int shareOf(Modality modality) {
    switch (modality) {
        case Modality::Image:
            return 4;
        case Modality::Audio:
            return 3;
        case Modality::Text:
            return 1;
    }
    return 1;
}

}  // namespace

ItemPanes::ItemPanes(session::project::Project& project, const ProjectSettings& settings, QWidget* parent)
    : QSplitter(Qt::Vertical, parent) {
    std::vector<Modality> media = settings.media;
    if (media.empty()) media.push_back(Modality::Image);
    std::sort(media.begin(), media.end());
    setChildrenCollapsible(false);
    QList<int> sizes;
    for (const Modality modality : media) {
        MediumPane* pane = makePane(modality, project, this);
        addWidget(pane);
        setStretchFactor(count() - 1, shareOf(modality));
        sizes << 100 * shareOf(modality);
        m_panes.push_back(pane);
        if (modality == Modality::Audio && settings.task == TaskKind::Classify) m_keys = pane;  // play, seek
    }
    setSizes(sizes);
    for (MediumPane* pane : m_panes) {
        const bool drawable = settings.task == TaskKind::Detect && pane == m_panes.front();
        if (pane->surface()) pane->surface()->setDrawable(drawable);
    }
    if (m_keys == nullptr) m_keys = m_panes.front();
}

MediumPane& ItemPanes::active() const {
    const QWidget* focus = QApplication::focusWidget();
    const auto found = std::find_if(m_panes.begin(), m_panes.end(), [focus](const MediumPane* pane) {
        return focus && (pane == focus || pane->isAncestorOf(focus));
    });
    return found == m_panes.end() ? main() : **found;
}

PicturePane* ItemPanes::picture() const {
    return qobject_cast<PicturePane*>(m_panes.front());
}

SoundPane* ItemPanes::sound() const {
    for (MediumPane* pane : m_panes) {
        if (auto* sound = qobject_cast<SoundPane*>(pane)) return sound;
    }
    return nullptr;
}

void ItemPanes::showItem(const Item& item, const std::vector<ItemId>& neighbours) {
    for (MediumPane* pane : m_panes)
        pane->showItem(item, neighbours);
}

void ItemPanes::clear(const QString& sentence) {
    for (MediumPane* pane : m_panes)
        pane->clear(sentence);
}

void ItemPanes::takeFocus() {
    m_keys->focusTarget()->setFocus();
}

bool ItemPanes::hasFocusInside() const {
    const QWidget* focus = QApplication::focusWidget();
    return focus && isAncestorOf(focus);
}

}  // namespace querent::app::panes
