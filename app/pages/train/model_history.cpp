#include "app/pages/train/model_history.h"

#include "app/bridge/task_pool.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace querent::app::pages::train {
namespace {

constexpr int kFirstMeasure = 3;  // column of the models

}  // namespace

ModelHistory::ModelHistory(bridge::TaskPool& pool, QWidget* parent) : QWidget(parent), m_pool(pool) {
    setObjectName(QStringLiteral("modelHistory"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_none =
        widgets::common::mutedLabel(tr("The models of past rounds are listed here after the first training."), this);
    m_table =
        new widgets::common::ReadingTable({tr("Round"), tr("Made"), tr("Labels"), {}, {}, tr("Training"), tr("In use")},
                                          QStringLiteral("modelTable"), tr("Models"), this);
    m_table->horizontalHeaderItem(6)->setToolTip(tr("Suggestions and ghosts come from this model."));
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    for (int i = 0; i < 2; ++i)
        m_table->horizontalHeader()->setSectionResizeMode(kFirstMeasure + i, QHeaderView::ResizeToContents);
    column->addWidget(m_none);
    column->addWidget(m_table);
    auto* row = new QHBoxLayout;
    m_use = widgets::common::namedButton(tr("Use this model"), QStringLiteral("modelUse"), QStringLiteral("check"),
                                         false, this);
    m_use->setToolTip(tr("Suggestions and ghosts come from this model from now on."));
    m_compare = widgets::common::namedButton(tr("Compare two"), QStringLiteral("modelCompare"), QStringLiteral("chart"),
                                             false, this);
    m_hint = widgets::common::mutedLabel({}, this);
    m_hint->setWordWrap(false);
    row->addWidget(m_use);
    row->addWidget(m_compare);
    row->addWidget(m_hint, 1);
    column->addLayout(row);
    m_comparedTitle = widgets::common::headingLabel({}, this);
    m_compared = new widgets::common::ReadingTable(
        {tr("Measure"), tr("Earlier"), tr("Later"), tr("Difference"), tr("Intervals")}, QStringLiteral("modelCompared"),
        tr("Two models compared"), this);
    m_compared->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    column->addWidget(m_comparedTitle);
    column->addWidget(m_compared);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &ModelHistory::onSelection);
    connect(m_use, &QPushButton::clicked, this, &ModelHistory::useSelected);
    connect(m_compare, &QPushButton::clicked, this, &ModelHistory::compare);
}

void ModelHistory::setProject(session::Project* project) {
    m_project = project;
    m_measures = models::measuresOf(project != nullptr ? project->settings() : ProjectSettings());
    for (int i = 0; i < 2; ++i) {
        m_table->horizontalHeaderItem(kFirstMeasure + i)->setText(m_measures[i].title);
        m_table->horizontalHeaderItem(kFirstMeasure + i)->setToolTip(m_measures[i].help);
    }
    refresh();
}

void ModelHistory::refresh() {
    m_models.clear();
    m_metrics.clear();
    m_ofRounds.clear();
    if (m_project != nullptr) {
        m_models = m_project->models();
        m_metrics = m_project->metrics();
        for (const RoundRecord& round : m_project->rounds())
            m_ofRounds.insert(round.model);
        std::stable_sort(m_models.begin(), m_models.end(),
                         [](const ModelRecord& a, const ModelRecord& b) { return a.id > b.id; });
    }
    fill();
}

QString ModelHistory::nameOf(const ModelRecord& model) const {
    if (m_ofRounds.count(model.id) > 0) return tr("Round %1").arg(model.round);
    return model.round > 0 ? tr("After round %1").arg(model.round) : tr("Without a round");
}

const Metric* ModelHistory::metric(ModelId model, const std::string& name, ClassId label) const {
    for (const Metric& value : m_metrics) {
        if (value.model == model && value.split == Split::Val && value.label == label && value.name == name)
            return &value;
    }
    return nullptr;
}

void ModelHistory::fill() {
    m_table->setRowCount(0);
    for (const ModelRecord& model : m_models) {
        const auto shown = [this, &model](const models::Measure& measure) {
            const Metric* value = metric(model.id, measure.name);
            return value != nullptr ? widgets::common::intervalText(value->value, value->low, value->high)
                                    : QStringLiteral("–");
        };
        m_table->addRow({nameOf(model), widgets::common::localTime(model.createdUtc),
                         widgets::common::numberText(model.labels), shown(m_measures[0]), shown(m_measures[1]),
                         widgets::common::durationText(model.trainSeconds), model.current ? tr("Yes") : QString()},
                        {}, tr("Not measured: the validation set had no labels."));
        if (model.current) {
            m_table->item(m_table->rowCount() - 1, 6)->setIcon(widgets::common::icon(QStringLiteral("check")));
        }
    }
    m_table->fitHeight(8);
    const bool any = !m_models.empty();
    m_none->setVisible(!any);
    for (QWidget* widget : {static_cast<QWidget*>(m_table), static_cast<QWidget*>(m_use),
                            static_cast<QWidget*>(m_compare), static_cast<QWidget*>(m_hint)}) {
        widget->setVisible(any);
    }
    m_comparedTitle->hide();
    m_compared->hide();
    onSelection();
}

std::vector<int> ModelHistory::selectedRows() const {
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

void ModelHistory::onSelection() {
    const std::vector<int> rows = selectedRows();
    const bool writable = m_project != nullptr && !m_project->readOnly();
    m_use->setEnabled(writable && rows.size() == 1 && !m_models[static_cast<std::size_t>(rows[0])].current);
    m_compare->setEnabled(rows.size() == 2);
    m_hint->setText(rows.size() == 2 ? QString() : tr("Choose two rows (Ctrl+click) to compare them."));
}

void ModelHistory::useSelected() {
    const std::vector<int> rows = selectedRows();
    if (rows.size() != 1) return;
    const ModelId model = m_models[static_cast<std::size_t>(rows[0])].id;
    m_pool.run(
        this, [project = m_project, model] { return project->setCurrentModel(model); },
        [this](const Result<void>& done) {
            if (!done) {
                Q_EMIT problem(QString::fromStdString(done.error().text()));
                return;
            }
            refresh();
            Q_EMIT currentChanged();
        });
}

void ModelHistory::compare() {
    const std::vector<int> rows = selectedRows();
    if (rows.size() != 2) return;
    const ModelRecord& later = m_models[static_cast<std::size_t>(rows[0])];
    const ModelRecord& earlier = m_models[static_cast<std::size_t>(rows[1])];
    m_compared->setRowCount(0);
    const auto add = [&](const QString& name, const std::string& metricName, ClassId label = {}) {
        const Metric* a = metric(earlier.id, metricName, label);
        const Metric* b = metric(later.id, metricName, label);
        if (a == nullptr || b == nullptr || a->value < 0.0 || b->value < 0.0) return;  // undefined
        const bool known = a->high > a->low || b->high > b->low;
        const bool apart = a->high < b->low || b->high < a->low;
        m_compared->addRow({name, widgets::common::intervalText(a->value, a->low, a->high),
                            widgets::common::intervalText(b->value, b->low, b->high),
                            widgets::common::signedText(b->value - a->value),
                            !known ? QStringLiteral("–") : (apart ? tr("apart") : tr("overlap: not proven"))});
    };
    for (const models::Measure& measure : m_measures)
        add(measure.title, measure.name);
    const models::Measure& headline = m_measures.front();
    for (const ClassLabel& label : m_project->classes()) {
        if (label.archived) continue;
        add(tr("%1 of %2", "AP of cat").arg(headline.perClassTitle, QString::fromStdString(label.name)),
            headline.perClass, label.id);
    }
    m_comparedTitle->setText(tr("%1 and %2", "two models").arg(nameOf(earlier), nameOf(later)));
    m_compared->fitHeight(10);
    m_comparedTitle->show();
    m_compared->show();
}

}  // namespace querent::app::pages::train
