#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace crmsink::sim {

// Chance, the same for the same seed on every machine: integers only, and none of the standard distributions, whose
// results differ between libraries. Two draws among the arguments of one call come in an order that the compiler picks:
// give one a name.
class Random {
 public:
  explicit Random(std::uint64_t seed) : dice_(seed) {}

  // 0 <= result < bound. REQUIRES: bound > 0.
  std::int64_t Below(std::int64_t bound);
  // from <= result <= to
  std::int64_t Between(std::int64_t from, std::int64_t to) { return from + Below(to - from + 1); }
  bool Percent(int percent) { return Below(100) < percent; }
  // Around `typical` on average, mostly less, at most four times as much, at least 1.
  std::int64_t Skewed(std::int64_t typical);

  template <class T, std::size_t n>
  const T& Pick(const T (&list)[n]) {
    return list[static_cast<std::size_t>(Below(n))];
  }
  template <class T, std::size_t n>
  const T& Pick(const std::array<T, n>& list) {
    return list[static_cast<std::size_t>(Below(n))];
  }
  template <class T>
  T& Pick(std::vector<T>& list) {
    return list[static_cast<std::size_t>(Below(static_cast<std::int64_t>(list.size())))];
  }

  template <class T>
  void Shuffle(std::vector<T>& list) {
    for (std::size_t i = list.size(); i > 1; --i) {
      std::swap(list[i - 1], list[static_cast<std::size_t>(Below(static_cast<std::int64_t>(i)))]);
    }
  }

  std::string Letters(std::size_t size);  // 0-9A-Za-z, as most of HighLevel's ids
  std::string Hex(std::size_t size);      // as the ids of its shop
  std::string Digits(std::size_t size);
  std::string Uuid();

 private:
  std::string From(const char* alphabet, std::int64_t letters, std::size_t size);

  std::mt19937_64 dice_;
};

// Outcomes in fixed proportions: a pile of cards that is shuffled, dealt to the end and shuffled again, so that even a
// short run has some of the rare ones.
class Deck {
 public:
  // How many cards of outcome 0, 1, 2, ...
  explicit Deck(std::vector<int> cards);
  int Deal(Random& random);

 private:
  std::vector<int> pile_;
  std::size_t dealt_ = 0;
};

}  // namespace crmsink::sim
