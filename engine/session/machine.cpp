#include "engine/session/machine.h"

#include "engine/learn/blas.h"
#include "engine/learn/detect/selftest.h"
#include "engine/learn/detector_config.h"
#include "engine/media/libraries.h"
#include "engine/store/sqlite/version.h"

namespace querent::session {

void setComputeThreads(int threads) {
    learn::setThreads(threads);
}
std::string computeDevice(const std::string& wish) {
    return learn::resolvedDevice(wish);
}
std::string blasInUse() {
    return learn::blasInUse();
}
std::string softwareInUse() {
    return learn::torchInUse() + ", " + media::librariesInUse() + ", " + store::sqlite::libraryInUse() + "; " +
           learn::blasInUse() + "; device " + learn::resolvedDevice("auto");
}
Result<std::string> selftest(const std::string& device) {
    return learn::detect::selftest(device);
}

}  // namespace querent::session
