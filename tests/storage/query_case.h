#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/query.h"
#include "store_case.h"

namespace crmsink {

// Two contacts, Ann and Bea, and a connection for queries.
template <class Case>
class QueryCase : public Case {
 protected:
  QueryCase() {
    this->Commit({R"({"type":"ContactUpdate","webhookId":"w1","id":"c1","name":"Ann"})",
                  R"({"type":"ContactUpdate","webhookId":"w2","id":"c2","name":"Bea"})"});
  }

  QueryConnection Connect() {
    auto connection = QueryConnection::Open(this->url_);
    EXPECT_TRUE(connection) << connection.error().message;
    return *std::move(connection);
  }

  // Rows by ' ', values by ','; "CODE message" where it failed.
  std::string Run(std::string_view sql, std::span<const QueryValue> parameters = {},
                  std::chrono::milliseconds timeout = {}) {
    std::string text;
    const auto on_row = [&](const std::vector<QueryValue>& row) {
      if (!text.empty()) text += ' ';
      for (const QueryValue& value : row) {
        if (&value != &row.front()) text += ',';
        if (const auto* integer = std::get_if<std::int64_t>(&value)) text += std::to_string(*integer);
        if (const auto* number = std::get_if<double>(&value)) text += std::to_string(*number);
        if (const auto* string = std::get_if<std::string>(&value)) text += *string;
        if (const auto* blob = std::get_if<Blob>(&value)) text += "blob " + std::to_string(blob->bytes.size());
        if (std::holds_alternative<std::monostate>(value)) text += "NULL";
      }
      return true;
    };
    const auto done = connection_.Run(sql, parameters, {.on_columns = {}, .on_row = on_row}, timeout);
    return done ? text : std::to_string(static_cast<int>(done.error().code)) + " " + done.error().message;
  }

  QueryConnection connection_ = Connect();
};

static_assert(static_cast<int>(ErrorCode::kInvalid) == 0 && static_cast<int>(ErrorCode::kUnavailable) == 2);

}  // namespace crmsink
