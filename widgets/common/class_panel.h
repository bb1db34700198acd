#pragma once

#ifndef Q_MOC_RUN  // moc of Qt 6.4 stumbles over <compare>
#include "engine/core/ids.h"
#endif

#include <QColor>
#include <QHash>
#include <QString>
#include <QVector>
#include <QWidget>

class QLineEdit;
class QListView;
class QPushButton;
class QSortFilterProxyModel;

namespace querent::widgets::common {

struct ClassEntry {
    ClassId label;
    QString name;
    QColor colour;
    QString key;        // "1", "Shift+2": what the keyboard says now; empty for none
    qint64 count = -1;  // annotations; -1 = not shown

    bool operator==(const ClassEntry&) const = default;
};

class ClassListModel;

/** The classes with colour, digit and count; the active one is marked. A field filters the list and adds a class. */
class ClassPanel : public QWidget {
    Q_OBJECT

 public:
    explicit ClassPanel(QWidget* parent = nullptr);

    /** In the order to show. Keeps the active class when it is still there. */
    void setClasses(const QVector<ClassEntry>& classes);
    void setActiveClass(ClassId label);
    ClassId activeClass() const;
    /** Classes of the whole item (classification): these rows get a tick. */
    void setChosen(const QVector<ClassId>& labels);
    /** How likely a model holds each class for, by ClassId::value in [0, 1]: a figure in its row. Empty for none. */
    void setLikelihoods(const QHash<qint64, double>& likelihoods);
    void setCanAdd(bool can);
    void setReadOnly(bool readOnly);
    void focusFilter();

 Q_SIGNALS:
    /** A click, or Enter in the filter. setActiveClass() emits nothing. */
    void classActivated(querent::ClassId label);
    void addClassRequested(const QString& name);
    /** Right click on a class: rename, colour, merge. */
    void contextMenuWanted(querent::ClassId label, const QPoint& globalPos);

 private:
    void refreshAdd();
    void activateFirst();

    QLineEdit* m_filter;
    QListView* m_list;
    QPushButton* m_add;
    ClassListModel* m_model;
    QSortFilterProxyModel* m_proxy;
    bool m_canAdd = true;
    bool m_readOnly = false;
};

}  // namespace querent::widgets::common
