#include "engine/store/sqlite/open_file.h"

#include <map>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace querent::store::sqlite {
namespace {

struct Connections {
    int count = 0;
    std::vector<int> descriptors;  // to be closed with the last of them
};

std::mutex& mutexOfAll() {
    static std::mutex mutex;
    return mutex;
}

std::map<FileIdentity, Connections>& all() {
    static std::map<FileIdentity, Connections> connections;
    return connections;
}

FileIdentity identityFrom(const struct stat& status) {
    return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino)};
}

}  // namespace

std::optional<FileIdentity> identityOf(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return identityFrom(status);
}

OpenFile::OpenFile(FileIdentity identity) : m_identity(identity) {
    const std::lock_guard lock(mutexOfAll());
    ++all()[identity].count;
}

OpenFile::OpenFile(OpenFile&& other) noexcept : m_identity(std::exchange(other.m_identity, std::nullopt)) {}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
    if (this != &other) {
        release();
        m_identity = std::exchange(other.m_identity, std::nullopt);
    }
    return *this;
}

OpenFile::~OpenFile() {
    release();
}

void OpenFile::release() {
    if (!m_identity) return;
    const std::lock_guard lock(mutexOfAll());
    const auto found = all().find(*m_identity);
    m_identity.reset();
    if (found == all().end() || --found->second.count > 0) return;
    for (const int descriptor : found->second.descriptors)
        ::close(descriptor);
    all().erase(found);
}

void OpenFile::closeWhenSafe(int descriptor) {
    struct stat status {};
    const std::lock_guard lock(mutexOfAll());
    const auto found = ::fstat(descriptor, &status) == 0 ? all().find(identityFrom(status)) : all().end();
    if (found == all().end())
        ::close(descriptor);
    else
        found->second.descriptors.push_back(descriptor);
}

}  // namespace querent::store::sqlite
