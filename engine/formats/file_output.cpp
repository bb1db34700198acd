#include "engine/formats/file_output.h"

#include "engine/core/files.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace querent::formats {
namespace {

constexpr std::size_t kBufferSize = 1 << 16;

}  // namespace

FileOutput::FileOutput() : m_buffer(kBufferSize) {
    setp(m_buffer.data(), m_buffer.data() + m_buffer.size());
}

FileOutput::FileOutput(const std::filesystem::path& path) : FileOutput() {
    m_path = path;
    errno = 0;
    // "x": the file is new, so no link that somebody has put there leads elsewhere.
    m_file.reset(std::fopen(path.c_str(), "wbex"));
    if (!m_file) m_problem = errno != 0 ? errno : EIO;
}

void FileOutput::flushBuffer() {
    const auto count = static_cast<std::size_t>(pptr() - pbase());
    m_sum = fnv1a({pbase(), count}, m_sum);
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
    const bool written = m_file != nullptr;
    if (m_file && std::fclose(m_file.release()) != 0 && m_problem == 0) m_problem = errno != 0 ? errno : EIO;
    if (m_problem != 0) return cannotWrite(m_path, m_problem);
    return written && sync == Sync::Now ? syncToDisk(m_path) : Result<void>();
}

Result<std::uint64_t> sumOf(const std::filesystem::path& path, const Job& job) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::Io, "The file cannot be opened.", path);
    std::vector<char> block(kBufferSize);
    std::uint64_t sum = kFnv1aStart;
    while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
        if (job.cancelled()) return Job::stopped();
        sum = fnv1a({block.data(), static_cast<std::size_t>(file.gcount())}, sum);
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
    return cannotWrite(folder, problem);
#else
    return fail(ErrorCode::Unsupported, "This system cannot sync files together.", folder);
#endif
}

}  // namespace querent::formats
