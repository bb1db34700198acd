#pragma once

#include <QFrame>
#include <QString>

class QLineEdit;
class QPushButton;

namespace querent::app::pages::label {

/**
 * A field for the note of a flag, over its parent and always inside it. Enter flags, Esc or losing the focus closes,
 * and the focus goes back to where it was.
 */
class FlagPopup : public QFrame {
    Q_OBJECT

 public:
    explicit FlagPopup(QWidget* parent);

    void popup(bool flagged, const QString& note);

 Q_SIGNALS:
    void flagged(const QString& note);
    void unflagged();

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

 private:
    void finish();

    QLineEdit* m_note;
    QPushButton* m_flag;
    QPushButton* m_remove;
    QWidget* m_before = nullptr;
};

}  // namespace querent::app::pages::label
