#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "store_under_test.h"
#include "stream_features.h"
#include "stream_gen.h"

namespace crmsink::contract {

// The properties that hold for whatever is delivered. CRMSINK_SEEDS says how many streams each tries (20). A failure
// prints the configuration that repeats it; give that back in RC_PARAMS.
class PropertyTest : public testing::Test {
 public:
  // The posts dealt out to so many.
  static std::vector<std::vector<Post>> Deal(const std::vector<Post>& posts, std::size_t shares);

 protected:
  // These three roll rapidcheck's dice, within a property.
  Stream PickStream();
  static std::mt19937_64 PickDice();
  static std::size_t PickThreads();  // 1 to 16

  // The posts in their order, and in any order, some of them several times.
  static std::vector<Post> InOrder(const Stream& stream);
  static std::vector<Post> ShuffleAndRepeat(const Stream& stream, std::mt19937_64& dice);

  // What a person wants to see of two dumps that should be equal: the lines that only one of them has. Empty: equal.
  static std::string Difference(const std::string& expected, const std::string& actual);

  // Whether a row of a call has what must stay in the log.
  static bool ShowsSecret(const std::string& dump);

  // A run over twenty streams or more has met everything that the generator is for.
  void ExpectFeaturesWereMet() const;

 private:
  std::size_t streams_ = 0;
  Features met_;
};

}  // namespace crmsink::contract
