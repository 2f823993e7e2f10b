#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace crmsink::structure {

// What is wrong with the sources under root/src, a sentence for each, naming the file and the line. Only the text is
// read; nothing is compiled. Each takes the folder that holds src (and tests, README.md, ...).

// An include of a library outside the one place that may know it, or of one that the list does not name.
std::vector<std::string> LibraryFaults(const std::filesystem::path& root);

// An include that runs against the order of the folders.
std::vector<std::string> ArrowFaults(const std::filesystem::path& root);

// A header without its guard, a file that is too long, a source that no CMakeLists.txt of its folder names.
std::vector<std::string> FileFaults(const std::filesystem::path& root);

// A folder of src that src/README.md does not tell about.
std::vector<std::string> MapFaults(const std::filesystem::path& root);

}  // namespace crmsink::structure
