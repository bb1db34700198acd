#pragma once

#include <QString>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace querent::widgets::common {

/** What a screen shows when it has nothing: an icon, a title, a sentence that tells what to do next, and buttons for
 * it. */
class EmptyState : public QWidget {
    Q_OBJECT

 public:
    explicit EmptyState(QWidget* parent = nullptr);

    void setContent(const QString& iconName, const QString& title, const QString& sentence);
    /** The button is this widget's; connect its clicked(). */
    QPushButton* addButton(const QString& text, bool primary = false);
    void clearButtons();

 protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

 private:
    void refreshIcon();
    void reserveText();

    QString m_iconName;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
};

}  // namespace querent::widgets::common
