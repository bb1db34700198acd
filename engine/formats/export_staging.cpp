#include "engine/formats/export_staging.h"

#include "engine/core/files.h"
#include "engine/core/paths.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <random>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace querent::formats {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoteText =
    "Querent was stopped while it put an export into this folder: some files are new, others are old.\n"
    "Export to this folder again to put it right.\n";
constexpr std::string_view kInside = ".new";
constexpr std::string_view kOutside = ".old";

/** The two names change places. False, with errno, where that cannot be. */
bool exchangeNames(const fs::path& a, const fs::path& b) {
#ifdef RENAME_EXCHANGE
    return ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
#else
    errno = ENOSYS;
    return false;
#endif
}

bool cannotExchange(int reason) {
    return reason == ENOSYS || reason == EINVAL || reason == EOPNOTSUPP || reason == EXDEV || reason == EBUSY ||
           reason == EPERM || reason == EACCES;
}

/** A descriptor of the folder that other programs cannot lock while it is open; -1 where one of them has it. */
int lockFolder(const fs::path& folder) {
    const int lock = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return lock;
    ::close(lock);
    return -1;
}

/** Removes the folders in `place` that killed exports have left. */
void sweep(const fs::path& place, const std::string& beginning, std::string_view ending) {
    std::error_code ignored;
    std::vector<fs::path> leftovers;
    for (const auto& entry : fs::directory_iterator(place, ignored)) {
        const std::string name = utf8(entry.path().filename());
        const bool ours = name.starts_with(beginning) && name.ends_with(ending);
        if (ours && fs::is_directory(entry.symlink_status(ignored))) leftovers.push_back(entry.path());
    }
    for (const fs::path& leftover : leftovers) {
        const int lock = lockFolder(leftover);
        if (lock < 0) continue;
        fs::remove_all(leftover, ignored);
        ::close(lock);
    }
}

/** What the folder that takes the place of another must have of it. */
bool takesAfter(const fs::path& fresh, const fs::path& old) {
    struct stat is {};
    struct stat was {};
    if (::stat(fresh.c_str(), &is) != 0 || ::lstat(old.c_str(), &was) != 0 || !S_ISDIR(was.st_mode)) return false;
    if (is.st_uid != was.st_uid || is.st_gid != was.st_gid || is.st_dev != was.st_dev) return false;
    return ::chmod(fresh.c_str(), was.st_mode & 07777U) == 0;
}

bool isWhereWeStand(const fs::path& folder) {
    std::error_code problem;
    const fs::path here = fs::current_path(problem);
    if (problem) return true;
    for (fs::path part = here;; part = part.parent_path()) {
        if (fs::equivalent(part, folder, problem)) return true;
        if (part == part.parent_path()) return false;
    }
}

enum class Move { Failed, Added, Exchanged, Replaced };

/** Moves a file; what had the name takes the other one, where the file system can do that. Failed with errno. */
Move place(const fs::path& from, const fs::path& to) {
    struct stat status {};
    const bool there = ::lstat(to.c_str(), &status) == 0;
    if (there && exchangeNames(from, to)) return Move::Exchanged;
    if (std::rename(from.c_str(), to.c_str()) != 0) return Move::Failed;
    return there ? Move::Replaced : Move::Added;
}

bool takeBack(Move move, const fs::path& from, const fs::path& to) {
    if (move == Move::Exchanged) return exchangeNames(from, to);
    return move == Move::Added && std::rename(to.c_str(), from.c_str()) == 0;
}

}  // namespace

Result<ExportStaging> ExportStaging::open(const fs::path& target, const std::string& marker) {
    std::error_code problem;
    const fs::path real = fs::canonical(target, problem);
    if (problem) return cannotWrite(target, problem.value());
    std::string inside = marker;
    inside.append(1, '.');
    std::string outside(1, '.');
    outside.append(utf8(real.filename())).append(inside);
    sweep(real, inside, kInside);
    sweep(real.parent_path(), outside, kOutside);
    constexpr int kAttempts = 3;  // another program may take it for left over until it is locked
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const std::string run = std::to_string(std::random_device()());
        const fs::path folder = real / pathFromUtf8(std::string(inside).append(run).append(kInside));
        if (::mkdir(folder.c_str(), 0777) != 0) return cannotWrite(target, errno);
        const int lock = lockFolder(folder);
        if (lock < 0) continue;
        ExportStaging staging;
        staging.m_target = real;
        staging.m_note = noteIn(real, marker);
        staging.m_folder = folder;
        staging.m_outside = real.parent_path() / pathFromUtf8(std::string(outside).append(run).append(kOutside));
        staging.m_lock = lock;
        return staging;
    }
    return fail(ErrorCode::Io, "The files cannot be prepared in this folder.", target);
}

ExportStaging::ExportStaging(ExportStaging&& other) noexcept
    : m_target(std::move(other.m_target)),
      m_note(std::move(other.m_note)),
      m_folder(std::exchange(other.m_folder, {})),
      m_outside(std::move(other.m_outside)),
      m_lock(std::exchange(other.m_lock, -1)) {}

ExportStaging::~ExportStaging() {
    std::error_code ignored;
    if (!m_folder.empty()) fs::remove_all(m_folder, ignored);
    if (m_lock >= 0) ::close(m_lock);
}

Result<bool> ExportStaging::exchange() {
    if (isWhereWeStand(m_target) || m_target == m_target.parent_path()) return false;
    // Beside the target first: nothing can change places with what it holds.
    if (!takesAfter(m_folder, m_target)) return false;
    std::error_code problem;
    fs::rename(m_folder, m_outside, problem);
    if (problem) return cannotExchange(problem.value()) ? Result<bool>(false) : cannotWrite(m_target, problem.value());
    const fs::path inside = std::exchange(m_folder, m_outside);
    if (!exchangeNames(m_outside, m_target)) {
        const int reason = errno;
        fs::rename(m_outside, inside, problem);
        if (problem || !cannotExchange(reason)) return cannotWrite(m_target, reason);
        m_folder = inside;
        return false;
    }
    if (const auto synced = syncToDisk(m_target.parent_path()); !synced) return synced.error();
    return true;
}

fs::path ExportStaging::noteIn(const fs::path& target, const std::string& marker) {
    return target /
           pathFromUtf8(std::string("UNFINISHED-").append(marker, marker.find_first_not_of('.')).append(".txt"));
}

Result<void> ExportStaging::moveIn(const std::vector<std::string>& names) {
    const bool several = names.size() > 1;  // one file is old or new in any case
    if (several) {
        const fs::path prepared = m_folder / m_note.filename();
        if (const auto written = replaceWhole(prepared, std::string_view(kNoteText)); !written) return written;
        if (std::rename(prepared.c_str(), m_note.c_str()) != 0) return cannotWrite(m_note, errno);
        if (const auto synced = syncToDisk(m_target); !synced) {
            std::remove(m_note.c_str());
            return synced;
        }
    }
    std::vector<Move> moves;
    for (const std::string& name : names) {
        const fs::path to = m_target / pathFromUtf8(name);
        moves.push_back(place(m_folder / pathFromUtf8(name), to));
        if (moves.back() != Move::Failed) continue;
        const Error error = cannotWrite(to, errno);
        moves.pop_back();
        bool back = true;
        for (; back && !moves.empty(); moves.pop_back()) {
            const fs::path done = pathFromUtf8(names[moves.size() - 1]);
            back = takeBack(moves.back(), m_folder / done, m_target / done);
        }
        if (back && several) back = std::remove(m_note.c_str()) == 0;
        if (back) return error;
        return fail(error.code, error.sentence + " Some files are new now, others old; export again.", to);
    }
    return {};
}

Result<void> ExportStaging::endMovingIn() const {
    if (std::remove(m_note.c_str()) == 0 || errno == ENOENT) return {};
    return cannotWrite(m_note, errno);
}

}  // namespace querent::formats
