#pragma once

// Standalone Asio as this folder uses it; nothing else includes its headers.

// Before Asio: by what this defines, it decides how to allocate, and that must be the same in every source file.
#include <cstddef>

// ThreadSanitizer does not know bare fences. What Asio's handlers see of each other is ordered by its mutexes as well.
#if defined(__SANITIZE_THREAD__)
#define ASIO_DISABLE_FENCED_BLOCK
#endif

#include <asio/buffer.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
