#include "support/paths.h"

namespace crmsink {

const char* SourceDir() { return CRMSINK_SOURCE_DIR; }

const char* BinaryPath() { return CRMSINK_BINARY; }

}  // namespace crmsink
