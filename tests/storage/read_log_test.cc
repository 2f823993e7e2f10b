// What walks through the log reads of it.
#include "store_case.h"

namespace crmsink {
namespace {

using ReadLogTest = StoreCase;
CRMSINK_ON_EACH_BACKEND(ReadLogTest);

std::string Contact(int n, const std::string& id, std::size_t bytes = 0) {
  return R"({"type":"ContactUpdate","locationId":"l1","webhookId":"w)" + std::to_string(n) + R"(","id":")" + id +
         R"(","timestamp":"2026-03-01T00:00:0)" + std::to_string(n) + R"(Z","note":")" + std::string(bytes, 'x') +
         "\"}";
}

TEST_P(ReadLogTest, SaysWhatWasDerived) {
  const std::string body =
      R"({"type":"ContactUpdate","locationId":"l1","companyId":"a1","appId":"p1","versionId":"v1","traceId":"t1",)"
      R"("webhookId":"w1","id":"c1","timestamp":"2026-03-01T00:00:01.500Z"})";
  Commit({body, R"({"type":"LATER","webhookId":"w2"})"});
  const auto reading = store_->Begin(Store::Mode::kRead);
  const auto log = (*reading)->LogAfter(0, 10);
  ASSERT_TRUE(log) << log.error().message;
  ASSERT_EQ(log->size(), 2u);
  EXPECT_EQ((*log)[0].derived.type, "ContactUpdate");
  EXPECT_EQ((*log)[0].derived.agency_id, "a1");
  EXPECT_EQ((*log)[0].derived.trace_id, "t1");
  EXPECT_EQ((*log)[1].derived.location_id, std::nullopt);
  for (const LoggedEvent& logged : *log) {
    EXPECT_TRUE(IsDerivedAs(logged, *ReadEvent(logged.delivery, logged.event_id))) << logged.event_id;
  }
  Event other = *ReadEvent((*log)[0].delivery, "w1");
  other.trace_id.reset();
  EXPECT_FALSE(IsDerivedAs((*log)[0], other));
  EXPECT_FALSE(IsDerivedAs((*log)[1], other));
}

TEST_P(ReadLogTest, ComesInSlicesOfSomeEvents) {
  Commit({Contact(1, "c1"), Contact(2, "c2"), R"({"type":"LATER","webhookId":"w3"})", Contact(4, "c1")});
  const auto reading = store_->Begin(Store::Mode::kRead);
  const auto log = (*reading)->LogAfter(1, 2);
  ASSERT_EQ(log->size(), 2u);
  EXPECT_EQ(log->front().seq, 2);
  EXPECT_TRUE((*reading)->LogAfter(4, 2)->empty());

  const auto keys = (*reading)->KeysAfter(1, 10);
  ASSERT_EQ(keys->size(), 3u);
  EXPECT_EQ((*keys)[0].key, (EntityKey{"Contact", "c2"}));
  EXPECT_EQ((*keys)[1].key, EntityKey{});
  EXPECT_EQ((*keys)[2].seq, 4);
  EXPECT_EQ((*reading)->KeysAfter(0, 1)->size(), 1u);

  const EntityKey counted[] = {{"Contact", "c1"}, {"Contact", "c2"}, {"Contact", "c3"}, {"Invoice", "c1"}};
  EXPECT_EQ(*(*reading)->CountOf(counted), (std::vector<std::int64_t>{2, 1, 0, 0}));
}

// A log of large bodies is never in memory as a whole.
TEST_P(ReadLogTest, ComesInSlicesOfSomeBytes) {
  const std::size_t third = kLogSliceBytes / 3 + 1;
  for (int n = 1; n <= 4; ++n) Commit({Contact(n, "c1", third)});
  Commit({Contact(5, "c1", kLogSliceBytes + 1)});
  const auto reading = store_->Begin(Store::Mode::kRead);
  EXPECT_EQ((*reading)->LogAfter(0, 100)->size(), 3u);
  EXPECT_EQ((*reading)->LogAfter(3, 100)->size(), 2u);
  const auto last = (*reading)->LogAfter(4, 100);
  ASSERT_EQ(last->size(), 1u);
  EXPECT_GT(last->front().delivery.body.size(), kLogSliceBytes);
}

}  // namespace
}  // namespace crmsink
