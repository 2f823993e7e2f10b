#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace crmsink {

// PostgreSQL's programs, the newest that are installed, run as a user that they accept: initdb and postgres refuse to
// be root, so root runs them as the user `postgres` that Debian's package makes.

// The path of one of them. Throws where none is installed.
std::string PostgresProgram(const std::string& name);

// Makes the file or folder the server user's own.
void GiveToPostgres(const std::filesystem::path& path);

// Starts a program with its output in `log` and its input empty, in a session of its own. With `ends_with_us` it gets
// SIGQUIT when the thread that started it ends, however that happens.
pid_t StartPostgresProgram(std::vector<std::string> words, const std::string& log, bool ends_with_us);

// Runs one to its end. Throws with what it said where it fails.
void RunPostgresProgram(std::vector<std::string> words, const std::string& log);

// The process and all that descend from it, parents first.
std::vector<pid_t> ProcessTree(pid_t root);

// Whether it is there and no zombie.
bool IsRunning(pid_t process);

// The end of a file, for the text of a failure.
std::string TailOf(const std::string& file);

}  // namespace crmsink
