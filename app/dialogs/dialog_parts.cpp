#include "app/dialogs/dialog_parts.h"

#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace querent::app::dialogs {

PathField::PathField(Kind kind, const QString& objectName, const QString& caption, QWidget* parent)
    : QWidget(parent), m_kind(kind), m_caption(caption), m_edit(new QLineEdit(this)) {
    setAcceptDrops(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_edit->setObjectName(objectName);
    m_edit->setAccessibleName(caption);
    setFocusProxy(m_edit);
    row->addWidget(m_edit, 1);
    auto* button = widgets::common::namedButton(tr("Browse…"), objectName + QStringLiteral("Browse"), {}, false, this);
    button->setAccessibleName(tr("Browse: %1").arg(caption));
    row->addWidget(button);
    if (kind == Kind::FileOrFolder) {
        auto* menu = new QMenu(button);
        menu->addAction(widgets::common::icon(QStringLiteral("folder")), tr("Choose a folder…"), this,
                        [this] { browse(true); });
        menu->addAction(widgets::common::icon(QStringLiteral("text")), tr("Choose a file…"), this,
                        [this] { browse(false); });
        button->setMenu(menu);
    } else {
        connect(button, &QPushButton::clicked, this, [this] { browse(m_kind == Kind::Folder); });
    }
    connect(m_edit, &QLineEdit::textChanged, this, [this] { Q_EMIT pathChanged(path()); });
}

QString PathField::path() const {
    const QString text = m_edit->text().trimmed();
    return text.isEmpty() ? QString() : QDir::cleanPath(QDir::fromNativeSeparators(text));
}

void PathField::setPath(const QString& path) {
    m_edit->setText(QDir::toNativeSeparators(path));
}

void PathField::browse(bool folder) {
    const QString start = path().isEmpty() ? m_start : path();
    QString chosen;
    if (m_kind == Kind::SaveFile) {
        chosen =
            QFileDialog::getSaveFileName(this, m_caption, start, m_filter, nullptr, QFileDialog::DontConfirmOverwrite);
    } else if (folder) {
        chosen = QFileDialog::getExistingDirectory(this, m_caption, start);
    } else {
        chosen = QFileDialog::getOpenFileName(this, m_caption, start, m_filter);
    }
    if (!chosen.isEmpty()) setPath(chosen);
}

void PathField::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void PathField::dropEvent(QDropEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile()) setPath(urls.first().toLocalFile());
}

QVBoxLayout* dialogColumn(QWidget* dialog) {
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(24, 20, 24, 18);
    column->setSpacing(12);
    return column;
}

QFormLayout* dialogForm() {
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

QHBoxLayout* buttonRow(QWidget* left, const QList<QPushButton*>& buttons) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    if (left != nullptr) row->addWidget(left, 1);
    row->addStretch(left != nullptr ? 0 : 1);
    for (QPushButton* button : buttons)
        row->addWidget(button);
    return row;
}

QString formatTitle(const QString& name) {
    if (name == QStringLiteral("folder")) return PathField::tr("Files without labels");
    if (name == QStringLiteral("voc")) return PathField::tr("Pascal VOC (XML)");
    if (name == QStringLiteral("coco")) return PathField::tr("COCO (JSON)");
    if (name == QStringLiteral("yolo")) return PathField::tr("YOLO (text)");
    if (name == QStringLiteral("csv")) return PathField::tr("CSV table");
    if (name == QStringLiteral("labelme")) return PathField::tr("labelme (JSON)");
    if (name == QStringLiteral("cvat")) return PathField::tr("CVAT for images (XML)");
    if (name == QStringLiteral("createml")) return PathField::tr("CreateML (JSON)");
    if (name == QStringLiteral("megadetector")) return PathField::tr("MegaDetector results (JSON)");
    if (name == QStringLiteral("audacity")) return PathField::tr("Audacity label tracks (text)");
    if (name == QStringLiteral("raven")) return PathField::tr("Raven selection tables (text)");
    if (name == QStringLiteral("birdnet")) return PathField::tr("BirdNET results (text or CSV)");
    if (name == QStringLiteral("folders")) return PathField::tr("A folder for each class");
    if (name == QStringLiteral("labelstudio")) return PathField::tr("Label Studio (JSON)");
    return name;
}

void fillFormats(QComboBox* box, const std::vector<std::string>& names) {
    const QSignalBlocker quiet(box);
    const QVariant before = box->currentData();
    box->clear();
    for (const std::string& name : names) {
        const QString text = QString::fromStdString(name);
        box->addItem(formatTitle(text), text);
    }
    box->setCurrentIndex(std::max(0, box->findData(before)));
}

void chooseFormat(QComboBox* box, const std::string& name) {
    const int place = box->findData(QString::fromStdString(name));
    if (place >= 0) box->setCurrentIndex(place);
}

}  // namespace querent::app::dialogs
