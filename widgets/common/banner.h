#pragma once

#include <QColor>
#include <QHash>
#include <QString>
#include <QVector>
#include <QWidget>

class QLabel;
class QHBoxLayout;
class QVBoxLayout;

namespace querent::widgets::common {

struct ThemeColours;

enum class Severity { Info, Success, Warning, Error };

/** How a severity is told: by shape, by colour and by the colour behind it. */
struct SeverityLook {
    QString icon;
    QColor colour, back;
};

SeverityLook lookOf(Severity severity, const ThemeColours& colours);

struct BannerAction {
    QString id;
    QString text;
};

/** One message that stays until it is answered. Icon, colour and text tell its severity. */
class Banner : public QWidget {
    Q_OBJECT

 public:
    explicit Banner(QWidget* parent = nullptr);

    void setMessage(Severity severity, const QString& text, const QVector<BannerAction>& actions = {},
                    bool dismissable = true);
    QString text() const;
    Severity severity() const { return m_severity; }

 Q_SIGNALS:
    void actionTriggered(const QString& id);
    void dismissed();

 protected:
    void paintEvent(QPaintEvent* event) override;

 private:
    Severity m_severity = Severity::Info;
    QLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_actions;
    QWidget* m_close;
};

/** Banners under each other, one for each key: telling the same key again replaces its message. Hidden when empty. */
class BannerStack : public QWidget {
    Q_OBJECT

 public:
    explicit BannerStack(QWidget* parent = nullptr);

    void show(const QString& key, Severity severity, const QString& text, const QVector<BannerAction>& actions = {},
              bool dismissable = true);
    void clear(const QString& key);
    bool has(const QString& key) const { return m_banners.contains(key); }

 Q_SIGNALS:
    void actionTriggered(const QString& key, const QString& id);
    /** A person has closed this message. */
    void dismissed(const QString& key);

 private:
    QVBoxLayout* m_layout;
    QHash<QString, Banner*> m_banners;
};

}  // namespace querent::widgets::common
