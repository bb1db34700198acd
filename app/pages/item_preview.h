#pragma once

#include <QImage>
#include <QWidget>
#include <optional>

#include "engine/core/records.h"
#include "engine/session/project.h"

class QLabel;
class QPushButton;

namespace querent::app {

class ElidedLabel;
class TaskPool;

/** Picture and facts of the current row of the Data page. Pictures come from the thumbnail cache, off this thread. */
class ItemPreview : public QWidget {
    Q_OBJECT
 public:
    explicit ItemPreview(TaskPool& pool, QWidget* parent = nullptr);

    void setProject(const session::Project* project);
    /** Nothing clears it. */
    void show(const std::optional<ItemRow>& row);

 Q_SIGNALS:
    void openRequested();

 protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

 private:
    void load(ItemId item);
    void place();
    QString facts(const ItemRow& row) const;

    TaskPool& m_pool;
    const session::Project* m_project = nullptr;
    int m_wanted = 0;  // the newest request: older answers are dropped
    QImage m_image;
    QLabel* m_picture;
    ElidedLabel* m_name;
    QLabel* m_facts;
    QPushButton* m_open;
};

}  // namespace querent::app
