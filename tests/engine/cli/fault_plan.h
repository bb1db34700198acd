#pragma once

#include "tests/support/fault_shim.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace querent::tests {

/** Which call is to fail in a process, and how. */
struct Fault {
    const char* kind = "write";  // as QUERENT_FAULT names them; "" = none
    std::int64_t at = 0;
    int error = 0;
    bool lasting = false;

    std::string text() const;
};

/** Every kind of fault that a run is tried with, without `at`. */
const std::vector<Fault>& allFaults();

/** Tells the shim in this process of a fault below a folder, and whoever started it what became of it. */
class FaultPlan {
 public:
    /** `report` is a file of its own, outside `below`. */
    FaultPlan(const std::filesystem::path& report, std::filesystem::path below);
    FaultPlan(const FaultPlan&) = delete;
    FaultPlan& operator=(const FaultPlan&) = delete;
    ~FaultPlan();

    /** Empties the report; to be called before the process starts. */
    void reset();
    /** In the process that is to meet the fault. */
    void arm(const Fault& fault) const;

    bool fired() const { return m_report->failed > 0; }
    std::int64_t calls(const Fault& fault) const;
    /** "fsync of /x/y" */
    std::string where() const;

 private:
    std::filesystem::path m_file;
    std::filesystem::path m_below;
    FaultReport* m_report;
};

}  // namespace querent::tests
