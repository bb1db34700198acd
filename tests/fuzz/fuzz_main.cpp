// One target as libFuzzer wants it; QUERENT_FUZZ_TARGET is its name.

#include "tests/fuzz/target.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::Target* target = fuzz::targetNamed(QUERENT_FUZZ_TARGET);
    if (target == nullptr) fuzz::broken("There is no target of this name.");
    target->run({reinterpret_cast<const char*>(data), size});
    return 0;
}
