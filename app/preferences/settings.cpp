#include "app/preferences/settings.h"

#include <QDir>
#include <QStandardPaths>

namespace querent::app::preferences {

Settings::Settings() : m_settings(QStringLiteral("Querent"), QStringLiteral("Querent")) {}

Settings::Settings(const QString& iniFile) : m_settings(iniFile, QSettings::IniFormat) {}

QString Settings::theme() const {
    if (!m_themeNow.isEmpty()) return m_themeNow;
    return m_settings.value(QStringLiteral("look/theme"), QStringLiteral("system")).toString();
}

void Settings::setTheme(const QString& theme) {
    m_themeNow.clear();
    m_settings.setValue(QStringLiteral("look/theme"), theme);
}

QString Settings::language() const {
    return m_languageNow.isEmpty() ? m_settings.value(QStringLiteral("look/language")).toString() : m_languageNow;
}

void Settings::setLanguage(const QString& language) {
    m_languageNow.clear();
    m_settings.setValue(QStringLiteral("look/language"), language);
}

QString Settings::author() const {
    QString login = qEnvironmentVariable("USER", qEnvironmentVariable("USERNAME"));
    if (login.isEmpty()) login = QStringLiteral("me");
    return m_settings.value(QStringLiteral("person/name"), login).toString();
}

void Settings::setAuthor(const QString& name) {
    m_settings.setValue(QStringLiteral("person/name"), name);
}

QString Settings::device() const {
    return m_settings.value(QStringLiteral("train/device"), QStringLiteral("auto")).toString();
}

void Settings::setDevice(const QString& device) {
    m_settings.setValue(QStringLiteral("train/device"), device);
}

bool Settings::suggestAfterTraining() const {
    return m_settings.value(QStringLiteral("train/suggestNext"), true).toBool();
}

void Settings::setSuggestAfterTraining(bool on) {
    m_settings.setValue(QStringLiteral("train/suggestNext"), on);
}

bool Settings::doubtfulFirst() const {
    return m_settings.value(QStringLiteral("label/doubtfulFirst"), true).toBool();
}

void Settings::setDoubtfulFirst(bool on) {
    m_settings.setValue(QStringLiteral("label/doubtfulFirst"), on);
}

QString Settings::lastFolder() const {
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return m_settings.value(QStringLiteral("files/lastFolder"), documents.isEmpty() ? QDir::homePath() : documents)
        .toString();
}

void Settings::setLastFolder(const QString& folder) {
    m_settings.setValue(QStringLiteral("files/lastFolder"), folder);
}

QVariantMap Settings::soundLook() const {
    return m_settings.value(QStringLiteral("sound/look")).toMap();
}

void Settings::setSoundLook(const QVariantMap& look) {
    m_settings.setValue(QStringLiteral("sound/look"), look);
}

QByteArray Settings::windowGeometry() const {
    return m_settings.value(QStringLiteral("window/geometry")).toByteArray();
}

void Settings::setWindowGeometry(const QByteArray& geometry) {
    m_settings.setValue(QStringLiteral("window/geometry"), geometry);
}

}  // namespace querent::app::preferences
