#pragma once

#include <QAbstractItemModel>
#include <QFrame>
#include <QLabel>
#include <QString>
#include <QTableWidget>

class QVBoxLayout;
class QPushButton;
class QScrollArea;
class QTableView;

namespace querent::widgets::common {

constexpr int kPageMargin = 24;
constexpr int kGap = 12;

/** Labels in the roles of the style sheet. */
QLabel* titleLabel(const QString& text, QWidget* parent = nullptr);
QLabel* headingLabel(const QString& text, QWidget* parent = nullptr);
QLabel* mutedLabel(const QString& text, QWidget* parent = nullptr);

/** A button with an object name, and an icon of our set when one is named. */
QPushButton* namedButton(const QString& text, const QString& objectName, const QString& iconName = {},
                         bool primary = false, QWidget* parent = nullptr);

/** A card of the style sheet with a heading and a vertical layout; `body` receives that layout. */
QFrame* card(const QString& heading, QVBoxLayout*& body, QWidget* parent = nullptr);

/** What a page scrolls: a column with a page's margins, under its title. `column` receives its layout. */
QScrollArea* scrollingColumn(const QString& title, QVBoxLayout*& column, QWidget* parent);

/** A label of one line that leaves out the middle of what does not fit and shows all of it as a tool tip. */
class ElidedLabel : public QLabel {
    Q_OBJECT
 public:
    explicit ElidedLabel(const QString& text = {}, Qt::TextElideMode mode = Qt::ElideMiddle, QWidget* parent = nullptr);
    void setFullText(const QString& text);
    QString fullText() const { return m_full; }
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

 protected:
    void resizeEvent(QResizeEvent* event) override;

 private:
    void refresh();
    QString m_full;
    Qt::TextElideMode m_mode;
};

/** One sentence under a field, in the theme's colour of an error; takes no room while it is empty. */
class FieldHint : public QLabel {
    Q_OBJECT
 public:
    explicit FieldHint(const QString& objectName, QWidget* parent = nullptr);
    void say(const QString& sentence);

 protected:
    void changeEvent(QEvent* event) override;

 private:
    void recolour();
};

/** A table widget for reading: no grid, whole rows, muted header, Ctrl+C copies what is selected as tab-separated text.
 */
class ReadingTable : public QTableWidget {
    Q_OBJECT
 public:
    explicit ReadingTable(const QStringList& columns, const QString& objectName, const QString& accessibleName,
                          QWidget* parent = nullptr);
    /** Appends a row; numbers (columns in `right`) stand to the right; `whyDash` is the tool tip of cells with a dash.
     */
    void addRow(const QStringList& cells, const QList<int>& right = {}, const QString& whyDash = {});
    /** As high as its rows, up to `most` of them. */
    void fitHeight(int most);
    /** Rows as high as their texts: for tables of whole sentences, of a thousand rows at the most. Call after adding.
     */
    void showWholeTexts();
    QString asText(bool selectedOnly) const;
    /** Leaves room for the column's title as well: the style sheet makes it wider than Qt thinks. */
    int sizeHintForColumn(int column) const override;

 protected:
    void keyPressEvent(QKeyEvent* event) override;
};

/** What a table view of ours looks like. */
void styleTable(QTableView* table);

/** "2 min 5 s", "3.1 s", "1 h 12 min". */
QString durationText(double seconds);
/** "0.731 [0.690, 0.772]"; without the interval when there is none; a dash for what is not defined (below 0). */
QString intervalText(double value, double low, double high, int decimals = 3);
/** "+0.012", "−0.300"; no sign on what rounds to nothing. */
QString signedText(double value, int decimals = 3);
/** "12,345". */
QString numberText(qint64 value);
/** Local date and time of an ISO timestamp in UTC; the text itself when it is none. */
QString localTime(const std::string& utc);

}  // namespace querent::widgets::common
