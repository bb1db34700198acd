#pragma once

#include "app/shell/main_window.h"

#include <QString>
#include <QStringList>

namespace querent::app::shell {

class Application;

/**
 * Writes a picture of every page (those that need a project only while one is open) and of every dialog into `folder`,
 * in light and in dark: PAGE-light-1x.png, PAGE-dark-1x.png; 2x when the program runs at a scale of 2. Returns the
 * files.
 */
QStringList takeScreenshots(Application& app, const QString& folder);

/** The same of one page, as NAME-light-1x.png and so on. Requires an open project. */
QStringList takePage(Application& app, MainWindow::Page page, const QString& folder, const QString& name);

}  // namespace querent::app::shell
