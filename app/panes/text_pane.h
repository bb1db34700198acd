#pragma once

#include "app/panes/medium_pane.h"

class QPlainTextEdit;

namespace querent::app::panes {

/**
 * The text of the current item, as it was imported: nothing in it is markup. It can be selected and copied, and be of
 * any length and direction of writing.
 */
class TextPane : public MediumPane {
    Q_OBJECT

 public:
    explicit TextPane(QWidget* parent = nullptr);

    Modality modality() const override { return Modality::Text; }
    void showItem(const Item& item, const std::vector<ItemId>& neighbours) override;
    void clear(const QString& sentence) override;
    ItemId shown() const override { return m_shown; }
    QWidget* focusTarget() override { return this; }

    void zoomIn() override { setZoom(m_zoom + 1); }
    void zoomOut() override { setZoom(m_zoom - 1); }
    void zoomToActualSize() override { setZoom(0); }
    void zoomToFit() override { setZoom(0); }

 private:
    void setZoom(int steps);
    void say(const QString& text, bool quiet);

    QPlainTextEdit* m_text;
    ItemId m_shown;
    int m_zoom = 0;  // steps from the size of reading
};

}  // namespace querent::app::panes
