#pragma once

#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <QImage>
#include <QWidget>

#include <optional>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::widgets::common {
class ElidedLabel;
}

namespace querent::app::pages::data {

/**
 * Picture (or spectrogram), text and facts of the current row of the Data page. What is shown of the item itself is
 * read off this thread, pictures from the thumbnail cache.
 */
class ItemPreview : public QWidget {
    Q_OBJECT
 public:
    explicit ItemPreview(bridge::TaskPool& pool, QWidget* parent = nullptr);

    void setProject(const session::Project* project);
    /** Nothing clears it. `classes`: what is said of the whole item, a line each, after its state. */
    void show(const std::optional<ItemRow>& row, const QStringList& classes = {});

 Q_SIGNALS:
    void openRequested();

 protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

 private:
    struct Content {
        QImage image;
        QString text;
        QString note;  // of its flag
    };
    void load(ItemId item);
    void take(const Content& content);
    void place();
    QString facts(const ItemRow& row, const QStringList& classes) const;

    bridge::TaskPool& m_pool;
    const session::Project* m_project = nullptr;
    ProjectSettings m_about;
    int m_wanted = 0;  // the newest request: older answers are dropped
    QImage m_image;
    QLabel* m_picture;
    QPlainTextEdit* m_text;
    widgets::common::ElidedLabel* m_name;
    QLabel* m_facts;
    QPushButton* m_open;
};

}  // namespace querent::app::pages::data
