#pragma once

#include "app/shell/application.h"

#include <QObject>
#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace querent::app::test {

/** `count` pictures of 160 x 120 with one coloured square each, 001.png and so on; seeded, so always the same. */
void drawPictures(const QString& folder, int count, int firstNumber = 1);

/**
 * A VOC set: JPEGImages and Annotations with the square of each picture as class "square", and ImageSets/Main with
 * train.txt and val.txt (every third picture is val).
 */
void drawVocSet(const QString& folder, int count);

/** `count` sounds of a second at 8 kHz, 001.wav and so on: a tone of 500 Hz in odd ones, of 2500 Hz in even ones. */
void drawSounds(const QString& folder, int count);

/** Writes a text file, folders included. */
void writeText(const QString& file, const QString& text);

/** The child of this name; the test ends where there is none. */
template <typename Widget>
Widget* find(QObject* where, const char* name) {
    auto* found = where->findChild<Widget*>(QLatin1String(name));
    if (found == nullptr) qFatal("no widget is called %s", name);
    return found;
}

/** The program with its own settings file in a folder of its own; nothing of the user's is touched. */
class Shell {
 public:
    Shell();
    shell::Application& app() { return *m_app; }
    QString path(const QString& name) const { return m_folder.filePath(name); }
    /** Ends the program and starts it again with the same settings. */
    void restart();

 private:
    QTemporaryDir m_folder;
    std::unique_ptr<shell::Application> m_app;
};

}  // namespace querent::app::test
