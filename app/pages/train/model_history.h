#pragma once

#include "app/models/measures.h"
#include "engine/core/records.h"
#include "engine/session/project/project.h"

#include <QWidget>

#include <set>
#include <string>
#include <vector>

class QLabel;
class QPushButton;

namespace querent::app::bridge {
class TaskPool;
}

namespace querent::widgets::common {
class ReadingTable;
}

namespace querent::app::pages::train {

/**
 * Every model with its figures: which one suggests, choose another, compare two. UI thread only; the project outlives
 * setProject(nullptr).
 */
class ModelHistory : public QWidget {
    Q_OBJECT
 public:
    explicit ModelHistory(bridge::TaskPool& pool, QWidget* parent = nullptr);

    void setProject(session::Project* project);
    void refresh();

 Q_SIGNALS:
    void currentChanged();
    void problem(const QString& sentence);

 private:
    void fill();
    void onSelection();
    void useSelected();
    void compare();
    QString nameOf(const ModelRecord& model) const;
    const Metric* metric(ModelId model, const std::string& name, ClassId label = {}) const;
    std::vector<int> selectedRows() const;

    bridge::TaskPool& m_pool;
    session::Project* m_project = nullptr;
    std::vector<ModelRecord> m_models;  // newest first, as in the table
    std::vector<Metric> m_metrics;
    QVector<models::Measure> m_measures;  // the headline first
    std::set<ModelId> m_ofRounds;
    widgets::common::ReadingTable* m_table;
    QLabel* m_none;
    QPushButton* m_use;
    QPushButton* m_compare;
    QLabel* m_hint;
    QLabel* m_comparedTitle;
    widgets::common::ReadingTable* m_compared;
};

}  // namespace querent::app::pages::train
