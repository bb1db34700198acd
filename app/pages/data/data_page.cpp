#include "app/pages/data/data_page.h"

#include "app/models/item_table_model.h"
#include "app/pages/data/item_preview.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

namespace querent::app::pages::data {
namespace {

constexpr int kTypingPause = 150;  // ms between the last key and the search

/** Keeps the beginning of what does not fit: of texts it says more than the end, of file names it does not. */
class BeginningDelegate : public QStyledItemDelegate {
 public:
    using QStyledItemDelegate::QStyledItemDelegate;

 protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->textElideMode = Qt::ElideRight;
    }
};

QComboBox* filterBox(const QString& objectName, const QString& name, QWidget* parent) {
    auto* box = new QComboBox(parent);
    box->setObjectName(objectName);
    box->setAccessibleName(name);
    box->setToolTip(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return box;
}

}  // namespace

DataPage::DataPage(bridge::TaskPool& pool, preferences::Settings& settings, QWidget* parent)
    : QWidget(parent),
      m_pool(pool),
      m_settings(settings),
      m_model(new models::ItemTableModel(this)),
      m_stack(new QStackedWidget(this)),
      m_typing(new QTimer(this)) {
    setObjectName(QStringLiteral("dataPage"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    m_empty = new widgets::common::EmptyState(m_stack);
    QPushButton* import = m_empty->addButton(tr("Import…"), true);
    import->setObjectName(QStringLiteral("dataImport"));
    connect(import, &QPushButton::clicked, this, &DataPage::importRequested);
    auto* content = new QWidget(m_stack);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(widgets::common::kPageMargin, 20, widgets::common::kPageMargin, 16);
    column->setSpacing(widgets::common::kGap);
    column->addWidget(makeHeader());
    column->addWidget(makeFilters());
    column->addWidget(makeTable(), 1);
    setTabOrder(m_clear, m_relocate);  // the search is what a person wants first here
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    makeMenu();
    m_typing->setSingleShot(true);
    m_typing->setInterval(kTypingPause);
    connect(m_typing, &QTimer::timeout, this, &DataPage::applyFilter);
    connect(&m_worker, &bridge::BackgroundBridge::finished, this, &DataPage::onWorkFinished);
    connect(&m_worker, &bridge::BackgroundBridge::failed, this, [this](const QString&, const Error& error) {
        showCounts();
        Q_EMIT problem(QString::fromStdString(error.text()));
    });
}

DataPage::~DataPage() = default;

QWidget* DataPage::makeHeader() {
    auto* header = new QWidget(this);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(widgets::common::kGap);
    row->addWidget(widgets::common::titleLabel(tr("Data"), header));
    m_counts = widgets::common::mutedLabel({}, header);
    m_counts->setObjectName(QStringLiteral("dataCounts"));
    m_counts->setWordWrap(false);
    row->addWidget(m_counts, 1, Qt::AlignVCenter);
    m_relocate = widgets::common::namedButton(tr("Relocate files…"), QStringLiteral("dataRelocate"),
                                              QStringLiteral("folder"), false, header);
    m_relocate->setToolTip(tr("Tell where a folder of files has moved to."));
    connect(m_relocate, &QPushButton::clicked, this, &DataPage::relocate);
    row->addWidget(m_relocate);
    return header;
}

QWidget* DataPage::makeFilters() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_text = new QLineEdit(bar);
    m_text->setObjectName(QStringLiteral("filterText"));
    m_text->setPlaceholderText(tr("Find by name"));
    m_text->setAccessibleName(tr("Find by name"));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(140);
    m_text->addAction(widgets::common::icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_split = filterBox(QStringLiteral("filterSplit"), tr("Part of the data"), bar);
    m_state = filterBox(QStringLiteral("filterState"), tr("State"), bar);
    m_class = filterBox(QStringLiteral("filterClass"), tr("Has a label of this class"), bar);
    m_round = filterBox(QStringLiteral("filterRound"), tr("Asked in this round"), bar);
    m_flagged = new QCheckBox(tr("Flagged"), bar);
    m_flagged->setObjectName(QStringLiteral("filterFlagged"));
    m_missing = new QCheckBox(tr("File missing"), bar);
    m_missing->setObjectName(QStringLiteral("filterMissing"));
    m_clear = widgets::common::namedButton(tr("Clear"), QStringLiteral("filterClear"), {}, false, bar);
    m_clear->setProperty("flat", true);
    m_clear->setToolTip(tr("Show all items again"));
    row->addWidget(m_text, 1);
    for (QComboBox* box : {m_split, m_state, m_class, m_round})
        row->addWidget(box);
    row->addWidget(m_flagged);
    row->addWidget(m_missing);
    row->addWidget(m_clear);
    connect(m_text, &QLineEdit::textChanged, m_typing, qOverload<>(&QTimer::start));
    connect(m_text, &QLineEdit::returnPressed, this, &DataPage::applyFilter);
    for (QComboBox* box : {m_split, m_state, m_class, m_round}) {
        connect(box, &QComboBox::currentIndexChanged, this, &DataPage::applyFilter);
    }
    connect(m_flagged, &QCheckBox::toggled, this, &DataPage::applyFilter);
    connect(m_missing, &QCheckBox::toggled, this, &DataPage::applyFilter);
    connect(m_clear, &QPushButton::clicked, this, &DataPage::clearFilter);
    return bar;
}

QWidget* DataPage::makeTable() {
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    auto* left = new QWidget(splitter);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 12, 0);
    m_table = new QTableView(left);
    m_table->setObjectName(QStringLiteral("dataTable"));
    m_table->setAccessibleName(tr("Items"));
    m_table->setModel(m_model);
    widgets::common::styleTable(m_table);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->horizontalHeader()->setSortIndicator(models::ItemTableModel::Name, Qt::AscendingOrder);
    m_table->setSortingEnabled(true);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(models::ItemTableModel::TextColumn, QHeaderView::Stretch);
    const int widths[] = {130, 0, 88, 104, 72, 118, 118, 72, 84, 104, 84, 96};
    for (int i = 0; i < models::ItemTableModel::ColumnCount; ++i)
        m_table->setColumnWidth(i, widths[i]);
    for (const int column : {models::ItemTableModel::TextColumn, models::ItemTableModel::ClassColumn,
                             models::ItemTableModel::PredictedColumn})
        m_table->setItemDelegateForColumn(column, new BeginningDelegate(m_table));
    m_none = widgets::common::mutedLabel(tr("No item matches these filters."), m_table);
    m_none->setObjectName(QStringLiteral("dataNone"));
    m_none->setAlignment(Qt::AlignCenter);
    m_none->hide();
    auto* over = new QVBoxLayout(m_table->viewport());
    over->addWidget(m_none);
    column->addWidget(m_table);
    m_preview = new ItemPreview(m_pool, splitter);
    splitter->addWidget(left);
    splitter->addWidget(m_preview);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    m_preview->setMinimumWidth(240);
    m_preview->setMaximumWidth(420);
    splitter->setSizes({900, 280});
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DataPage::showCurrent);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        m_none->setVisible(m_model->rowCount() == 0);
        showCurrent();
    });
    connect(m_table, &QTableView::activated, this, &DataPage::openCurrent);
    connect(m_table, &QTableView::customContextMenuRequested, this, [this](const QPoint& at) {
        if (m_table->indexAt(at).isValid()) m_menu->popup(m_table->viewport()->mapToGlobal(at));
    });
    connect(m_preview, &ItemPreview::openRequested, this, &DataPage::openCurrent);
    return splitter;
}

void DataPage::makeMenu() {
    m_menu = new QMenu(this);
    m_menu->setObjectName(QStringLiteral("dataMenu"));
    m_menu->addAction(widgets::common::icon(QStringLiteral("label")), tr("Open in Label"), this,
                      &DataPage::openCurrent);
    QMenu* move = m_menu->addMenu(tr("Move to"));
    for (const Split split : {Split::Train, Split::Val, Split::Test}) {
        QAction* action = move->addAction(models::splitName(split), this, [this, split] { moveSelected(split); });
        action->setObjectName(QStringLiteral("dataMove_%1").arg(QLatin1String(toText(split))));
    }
    m_menu->addAction(widgets::common::icon(QStringLiteral("copy")), tr("Copy names"), this, &DataPage::copyNames);
}

}  // namespace querent::app::pages::data
