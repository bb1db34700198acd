#pragma once

#include "widgets/common/banner.h"
#include "widgets/common/theme.h"

#include <QColor>
#include <QString>

namespace querent::widgets {

/** How a severity is told: by shape, by colour and by the colour behind it. */
struct SeverityLook {
    QString icon;
    QColor colour, back;
};

SeverityLook lookOf(Severity severity, const ThemeColours& colours);

}  // namespace querent::widgets
