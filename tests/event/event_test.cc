// Ids, times and the envelope of an event.
#include "event/event.h"

#include <gtest/gtest.h>

#include "event_case.h"

namespace crmsink {
namespace {

// printf 'ContactUpdate\0{"id":"c1"}' | sha256sum, and so for each.
constexpr const char* kByPath = "2fc72afade5315ec68610ce1c56d43b1e9cb81b713895f8979254c3678818e5a";
constexpr const char* kByType = "1ea6ee96162f1591b0f122f57d2742b70a12cfb231cbd29510c34d356caf113c";
constexpr const char* kMessage = "6c554aa7135251e12d7579283b8ca15644291ae2964fb2facf83f860e985ee6e";
constexpr const char* kUnmapped = "b83f2db6efe75de025e55cdd478509042e484f78082947541ed275562d4b9ab8";
constexpr const char* kOtherCase = "30c0401359b9af608650b4fef405bc1beb2276d22293d4ca28ee65b178db9026";

std::string Contact(const std::string& members) { return R"({"type":"ContactUpdate","id":"c1",)" + members + "}"; }

TEST(EventIdTest, IsTheWebhookIdOrADigestOfNameAndBytes) {
  const struct {
    std::string body, path, id;
  } cases[] = {
      {Contact(R"("webhookId":"w1")"), "/webhooks", "w1"},
      {Contact(R"("webhookId":12.50)"), "/webhooks", "12.50"},
      {Contact(R"("webhookId":true)"), "/webhooks", "true"},
      {Contact(R"("webhookId":"a\u0000b")"), "/webhooks",
       "a\xEF\xBF\xBD"
       "b"},
      {R"({"id":"c1"})", "/webhooks/ContactUpdate", kByPath},
      {R"({"id":"c1"})", "/x/webhooks/contactupdate/", kByPath},
      {R"({"type":"ContactUpdate","id":"c1"})", "/webhooks", kByType},
      {R"({"type":"ContactUpdate","id":"c1"})", "/webhooks/ContactDelete", kByType},
      {R"( {"type":"contactupdate","id":"c1"})", "/webhooks", kOtherCase},
      {R"({"type":"InboundMessage"})", "/webhooks", kMessage},
      {R"({"type":"LATER"})", "/webhooks", kUnmapped},
  };
  for (const auto& c : cases) {
    const auto event = Read(c.body, c.path);
    ASSERT_TRUE(event) << c.body << event.error();
    EXPECT_EQ(event->event_id, c.id) << c.body;
  }
}

TEST(EventIdTest, WhatIsNoScalarIsNoWebhookId) {
  for (const char* none : {"null", "\"\"", "{\"a\":1}", "[\"w\"]", "[]"}) {
    const auto event = Read(Contact(std::string(R"("webhookId":)") + none));
    ASSERT_TRUE(event) << none;
    EXPECT_EQ(event->event_id.size(), 64u) << none;
    EXPECT_TRUE(event->is_timeless);
  }
}

TEST(EventIdTest, IsBoundedInBytes) {
  EXPECT_EQ(Read(Contact(R"("webhookId":")" + std::string(255, 'w') + '"'))->event_id.size(), 255u);
  const auto over = Read(Contact(R"("webhookId":")" + std::string(256, 'w') + '"'));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error(), "webhookId is over 255 bytes long");
  EXPECT_FALSE(Read(Contact(R"("webhookId":"w)" + std::string(254, 'w') + "\\u0000\"")));
  EXPECT_FALSE(Read(R"({"type":"LATER","webhookId":")" + std::string(256, 'w') + "\"}"));
}

TEST(EventIdTest, TheLogMayHaveDecidedIt) {
  const auto event = Read(R"({"type":"InboundMessage"})", "/webhooks", kArrival, "digest-2");
  EXPECT_EQ(event->event_id, "digest-2");
  EXPECT_EQ(event->entity_id, "digest-2");
}

TEST(EventIdTest, WhoHasNeitherIdNorTimeIsTimeless) {
  const struct {
    std::string body;
    bool is_timeless;
  } cases[] = {
      {R"({"type":"ContactUpdate","id":"c"})", true},
      {R"({"type":"ContactUpdate","id":"c","webhookId":"w"})", false},
      {R"({"type":"ContactUpdate","id":"c","timestamp":"2026-03-01"})", false},
      {R"({"type":"ContactUpdate","id":"c","timestamp":"never"})", true},
      {R"({"type":"ContactUpdate","id":"c","dateAdded":"2026-03-01"})", true},
      {R"({"type":"ContactCreate","id":"c","dateAdded":"2026-03-01"})", false},
      // A time beyond the clock is one of its own, although it does not count.
      {R"({"type":"ContactUpdate","id":"c","timestamp":"2099-03-01"})", false},
      // Keyed by its event id: every body is an entity of its own.
      {R"({"type":"InboundMessage"})", false},
      {R"({"type":"InboundMessage","messageId":"m"})", true},
  };
  for (const auto& c : cases) EXPECT_EQ(Read(c.body)->is_timeless, c.is_timeless) << c.body;
}

TEST(EntityIdTest, IsTheTextAtItsPath) {
  const struct {
    std::string body, id;
  } cases[] = {
      {R"({"type":"ContactUpdate","id":"c1"})", "c1"},
      {R"({"type":"ContactUpdate","id":1.0})", "1.0"},
      {R"({"type":"ContactUpdate","id":"c1","id":"c2"})", "c2"},
      {R"({"type":"ContactUpdate","id":"\ud800"})", "\xEF\xBF\xBD"},
      {R"({"type":"InvoicePaid","_id":"i1","id":"x"})", "i1"},
      {R"({"type":"InboundMessage","messageId":"m","emailMessageId":"e"})", "m"},
      {R"({"type":"InboundMessage","messageId":"","emailMessageId":"e","webhookId":"w"})", "w"},
      {R"({"type":"InboundMessage","messageId":{"a":1},"webhookId":"w"})", "w"},
      {R"({"type":"LCEmailStats","webhookId":"w","webhookPayload":{"id":"p"}})", "w"},
  };
  for (const auto& c : cases) EXPECT_EQ(Read(c.body)->entity_id, c.id) << c.body;
}

TEST(EntityIdTest, WithoutOneItIsNoEvent) {
  for (const char* id : {"", R"(,"id":null)", R"(,"id":"")", R"(,"id":{"a":1})", R"(,"id":["c"])"}) {
    const auto event = Read(std::string(R"({"type":"ContactUpdate","webhookId":"w")") + id + "}");
    ASSERT_FALSE(event) << id;
    EXPECT_EQ(event.error(), "ContactUpdate without the id of its entity");
  }
  EXPECT_EQ(Read(R"({"type":"ContactUpdate","id":")" + std::string(255, 'c') + "\"}")->entity_id.size(), 255u);
  const auto over = Read(R"({"type":"ContactUpdate","id":")" + std::string(256, 'c') + "\"}");
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error(), "the id of the entity is over 255 bytes long");
}

struct TimeCase {
  std::string body, occurred_at, sent_at;
};

void CheckTimes(const std::vector<TimeCase>& cases) {
  for (const TimeCase& c : cases) {
    const auto event = Read(c.body);
    ASSERT_TRUE(event) << c.body;
    EXPECT_EQ(FormatSqlTime(event->occurred_at), c.occurred_at) << c.body;
    EXPECT_EQ(Sql(event->sent_at), c.sent_at) << c.body;
  }
}

constexpr const char* kNow = "2026-03-02 00:00:00.000";

TEST(OccurredAtTest, IsTheFirstCandidateThatParses) {
  const std::string sent = R"("timestamp":"2026-03-01T12:00:00.5Z")", at = "2026-03-01 12:00:00.500";
  const auto create = [](const std::string& rest) { return R"({"type":"InvoiceCreate","_id":"i",)" + rest + "}"; };
  const auto update = [](const std::string& rest) { return R"({"type":"InvoiceUpdate","_id":"i",)" + rest + "}"; };
  const std::string created = R"(,"createdAt":"2026-01-01")", updated = R"(,"updatedAt":"2026-02-01")";
  CheckTimes({{create(sent + created + updated), "2026-02-01 00:00:00.000", at},
              {create(sent + created), at, at},
              {create(R"("timestamp":null)" + created), "2026-01-01 00:00:00.000", "none"},
              {update(R"("timestamp":null)" + created), kNow, "none"},
              {update(sent + R"(,"updatedAt":"soon")"), at, at},
              {update(sent + R"(,"updatedAt":null)"), at, at},
              {update(R"("updatedAt":1772323200)"), "2026-03-01 00:00:00.000", "none"},
              {update(R"("timestamp":1772323200000.9)"), "2026-03-01 00:00:00.000", "2026-03-01 00:00:00.000"},
              {update(R"("timestamp":"1772323200")"), kNow, "none"},
              {update(R"("timestamp":[1772323200])"), kNow, "none"},
              {R"({"type":"LCEmailStats","timestamp":"2026-03-01","webhookPayload":{"timestamp":1726212700.959}})",
               "2024-09-13 07:31:40.959", "2026-03-01 00:00:00.000"},
              {R"({"type":"LCEmailStats","timestamp":"2026-03-01","webhookPayload":null})", "2026-03-01 00:00:00.000",
               "2026-03-01 00:00:00.000"}});
}

TEST(OccurredAtTest, OfAShapeTheFirstCandidateAloneCounts) {
  CheckTimes({{R"({"contactId":"c","messageId":"m","dateAdded":"2026-01-01"})", kNow, "none"},
              {R"({"contactId":"c","messageId":"m","timestamp":"2026-01-02","dateAdded":"2026-01-01"})",
               "2026-01-02 00:00:00.000", "2026-01-02 00:00:00.000"},
              {R"({"invoiceNumber":1,"invoiceItems":[],"_id":"i","createdAt":"2026-01-01"})", kNow, "none"}});
}

TEST(OccurredAtTest, AnUnmappedEventHasItsTimestamp) {
  CheckTimes({{R"({"type":"LATER","timestamp":"2026-03-01"})", "2026-03-01 00:00:00.000", "2026-03-01 00:00:00.000"},
              {R"({"type":"LATER","updatedAt":"2026-03-01"})", kNow, "none"}});
}

TEST(OccurredAtTest, ATimeMoreThanFiveMinutesAheadIsTheArrivals) {
  const std::string later = "2026-03-02 00:05:00.000", over = "2026-03-02 00:05:00.001",
                    far = "9999-12-31 23:59:59.999";
  const auto invoice = [](const std::string& updated, const std::string& sent) {
    return R"({"type":"InvoiceUpdate","_id":"i","updatedAt":")" + updated + R"(","timestamp":")" + sent + "\"}";
  };
  CheckTimes({{invoice(later, kNow), later, kNow},
              {invoice(over, kNow), kNow, kNow},
              {invoice(far, "2026-03-01"), kNow, "2026-03-01 00:00:00.000"},
              {invoice("soon", over), kNow, over},
              {invoice("0001-01-01", kNow), "0001-01-01 00:00:00.000", kNow}});
}

TEST(EnvelopeTest, IsTextAsWritten) {
  const auto event = Read(R"({"type":"ContactUpdate","id":"c","locationId":"l","companyId":7.0,"appId":true,)"
                          R"("versionId":"","traceId":{"a":1}})");
  EXPECT_EQ(Shown(event->location_id), "l");
  EXPECT_EQ(Shown(event->agency_id), "7.0");
  EXPECT_EQ(Shown(event->app_id), "true");
  EXPECT_EQ(Shown(event->app_version_id), "none");
  EXPECT_EQ(Shown(event->trace_id), "none");
  const auto unmapped = Read(R"({"type":"LATER","locationId":"l","traceId":"t","versionId":"v","appId":"a"})");
  EXPECT_EQ(Shown(unmapped->location_id) + Shown(unmapped->trace_id) + Shown(unmapped->app_version_id) +
                Shown(unmapped->app_id) + Shown(unmapped->agency_id),
            "ltvanone");
  EXPECT_EQ(unmapped->entity, nullptr);
  EXPECT_EQ(unmapped->entity_id, "");
}

TEST(EnvelopeTest, AnInvoicesLocationMayBeItsAltId) {
  const auto location = [](const std::string& members) {
    return Shown(Read(R"({"type":"InvoicePaid","_id":"i",)" + members + "}")->location_id);
  };
  EXPECT_EQ(location(R"("altId":"l","altType":"location")"), "l");
  EXPECT_EQ(location(R"("altId":"l","altType":"Location")"), "none");
  EXPECT_EQ(location(R"("altId":"l")"), "none");
  EXPECT_EQ(location(R"("locationId":"x","altId":"l","altType":"location")"), "x");
}

TEST(ReadEventTest, SaysWhyABodyIsNoJson) {
  const std::string deep = R"({"type":"LATER","x":)" + std::string(127, '[') + std::string(127, ']') + "}";
  EXPECT_TRUE(Read(deep));
  const auto deeper = Read(R"({"type":"LATER","x":)" + std::string(128, '[') + std::string(128, ']') + "}");
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error(), "the body is not usable JSON: it is nested deeper than 128");
  EXPECT_TRUE(Read("\xEF\xBB\xBF{\"type\":\"LATER\"}"));
}

TEST(ReadEventTest, GivesTheSameForTheSame) {
  const std::string body = R"({"type":"InboundMessage","to":["a"]})";
  const auto one = Read(body), two = Read(body);
  EXPECT_EQ(one->event_id, two->event_id);
  EXPECT_EQ(one->occurred_at, two->occurred_at);
  EXPECT_EQ(Read(body, "/webhooks", kArrival + 1)->event_id, one->event_id);
}

}  // namespace
}  // namespace crmsink
