#include "app/panes/text_pane.h"

#include "app/document/item_media.h"
#include "widgets/common/theme.h"

#include <QPlainTextEdit>
#include <QTextDocument>
#include <QTextOption>
#include <QVBoxLayout>

#include <algorithm>

namespace querent::app::panes {

namespace {

constexpr int kSteps = 12;        // of zoom to either side at most
constexpr double kLarger = 1.25;  // a question is read from further away than a menu
constexpr double kStep = 0.1;     // of the size, for each step of zoom
constexpr int kMargin = 16;

}  // namespace

TextPane::TextPane(QWidget* parent) : MediumPane(parent), m_text(new QPlainTextEdit(this)) {
    m_text->setObjectName(QStringLiteral("textMedium"));
    m_text->setAccessibleName(tr("Text"));
    m_text->setReadOnly(true);
    m_text->setUndoRedoEnabled(false);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // A field with the focus takes letters for itself, and here they are keys of classes.
    m_text->setFocusPolicy(Qt::NoFocus);
    setFocusPolicy(Qt::StrongFocus);
    m_text->document()->setDocumentMargin(kMargin);
    QTextOption option = m_text->document()->defaultTextOption();
    option.setTextDirection(Qt::LayoutDirectionAuto);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->document()->setDefaultTextOption(option);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
    setZoom(0);
}

void TextPane::showItem(const Item& item, const std::vector<ItemId>&) {
    const Medium* medium = document::mediumOf(item, Modality::Text);
    if (!medium || medium->text.empty()) {
        m_shown = {};
        say(tr("This item has no text."), true);
        return;
    }
    m_shown = item.id;
    say(QString::fromStdString(medium->text), false);
    Q_EMIT itemShown(item.id);
    Q_EMIT zoomTold(tr("%1 %").arg(100 + 10 * m_zoom));
}

void TextPane::clear(const QString& sentence) {
    m_shown = {};
    say(sentence, true);
}

void TextPane::say(const QString& text, bool quiet) {
    QPalette palette = this->palette();
    if (quiet) palette.setColor(QPalette::Text, widgets::common::Theme::colours(palette).textMuted);
    m_text->setPalette(palette);
    m_text->setPlainText(text);
}

void TextPane::setZoom(int steps) {
    m_zoom = std::clamp(steps, -5, kSteps);
    QFont font = this->font();
    font.setPointSizeF(font.pointSizeF() * kLarger * (1.0 + kStep * m_zoom));
    m_text->setFont(font);
    Q_EMIT zoomTold(tr("%1 %").arg(100 + 10 * m_zoom));
}

}  // namespace querent::app::panes
