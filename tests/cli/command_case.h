#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/cli.h"
#include "sink.h"
#include "support/temp_folder.h"

namespace crmsink {

// The commands in this process, with files in a folder of the test's.
class CommandCase : public ::testing::Test {
 protected:
  int Call(Arguments arguments, const std::string& input = "") {
    std::istringstream in(input);
    std::ostringstream out, err;
    Terminal terminal{in, out, err, false, environment_, search_};
    const int code = crmsink::Run(arguments, terminal);
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  int CallOn(const std::string& database, Arguments arguments, const std::string& input = "") {
    arguments.insert(arguments.end(), {"--database", "sqlite:" + folder_.File(database)});
    return Call(std::move(arguments), input);
  }
  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.File(name)) << text;
    return folder_.File(name);
  }

  // Deliveries to the database, all of them let in; the n-th arrives n seconds after 2026-03-02T00:00:00Z.
  void Deliver(const std::string& database, const std::vector<Arrival>& arrivals) {
    Millis now = 1'772'409'600'000;
    auto sink = Sink::Open(
        {.database = "sqlite:" + folder_.File(database), .signature_required = false, .clock = [&now] { return now; }});
    ASSERT_TRUE(sink) << sink.error().message;
    for (const Arrival& arrival : arrivals) {
      EXPECT_NE((*sink)->Accept(arrival).status, AckStatus::kBusy);
      now += 1000;
    }
    (*sink)->Close();
  }
  static Arrival Post(std::string body, std::string path = "/webhooks") {
    return {std::move(path), std::move(body), {}, {}};
  }

  TempFolder folder_;
  std::map<std::string, std::string> environment_;
  std::vector<std::filesystem::path> search_;
  std::string out_, err_;
};

}  // namespace crmsink
