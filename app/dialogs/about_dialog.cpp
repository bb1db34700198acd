#include "app/dialogs/about_dialog.h"

#include "app/dialogs/dialog_parts.h"
#include "engine/session/machine.h"
#include "widgets/common/page_parts.h"

#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace querent::app::dialogs {

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("aboutDialog"));
    setWindowTitle(tr("About Querent"));
    QVBoxLayout* column = dialogColumn(this);
    QLabel* name = widgets::common::titleLabel(QStringLiteral("Querent"), this);
    name->setStyleSheet(QStringLiteral("font-size: 26px; font-weight: 700"));
    column->addWidget(name);
    const QString version = QCoreApplication::applicationVersion();
    const QString qt = QLatin1String(qVersion());
    column->addWidget(widgets::common::mutedLabel(
        version.isEmpty() ? tr("Built with Qt %1").arg(qt) : tr("Version %1, built with Qt %2").arg(version, qt),
        this));
    auto* text = new QLabel(tr("The learner asks, a person answers, the learner gets better, and asks better. It works "
                               "on this computer alone and never opens a network connection."),
                            this);
    text->setWordWrap(true);
    column->addWidget(text);
    column->addWidget(widgets::common::mutedLabel(
        tr("Free software under the GNU General Public License, version 3 or later. It stands on Qt, "
           "Qt Charts, LibTorch, OpenCV, SQLite, SQLiteCpp, JSON for Modern C++, pugixml, "
           "yaml-cpp, CLI11, spdlog and xxHash."),
        this));
    QLabel* blas = widgets::common::mutedLabel(
        tr("Multiplies matrices with %1.").arg(QString::fromStdString(session::blasInUse())), this);
    blas->setObjectName(QStringLiteral("aboutBlas"));
    column->addWidget(blas);
    column->addStretch(1);
    auto* close = widgets::common::namedButton(tr("Close"), QStringLiteral("aboutClose"), {}, true, this);
    column->addLayout(buttonRow(nullptr, {close}));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

// Wrapped lines need a height that follows from the width, and the fonts are known only when the dialog is shown.
void AboutDialog::showEvent(QShowEvent* event) {
    constexpr int kWidth = 440;
    setFixedSize(kWidth, layout()->totalHeightForWidth(kWidth));
    QDialog::showEvent(event);
}

}  // namespace querent::app::dialogs
