// soak [minutes] [--database sqlite|postgresql] [--seed N] [--connections N] [--program FILE]: see tools/soak.
#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "postgres_soak.h"
#include "sqlite_soak.h"
#include "support/paths.h"

namespace crmsink::soak {
namespace {

struct Given {
  double minutes = 5;
  std::string database = "sqlite";
  Soak::Options options{.seed = std::random_device()(), .connections = 16, .program = BinaryPath()};
};

Given Read(int count, char** arguments) {
  Given given;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    if (!word.starts_with("--")) {
      given.minutes = std::atof(arguments[i]);
      continue;
    }
    if (++i == count) throw std::invalid_argument(std::string(word) + " needs a value");
    if (word == "--database") {
      given.database = arguments[i];
    } else if (word == "--seed") {
      given.options.seed = std::strtoull(arguments[i], nullptr, 10);
    } else if (word == "--connections") {
      given.options.connections = std::strtoull(arguments[i], nullptr, 10);
    } else if (word == "--program") {
      given.options.program = arguments[i];
    } else {
      throw std::invalid_argument("unknown option " + std::string(word));
    }
  }
  if (given.minutes <= 0 || given.options.connections == 0)
    throw std::invalid_argument("minutes and connections are over 0");
  if (given.database != "sqlite" && given.database != "postgresql") {
    throw std::invalid_argument("--database is sqlite or postgresql");
  }
  return given;
}

bool Run(const Given& given) {
  const milliseconds duration(static_cast<std::int64_t>(given.minutes * 60'000));
  std::cout << given.database << ", seed " << given.options.seed << ", " << given.minutes << " minutes" << std::endl;
  if (given.database == "sqlite") return SqliteSoak(given.options).Run(duration);
  return PostgresSoak(given.options).Run(duration);
}

}  // namespace
}  // namespace crmsink::soak

int main(int count, char** arguments) {
  try {
    return crmsink::soak::Run(crmsink::soak::Read(count, arguments)) ? 0 : 1;
  } catch (const std::invalid_argument& e) {
    std::cerr << "error: " << e.what() << std::endl;
    return 2;
  } catch (const std::exception& e) {
    std::cerr << "error: " << e.what() << std::endl;
    return 1;
  }
}
