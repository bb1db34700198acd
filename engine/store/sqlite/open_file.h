#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace querent::store::sqlite {

/** Which file a name stands for. Links of both kinds lead to the same one. */
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    auto operator<=>(const FileIdentity&) const = default;
};

/** Nothing when there is no such file, or it cannot be looked at. */
std::optional<FileIdentity> identityOf(const std::filesystem::path& path);

/**
 * Counts the connections that this process has to a file. SQLite's locks are those of the whole process, and POSIX
 * drops all of them as soon as any descriptor of that file is closed: whoever opened one by hand gives it to
 * closeWhenSafe(). Any thread.
 */
class OpenFile {
 public:
    OpenFile() = default;
    explicit OpenFile(FileIdentity identity);
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    OpenFile(OpenFile&& other) noexcept;
    OpenFile& operator=(OpenFile&& other) noexcept;
    ~OpenFile();

    const std::optional<FileIdentity>& identity() const { return m_identity; }

    /** Closes the descriptor at once, or with the last connection that this process has to its file. */
    static void closeWhenSafe(int descriptor);

 private:
    void release();
    std::optional<FileIdentity> m_identity;
};

}  // namespace querent::store::sqlite
