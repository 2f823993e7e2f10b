#include "replay/differences.h"

#include "../storage/store_case.h"

namespace crmsink {
namespace {

// c1 and c2 as they came, c1's row then spoilt.
class DifferencesTest : public StoreCase {
 protected:
  DifferencesTest() {
    Commit({Contact(1, "c1", "Ann"), Contact(2, "c2", "Ben")});
    Exec("UPDATE contacts_all SET first_name = 'Zoe' WHERE id = 'c1'");
  }

  static std::string Contact(int n, const std::string& id, const std::string& name) {
    return R"({"type":"ContactUpdate","locationId":"l1","webhookId":"w)" + std::to_string(n) + R"(","id":")" + id +
           R"(","timestamp":"2026-03-01T00:00:0)" + std::to_string(n) + R"(Z","firstName":")" + name + "\"}";
  }

  std::vector<Correction> Find() {
    const auto reading = store_->Begin(Store::Mode::kRead);
    return *DifferencesOf(**reading, keys_);
  }

  // How many were wrong still.
  std::size_t Write(const std::vector<Correction>& differences) {
    const auto writing = store_->Begin(Store::Mode::kWrite);
    const auto written = WriteStates(**writing, differences);
    EXPECT_TRUE(written) << written.error().message;
    EXPECT_TRUE((*writing)->Commit());
    return written.value_or(0);
  }

  const std::vector<EntityKey> keys_ = {{"Contact", "c1"}, {"Contact", "c2"}};
};
CRMSINK_ON_EACH_BACKEND(DifferencesTest);

TEST_P(DifferencesTest, OnlyWhatIsWrongIsFoundAndWritten) {
  const auto found = Find();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].key.id, "c1");
  EXPECT_EQ(found[0].events, 1);
  EXPECT_EQ(Write(found), 1u);
  EXPECT_EQ(Select("SELECT id, first_name FROM contacts ORDER BY id"), "c1,Ann c2,Ben");
  EXPECT_TRUE(Find().empty());
}

TEST_P(DifferencesTest, WhatCameBetweenReadingAndWritingIsNotLost) {
  const auto found = Find();
  Commit({Contact(3, "c1", "Cleo"), Contact(4, "c1", "Dora")});
  Write(found);
  EXPECT_EQ(Select("SELECT id, first_name, last_event_id FROM contacts ORDER BY id"), "c1,Dora,w4 c2,Ben,w2");
}

TEST_P(DifferencesTest, WhatIsRightByNowIsLeftAlone) {
  const auto found = Find();
  Exec("UPDATE contacts_all SET first_name = 'Ann' WHERE id = 'c1'");
  EXPECT_EQ(Write(found), 0u);
}

}  // namespace
}  // namespace crmsink
