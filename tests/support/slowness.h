#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define QUERENT_TEST_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define QUERENT_TEST_SANITIZED
#endif

namespace querent::test {

/** What limits of time are multiplied by: sanitizers look at every access to memory. */
#ifdef QUERENT_TEST_SANITIZED
inline constexpr int kSlowness = 8;
#else
inline constexpr int kSlowness = 1;
#endif

}  // namespace querent::test
