#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace crmsink::contract {

// A value as JSON text and, where it is something special, what.
struct Choice {
  std::string json;
  std::string feature;
};
using Choices = std::vector<Choice>;

// Rolls for a body, the same ones for the same seed, and notes what came up that is special.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::size_t Below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
  std::uint64_t Any() { return engine_(); }
  bool OneIn(std::size_t n) { return Below(n) == 0; }

  // One of the choices, its feature noted.
  const std::string& Pick(const Choices& choices) {
    const Choice& choice = choices[Below(choices.size())];
    if (!choice.feature.empty()) Note(choice.feature);
    return choice.json;
  }

  void Note(std::string feature) { features_.push_back(std::move(feature)); }
  const std::vector<std::string>& features() const { return features_; }

 private:
  std::mt19937_64 engine_;
  std::vector<std::string> features_;
};

}  // namespace crmsink::contract
