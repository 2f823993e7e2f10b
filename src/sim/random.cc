#include "sim/random.h"

#include <algorithm>

namespace crmsink::sim {

std::int64_t Random::Below(std::int64_t bound) {
  const auto range = static_cast<std::uint64_t>(bound);
  const std::uint64_t biased = (0 - range) % range;  // so many of the lowest values would favour small results
  std::uint64_t value = dice_();
  while (value < biased) value = dice_();
  return static_cast<std::int64_t>(value % range);
}

std::int64_t Random::Skewed(std::int64_t typical) {
  constexpr std::int64_t kParts = 1'000;
  const std::int64_t both = Between(0, kParts) * Between(0, kParts);  // a quarter of the most, on average
  return std::max<std::int64_t>(1, typical * both / (kParts * kParts / 4));
}

std::string Random::From(const char* alphabet, std::int64_t letters, std::size_t size) {
  std::string text(size, ' ');
  std::uint64_t left = 0, worth = 0;
  for (char& c : text) {
    if (worth < static_cast<std::uint64_t>(letters) * 1'000) left = dice_(), worth = ~std::uint64_t{0};
    c = alphabet[left % static_cast<std::uint64_t>(letters)];
    left /= static_cast<std::uint64_t>(letters), worth /= static_cast<std::uint64_t>(letters);
  }
  return text;
}

std::string Random::Letters(std::size_t size) {
  return From("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 62, size);
}

std::string Random::Hex(std::size_t size) { return From("0123456789abcdef", 16, size); }

std::string Random::Digits(std::size_t size) { return From("0123456789", 10, size); }

std::string Random::Uuid() {
  const std::string hex = Hex(31);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-4" + hex.substr(12, 3) + "-a" + hex.substr(15, 3) + "-" +
         hex.substr(18, 12);
}

Deck::Deck(std::vector<int> cards) {
  for (std::size_t outcome = 0; outcome < cards.size(); ++outcome) {
    pile_.insert(pile_.end(), static_cast<std::size_t>(cards[outcome]), static_cast<int>(outcome));
  }
  dealt_ = pile_.size();
}

int Deck::Deal(Random& random) {
  if (dealt_ == pile_.size()) random.Shuffle(pile_), dealt_ = 0;
  return pile_[dealt_++];
}

}  // namespace crmsink::sim
