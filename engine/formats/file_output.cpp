#include "engine/formats/file_output.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#ifdef _WIN32
#include <io.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace querent::formats {
namespace {

constexpr std::size_t kBufferSize = 1 << 16;

std::uint64_t addToSum(std::uint64_t sum, const char* data, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        sum = (sum ^ static_cast<unsigned char>(data[i])) * 1099511628211ULL;
    return sum;
}

int syncToDisk(std::FILE* file) {
#ifdef _WIN32
    return _commit(_fileno(file));
#else
    return ::fsync(fileno(file));
#endif
}

}  // namespace

FileOutput::FileOutput() : m_buffer(kBufferSize) {
    setp(m_buffer.data(), m_buffer.data() + m_buffer.size());
}

FileOutput::FileOutput(const std::filesystem::path& path) : FileOutput() {
    m_path = path;
    errno = 0;
#ifdef _WIN32
    m_file.reset(_wfopen(path.c_str(), L"wb"));
#else
    m_file.reset(std::fopen(path.c_str(), "wb"));
#endif
    if (!m_file) m_problem = errno != 0 ? errno : EIO;
}

void FileOutput::flushBuffer() {
    const auto count = static_cast<std::size_t>(pptr() - pbase());
    m_sum = addToSum(m_sum, pbase(), count);
    if (m_file && m_problem == 0 && std::fwrite(pbase(), 1, count, m_file.get()) != count)
        m_problem = errno != 0 ? errno : EIO;
    setp(m_buffer.data(), m_buffer.data() + m_buffer.size());
}

FileOutput::int_type FileOutput::overflow(int_type c) {
    flushBuffer();
    if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
    return m_problem == 0 ? traits_type::not_eof(c) : traits_type::eof();
}

int FileOutput::sync() {
    flushBuffer();
    return m_problem == 0 ? 0 : -1;
}

Result<void> FileOutput::close(Sync sync) {
    flushBuffer();
    if (m_file && m_problem == 0 &&
        (std::fflush(m_file.get()) != 0 || (sync == Sync::Now && syncToDisk(m_file.get()) != 0)))
        m_problem = errno != 0 ? errno : EIO;
    if (m_file && std::fclose(m_file.release()) != 0 && m_problem == 0) m_problem = errno != 0 ? errno : EIO;
    if (m_problem == 0) return {};
    const std::string reason = std::strerror(m_problem);
    if (m_problem == ENOSPC) return fail(ErrorCode::DiskFull, "The disk is full.", m_path);
    if (m_problem == EROFS || m_problem == EACCES)
        return fail(ErrorCode::ReadOnly, "The file cannot be written: " + reason + ".", m_path);
    return fail(ErrorCode::Io, "The file cannot be written: " + reason + ".", m_path);
}

Result<std::uint64_t> sumOf(const std::filesystem::path& path, const Job& job) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::Io, "The file cannot be opened.", path);
    std::vector<char> block(kBufferSize);
    std::uint64_t sum = 14695981039346656037ULL;
    while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
        if (job.cancelled()) return Job::stopped();
        sum = addToSum(sum, block.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) return fail(ErrorCode::Io, "The file cannot be read to its end.", path);
    return sum;
}

bool canSyncTogether() {
#ifdef __linux__
    return true;
#else
    return false;
#endif
}

Result<void> syncTogether(const std::filesystem::path& folder) {
#ifdef __linux__
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = handle >= 0 && ::syncfs(handle) == 0;
    const int problem = errno;
    if (handle >= 0) ::close(handle);
    if (done) return {};
    if (problem == ENOSPC) return fail(ErrorCode::DiskFull, "The disk is full.", folder);
    return fail(ErrorCode::Io, std::string("The files cannot be written to the disk: ") + std::strerror(problem) + ".",
                folder);
#else
    return fail(ErrorCode::Unsupported, "This system cannot sync files together.", folder);
#endif
}

void syncFolder(const std::filesystem::path& folder) {
#ifndef _WIN32
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return;
    ::fsync(handle);
    ::close(handle);
#else
    (void)folder;
#endif
}

}  // namespace querent::formats
