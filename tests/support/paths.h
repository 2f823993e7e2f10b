#pragma once

namespace crmsink {

// The folder of the sources, and the program that was built from them.
const char* SourceDir();
const char* BinaryPath();

}  // namespace crmsink
