#include "rules.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>

namespace crmsink::structure {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLines = 500;

// Where each library may be included: a folder of src, or one file without its extension; empty: everywhere.
struct Library {
  std::string_view header;  // begins so
  std::string_view place;
};
constexpr Library kLibraries[] = {
    {"simdjson.h", "base/json"},
    {"openssl/", "base/certificate"},
    {"openssl/", "base/sha256"},
    {"spdlog/", "base/log"},
    {"fmt/", "base/log"},
    {"tl/expected.hpp", ""},
    {"openssl/", "signature"},
    {"openssl/", "http/tls_context"},
    {"openssl/", "http/tls_stream"},
    {"sodium.h", "signature"},
    {"libpq-fe.h", "storage/postgres/libpq"},
    {"dlfcn.h", "storage/postgres/libpq"},
    {"sqlite3.h", "storage/sqlite"},
    {"SQLiteCpp/", "storage/sqlite"},
    {"httplib.h", "http"},
    {"httplib.h", "sim/post"},  // the client
    {"asio.hpp", "http"},
    {"asio/", "http"},
    {"prometheus/", "http"},
    {"CLI/", "cli"},
    {"CLI/", "sim/program"},
    {"toml++/", "cli"},
};

// The operating system's own; everyone's. Headers without a dot are C++'s.
constexpr std::string_view kSystem[] = {"arpa/", "fcntl.h",  "netdb.h",  "netinet/",   "poll.h",   "malloc.h",
                                        "sys/",  "signal.h", "unistd.h", "execinfo.h", "pthread.h"};

// Which folders each may include, beside itself. An event travels up this list; nothing points down it. Files at the
// top of src have lines of their own.
struct Arrows {
  std::string_view from;
  std::vector<std::string_view> to;
};
const std::vector<Arrows>& AllowedArrows() {
  static const std::vector<Arrows> arrows = {
      {"base", {}},
      {"entities", {"base"}},
      {"event", {"base", "entities"}},
      {"projection", {"base", "entities", "event"}},
      {"signature", {"base", "event"}},
      {"storage", {"base", "entities", "event", "projection"}},
      {"ingest", {"base", "entities", "event", "projection", "signature", "storage"}},
      {"replay", {"base", "entities", "event", "projection", "signature", "storage", "ingest"}},
      {"sink.h", {"base", "event"}},
      {"figure_taker.h", {"base", "ingest", "sink.h"}},
      {"figure_taker.cc", {"base", "storage", "ingest", "sink.h", "figure_taker.h"}},
      {"sink.cc",
       {"base", "entities", "event", "projection", "signature", "storage", "ingest", "replay", "sink.h",
        "figure_taker.h"}},
      {"http", {"base", "event", "sink.h"}},
      {"cli",
       {"base", "entities", "event", "projection", "signature", "storage", "ingest", "replay", "sink.h", "http"}},
      {"main.cc", {"cli"}},
      // A program of its own: it plays the sender, and must not know how the receiver folds and stores.
      {"sim", {"base", "entities", "event", "projection", "signature", "storage"}},
  };
  return arrows;
}

struct Include {
  std::size_t line = 0;
  bool ours = false;  // "..." and not <...>
  std::string path;
};

std::vector<std::string> LinesOf(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string TextOf(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<Include> ParseInclude(std::string_view line, std::size_t number) {
  const auto skip = [&line] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(std::string_view("include").size());
  skip();
  if (line.empty() || (line[0] != '"' && line[0] != '<')) return std::nullopt;
  const bool ours = line[0] == '"';
  line.remove_prefix(1);
  return Include{number, ours, std::string(line.substr(0, line.find(ours ? '"' : '>')))};
}

std::vector<Include> IncludesOf(const fs::path& file) {
  std::vector<Include> includes;
  std::size_t number = 0;
  for (const std::string& line : LinesOf(file)) {
    if (auto include = ParseInclude(line, ++number)) includes.push_back(*std::move(include));
  }
  return includes;
}

// Headers and sources under the folder, as paths relative to it, sorted.
std::vector<std::string> SourcesUnder(const fs::path& folder) {
  std::vector<std::string> sources;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".h" || extension == ".cc")) {
      sources.push_back(entry.path().lexically_relative(folder).generic_string());
    }
  }
  std::ranges::sort(sources);
  return sources;
}

bool IsSystem(std::string_view header) {
  if (header.find_first_of("./") == std::string_view::npos) return true;
  return std::ranges::any_of(kSystem, [&](std::string_view known) { return header.starts_with(known); });
}

// True for an empty place, for place "base/log" and file "base/log.cc", and for place "http" and file
// "http/edge/socket.h".
bool LiesIn(std::string_view file, std::string_view place) {
  return place.empty() || (file.starts_with(place) && (file[place.size()] == '/' || file[place.size()] == '.'));
}

std::string FolderOf(std::string_view file) { return std::string(file.substr(0, file.find('/'))); }

std::string At(std::string_view file, std::size_t line) {
  return "src/" + std::string(file) + ":" + std::to_string(line) + ": ";
}

std::optional<std::string> LibraryFault(std::string_view file, std::string_view header) {
  if (IsSystem(header)) return std::nullopt;
  bool known = false;
  std::string places;
  for (const Library& library : kLibraries) {
    if (!header.starts_with(library.header)) continue;
    if (LiesIn(file, library.place)) return std::nullopt;
    known = true;
    places = library.place;
  }
  const std::string name = "<" + std::string(header) + "> ";
  return known ? name + "belongs in src/" + places + " alone" : name + "is of no library that tests/structure lists";
}

// The line of the table for a file or folder; nullptr when it has none.
const Arrows* ArrowsOf(std::string_view file) {
  const std::string folder = FolderOf(file);
  const auto found = std::ranges::find(AllowedArrows(), folder, &Arrows::from);
  return found == AllowedArrows().end() ? nullptr : &*found;
}

// CMakeLists.txt of the file's folder or of one above it, up to root, that names the file, or takes all of its folder.
bool IsBuilt(const fs::path& root, const fs::path& file) {
  fs::path folder = file.parent_path();
  while (true) {
    std::istringstream words(TextOf(folder / "CMakeLists.txt"));
    const std::string wanted = file.lexically_relative(folder).generic_string();
    for (std::string word; words >> word;) {
      while (!word.empty() && (word.back() == ')' || word.back() == '"')) word.pop_back();
      word.erase(0, word.find_last_of("(\"") + 1);
      if (word == wanted || (word == "*.cc" && folder == file.parent_path())) return true;
    }
    if (folder == root || folder == folder.parent_path()) return false;
    folder = folder.parent_path();
  }
}

// "#pragma once", or the name that spells the path, first of all but comments.
bool IsGuarded(const fs::path& folder, std::string_view header) {
  std::string guard = "CRMSINK_" + std::string(header) + "_";
  for (char& c : guard) c = c == '/' || c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const std::string& line : LinesOf(folder / header)) {
    if (line.empty() || line.starts_with("//")) continue;
    return line == "#pragma once" || line == "#ifndef " + guard;
  }
  return false;
}

}  // namespace

std::vector<std::string> LibraryFaults(const fs::path& root) {
  std::vector<std::string> faults;
  for (const std::string& file : SourcesUnder(root / "src")) {
    for (const Include& include : IncludesOf(root / "src" / file)) {
      if (include.ours) continue;
      if (auto fault = LibraryFault(file, include.path)) faults.push_back(At(file, include.line) + *fault);
    }
  }
  return faults;
}

std::vector<std::string> ArrowFaults(const fs::path& root) {
  std::vector<std::string> faults;
  for (const std::string& file : SourcesUnder(root / "src")) {
    const Arrows* arrows = ArrowsOf(file);
    if (arrows == nullptr) {
      faults.push_back(At(file, 1) + "tests/structure does not say what " + FolderOf(file) + " may include");
      continue;
    }
    for (const Include& include : IncludesOf(root / "src" / file)) {
      if (!include.ours) continue;
      if (!fs::exists(root / "src" / include.path)) {
        faults.push_back(At(file, include.line) + "\"" + include.path + "\" is no path from src");
        continue;
      }
      const std::string to = FolderOf(include.path);
      if (to == arrows->from || std::ranges::find(arrows->to, to) != arrows->to.end()) continue;
      faults.push_back(At(file, include.line) + std::string(arrows->from) + " must not include " + include.path);
    }
  }
  return faults;
}

std::vector<std::string> FileFaults(const fs::path& root) {
  std::vector<std::string> faults;
  for (const std::string top : {"src", "tests"}) {
    for (const std::string& file : SourcesUnder(root / top)) {
      const std::string name = top + "/" + file;
      const std::size_t lines = LinesOf(root / name).size();
      if (lines > kMostLines) {
        faults.push_back(name + ": " + std::to_string(lines) + " lines; " + std::to_string(kMostLines) +
                         " are allowed");
      }
      if (file.ends_with(".h") && !IsGuarded(root / top, file)) {
        faults.push_back(name + ": does not begin with #pragma once");
      }
      if (file.ends_with(".cc") && !IsBuilt(root, root / name))
        faults.push_back(name + ": no CMakeLists.txt builds it");
    }
  }
  return faults;
}

std::vector<std::string> MapFaults(const fs::path& root) {
  std::vector<std::string> faults;
  const std::string map = TextOf(root / "src" / "README.md");
  for (const auto& entry : fs::directory_iterator(root / "src")) {
    const std::string folder = entry.path().filename().string() + "/";
    if (entry.is_directory() && map.find("`" + folder + "`") == std::string::npos) {
      faults.push_back("src/README.md: says nothing of `" + folder + "`");
    }
  }
  return faults;
}

}  // namespace crmsink::structure
