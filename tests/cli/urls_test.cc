#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command_case.h"
#include "entities/catalog.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

using UrlsTest = CommandCase;

TEST_F(UrlsTest, PrintsAUrlForEveryEvent) {
  ASSERT_EQ(Call({"urls", "--base", "https://crm.example.com"}), kDone);
  EXPECT_THAT(err_, IsEmpty());
  std::size_t events = 0;
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      ++events;
      const std::string name(event.name);
      EXPECT_THAT(out_, HasSubstr("\n" + name + ",https://crm.example.com/webhooks/" + name + ","));
    }
  }
  EXPECT_EQ(events, 77u);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 78);
  EXPECT_THAT(out_, HasSubstr("ContactCreate,https://crm.example.com/webhooks/ContactCreate,contacts.readonly,"
                              "documented,contacts\r\n"));
  EXPECT_THAT(out_, HasSubstr("/ContactUpdate,contacts.readonly,by analogy,contacts\r\n"));
  EXPECT_THAT(out_, HasSubstr("/ProviderOutboundMessage,conversations/message.write,documented,messages\r\n"));
  EXPECT_THAT(out_, HasSubstr("/InboundMessage,conversations/message.readonly,documented,messages\r\n"));
  EXPECT_THAT(out_, HasSubstr("/PlanChange,,not known,plan_changes\r\n"));
}

TEST_F(UrlsTest, EverySpellingOfTheBaseGivesTheSame) {
  ASSERT_EQ(Call({"urls", "--base", "https://crm.example.com/in"}), kDone);
  const std::string expected = out_;
  EXPECT_THAT(expected, HasSubstr("https://crm.example.com/in/webhooks/NoteCreate,"));
  for (const char* base :
       {"https://crm.example.com/in/", "https://crm.example.com/in/webhooks", "https://crm.example.com/in/webhooks/"}) {
    ASSERT_EQ(Call({"urls", "--base", base}), kDone);
    EXPECT_EQ(out_, expected) << base;
    EXPECT_THAT(err_, IsEmpty());
  }
}

TEST_F(UrlsTest, WarnsOfABaseThatHighLevelCannotUse) {
  const auto warning = [this](const char* base) {
    EXPECT_EQ(Call({"urls", "--base", base}), kDone) << base;
    return err_;
  };
  EXPECT_THAT(warning("http://crm.example.com"), HasSubstr("warning: the base is http://: HighLevel asks for HTTPS"));
  EXPECT_THAT(warning("https://crm.example.com/?a=b"), HasSubstr("a query or a fragment, ?a=b: it is left out"));
  EXPECT_THAT(out_, HasSubstr(",https://crm.example.com/webhooks/NoteCreate,"));
  EXPECT_THAT(warning("https://localhost"), HasSubstr("HighLevel cannot reach localhost"));
  EXPECT_THAT(warning("https://crm.example.com:8443"), HasSubstr("a port of its own"));
  EXPECT_THAT(warning("https://crm.example.com:443"), IsEmpty());
  EXPECT_THAT(warning("https://[2001:db8::1]"), IsEmpty());
}

TEST_F(UrlsTest, RefusesWhatIsNoBase) {
  for (const char* base : {"", "crm.example.com", "ftp://crm.example.com", "https://", "https:///", "https://a b"}) {
    EXPECT_EQ(Call({"urls", "--base", base}), kWrongUse) << base;
    EXPECT_THAT(out_, IsEmpty());
  }
}

TEST_F(UrlsTest, ScopesAreListedWithTheirEvents) {
  ASSERT_EQ(Call({"urls", "--scopes"}), kDone);
  EXPECT_THAT(out_, HasSubstr("\ncampaigns.readonly,CampaignStatusUpdate\r\n"));
  EXPECT_THAT(out_, HasSubstr("\nconversations/message.write,ProviderOutboundMessage\r\n"));
}

}  // namespace
}  // namespace crmsink
