#pragma once

#include "engine/core/job.h"
#include "engine/core/result.h"
#include "engine/session/round.h"

#include <functional>
#include <memory>
#include <string>

namespace querent::session {

/** What the background worker tells; called on the worker's thread. */
struct BackgroundEvent {
    enum class Kind { Started, Progressed, Ticked, Finished, Failed, Cancelled };
    Kind kind = Kind::Started;
    std::string task;  // "train", "suggest", "import", ...
    Progress progress;
    TrainingStep tick;
    Error error;  // Failed
};

/**
 * The one worker thread for training, selection and other long work, at a lower priority than the window.
 * start() and cancel() return at once and may be called from any one thread. One task at a time: start() refuses
 * while another runs. The destructor cancels and waits (under 0.5 s).
 */
class Background {
 public:
    using Work = std::function<Result<void>(const Job&)>;
    using Listener = std::function<void(const BackgroundEvent&)>;

    explicit Background(Listener listener);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    bool start(std::string task, Work work);
    void cancel();
    bool busy() const;
    /** The name of the running task; empty when idle. */
    std::string task() const;
    /** Hands a tick of training to the listener: what RoundOptions::onStep is set to. */
    void tick(const TrainingStep& tick);

 private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace querent::session
