#pragma once

#include <QString>
#include <QWidget>

class QLabel;

namespace querent::widgets::common {
class ElidedLabel;
}

namespace querent::app::pages::label {

/** The line under the picture: item, place in the list, cursor, zoom, and whether everything is on disk. */
class StatusLine : public QWidget {
    Q_OBJECT

 public:
    explicit StatusLine(QWidget* parent = nullptr);

    /** `note`: why the item is flagged; may be empty. */
    void setItem(const QString& name, const QString& note, const QString& state, int place, int total);
    /** Where the cursor is; empty for nowhere. */
    void setCursor(const QString& place);
    void setZoom(const QString& zoom);
    /** How many items have been looked at; 0 of 0 hides it. */
    void setLooking(qint64 done, qint64 total);
    /** Writes that are not durable yet, and why not when they cannot be written. */
    void setSaving(int pending, const QString& problem);
    QString savedText() const;

 private:
    widgets::common::ElidedLabel* m_name;
    widgets::common::ElidedLabel* m_note;
    QLabel* m_looking;
    QLabel* m_state;
    QLabel* m_place;
    QLabel* m_cursor;
    QLabel* m_zoom;
    QLabel* m_saved;
};

}  // namespace querent::app::pages::label
