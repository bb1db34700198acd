#pragma once

#include <QLabel>
#include <QPainter>

namespace querent::widgets::common {

/** One line, painted without its end where it does not fit; text() stays whole. */
class OneLineLabel : public QLabel {
 public:
    using QLabel::QLabel;

    QSize minimumSizeHint() const override { return {24, QLabel::minimumSizeHint().height()}; }

 protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const QRect area = contentsRect();
        painter.setPen(palette().color(foregroundRole()));
        painter.drawText(area, static_cast<int>(alignment()),
                         fontMetrics().elidedText(text(), Qt::ElideRight, area.width()));
    }
};

}  // namespace querent::widgets::common
