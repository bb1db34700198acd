#include "app/document/write_backlog.h"

#include "app/bridge/between_threads.h"

#include <algorithm>
#include <utility>

namespace querent::app::document {

namespace {

/** Refusals that no waiting will cure: the edit does not fit what is stored. */
bool isFinal(const Error& error) {
    return error.code == ErrorCode::InvalidArgument || error.code == ErrorCode::NotFound;
}

QString sentenceOf(const Error& error) {
    return QString::fromStdString(error.text());
}

}  // namespace

WriteBacklog::WriteBacklog(Post post, QObject* parent)
    : QObject(parent), m_post(std::move(post)), m_mailbox(std::make_shared<Mailbox>()) {
    m_mailbox->receiver = this;
    m_retry.setSingleShot(true);
    m_retry.setInterval(kRetryMilliseconds);
    connect(&m_retry, &QTimer::timeout, this, &WriteBacklog::retryNow);
}

WriteBacklog::~WriteBacklog() {
    {
        const std::lock_guard lock(m_mailbox->mutex);
        m_mailbox->receiver = nullptr;
    }
    for (Entry& entry : m_entries) {
        if (entry.phase == Phase::Held) m_post(std::move(entry.edit), {});
    }
}

void WriteBacklog::post(Edit edit) {
    m_entries.push_back(Entry{m_nextTicket++, std::move(edit), Phase::Held});
    if (!m_error) send(m_entries.back());
    Q_EMIT pendingChanged(pending());
}

std::vector<Edit> WriteBacklog::edits() const {
    std::vector<Edit> all;
    for (const Entry& entry : m_entries)
        all.push_back(entry.edit);
    return all;
}

void WriteBacklog::forget() {
    m_entries.clear();
    m_retry.stop();
    m_error.reset();
    Q_EMIT pendingChanged(0);
}

void WriteBacklog::send(Entry& entry) {
    entry.phase = Phase::InFlight;
    ++m_inFlight;
    m_post(entry.edit, [mailbox = m_mailbox, ticket = entry.ticket](Result<void> result) {
        const std::lock_guard lock(mailbox->mutex);
        WriteBacklog* backlog = mailbox->receiver;
        if (!backlog) return;
        bridge::callLater(backlog, [backlog, ticket, result = std::move(result)] { backlog->answer(ticket, result); });
    });
}

void WriteBacklog::answer(quint64 ticket, const Result<void>& result) {
    const auto entry = std::find_if(m_entries.begin(), m_entries.end(),
                                    [ticket](const Entry& candidate) { return candidate.ticket == ticket; });
    --m_inFlight;
    if (entry == m_entries.end()) return;  // forgotten
    if (!result) {
        onFailure(entry, result.error());
        return;
    }
    const Edit edit = std::move(entry->edit);
    m_entries.erase(entry);
    if (m_error && m_entries.empty()) {
        m_error.reset();
        m_retry.stop();
        Q_EMIT recovered();
    } else if (m_error && m_inFlight == 0) {
        send(m_entries.front());  // one at a time, so that their order holds whatever fails
    }
    Q_EMIT written(edit);
    Q_EMIT pendingChanged(pending());
}

void WriteBacklog::onFailure(std::deque<Entry>::iterator entry, const Error& error) {
    // Behind a failed edit a refusal may only mean that the one before is missing.
    if (isFinal(error) && entry == m_entries.begin()) {
        const Edit edit = std::move(entry->edit);
        m_entries.erase(entry);
        if (m_entries.empty()) m_error.reset();
        if (m_error && m_inFlight == 0) send(m_entries.front());
        Q_EMIT refused(edit, sentenceOf(error));
        Q_EMIT pendingChanged(pending());
        return;
    }
    entry->phase = Phase::Held;
    const bool first = !m_error;
    if (first || !isFinal(error)) m_error = error;
    if (!m_retry.isActive()) m_retry.start();
    if (first) Q_EMIT failed(sentenceOf(error));
}

void WriteBacklog::retryNow() {
    if (m_inFlight > 0) {
        m_retry.start();
    } else if (!m_entries.empty()) {
        send(m_entries.front());
    }
}

}  // namespace querent::app::document
