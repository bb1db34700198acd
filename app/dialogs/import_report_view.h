#pragma once

#include "engine/session/transfer/transfer.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace querent::widgets::common {
class ReadingTable;
}

namespace querent::app::dialogs {

/** What an import brings or has brought: the counts, the first items, every complaint. UI thread only. */
class ImportReportView : public QWidget {
    Q_OBJECT
 public:
    explicit ImportReportView(QWidget* parent = nullptr);

    /** What stands here while there is nothing to tell. */
    void invite(const QString& text);
    /** Shows the report of an import into a project that is about `about`; paths are shown as seen from `from`. */
    void tell(const session::transfer::ImportReport& report, const ProjectSettings& about, const QString& from);

 private:
    void showRows(const session::transfer::ImportReport& report);
    void showComplaints(const session::transfer::ImportReport& report, const QString& from);

    QLabel* m_summary;
    widgets::common::ReadingTable* m_rows;
    widgets::common::ReadingTable* m_complaints;
    QPushButton* m_copy;
};

}  // namespace querent::app::dialogs
