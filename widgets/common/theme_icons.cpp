#include "widgets/common/theme.h"

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <algorithm>

namespace querent::widgets::common {

namespace {

QString resourceOf(const QString& name) {
    return QStringLiteral(":/querent/icons/%1.svg").arg(name);
}

QByteArray svgIn(const QString& name, const QColor& colour) {
    QFile file(resourceOf(name));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QByteArray svg = file.readAll();
    svg.replace("#000", colour.name(QColor::HexRgb).toLatin1());
    return svg;
}

/** Draws the SVG in the palette's colour of the moment, so that a change of theme needs no new icons. */
class ThemedIconEngine : public QIconEngine {
 public:
    explicit ThemedIconEngine(QString name, QColor fixed = {}) : m_name(std::move(name)), m_fixed(std::move(fixed)) {}

    QIconEngine* clone() const override { return new ThemedIconEngine(m_name, m_fixed); }
    QString key() const override { return QStringLiteral("querent"); }
    QString iconName() override { return m_name; }
    bool isNull() override { return false; }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, scaledPixmap(rect.size() * ratio, mode, state, ratio));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        return scaledPixmap(size, mode, state, 1.0);
    }

    // `size` is in device pixels, as QIcon asks for it.
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal ratio) override {
        const QColor colour = colourFor(mode);
        const QString key = QStringLiteral("querent/%1/%2/%3x%4@%5")
                                .arg(m_name, colour.name(QColor::HexArgb))
                                .arg(size.width())
                                .arg(size.height())
                                .arg(ratio);
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap)) return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QSvgRenderer renderer(svgIn(m_name, colour));
        QPainter painter(&pixmap);
        const int side = std::min(size.width(), size.height());
        // Wider than high: the rest is the gap between a button's icon and its text.
        const double left = size.width() > size.height() ? 0.0 : 0.5 * (size.width() - side);
        renderer.render(&painter, QRectF(left, 0.5 * (size.height() - side), side, side));
        painter.end();
        pixmap.setDevicePixelRatio(ratio);
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

 private:
    QColor colourFor(QIcon::Mode mode) const {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled) return palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (m_fixed.isValid()) return m_fixed;
        // What is selected keeps the colour of its text: the style sheet's selection is pale.
        return palette.color(QPalette::Active, QPalette::ButtonText);
    }

    QString m_name;
    QColor m_fixed;
};

}  // namespace

QIcon icon(const QString& name) {
    initResources();
    if (!QFile::exists(resourceOf(name))) return {};
    return QIcon(new ThemedIconEngine(name));
}

QIcon icon(const QString& name, const QColor& colour) {
    initResources();
    if (!QFile::exists(resourceOf(name))) return {};
    return QIcon(new ThemedIconEngine(name, colour));
}

QStringList iconNames() {
    initResources();
    QStringList names;
    for (const QString& file :
         QDir(QStringLiteral(":/querent/icons")).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name)) {
        names << file.chopped(4);
    }
    return names;
}

}  // namespace querent::widgets::common
