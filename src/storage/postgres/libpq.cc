#include "storage/postgres/libpq.h"

#include <dlfcn.h>

#include <string>

namespace crmsink::postgres {
namespace {

constexpr const char* kLibrary = "libpq.so.5";

template <typename Function>
bool Find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool FindAll(void* library, LibPq& found) {
  return Find(library, "PQbackendPID", found.PQbackendPID) && Find(library, "PQclear", found.PQclear) &&
         Find(library, "PQcmdStatus", found.PQcmdStatus) && Find(library, "PQcmdTuples", found.PQcmdTuples) &&
         Find(library, "PQconnectPoll", found.PQconnectPoll) &&
         Find(library, "PQconnectStartParams", found.PQconnectStartParams) &&
         Find(library, "PQconnectionNeedsPassword", found.PQconnectionNeedsPassword) &&
         Find(library, "PQconninfoFree", found.PQconninfoFree) &&
         Find(library, "PQconninfoParse", found.PQconninfoParse) &&
         Find(library, "PQconsumeInput", found.PQconsumeInput) &&
         Find(library, "PQenterPipelineMode", found.PQenterPipelineMode) &&
         Find(library, "PQerrorMessage", found.PQerrorMessage) &&
         Find(library, "PQexitPipelineMode", found.PQexitPipelineMode) && Find(library, "PQfinish", found.PQfinish) &&
         Find(library, "PQflush", found.PQflush) && Find(library, "PQfname", found.PQfname) &&
         Find(library, "PQfreemem", found.PQfreemem) && Find(library, "PQftype", found.PQftype) &&
         Find(library, "PQgetResult", found.PQgetResult) && Find(library, "PQgetisnull", found.PQgetisnull) &&
         Find(library, "PQgetlength", found.PQgetlength) && Find(library, "PQgetvalue", found.PQgetvalue) &&
         Find(library, "PQisBusy", found.PQisBusy) && Find(library, "PQnfields", found.PQnfields) &&
         Find(library, "PQntuples", found.PQntuples) && Find(library, "PQpipelineSync", found.PQpipelineSync) &&
         Find(library, "PQresultErrorField", found.PQresultErrorField) &&
         Find(library, "PQresultErrorMessage", found.PQresultErrorMessage) &&
         Find(library, "PQresultStatus", found.PQresultStatus) && Find(library, "PQsendPrepare", found.PQsendPrepare) &&
         Find(library, "PQsendQuery", found.PQsendQuery) &&
         Find(library, "PQsendQueryParams", found.PQsendQueryParams) &&
         Find(library, "PQsendQueryPrepared", found.PQsendQueryPrepared) &&
         Find(library, "PQsetErrorVerbosity", found.PQsetErrorVerbosity) &&
         Find(library, "PQsetNoticeProcessor", found.PQsetNoticeProcessor) &&
         Find(library, "PQsetnonblocking", found.PQsetnonblocking) && Find(library, "PQsocket", found.PQsocket) &&
         Find(library, "PQstatus", found.PQstatus);
}

// Not closed again: libraries that it brings along do not bear it.
Result<LibPq> Open() {
  LibPq found{};
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library != nullptr && FindAll(library, found)) return found;
  const char* const why = dlerror();
  return Fail(ErrorCode::kInvalid, std::string("PostgreSQL needs ") + kLibrary +
                                       ", which cannot be used: " + (why != nullptr ? why : "unknown") +
                                       "; install the package libpq5, 14 or newer");
}

}  // namespace

namespace internal {
LibPq libpq{};
}

Result<void> LoadLibPq() {
  static const Result<LibPq> opened = [] {
    Result<LibPq> library = Open();
    if (library) internal::libpq = *library;
    return library;
  }();
  if (!opened) return tl::unexpected(opened.error());
  return {};
}

}  // namespace crmsink::postgres
