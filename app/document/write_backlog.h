#pragma once

#include "engine/core/annotation.h"
#include "engine/core/result.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace querent::app::document {

/**
 * Edits on their way to the disk, in order. A failed edit, and everything posted behind it, stays in memory and is
 * tried again every kRetryMilliseconds; an edit that the store refuses for good is reported and dropped. UI thread
 * only; the answers come from the writer thread and are queued.
 */
class WriteBacklog : public QObject {
    Q_OBJECT

 public:
    static constexpr int kRetryMilliseconds = 2000;
    using Done = std::function<void(Result<void>)>;
    using Post = std::function<void(Edit, Done)>;  // Project::post

    explicit WriteBacklog(Post post, QObject* parent = nullptr);
    /** Posts what is still held back once more; the writer finishes it. */
    ~WriteBacklog() override;

    void post(Edit edit);
    /** Edits that are not known to be durable. */
    int pending() const { return static_cast<int>(m_entries.size()); }
    const std::optional<Error>& error() const { return m_error; }
    void retryNow();
    /** Those edits, in the order in which they were posted. */
    std::vector<Edit> edits() const;
    /** Lets go of them: they are stored elsewhere, or a person does not want them. */
    void forget();

 Q_SIGNALS:
    void written(const querent::Edit& edit);
    void refused(const querent::Edit& edit, const QString& sentence);
    void pendingChanged(int pending);
    void failed(const QString& sentence);
    void recovered();

 private:
    enum class Phase { InFlight, Held };
    struct Entry {
        quint64 ticket = 0;
        Edit edit;
        Phase phase = Phase::InFlight;
    };
    /** Outlives the backlog in the callbacks that the writer still holds. */
    struct Mailbox {
        std::mutex mutex;
        WriteBacklog* receiver = nullptr;
    };

    void send(Entry& entry);
    void answer(quint64 ticket, const Result<void>& result);
    void onFailure(std::deque<Entry>::iterator entry, const Error& error);

    Post m_post;
    std::deque<Entry> m_entries;
    quint64 m_nextTicket = 1;
    int m_inFlight = 0;
    std::optional<Error> m_error;
    QTimer m_retry;
    std::shared_ptr<Mailbox> m_mailbox;
};

}  // namespace querent::app::document
