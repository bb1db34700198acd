#pragma once

#include "engine/media/file_io.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace querent::media::sound {

/**
 * The bytes that a decoder is given: a part of a file, behind a header of ours where the file's own is wrong. Copies
 * share the file. Any thread.
 */
class SoundBytes {
 public:
    explicit SoundBytes(std::shared_ptr<const InputFile> file) : m_file(std::move(file)), m_end(m_file->size()) {}

    /** The same file from `begin` to `end`, with `header` in front. Places are those of the file. */
    SoundBytes part(std::uint64_t begin, std::uint64_t end, std::vector<std::uint8_t> header = {}) const {
        SoundBytes bytes(m_file);
        bytes.m_begin = begin;
        bytes.m_end = std::max(begin, std::min(end, m_file->size()));
        bytes.m_header = std::move(header);
        return bytes;
    }

    const std::shared_ptr<const InputFile>& file() const { return m_file; }
    std::uint64_t size() const { return m_header.size() + (m_end - m_begin); }

    /** Fewer bytes than asked for only at the end, or where the file cannot be read. */
    std::size_t readAt(std::uint64_t offset, std::span<std::uint8_t> to) const {
        std::size_t done = 0;
        if (offset < m_header.size()) {
            done = std::min<std::size_t>(to.size(), m_header.size() - offset);
            std::copy_n(m_header.begin() + static_cast<std::ptrdiff_t>(offset), done, to.begin());
        }
        const std::uint64_t at = offset + done - m_header.size();
        if (done == to.size() || at >= m_end - m_begin) return done;
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(to.size() - done, m_end - m_begin - at));
        return done + m_file->readAt(m_begin + at, to.subspan(done, wanted));
    }

 private:
    std::shared_ptr<const InputFile> m_file;
    std::vector<std::uint8_t> m_header;
    std::uint64_t m_begin = 0;
    std::uint64_t m_end = 0;
};

}  // namespace querent::media::sound
