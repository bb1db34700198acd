#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/session/project/project.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace querent::cli {

/** Exit statuses of the contract. */
enum Exit { kDone = 0, kAtFault = 1, kUsage = 2, kInternal = 3, kInterrupted = 130 };

/** What every subcommand is given: where it writes, and how it is told to stop. */
class Console {
 public:
    Console();

    /** A job that stops on SIGINT or SIGTERM and draws its progress on stderr. */
    const Job& job() const { return m_job; }
    /** Says the error on stderr and returns its exit status. */
    int failed(const Error& error) const;
    /** Says a sentence that stops nothing on stderr: pictures that were left out. */
    std::function<void(const std::string&)> note() const;
    /** To be called in a process that was forked off: the thread that passes the wish to stop on is not in it. */
    static void watchInChild();

    /** Ends the progress bar's line. */
    void endProgress() const;

 private:
    Job m_job;
};

/** An action of a subcommand: returns the exit status. */
using Action = std::function<int(const Console&)>;

/** Takes the action of the subcommand that was given. */
using Runner = std::function<void(Action)>;

/** Closes a project and remembers what its end had to tell, for endOf(). */
struct Closer {
    void operator()(session::Project* project) const;
};
using OpenProject = std::unique_ptr<session::Project, Closer>;

Result<OpenProject> openForWriting(const std::string& file);
/** Says on stderr why it is open for reading only, where that has a reason. */
Result<OpenProject> openForReading(const std::string& file);
Result<OpenProject> openForRepair(const std::string& file);

/**
 * What becomes of an action's status at the end: an output that could not be written, or a project file that is not in
 * its place any more, is a failure, and said on stderr.
 */
int endOf(int status, const Console& console);

/** Control characters as \xNN: what a terminal is shown of names that come from elsewhere. */
std::string shown(const std::string& text);

// One function a subcommand, each in the file of its name. Options live in a shared_ptr that the action holds.
namespace commands {
void addBench(CLI::App& parent, const Runner& run);
void addCheck(CLI::App& parent, const Runner& run);
void addClasses(CLI::App& parent, const Runner& run);
void addCreate(CLI::App& parent, const Runner& run);
void addDemo(CLI::App& parent, const Runner& run);
void addEval(CLI::App& parent, const Runner& run);
void addExport(CLI::App& parent, const Runner& run);
void addImport(CLI::App& parent, const Runner& run);
void addInfo(CLI::App& parent, const Runner& run);
void addModel(CLI::App& parent, const Runner& run);
void addPack(CLI::App& parent, const Runner& run);
void addPolicy(CLI::App& parent, const Runner& run);
void addPredict(CLI::App& parent, const Runner& run);
void addRound(CLI::App& parent, const Runner& run);
void addSelftest(CLI::App& parent, const Runner& run);
void addSimulate(CLI::App& parent, const Runner& run);
void addStrategies(CLI::App& parent, const Runner& run);
void addSuggest(CLI::App& parent, const Runner& run);
void addTrain(CLI::App& parent, const Runner& run);
}  // namespace commands

}  // namespace querent::cli
