#pragma once

#include "tests/support/forked_process.h"

#include <QTemporaryDir>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace querent::tests {

/** A command that writes, what it is run on, and what must hold of that afterwards, however it ended. */
struct CommandTask {
    const char* name;
    std::filesystem::path start;  // a folder that is copied for each run
    std::function<int()> run;
    std::function<std::string(const Ended&)> judge;  // "" or a complaint
    int sample = 4;                                  // of faults, where not all are tried
    bool again = true;                               // whether it can be done a second time
};

/** Projects to start from, and the tasks. Each run happens in a copy of its own of one of them. */
class CommandTasks {
 public:
    CommandTasks();

    const std::vector<CommandTask>& all() const { return m_tasks; }
    /** The folder in which tasks run, without links. */
    const std::filesystem::path& work() const { return m_work; }
    /** A place outside it. */
    std::filesystem::path outside(const char* name) const { return m_root / name; }

    void startFrom(const CommandTask& task) const;
    /**
     * The project opens, is well, has whole backups only, and nothing lies about; then what the task has to say.
     * Status 3 and signals are complaints as well, but for `killed`.
     */
    std::string judge(const CommandTask& task, const Ended& ended, bool killed) const;

 private:
    using Files = std::map<std::string, std::string>;  // name and content

    void prepare();
    void addChanges();
    void addExports();
    void addLearning();
    std::string judgeProject(bool mayBeNone) const;
    std::string judgeExport(const Ended& ended, const char* folder, const Files& before, const Files& after) const;
    std::string judgeEdits() const;
    std::string judgeRename(const Ended& ended) const;
    std::string leftover() const;

    QTemporaryDir m_dir;
    std::filesystem::path m_root, m_work, m_project;
    Files m_oldYolo, m_newYolo, m_oldCoco, m_newCoco;
    std::vector<CommandTask> m_tasks;
};

}  // namespace querent::tests
