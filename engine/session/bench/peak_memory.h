#pragma once

#include <cstdint>
#include <optional>

namespace querent::session::bench {

/**
 * How far this process's resident memory rises above where it is now. Linux only: the kernel keeps the peak, and is
 * asked to forget the one so far. Freed memory is given back first, as what is used again would not count.
 */
class PeakMemory {
 public:
    PeakMemory();

    /** Bytes between then and the highest since; nothing where the system does not say. */
    std::optional<std::int64_t> risen() const;

 private:
    std::optional<std::int64_t> m_before;
};

}  // namespace querent::session::bench
