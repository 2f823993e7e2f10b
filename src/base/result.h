#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace crmsink {

// What went wrong, as the decision that follows from it. Choose by what the caller can do:
enum class ErrorCode {
  kInvalid,      // the input or setting is wrong: say so, trying again is of no use
  kNotFound,     // what was asked for is not there
  kUnavailable,  // full, locked, away: nothing was kept, the same call may succeed later
  kConflict,     // another writer was faster: nothing was kept, the same call at once may succeed
  kData,         // one event's data was refused by the store: isolate that event, the others are fine
  kCorrupt,      // the database is damaged or not ours: refuse to write, delete nothing
  kUnknown,      // the commit may or may not have happened: reopen and look
  kInternal,     // our own mistake
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // for people: names the cause and, where there is one, the remedy
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> Fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace crmsink
