#pragma once

#include <QDialog>

namespace querent::app::dialogs {

/** Name, version, license and what the program stands on. */
class AboutDialog : public QDialog {
    Q_OBJECT
 public:
    explicit AboutDialog(QWidget* parent = nullptr);

 protected:
    void showEvent(QShowEvent* event) override;
};

}  // namespace querent::app::dialogs
