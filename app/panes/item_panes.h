#pragma once

#include "app/panes/medium_pane.h"

#include <QSplitter>

#include <vector>

namespace querent::session::project {
class Project;
}

namespace querent::app::panes {

class PicturePane;
class SoundPane;

/**
 * All media of the current item, one above the other: a pane for each medium that the project has, whatever their
 * number. Boxes lie on the first pane of them: a picture, where there is none a sound. UI thread only.
 */
class ItemPanes : public QSplitter {
    Q_OBJECT

 public:
    ItemPanes(session::project::Project& project, const ProjectSettings& settings, QWidget* parent = nullptr);

    const std::vector<MediumPane*>& all() const { return m_panes; }
    /** The one that boxes lie on. */
    MediumPane& main() const { return *m_panes.front(); }
    /** Where they lie there; null where the project has texts alone. */
    widgets::canvas::BoxSurface* surface() const { return main().surface(); }
    /** The one with the focus, or main(): what zoom keys are for. */
    MediumPane& active() const;
    /** Null where the project has no pictures. */
    PicturePane* picture() const;
    /** Null where the project has no sounds. */
    SoundPane* sound() const;

    void showItem(const Item& item, const std::vector<ItemId>& neighbours);
    void clear(const QString& sentence);
    /** Puts the focus where the most used keys are. */
    void takeFocus();
    bool hasFocusInside() const;

 private:
    std::vector<MediumPane*> m_panes;  // pictures before sounds before texts
    MediumPane* m_keys = nullptr;      // the pane whose keys are used most
};

}  // namespace querent::app::panes
