#include <crmsink/sink.h>

#include <iostream>

int main() {
  auto sink = crmsink::Sink::Open({.database = "sqlite:embedded.db", .signature_required = false});
  if (!sink) return std::cerr << sink.error().message << '\n', 1;
  const auto ack = (*sink)->Accept({.path = "/webhooks", .body = R"({"type":"NoteCreate","id":"n1","body":"hello"})"});
  return ack.status == crmsink::AckStatus::kStored ? 0 : 1;
}
