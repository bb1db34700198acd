#include "app/models/reason_words.h"

#include "app/models/task_words.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace querent::app {
namespace {

struct Term {
    const char* id;
    const char* name;
    const char* help;
    int decimals = 2;
};

#define T(text) QT_TRANSLATE_NOOP("Reasons", text)

// What strategies call their terms, in words for people; by what they are about.
constexpr Term kTerms[] = {
    // Doubt
    {"entropy", T("Uncertainty"), T("How undecided the model is between the classes.")},
    {"uncertainty", T("Uncertainty"), T("How undecided the model is about this item.")},
    {"doubt", T("Uncertainty"), T("How undecided the model is about what it sees here.")},
    {"uncertainty image", T("Doubt about the picture"), T("How little the picture alone tells the model.")},
    {"uncertainty audio", T("Doubt about the sound"), T("How little the sound alone tells the model.")},
    {"uncertainty text", T("Doubt about the text"), T("How little the text alone tells the model.")},
    {"margin", T("Close call"), T("How near the second best class is to the best one.")},
    {"least confidence", T("Low confidence"), T("How little the model trusts its best answer.")},
    {"top score", T("Best answer"), T("How sure the model is of its best answer.")},
    {"disagreement", T("Disagreement"), T("How much several answers of the model to this item disagree.")},
    {"discrepancy", T("Disagreement"), T("How much two heads of the model disagree about this item.")},
    {"closeness", T("Near the border"), T("How near the item is to where the model would answer otherwise.")},
    {"to border", T("Way to the border"), T("How far the item would have to change for another answer.")},
    {"graph doubt", T("Between known and new"),
     T("How near the item is to the border between labelled and open ones.")},
    {"loss", T("Expected loss"), T("How wrong the model expects to be about this item.")},
    {"learning loss", T("Expected loss"), T("How wrong the model expects to be about this item.")},
    {"expected loss", T("Expected loss"), T("How wrong the model expects to be about this item.")},
    {"expected score", T("Expected lesson"), T("How much an answer is expected to teach the model.")},
    {"gradient", T("Expected change"), T("How much an answer would change the model.")},
    {"information", T("Information"), T("How much an answer would tell about the rest of the pool.")},
    // What is new, rare, or typical
    {"novelty", T("Novelty"), T("How different the item is from those already labelled.")},
    {"to labelled", T("Distance to labelled"), T("How far the item is from those already labelled.")},
    {"like labelled", T("Like labelled ones"), T("How much the item looks like those already labelled.")},
    {"diversity", T("Diversity"), T("How far the item is from what is labelled and from others of its kind.")},
    {"context", T("New surroundings"), T("How different classes appear here from how they appear elsewhere.")},
    {"likeness", T("Like a chosen one"),
     T("How much the item looks like one of the batch; below 0 where nothing compares.")},
    {"rarity", T("Rare class"), T("How rare the classes are that the model sees here.")},
    {"rare class", T("Rare class"), T("How rare the classes are that the model sees here.")},
    {"labels of its class", T("Labels of its class"),
     T("How many labelled items the class has that the model sees here."), 0},
    {"density", T("Typical"), T("How many items are like this one.")},
    {"stands for", T("Stands for"), T("How many items of the pool this one stands for."), 0},
    {"cluster share", T("Share of its group"), T("How large the group of like items is that this one comes from.")},
    {"distance to the trust set", T("Distance to the trust set"),
     T("How far the item is from the labelled ones that teach the model most.")},
    {"distance to the TrustSet", T("Distance to the trust set"),
     T("How far the item is from the labelled ones that teach the model most.")},
    {"boxes", T("Objects"), T("How many objects the model expects here."), 0},
    // What was learnt, and chance
    {"policy", T("Policy"), T("How much the learned policy prefers this item; higher is better, and 0 means nothing.")},
    {"unified score", T("Doubt and novelty"), T("Doubt in each medium by its weight, and novelty, in one number.")},
    {"selection score", T("Agent's score"), T("How much the learned agent wants this item in the batch.")},
    {"predicted gain", T("Expected gain"), T("How much better the model is expected to be with this item.")},
    {"random", T("Drawn by chance"), T("A random number: every item had the same chance.")},
};

#undef T

const Term* known(const std::string& name) {
    const auto found =
        std::find_if(std::begin(kTerms), std::end(kTerms), [&name](const Term& t) { return name == t.id; });
    return found != std::end(kTerms) ? found : nullptr;
}

}  // namespace

widgets::ReasonTerm reasonTerm(const Reason& reason, double scale) {
    if (const Term* term = known(reason.name)) {
        return {QCoreApplication::translate("Reasons", term->name), QCoreApplication::translate("Reasons", term->help),
                reason.value, scale, term->decimals};
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

}  // namespace querent::app
