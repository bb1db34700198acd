#pragma once

#include <QLineEdit>
#include <QString>
#include <QWidget>

class QComboBox;
class QFormLayout;
class QHBoxLayout;
class QPushButton;
class QVBoxLayout;

namespace querent::app::dialogs {

/** A path field with a Browse button; also takes drops of files and folders. */
class PathField : public QWidget {
    Q_OBJECT
 public:
    enum class Kind { Folder, FileOrFolder, SaveFile };

    PathField(Kind kind, const QString& objectName, const QString& caption, QWidget* parent = nullptr);

    QString path() const;
    void setPath(const QString& path);
    void setStart(const QString& folder) { m_start = folder; }
    void setFilter(const QString& filter) { m_filter = filter; }
    QLineEdit* edit() const { return m_edit; }

 Q_SIGNALS:
    void pathChanged(const QString& path);

 protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

 private:
    void browse(bool folder);

    Kind m_kind;
    QString m_caption, m_start, m_filter;
    QLineEdit* m_edit;
};

/** Margins and spacing of our dialogs; returns the column for the content. */
QVBoxLayout* dialogColumn(QWidget* dialog);
/** A form with our spacing. */
QFormLayout* dialogForm();
/** A row with what belongs to the left, a stretch, and the buttons. */
QHBoxLayout* buttonRow(QWidget* left, const QList<QPushButton*>& buttons);

/** "Pascal VOC (XML)" and so on for a format's short name. */
QString formatTitle(const QString& name);
/** Offers these formats; the chosen one stays when it is among them, otherwise it is the first. */
void fillFormats(QComboBox* box, const std::vector<std::string>& names);
/** Chooses a format by its short name; one that is not offered changes nothing. */
void chooseFormat(QComboBox* box, const std::string& name);

}  // namespace querent::app::dialogs
