#include "engine/session/machine.h"

#include "engine/learn/blas.h"
#include "engine/learn/detect/selftest.h"
#include "engine/learn/detector_config.h"

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
Result<std::string> selftest(const std::string& device) {
    return learn::detect::selftest(device);
}

}  // namespace querent::session
