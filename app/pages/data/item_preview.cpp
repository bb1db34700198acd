#include "app/pages/data/item_preview.h"

#include "app/bridge/image_convert.h"
#include "app/bridge/task_pool.h"
#include "app/models/item_table_model.h"
#include "app/models/task_words.h"
#include "widgets/common/page_parts.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace querent::app::pages::data {
namespace {

constexpr int kPictureHeight = 210;
constexpr int kTextHeight = 120;  // of a text beside a picture

}  // namespace

ItemPreview::ItemPreview(bridge::TaskPool& pool, QWidget* parent)
    : QWidget(parent),
      m_pool(pool),
      m_picture(new QLabel(this)),
      m_text(new QPlainTextEdit(this)),
      m_name(new widgets::common::ElidedLabel),
      m_facts(widgets::common::mutedLabel({}, this)) {
    setObjectName(QStringLiteral("itemPreview"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 0, 0, 0);
    column->setSpacing(8);
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setFixedHeight(kPictureHeight);
    m_picture->setObjectName(QStringLiteral("previewPicture"));
    m_text->setObjectName(QStringLiteral("previewText"));
    m_text->setAccessibleName(tr("Text of the item"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_name->setProperty("role", QStringLiteral("heading"));
    m_open = widgets::common::namedButton(tr("Open in Label"), QStringLiteral("previewOpen"), QStringLiteral("label"),
                                          false, this);
    connect(m_open, &QPushButton::clicked, this, &ItemPreview::openRequested);
    column->addWidget(m_picture);
    column->addWidget(m_text);
    column->addWidget(m_name);
    column->addWidget(m_facts);
    column->addSpacing(6);
    column->addWidget(m_open);
    column->addStretch(1);
    show(std::nullopt);
}

void ItemPreview::setProject(const session::Project* project) {
    m_project = project;
    m_about = project != nullptr ? project->settings() : ProjectSettings();
    show(std::nullopt);
}

QString ItemPreview::facts(const ItemRow& row, const QStringList& classes) const {
    QStringList lines;
    lines << tr("%1, %2").arg(models::splitName(row.split), models::stateName(row.state).toLower());
    lines += classes;
    if (row.annotations > 0 && m_about.task == TaskKind::Detect) lines << models::labelCount(m_about, row.annotations);
    if (row.seconds > 0.0) lines << widgets::common::durationText(row.seconds);
    if (!row.size.empty()) lines << tr("%1 × %2 pixels").arg(row.size.width).arg(row.size.height);
    if (row.round > 0) lines << tr("Asked in round %1").arg(row.round);
    if (row.flagged) lines << tr("Flagged for another look");
    if (row.missing) lines << tr("The file is missing. Relocate its folder to see it.");
    return lines.join(QLatin1Char('\n'));
}

void ItemPreview::show(const std::optional<ItemRow>& row, const QStringList& classes) {
    ++m_wanted;
    m_open->setVisible(row.has_value());
    m_name->setFullText(row ? QString::fromStdString(row->name) : QString());
    m_facts->setText(row ? facts(*row, classes) : tr("Choose a row to see it here."));
    take({});
    if (row && m_project != nullptr) load(row->id);
}

void ItemPreview::load(ItemId item) {
    m_pool.run(
        this,
        [project = m_project, item]() -> Content {
            const auto found = project->item(item);
            if (!found) return {};
            Content content;
            if (found->mark.flagged) content.note = bridge::toQString(found->mark.note);
            for (const Medium& medium : found->media) {
                if (medium.modality == Modality::Text) content.text = bridge::toQString(medium.text);
            }
            if (const auto thumbnail = project->thumbnail(*found)) content.image = bridge::toImage(*thumbnail);
            return content;
        },
        [this, wanted = m_wanted](const Content& content) {
            if (wanted == m_wanted) take(content);
        });
}

/** A text takes the place of the picture where the project has no other medium. */
void ItemPreview::take(const Content& content) {
    const bool texts = models::isAbout(m_about, Modality::Text);
    const bool alone = texts && m_about.media.size() == 1;
    m_image = content.image;
    if (!content.note.isEmpty()) m_facts->setText(m_facts->text() + QLatin1Char('\n') + content.note);
    m_picture->setVisible(!alone);
    m_text->setPlainText(content.text);
    m_text->setVisible(texts && (alone || !content.text.isEmpty()));
    m_text->setFixedHeight(alone ? kPictureHeight : kTextHeight);
    place();
}

void ItemPreview::place() {
    const QPalette palette = QApplication::palette();
    const widgets::common::ThemeColours& c = widgets::common::Theme::colours(palette);
    const QString style = QStringLiteral("background: %1; border: 1px solid %2; border-radius: 8px")
                              .arg(c.canvas.name(), c.border.name());
    if (m_picture->styleSheet() != style) m_picture->setStyleSheet(style);
    if (m_image.isNull()) {
        m_picture->setPixmap({});
        return;
    }
    const qreal ratio = devicePixelRatioF();
    const QSize room = (QSizeF(m_picture->size() - QSize(16, 16)) * ratio).toSize();
    QPixmap pixmap = QPixmap::fromImage(m_image.scaled(room, Qt::KeepAspectRatio, Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(ratio);
    m_picture->setPixmap(pixmap);
}

void ItemPreview::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    place();
}

void ItemPreview::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) place();
}

}  // namespace querent::app::pages::data
