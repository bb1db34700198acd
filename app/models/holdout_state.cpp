#include "app/models/holdout_state.h"

#include <QCoreApplication>
#include <QLocale>

namespace querent::app::models {

HoldoutState HoldoutState::of(const PoolCounts& counts) {
    HoldoutState state;
    state.items = counts.inSplit(Split::Val);
    state.answered = state.items - counts.inState(Split::Val, ItemState::Unlabelled);
    return state;
}

QString HoldoutState::sentence() const {
    if (!waits()) return {};
    const QLocale locale;
    return QCoreApplication::translate(
               "Holdout", "Label the validation set first: %1 of %2 done. The curve and the reward need it.")
        .arg(locale.toString(answered), locale.toString(items));
}

QString HoldoutState::action() {
    return QCoreApplication::translate("Holdout", "Label them");
}

}  // namespace querent::app::models
