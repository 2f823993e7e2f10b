#include "found_again.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "projection/project.h"

namespace crmsink {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A change that Project made, and what is lost when a part of it goes.
class FoundAgainTest : public ::testing::Test {
 protected:
  void Given(const std::string& event, const std::string& body) {
    delivery_.path = "/webhooks/" + event;
    delivery_.body = body;
    delivery_.received_at = 1'772'409'600'000;
    auto read = ReadEvent(delivery_);
    ASSERT_TRUE(read) << read.error();
    event_ = *std::move(read);
    change_ = Project(event_, delivery_.received_at);
  }

  std::vector<std::string> Lost() const { return LostScalars(delivery_, event_, change_); }

  Delivery delivery_;
  Event event_;
  Change change_;
};

TEST_F(FoundAgainTest, FindsWhatStandsInColumnsRowsAndExtra) {
  Given("ContactCreate", R"({"id":"c1","firstName":"Ann","tags":["vip",""],"dnd":true,"odd":{"x":[1,null,"y"]}})");
  EXPECT_THAT(Lost(), IsEmpty());
}

TEST_F(FoundAgainTest, MissesAColumnThatIsNotSet) {
  Given("ContactCreate", R"({"id":"c1","firstName":"Ann"})");
  std::erase_if(change_.columns, [](const auto& set) { return set.cell == Cell(std::string("Ann")); });
  EXPECT_THAT(Lost(), ElementsAre(R"("Ann")"));
}

TEST_F(FoundAgainTest, MissesARowAndWhatIsLeftOver) {
  Given("ContactCreate", R"({"id":"c1","tags":["vip"],"odd":7.50})");
  change_.lists.clear();
  change_.extra.clear();
  EXPECT_THAT(Lost(), ElementsAre("7.5"));  // "vip" alone in its list would have been found

  Given("ContactCreate", R"({"id":"c1","odd":{"a":"b"}})");
  change_.extra.clear();
  EXPECT_THAT(Lost(), ElementsAre(R"("b")"));
}

TEST_F(FoundAgainTest, LetsTheLastOfTwoRowsWithOneKeyStand) {
  Given("OrderCreate", R"({"_id":"o1","items":[{"_id":"i","name":"first"},{"_id":"i","name":"second"}]})");
  EXPECT_THAT(Lost(), IsEmpty());
}

TEST_F(FoundAgainTest, LooksForNoSecret) {
  Given("VoiceAiCallEnd",
        R"({"id":"v1","executedCallActions":[{"actionParameters":{"headers":[{"key":"k","value":"secret"}]}}]})");
  EXPECT_THAT(Lost(), IsEmpty());
}

}  // namespace
}  // namespace crmsink
