#include "tests/engine/cli/fault_plan.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace querent::tests {
namespace {

constexpr const char* kKindNames[] = {"write", "sync", "rename", "map", "create"};

}  // namespace

std::string Fault::text() const {
    return std::string(kind) + " " + std::to_string(at) + " " + std::generic_category().message(error) +
           (lasting ? " from then on" : "");
}

const std::vector<Fault>& allFaults() {
    static const std::vector<Fault> faults = {
        {"write", 0, EIO, false},  {"write", 0, ENOSPC, true},  {"sync", 0, EIO, false},
        {"sync", 0, EIO, true},    {"rename", 0, EIO, false},   {"map", 0, EIO, false},
        {"create", 0, EIO, false}, {"create", 0, ENOSPC, true}, {"create", 0, EACCES, true},
    };
    return faults;
}

FaultPlan::FaultPlan(const std::filesystem::path& report, std::filesystem::path below)
    : m_file(report), m_below(std::move(below)) {
    const int file = ::open(report.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ::ftruncate(file, sizeof(FaultReport)) != 0) std::abort();
    void* shared = ::mmap(nullptr, sizeof(FaultReport), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (shared == MAP_FAILED) std::abort();
    m_report = static_cast<FaultReport*>(shared);
}

FaultPlan::~FaultPlan() {
    ::munmap(m_report, sizeof(FaultReport));
}

void FaultPlan::reset() {
    for (auto& calls : m_report->calls)
        calls = 0;
    m_report->failed = 0;
    m_report->function = {};
    m_report->path = {};
}

void FaultPlan::arm(const Fault& fault) const {
    const auto set = [](const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); };
    set("QUERENT_FAULT", fault.kind);
    set("QUERENT_FAULT_AT", std::to_string(fault.at));
    set("QUERENT_FAULT_ERRNO", std::to_string(fault.error));
    set("QUERENT_FAULT_LASTING", fault.lasting ? "1" : "0");
    set("QUERENT_FAULT_BELOW", m_below.string());
    set("QUERENT_FAULT_REPORT", m_file.string());
    querentReadFaultEnvironment();
}

std::int64_t FaultPlan::calls(const Fault& fault) const {
    for (int i = 0; i < FaultReport::kKinds; ++i)
        if (std::strcmp(kKindNames[i], fault.kind) == 0) return m_report->calls[static_cast<std::size_t>(i)];
    return 0;
}

std::string FaultPlan::where() const {
    return std::string(m_report->function.data()) + " of " + m_report->path.data();
}

}  // namespace querent::tests
