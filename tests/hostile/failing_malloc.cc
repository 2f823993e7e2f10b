// A library to be preloaded: memory of which there is none, every now and then. Needs glibc.
#include "hostile/failing_malloc.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
}

namespace {

crmsink::hostile::FailingMalloc* shared = nullptr;

__attribute__((constructor)) void Open() {
  const char* const file = std::getenv("CRMSINK_FAILING_MALLOC");
  const int descriptor = file == nullptr ? -1 : ::open(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void* const mapped = ::mmap(nullptr, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  if (mapped != MAP_FAILED) shared = static_cast<crmsink::hostile::FailingMalloc*>(mapped);
}

bool Fails() {
  const std::uint32_t every = shared == nullptr ? 0 : shared->every.load(std::memory_order_relaxed);
  if (every == 0 || ++shared->asked % every != 0) return false;
  ++shared->failed;
  errno = ENOMEM;
  return true;
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) noexcept { return Fails() ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) noexcept { return Fails() ? nullptr : __libc_calloc(count, size); }
void* realloc(void* memory, std::size_t size) noexcept { return Fails() ? nullptr : __libc_realloc(memory, size); }
}
