#include "app/models/reason_words.h"

#include "app/models/task_words.h"
#include "engine/session/strategies.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <cmath>
#include <map>

namespace querent::app::models {
namespace {

const Term* known(const std::string& name) {
    static const std::map<std::string, Term> kTerms = [] {
        std::map<std::string, Term> terms;
        for (const StrategyInfo& strategy : session::allStrategies()) {
            for (const Term& term : strategy.reasons)
                terms.emplace(term.name, term);
        }
        return terms;
    }();
    const auto found = kTerms.find(name);
    return found != kTerms.end() ? &found->second : nullptr;
}

}  // namespace

widgets::common::ReasonTerm reasonTerm(const Reason& reason, double scale) {
    if (const Term* term = known(reason.name)) {
        return {QCoreApplication::translate("Reasons", term->title),
                QCoreApplication::translate("Reasons", term->sentence), reason.value, scale, term->decimals};
    }
    QString name = QString::fromStdString(reason.name);
    if (!name.isEmpty()) name[0] = name[0].toUpper();
    return {name.replace(QLatin1Char('_'), QLatin1Char(' ')), {}, reason.value, scale};
}

bool isKnownReason(const std::string& name) {
    return known(name) != nullptr;
}

QString mediaWeightsText(const std::vector<Modality>& media, const std::vector<double>& weights) {
    if (media.size() < 2 || weights.size() != media.size()) return {};
    QStringList parts;
    for (std::size_t m = 0; m < media.size(); ++m) {
        const auto percent = static_cast<qlonglong>(std::lround(100.0 * weights[m]));
        QString part = QCoreApplication::translate("Reasons", "%1 %2 %", "Picture 62 %")
                           .arg(mediumTitle(media[m]), QLocale().toString(percent));
        parts << part.replace(QLatin1Char(' '), QChar(QChar::Nbsp));  // a line does not end within
    }
    return parts.join(QStringLiteral(" · "));
}

}  // namespace querent::app::models
