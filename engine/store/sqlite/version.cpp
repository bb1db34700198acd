#include "engine/store/sqlite/version.h"

#include <SQLiteCpp/Database.h>

namespace querent::store::sqlite {

std::string libraryInUse() {
    return std::string("SQLite ") + SQLite::getLibVersion();
}

}  // namespace querent::store::sqlite
