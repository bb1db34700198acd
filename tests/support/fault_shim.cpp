// Stands between a program and the C library (linked before it, or by LD_PRELOAD) and makes chosen calls on files
// below one folder fail, as a full or a broken disk does. fault_shim.h says how it is told.

#undef _FORTIFY_SOURCE  // whose inline functions have the names of those below

#include "tests/support/fault_shim.h"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

using querent::tests::FaultReport;
using Kind = FaultReport::Kind;

constexpr std::size_t kLongestPath = 4096;

int g_kind = -1;
std::int64_t g_at = 0;
int g_error = EIO;
bool g_lasting = false;
char g_below[kLongestPath] = "";
FaultReport* g_report = nullptr;

bool isBelow(const char* path) {
    const std::size_t length = std::strlen(g_below);
    return length > 0 && std::strncmp(path, g_below, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

bool pathOf(int descriptor, char* path) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, kLongestPath - 1);
    path[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

bool pathOf(int folder, const char* name, char* path) {
    if (name == nullptr) return false;
    if (name[0] == '/') return std::snprintf(path, kLongestPath, "%s", name) > 0;
    char base[kLongestPath];
    const bool known = folder == AT_FDCWD ? getcwd(base, sizeof base) != nullptr : pathOf(folder, base);
    return known && std::snprintf(path, kLongestPath, "%.2000s/%.2000s", base, name) > 0;
}

// Counts a call; true, with errno set, when it is to fail.
bool fails(Kind kind, const char* path, const char* function) {
    if (g_report == nullptr || !isBelow(path)) return false;
    const std::int64_t call = ++g_report->calls[kind];
    bool fails = kind == g_kind && g_at > 0 && (call == g_at || (g_lasting && call > g_at));
    const bool needsRoom = kind == Kind::kWrite || kind == Kind::kCreate;
    if (g_lasting && g_error == ENOSPC && needsRoom && g_report->failed > 0) fails = true;
    if (!fails) return false;
    if (g_report->failed++ == 0) {
        std::snprintf(g_report->function.data(), g_report->function.size(), "%s", function);
        std::snprintf(g_report->path.data(), g_report->path.size(), "%.500s", path);
    }
    errno = g_error;
    return true;
}

bool fails(Kind kind, int descriptor, const char* function) {
    char path[kLongestPath];
    return g_report != nullptr && pathOf(descriptor, path) && fails(kind, path, function);
}

bool fails(Kind kind, int folder, const char* name, const char* function) {
    char path[kLongestPath];
    return g_report != nullptr && pathOf(folder, name, path) && fails(kind, path, function);
}

bool fails(std::FILE* file, const char* function) {
    return g_report != nullptr && file != nullptr && (fcntl(fileno(file), F_GETFL) & O_ACCMODE) != O_RDONLY &&
           fails(Kind::kWrite, fileno(file), function);
}

template <typename Function>
Function original(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

[[gnu::constructor]] void begin() {
    querentReadFaultEnvironment();
}

}  // namespace

// The function of the same name that would have been called without us.
#define ORIGINAL(name) static const auto next = original<decltype(&::name)>(#name)

extern "C" {

void querentReadFaultEnvironment() {
    const auto text = [](const char* name) {
        const char* value = std::getenv(name);
        return value == nullptr ? "" : value;
    };
    constexpr const char* kKindNames[] = {"write", "sync", "rename", "map", "create"};
    g_kind = -1;
    for (int i = 0; i < FaultReport::kKinds; ++i)
        if (std::strcmp(text("QUERENT_FAULT"), kKindNames[i]) == 0) g_kind = i;
    g_at = std::atoll(text("QUERENT_FAULT_AT"));
    g_error = std::atoi(text("QUERENT_FAULT_ERRNO"));
    g_lasting = std::atoi(text("QUERENT_FAULT_LASTING")) != 0;
    std::snprintf(g_below, sizeof g_below, "%s", text("QUERENT_FAULT_BELOW"));
    g_report = nullptr;
    const int file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, text("QUERENT_FAULT_REPORT"), O_RDWR | O_CLOEXEC));
    if (file < 0) return;
    ORIGINAL(mmap);
    void* shared = next(nullptr, sizeof(FaultReport), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    if (shared != MAP_FAILED) g_report = static_cast<FaultReport*>(shared);
}

// Writing, and what makes files longer or shorter.
ssize_t write(int file, const void* bytes, size_t count) {
    ORIGINAL(write);
    return fails(Kind::kWrite, file, "write") ? -1 : next(file, bytes, count);
}
ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
    ORIGINAL(pwrite);
    return fails(Kind::kWrite, file, "pwrite") ? -1 : next(file, bytes, count, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
    ORIGINAL(pwrite64);
    return fails(Kind::kWrite, file, "pwrite64") ? -1 : next(file, bytes, count, offset);
}
ssize_t writev(int file, const iovec* parts, int count) {
    ORIGINAL(writev);
    return fails(Kind::kWrite, file, "writev") ? -1 : next(file, parts, count);
}
int ftruncate(int file, off_t size) noexcept {
    ORIGINAL(ftruncate);
    return fails(Kind::kWrite, file, "ftruncate") ? -1 : next(file, size);
}
int ftruncate64(int file, off64_t size) noexcept {
    ORIGINAL(ftruncate64);
    return fails(Kind::kWrite, file, "ftruncate64") ? -1 : next(file, size);
}
int posix_fallocate(int file, off_t offset, off_t size) {
    ORIGINAL(posix_fallocate);
    return fails(Kind::kWrite, file, "posix_fallocate") ? errno : next(file, offset, size);
}
ssize_t sendfile(int to, int from, off_t* offset, size_t count) noexcept {
    ORIGINAL(sendfile);
    return fails(Kind::kWrite, to, "sendfile") ? -1 : next(to, from, offset, count);
}
ssize_t sendfile64(int to, int from, off64_t* offset, size_t count) noexcept {
    ORIGINAL(sendfile64);
    return fails(Kind::kWrite, to, "sendfile64") ? -1 : next(to, from, offset, count);
}
ssize_t copy_file_range(int from, off64_t* offsetFrom, int to, off64_t* offsetTo, size_t count, unsigned flags) {
    ORIGINAL(copy_file_range);
    return fails(Kind::kWrite, to, "copy_file_range") ? -1 : next(from, offsetFrom, to, offsetTo, count, flags);
}

// The C library's streams call the kernel past the functions above.
size_t fwrite(const void* bytes, size_t size, size_t count, std::FILE* file) {
    ORIGINAL(fwrite);
    return fails(file, "fwrite") ? 0 : next(bytes, size, count, file);
}
int fflush(std::FILE* file) {
    ORIGINAL(fflush);
    return fails(file, "fflush") ? EOF : next(file);
}
int fclose(std::FILE* file) {
    ORIGINAL(fclose);
    const bool failing = fails(file, "fclose");
    const int reason = errno;
    const int closed = next(file);
    if (!failing) return closed;
    errno = reason;
    return EOF;
}

int fsync(int file) {
    ORIGINAL(fsync);
    return fails(Kind::kSync, file, "fsync") ? -1 : next(file);
}
int fdatasync(int file) {
    ORIGINAL(fdatasync);
    return fails(Kind::kSync, file, "fdatasync") ? -1 : next(file);
}
int sync_file_range(int file, off64_t offset, off64_t count, unsigned flags) {
    ORIGINAL(sync_file_range);
    return fails(Kind::kSync, file, "sync_file_range") ? -1 : next(file, offset, count, flags);
}
int syncfs(int file) noexcept {
    ORIGINAL(syncfs);
    return fails(Kind::kSync, file, "syncfs") ? -1 : next(file);
}

// Names.
int rename(const char* from, const char* to) noexcept {
    ORIGINAL(rename);
    return fails(Kind::kRename, AT_FDCWD, to, "rename") ? -1 : next(from, to);
}
int renameat(int fromFolder, const char* from, int toFolder, const char* to) noexcept {
    ORIGINAL(renameat);
    return fails(Kind::kRename, toFolder, to, "renameat") ? -1 : next(fromFolder, from, toFolder, to);
}
int renameat2(int fromFolder, const char* from, int toFolder, const char* to, unsigned flags) noexcept {
    ORIGINAL(renameat2);
    return fails(Kind::kRename, toFolder, to, "renameat2") ? -1 : next(fromFolder, from, toFolder, to, flags);
}
int link(const char* from, const char* to) noexcept {
    ORIGINAL(link);
    return fails(Kind::kRename, AT_FDCWD, to, "link") ? -1 : next(from, to);
}
int unlink(const char* path) noexcept {
    ORIGINAL(unlink);
    return fails(Kind::kRename, AT_FDCWD, path, "unlink") ? -1 : next(path);
}
int unlinkat(int folder, const char* path, int flags) noexcept {
    ORIGINAL(unlinkat);
    return fails(Kind::kRename, folder, path, "unlinkat") ? -1 : next(folder, path, flags);
}
int remove(const char* path) noexcept {
    ORIGINAL(remove);
    return fails(Kind::kRename, AT_FDCWD, path, "remove") ? -1 : next(path);
}

void* mmap(void* place, size_t size, int protection, int flags, int file, off_t offset) noexcept {
    ORIGINAL(mmap);
    if (file >= 0 && fails(Kind::kMap, file, "mmap")) return MAP_FAILED;
    return next(place, size, protection, flags, file, offset);
}
void* mmap64(void* place, size_t size, int protection, int flags, int file, off64_t offset) noexcept {
    ORIGINAL(mmap64);
    if (file >= 0 && fails(Kind::kMap, file, "mmap64")) return MAP_FAILED;
    return next(place, size, protection, flags, file, offset);
}

// New files and folders.
#define OPENING(name, folder, ...)                                    \
    mode_t mode = 0;                                                  \
    if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) { \
        va_list rest;                                                 \
        va_start(rest, flags);                                        \
        mode = va_arg(rest, mode_t);                                  \
        va_end(rest);                                                 \
        if (fails(Kind::kCreate, folder, path, #name)) return -1;     \
    }                                                                 \
    ORIGINAL(name);                                                   \
    return next(__VA_ARGS__, flags, mode)

int open(const char* path, int flags, ...) {
    OPENING(open, AT_FDCWD, path);
}
int open64(const char* path, int flags, ...) {
    OPENING(open64, AT_FDCWD, path);
}
int openat(int folder, const char* path, int flags, ...) {
    OPENING(openat, folder, folder, path);
}
int openat64(int folder, const char* path, int flags, ...) {
    OPENING(openat64, folder, folder, path);
}
std::FILE* fopen(const char* path, const char* mode) {
    ORIGINAL(fopen);
    if (std::strpbrk(mode, "wa") != nullptr && fails(Kind::kCreate, AT_FDCWD, path, "fopen")) return nullptr;
    return next(path, mode);
}
std::FILE* fopen64(const char* path, const char* mode) {
    ORIGINAL(fopen64);
    if (std::strpbrk(mode, "wa") != nullptr && fails(Kind::kCreate, AT_FDCWD, path, "fopen64")) return nullptr;
    return next(path, mode);
}
int mkdir(const char* path, mode_t mode) noexcept {
    ORIGINAL(mkdir);
    return fails(Kind::kCreate, AT_FDCWD, path, "mkdir") ? -1 : next(path, mode);
}

}  // extern "C"
