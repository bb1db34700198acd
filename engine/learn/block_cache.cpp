#include "engine/learn/block_cache.h"

#include "engine/learn/torch_compat.h"

#include <bit>
#include <c10/core/Allocator.h>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define QUERENT_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define QUERENT_SANITIZED 1
#endif
#endif

namespace querent::learn {

namespace {

constexpr std::size_t kAlignment = 64;         // of a cache line and of AVX-512
constexpr std::size_t kLargeBlock = 64 << 10;  // smaller ones malloc() keeps by itself
constexpr std::size_t kMostKept = std::size_t{1} << 30;

/** In front of each block: how large it is. */
struct alignas(kAlignment) Head {
    std::size_t bytes;
};

/** Up to the next of four steps between two powers of two, so that at most a fifth is wasted. */
std::size_t roundedUp(std::size_t bytes) {
    const std::size_t step = std::bit_floor(bytes) / 4;
    return step < kAlignment ? (bytes + kAlignment - 1) / kAlignment * kAlignment : (bytes + step - 1) / step * step;
}

class BlockCache final : public c10::Allocator {
 public:
    static BlockCache& instance() {
        static auto* cache = new BlockCache;  // tensors of static life may end later than anything here
        return *cache;
    }

#if QUERENT_TORCH_AT_LEAST(2, 3)
    c10::DataPtr allocate(std::size_t bytes) override {
        return allocated(bytes);
    }
    void copy_data(void* to, const void* from, std::size_t bytes) const override {
        std::memcpy(to, from, bytes);
    }
#else
    c10::DataPtr allocate(std::size_t bytes) const override {
        return const_cast<BlockCache*>(this)->allocated(bytes);  // the interface of before 2.3
    }
#endif
    c10::DeleterFnPtr raw_deleter() const override {
        return &giveBack;
    }

    std::size_t release() {
        std::unordered_map<std::size_t, std::vector<void*>> kept;
        std::size_t bytes = 0;
        {
            const std::scoped_lock lock(m_mutex);
            kept.swap(m_kept);
            bytes = std::exchange(m_bytes, 0);
        }
        for (const auto& [size, blocks] : kept) {
            for (void* block : blocks)
                std::free(block);
        }
        return bytes;
    }

 private:
    c10::DataPtr allocated(std::size_t wanted) {
        const c10::Device processor(c10::DeviceType::CPU);
        if (wanted == 0) return {nullptr, nullptr, &giveBack, processor};
        const std::size_t bytes = roundedUp(wanted);
        void* block = bytes >= kLargeBlock ? taken(bytes) : nullptr;
        if (block == nullptr) block = fresh(bytes);
        new (block) Head{bytes};
        void* data = static_cast<std::byte*>(block) + sizeof(Head);
        return {data, data, &giveBack, processor};
    }

    void* fresh(std::size_t bytes) {
        void* block = std::aligned_alloc(kAlignment, bytes + sizeof(Head));
        if (block == nullptr && release() > 0) block = std::aligned_alloc(kAlignment, bytes + sizeof(Head));
        if (block == nullptr) throw std::bad_alloc();
        return block;
    }

    void* taken(std::size_t bytes) {
        const std::scoped_lock lock(m_mutex);
        const auto blocks = m_kept.find(bytes);
        if (blocks == m_kept.end() || blocks->second.empty()) return nullptr;
        void* block = blocks->second.back();
        blocks->second.pop_back();
        m_bytes -= bytes;
        return block;
    }

    static void giveBack(void* data) {
        if (data == nullptr) return;
        void* block = static_cast<std::byte*>(data) - sizeof(Head);
        const std::size_t bytes = static_cast<Head*>(block)->bytes;
        if (bytes < kLargeBlock || !instance().kept(block, bytes)) std::free(block);
    }

    bool kept(void* block, std::size_t bytes) {
        const std::scoped_lock lock(m_mutex);
        if (m_bytes + bytes > kMostKept) return false;
        m_kept[bytes].push_back(block);
        m_bytes += bytes;
        return true;
    }

    std::mutex m_mutex;
    std::unordered_map<std::size_t, std::vector<void*>> m_kept;  // by size
    std::size_t m_bytes = 0;
};

}  // namespace

KeptBlocks::KeptBlocks() {
#ifndef QUERENT_SANITIZED
    static std::once_flag once;
    std::call_once(once, [] { c10::SetAllocator(c10::DeviceType::CPU, &BlockCache::instance(), 1); });
#endif
}

KeptBlocks::~KeptBlocks() {
    BlockCache::instance().release();
}

}  // namespace querent::learn
