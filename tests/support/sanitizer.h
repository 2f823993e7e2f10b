#pragma once

namespace crmsink {

// Whether this is a build for a sanitizer, in which everything takes several times as long: tests that try the same at
// many places try fewer of them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

}  // namespace crmsink
