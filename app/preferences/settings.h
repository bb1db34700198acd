#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QVariantMap>

namespace querent::app::preferences {

/**
 * What the program remembers between runs, by name: QSettings("Querent", "Querent"). Owned by the Application.
 * UI thread only. What belongs to one project is in the project file instead.
 */
class Settings {
 public:
    Settings();
    /** Reads and writes this INI file instead: for tests. */
    explicit Settings(const QString& iniFile);

    QString theme() const;  // "light", "dark", "system"
    void setTheme(const QString& theme);
    /** For this run only, over what is stored: the command line's wish. Empty takes it back. */
    void useTheme(const QString& theme) { m_themeNow = theme; }
    void useLanguage(const QString& language) { m_languageNow = language; }
    QString language() const;  // "en", "" = the system's
    void setLanguage(const QString& language);
    /** The name behind a person's annotations; the login name at first. */
    QString author() const;
    void setAuthor(const QString& name);

    QString device() const;  // "auto", "cpu", "cuda"
    void setDevice(const QString& device);
    bool suggestAfterTraining() const;
    void setSuggestAfterTraining(bool on);
    /** Whether what is left of a batch is sorted anew after each answer; true at first. */
    bool doubtfulFirst() const;
    void setDoubtfulFirst(bool on);

    QString lastFolder() const;
    void setLastFolder(const QString& folder);
    /** How sounds are shown and played: the sound pane's own words. */
    QVariantMap soundLook() const;
    void setSoundLook(const QVariantMap& look);
    QByteArray windowGeometry() const;
    void setWindowGeometry(const QByteArray& geometry);

    /** For modules with settings of their own, such as the keys. */
    QSettings& raw() { return m_settings; }

 private:
    QSettings m_settings;
    QString m_themeNow;
    QString m_languageNow;
};

}  // namespace querent::app::preferences
