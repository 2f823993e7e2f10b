// What declarations can say that none of the entities says yet.
#include <gtest/gtest.h>

#include "event_case.h"
#include "projection/test_catalog.h"

namespace crmsink {
namespace {

TEST(DeclaredEventTest, AliasesAreNames) {
  EXPECT_EQ(Resolved(R"({"type":"install","appId":"a","locationId":"l"})"), "AppInstall AppInstall create 0");
  EXPECT_EQ(Resolved(R"({"appId":"a","locationId":"l"})", "/webhooks/REMOVE"), "AppUninstall AppInstall delete 3");
  EXPECT_EQ(Resolved(R"({"appId":"a"})", "/webhooks/UNINSTALL|REMOVE"),
            "[neither `type`, nor the path, nor the shape tells which event this is]");
}

TEST(DeclaredEventTest, AnIdMayBeMadeOfParts) {
  const auto id = [](const std::string& members) {
    const auto event = Read(R"({"type":"INSTALL",)" + members + "}");
    return event ? event->entity_id : "[" + event.error() + "]";
  };
  const std::string none = "[AppInstall without the id of its entity]";
  EXPECT_EQ(id(R"("appId":"a","locationId":"l","companyId":"c")"), "a:l");
  EXPECT_EQ(id(R"("appId":"a","companyId":"c")"), "a:c");
  EXPECT_EQ(id(R"("appId":"a","locationId":null,"companyId":"c")"), "a:c");
  EXPECT_EQ(id(R"("appId":"a","locationId":"","companyId":"c")"), "a:c");
  EXPECT_EQ(id(R"("appId":5,"locationId":6)"), "5:6");
  EXPECT_EQ(id(R"("appId":"a")"), none);
  EXPECT_EQ(id(R"("locationId":"l")"), none);
  EXPECT_EQ(id(R"("appId":{"a":1},"locationId":"l")"), none);
  EXPECT_EQ(id(R"("appId":")" + std::string(253, 'a') + R"(","locationId":"l")").size(), 255u);
  EXPECT_EQ(id(R"("appId":")" + std::string(254, 'a') + R"(","locationId":"l")"),
            "[the id of the entity is over 255 bytes long]");
}

TEST(DeclaredEventTest, AMemberMaySayWhatTheEventDoes) {
  const auto asset = [](const std::string& members) {
    return Resolved(R"({"type":"AssetChange","id":"a",)" + members + "}").substr(sizeof "AssetChange Asset " - 1);
  };
  EXPECT_EQ(asset(R"("x":1)"), "update 2");
  EXPECT_EQ(asset(R"("action":"created")"), "create 0");
  EXPECT_EQ(asset(R"("action":"updated")"), "update 1");
  EXPECT_EQ(asset(R"("action":"deleted")"), "delete 3");
  EXPECT_EQ(asset(R"("action":"archived")"), "update 2");
  EXPECT_EQ(asset(R"("action":null)"), "update 2");
  EXPECT_EQ(asset(R"("action":["deleted"])"), "update 2");
  EXPECT_EQ(asset(R"("action":"updated","deleted":true)"), "delete 3");
  EXPECT_EQ(asset(R"("action":"deleted","deleted":false)"), "delete 3");
}

TEST(DeclaredEventTest, AMemberMaySayThatTheRowIsGoneOrBack) {
  const struct {
    std::string deleted, resolved;
    bool brings_back;
  } cases[] = {{"true", "ConversationUnread Conversation delete 3", false},
               {R"("true")", "ConversationUnread Conversation delete 3", false},
               {"false", "ConversationUnread Conversation update 1", true},
               {R"("false")", "ConversationUnread Conversation update 1", true},
               {"null", "ConversationUnread Conversation update 1", false},
               {"1", "ConversationUnread Conversation update 1", false},
               {R"("yes")", "ConversationUnread Conversation update 1", false}};
  for (const auto& c : cases) {
    const std::string body = R"({"type":"ConversationUnread","id":"c","deleted":)" + c.deleted + "}";
    EXPECT_EQ(Resolved(body), c.resolved) << body;
    EXPECT_EQ(Read(body)->brings_back, c.brings_back) << body;
  }
  EXPECT_FALSE(Read(R"({"type":"AssetChange","id":"a","action":"deleted","deleted":false})")->brings_back);
}

TEST(DeclaredEventTest, ALocationIsItsOwn) {
  EXPECT_EQ(Shown(Read(R"({"type":"LocationUpdate","id":"l","locationId":"x"})")->location_id), "l");
  EXPECT_EQ(Shown(Read(R"({"type":"OrderCreate","_id":"o","altId":"l"})")->location_id), "l");
}

TEST(DeclaredEventTest, ABodyTypeOfTwoEntitiesIsTakenWhereOneShapeFits) {
  EXPECT_EQ(Resolved(R"({"type":"parcel","properties":[],"owners":[],"id":"r"})"), "RecordUpdate Record update 1");
  EXPECT_EQ(Resolved(R"({"type":"SMS","properties":[],"owners":[],"id":"r"})"), "RecordUpdate Record update 1");
  EXPECT_EQ(Resolved(R"({"type":"SMS","contactId":"c","messageId":"m"})"), "ProviderOutboundMessage Message create 0");
  EXPECT_EQ(Resolved(R"({"type":"SMS","contactId":"c","messageId":"m","properties":[],"owners":[],"id":"r"})"),
            "SMS - update 1");
  EXPECT_EQ(Resolved(R"({"type":"parcel","id":"r"})"), "parcel - update 1");
}

TEST(DeclaredEventTest, AShapeWithoutAGeneralUpdateIsTheEntityByName) {
  EXPECT_EQ(Resolved(R"({"fulfillmentStatus":"f","items":[],"_id":"o"})"), "Order Order update 1");
  const auto event = Read(R"({"fulfillmentStatus":"f","items":[],"_id":"o","updatedAt":"2026-01-01"})");
  EXPECT_EQ(FormatSqlTime(event->occurred_at), "2026-01-01 00:00:00.000");
  EXPECT_EQ(Resolved(R"({"agentId":"a","fromNumber":"1","id":"c"})"), "CallEnd Call fact 0");
}

}  // namespace
}  // namespace crmsink
