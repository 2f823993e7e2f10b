// Lists and maps of one level.
#include <gtest/gtest.h>

#include <algorithm>

#include "shown.h"

namespace crmsink {
namespace {

struct ProjectCase {
  std::string type, members, expected;
};

void Check(const std::vector<ProjectCase>& cases) {
  for (const ProjectCase& c : cases) {
    EXPECT_EQ(Shown(ChangeOf(c.type, c.members)), c.expected) << c.type << c.members.substr(0, 200);
  }
}

// `n` elements, joined by commas.
std::string Many(std::size_t n, const std::string& element) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += (i > 0 ? "," : "") + element;
  return text;
}

TEST(ProjectListTest, AListReplacesItsRowsAndNothingClearsThem) {
  Check({{"ContactUpdate", R"("tags":["b","a"])", R"(contact_tags (1,"a") (0,"b"))"},
         {"ContactUpdate", R"("tags":[])", "contact_tags"},
         {"ContactUpdate", R"("tags":null)", "contact_tags"},
         {"ContactUpdate", R"("tags":"")", "contact_tags"}});
}

TEST(ProjectListTest, AWrongFormClearsTheRowsAndIsExtra) {
  for (const char* form : {R"("vip")", "5", "true", R"({"a":"b"})", "{}"}) {
    Check({{"ContactUpdate", std::string(R"("tags":)") + form, std::string("contact_tags | extra tags=") + form}});
  }
}

TEST(ProjectListTest, OfARepeatedKeyTheLastElementWins) {
  Check({{"ContactUpdate", R"("tags":["a","b","a"])", R"(contact_tags (2,"a") (1,"b"))"},
         {"ContactUpdate", R"("tags":[1,"1",1.0])", R"(contact_tags (1,"1") (2,"1.0"))"},
         {"ContactUpdate",
          R"("customFields":[{"id":"f","value":"a","y":1},{"value":"no id"},{"id":"f","value":{"k":1.0},"z":2}])",
          R"(contact_custom_fields (2,"f",NULL,{"k":1}) | extra customFields=[{"y":1},{"value":"no id"},{"z":2}])"}});
}

TEST(ProjectListTest, AnElementWithoutItsKeyIsExtraInItsPlace) {
  const std::string longest(255, 't');
  Check(
      {{"ContactUpdate", R"("tags":["a",{"x":1},"b"])", R"(contact_tags (0,"a") (2,"b") | extra tags=[null,{"x":1}])"},
       {"ContactUpdate", R"("tags":["a",["x"],true])", R"(contact_tags (0,"a") (2,"true") | extra tags=[null,["x"]])"},
       {"ContactUpdate", R"("tags":["a",null,"",{}])", R"(contact_tags (0,"a") | extra tags=[null,null,"",{}])"},
       {"ContactUpdate", R"("tags":[")" + longest + R"(",")" + longest + R"(t"])",
        R"(contact_tags (0,")" + longest + R"(") | extra tags=[null,")" + longest + R"(t"])"},
       {"ContactUpdate", R"("customFields":[5,{"id":null,"value":1},{"id":7,"value":1}])",
        R"(contact_custom_fields (2,"7","1",1) | extra customFields=[5,{"id":null,"value":1}])"}});
}

TEST(ProjectListTest, UnderAPositionKeyEveryElementIsARow) {
  const std::string time = "created_at=or_time | ";
  Check({{"InboundMessage", R"("mentions":["u",null,5,{"id":"u"},["u"]])",
          time + R"(message_mentions (0,"u") (1,NULL) (2,"5") (3,NULL) (4,NULL) )"
                 R"(| extra mentions=[null,null,null,{"id":"u"},["u"]])"},
         {"InvoiceUpdate", R"("invoiceItems":[null,{"name":"x","qty":"2","z":null},5,{"qty":"two"},{}])",
          R"(invoice_items (0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL) (1,NULL,NULL,NULL,"x",NULL,NULL,2,NULL) )"
          "(2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL) (3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL) "
          "(4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL) | invoice_item_taxes | "
          R"(extra invoiceItems=[null,{"z":null},5,{"qty":"two"}])"}});
}

TEST(ProjectListTest, AnElementMayBeAScalarOrAnObject) {
  Check(
      {{"ContactUpdate", R"("attachments":["u1",{"url":"u2","b":1,"a":2},{"x":1},7,null])",
        R"(contact_attachments (0,"u1",NULL) (1,"u2",{"a":2,"b":1,"url":"u2"}) (2,NULL,{"x":1}) (3,"7",7) (4,NULL,NULL))"},
       {"ContactUpdate", R"("attachments":[["u"]])", R"(contact_attachments (0,NULL,["u"]))"}});
}

TEST(ProjectListTest, AValueIsTextAndJson) {
  Check(
      {{"ContactUpdate",
        R"("customFields":[{"id":"a","value":"x"},{"id":"b","value":1.50},{"id":"c","value":null},{"id":"d"},)"
        R"({"id":"e","value":[]}])",
        R"(contact_custom_fields (0,"a","x","x") (1,"b","1.50",1.5) (2,"c",NULL,NULL) (3,"d",NULL,NULL) (4,"e",NULL,[]))"}});
}

TEST(ProjectListTest, WhereAScalarMayStandForAListItIsOneElement) {
  const std::string time = " created_at=or_time | ";
  const std::string to = R"(to_address="a")" + time;
  Check(
      {{"InboundMessage", R"("to":"a")", to + R"(message_recipients/to (0,"to","a"))"},
       {"InboundMessage", R"("to":5)", R"(to_address="5")" + time + R"(message_recipients/to (0,"to","5"))"},
       {"InboundMessage", R"("cc":true)", "created_at=or_time | message_recipients/cc (0,\"cc\",\"true\")"},
       {"InboundMessage", R"("to":["a","b"])", to + R"(message_recipients/to (0,"to","a") (1,"to","b"))"},
       {"InboundMessage", R"("to":[])", "to_address=NULL" + time + "message_recipients/to"},
       {"InboundMessage", R"("to":null)", "to_address=NULL" + time + "message_recipients/to"},
       {"InboundMessage", R"("to":{"a":1})", "to_address=NULL" + time + R"(message_recipients/to | extra to={"a":1})"},
       {"InboundMessage", R"("to":[{"a":1},"b"])",
        "to_address=NULL" + time + R"(message_recipients/to (0,"to",NULL) (1,"to","b") | extra to=[{"a":1}])"}});
}

TEST(ProjectListTest, GroupsStandAloneAndTakeTheirFirstMember) {
  const std::string time = "created_at=or_time | ";
  Check({{"InboundMessage", R"("bcc":["x"],"cc":["y"])",
          time + R"(message_recipients/bcc (0,"bcc","x") | message_recipients/cc (0,"cc","y"))"},
         {"InboundMessage", R"("cc":["y"],"ccList":["x"])",
          time + R"(message_recipients/cc (0,"cc","x") | extra cc=["y"])"},
         {"InboundMessage", R"("cc":"x","ccList":["x"])", time + R"(message_recipients/cc (0,"cc","x"))"},
         {"InboundMessage", R"("cc":["x"],"ccList":null)", time + R"(message_recipients/cc | extra cc=["x"])"},
         {"InboundMessage", R"("cc":[],"ccList":null)", time + "message_recipients/cc"},
         {"InboundMessage", R"("cc":{"o":1},"ccList":["x"])",
          time + R"(message_recipients/cc (0,"cc","x") | extra cc={"o":1})"}});
}

TEST(ProjectListTest, AListThatAColumnReadsTooIsTakenByTheRows) {
  const std::string to = R"(to_address="a" created_at=or_time | message_recipients/to (0,"to","a"))";
  Check({{"InboundMessage", R"("to":"a","emailTo":"a")", to},
         {"InboundMessage", R"("to":"a","emailTo":["a"])", to},
         {"InboundMessage", R"("to":"a","emailTo":["a","b"])", to + R"( | extra emailTo=["a","b"])"},
         {"InboundMessage", R"("to":"a","phone":"a")", to},
         {"InboundMessage", R"("to":"a","phone":"b")", to + R"( | extra phone="b")"}});
}

TEST(ProjectListTest, WhereAStringMayHoldTheListAnotherStringIsAWrongForm) {
  Check({{"ContactUpdate", R"("attachments":"[\"u1\",{\"url\":\"u2\"}]")",
          R"(contact_attachments (0,"u1",NULL) (1,"u2",{"url":"u2"}))"},
         {"ContactUpdate", R"("attachments":" [ ] ")", "contact_attachments"},
         {"ContactUpdate", R"("attachments":"")", "contact_attachments"},
         {"ContactUpdate", R"("attachments":"u1")", R"(contact_attachments | extra attachments="u1")"},
         {"ContactUpdate", R"("attachments":"[1")", R"(contact_attachments | extra attachments="[1")"},
         {"ContactUpdate", R"("attachments":"[1] [2]")", R"(contact_attachments | extra attachments="[1] [2]")"},
         {"ContactUpdate", R"("attachments":"{}")", R"(contact_attachments | extra attachments="{}")"},
         {"ContactUpdate", R"("attachments":"null")", R"(contact_attachments | extra attachments="null")"},
         {"ContactUpdate", R"("tags":"[\"a\"]")", R"(contact_tags | extra tags="[\"a\"]")"}});
}

TEST(ProjectListTest, AMapGivesARowPerMember) {
  Check(
      {{"ContactUpdate", R"("dndSettings":{"SMS":{"status":"active","code":7,"x":1},"Call":{},"Email":{"message":""}})",
        R"(contact_dnd_settings ("Call",NULL,NULL,NULL) ("Email",NULL,NULL,NULL) ("SMS","active",NULL,"7") )"
        R"(| extra dndSettings={"SMS":{"x":1}})"},
       {"ContactUpdate", R"("dndSettings":{"SMS":{"status":"a"},"SMS":{"status":"b"}})",
        R"(contact_dnd_settings ("SMS","b",NULL,NULL))"},
       {"ContactUpdate", R"("dndSettings":{"":{"status":"a"},"SMS":{}})",
        R"(contact_dnd_settings ("SMS",NULL,NULL,NULL) | extra dndSettings={"":{"status":"a"}})"},
       {"ContactUpdate", R"("dndSettings":{})", "contact_dnd_settings"},
       {"ContactUpdate", R"("dndSettings":null)", "contact_dnd_settings"},
       {"ContactUpdate", R"("dndSettings":"off")", R"(contact_dnd_settings | extra dndSettings="off")"}});
}

TEST(ProjectListTest, AListWhereAMapIsDeclaredIsAWrongForm) {
  Check({{"ContactUpdate", R"("dndSettings":[])", "contact_dnd_settings | extra dndSettings=[]"},
         {"ContactUpdate", R"("dndSettings":[{"status":"a"},5])",
          R"(contact_dnd_settings | extra dndSettings=[{"status":"a"},5])"}});
}

TEST(ProjectListTest, AMemberThatIsNoObjectIsExtraWhereTheColumnsWantMembers) {
  Check({{"ContactUpdate", R"("dndSettings":{"SMS":"on","Call":{"status":"a"},"Email":null})",
          R"(contact_dnd_settings ("Call","a",NULL,NULL) | extra dndSettings={"Email":null,"SMS":"on"})"}});
}

TEST(ProjectListTest, TooLongAMapIsExtraAsAWhole) {
  std::string members;
  for (int i = 10'000; i < 20'001; ++i) members += (i > 10'000 ? ",\"k" : "\"k") + std::to_string(i) + "\":{}";
  const Change change = ChangeOf("ContactUpdate", R"("dndSettings":{)" + members + "}");
  ASSERT_EQ(change.lists.size(), 1u);
  EXPECT_EQ(change.lists[0].rows.size(), 0u);
  const auto left = std::find_if(change.extra.begin(), change.extra.end(),
                                 [](const auto& set) { return set.member == "dndSettings"; });
  ASSERT_NE(left, change.extra.end());
  EXPECT_TRUE(left->left_over == "{" + members + "}");
}

TEST(ProjectListTest, TooLongAListIsExtraAsAWhole) {
  const std::string most = Many(10'000, "null"), more = Many(10'001, "null");
  EXPECT_EQ(ChangeOf("InboundMessage", R"("mentions":[)" + most + "]").lists.at(0).rows.size(), 10'000u);
  Check({{"InboundMessage", R"("mentions":[)" + more + "]",
          "created_at=or_time | message_mentions | extra mentions=[" + more + "]"},
         {"ContactUpdate", R"("attachments":"[)" + more + R"(]")",
          R"(contact_attachments | extra attachments="[)" + more + R"(]")"}});
}

TEST(ProjectListTest, RowsAreSortedByBytesWhateverTheirOrder) {
  Check({{"ContactUpdate", R"("tags":["\u00e9","b","B","a"])",
          "contact_tags (2,\"B\") (3,\"a\") (1,\"b\") (0,\"\xC3\xA9\")"}});
  std::string members = R"("mentions":[)" + Many(12, "\"u\"") + "]";
  const Change change = ChangeOf("InboundMessage", members);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(change.lists.at(0).rows[i][1], Cell(static_cast<std::int64_t>(i)));
}

}  // namespace
}  // namespace crmsink
