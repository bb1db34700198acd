#pragma once

#include "widgets/canvas/view_transform.h"

#include <QImage>
#include <QPixmap>

#include <vector>

class QPainter;

namespace querent::widgets::canvas {

/**
 * Draws one picture at any scale fast. A reduced picture is drawn from a pixmap scaled once; while the scale changes
 * the old pixmap is stretched, and sharpen() makes a proper one when there is time.
 */
class PictureCache {
 public:
    /** `image` may have fewer pixels than `displaySize`. */
    void setImage(const QImage& image, Size displaySize);
    void clear();
    bool empty() const { return m_image.isNull(); }
    Size displaySize() const { return m_display; }

    /** Paints what is visible; false when it was a rough picture that sharpen() would better. */
    bool paint(QPainter& painter, const ViewTransform& view, double deviceRatio);
    /** Makes the pixmap for this scale. */
    void sharpen(const ViewTransform& view, double deviceRatio);

 private:
    QSize wantedSize(const ViewTransform& view, double deviceRatio) const;
    void paintEnlarged(QPainter& painter, const ViewTransform& view, double deviceScale) const;
    const QImage& levelFor(QSize wanted);

    QImage m_image;
    Size m_display;
    std::vector<QImage> m_halves;  // each half the size of the one before, made when first needed
    QPixmap m_scaled;              // device pixels
    bool m_rough = true;
};

}  // namespace querent::widgets::canvas
