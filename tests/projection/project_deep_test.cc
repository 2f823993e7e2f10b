// Lists in elements of lists, maps beside columns, lists that may be maps, and secrets.
#include <gtest/gtest.h>

#include "shown.h"

namespace crmsink {
namespace {

struct ProjectCase {
  std::string type, members, expected;
};

void Check(const std::vector<ProjectCase>& cases) {
  for (const ProjectCase& c : cases) {
    EXPECT_EQ(Shown(ChangeOf(c.type, c.members)), c.expected) << c.type << c.members.substr(0, 300);
  }
}

constexpr std::string_view kNoItems = "order_items | order_variants | order_options";

TEST(ProjectDeepTest, ListsInListsKnowTheirPlaces) {
  Check(
      {{"OrderCreate",
        R"("items":[{"name":"A","product":{"_id":"p","variants":[{"name":"v0","options":[{"name":"o0"},{"name":"o1"}]},)"
        R"({"name":"v1"}]}},{"product":{"variants":null}},{"product":null},)"
        R"({"name":"D","product":{"variants":[null,{"options":[{"name":"o"}]}]}}])",
        R"(order_items (0,"A","p") (1,NULL,NULL) (2,NULL,NULL) (3,"D",NULL) | )"
        R"(order_variants (0,0,"v0") (0,1,"v1") (3,0,NULL) (3,1,NULL) | )"
        R"(order_options (0,0,0,"o0") (0,0,1,"o1") (3,1,0,"o"))"},
       {"OrderCreate", R"("items":[])", std::string(kNoItems)},
       {"OrderCreate", R"("items":null)", std::string(kNoItems)},
       {"OrderCreate", R"("items":5)", std::string(kNoItems) + " | extra items=5"},
       {"OrderCreate", R"("items":{"name":"A"})", std::string(kNoItems) + R"( | extra items={"name":"A"})"}});
}

TEST(ProjectDeepTest, WhatIsLeftOverDeepDownKeepsItsPlace) {
  Check({{"OrderCreate",
          R"("items":[{"name":"A"},{"qty":2,"product":{"color":"red","variants":[{"name":"v"},)"
          R"({"options":[{"name":"o"},{"name":"p","x":[1.0]},{}]}]}}])",
          R"(order_items (0,"A",NULL) (1,NULL,NULL) | order_variants (1,0,"v") (1,1,NULL) | )"
          R"(order_options (1,1,0,"o") (1,1,1,"p") (1,1,2,NULL) | )"
          R"(extra items=[null,{"product":{"color":"red","variants":[null,{"options":[null,{"x":[1]}]}]},"qty":2}])"}});
}

TEST(ProjectDeepTest, AWrongFormDeepDownIsThatElementsOnly) {
  Check(
      {{"OrderCreate", R"("items":[{"product":{"variants":"v"}},{"product":{"variants":[{"name":"w","options":{}}]}}])",
        R"(order_items (0,NULL,NULL) (1,NULL,NULL) | order_variants (1,0,"w") | order_options | )"
        R"(extra items=[{"product":{"variants":"v"}},{"product":{"variants":[{"options":{}}]}}])"},
       {"OrderCreate", R"("items":[{"product":[{"_id":"p"}]},{"product":"p"}])",
        "order_items (0,NULL,NULL) (1,NULL,NULL) | order_variants | order_options | "
        R"(extra items=[{"product":[{"_id":"p"}]},{"product":"p"}])"}});
}

TEST(ProjectDeepTest, TooLongANestedListIsThatElementsOnly) {
  std::string many = "null";
  for (int i = 1; i < 10'001; ++i) many += ",null";
  Check({{"OrderCreate",
          R"("items":[{"name":"A","product":{"variants":[)" + many + R"(]}},{"product":{"variants":[{"name":"v"}]}}])",
          R"(order_items (0,"A",NULL) (1,NULL,NULL) | order_variants (1,0,"v") | order_options | )"
          R"(extra items=[{"product":{"variants":[)" +
              many + "]}}]"}});
}

TEST(ProjectDeepTest, AMapStandsBesideColumnsOfItsMembers) {
  Check({{"OrderCreate", R"("source":{"id":"s","meta":{"stepId":"t","n":null,"o":{"b":1,"a":2.0},"l":[],"e":""}})",
          R"(source_id="s" source_step_id="t" | order_meta ("e",NULL,NULL) ("l",NULL,[]) ("n",NULL,NULL) )"
          R"(("o",NULL,{"a":2,"b":1}) ("stepId","t","t"))"},
         {"OrderCreate", R"("source":{"meta":{"stepId":{"x":1}}})",
          R"(source_step_id=NULL | order_meta ("stepId",NULL,{"x":1}))"},
         {"OrderCreate", R"("source":{"meta":{}})", "order_meta"},
         {"OrderCreate", R"("source":{"id":"s"})", R"(source_id="s")"},
         {"OrderCreate", R"("source":{"meta":null})", "source_step_id=NULL | order_meta"},
         {"OrderCreate", R"("source":null)", "source_id=NULL source_step_id=NULL | order_meta"},
         {"OrderCreate", R"("source":"web")", R"(extra source="web")"},
         {"OrderCreate", R"("source":{"meta":"m"})", R"(order_meta | extra source={"meta":"m"})"},
         {"OrderCreate", R"("source":{"meta":{")" + std::string(256, 'k') + R"(":1,"a":2}})",
          R"(order_meta ("a","2",2) | extra source={"meta":{")" + std::string(256, 'k') + R"(":1}})"}});
}

TEST(ProjectDeepTest, AListWhereAMapStandsBesideColumnsIsAWrongForm) {
  Check({{"OrderCreate", R"("source":{"meta":["m"]})", R"(order_meta | extra source={"meta":["m"]})"}});
}

TEST(ProjectDeepTest, AChildMayBeAListOrAMap) {
  const std::string none = "record_properties";
  Check({{"RecordUpdate", R"("properties":[{"key":"b","valueString":"v","t":1},{"key":"a"},{"valueString":"w"}])",
          R"(record_properties (1,"a",NULL,{"key":"a"}) (0,"b","v",{"key":"b","t":1,"valueString":"v"}) | )"
          R"(extra properties=[null,null,{"valueString":"w"}])"},
         {"RecordUpdate", R"("properties":{"b":"v","a":{"k":1},"n":null,"l":[1]})",
          R"(record_properties (1,"a",NULL,{"k":1}) (0,"b","v","v") (3,"l",NULL,[1]) (2,"n",NULL,NULL))"},
         {"RecordUpdate", R"("properties":[])", none},
         {"RecordUpdate", R"("properties":{})", none},
         {"RecordUpdate", R"("properties":null)", none},
         {"RecordUpdate", R"("properties":"x")", R"(record_properties | extra properties="x")"},
         {"RecordUpdate", R"("properties":["x"])", R"(record_properties | extra properties=["x"])"},
         {"RecordUpdate", R"("owners":["a"],"owner":["a"])", R"(record_owners (0,"a"))"},
         {"RecordUpdate", R"("owners":["a"],"owner":["b"])", R"(record_owners (0,"a") | extra owner=["b"])"},
         {"RecordUpdate", R"("owner":["b"])", R"(record_owners (0,"b"))"}});
}

const std::string kTime = "occurred_at=or_time | ";

TEST(ProjectDeepTest, EachElementChoosesItsOwnPath) {
  Check({{"CallEnd",
          R"("actions":[{"actionName":"A","actionParameters":{"apiDetails":{"url":"u","parameters":[{"name":"p"}]},)"
          R"("parameters":[{"name":"other"}]}},{"actionParameters":{"parameters":[{"name":"q","example":"e"}]}},)"
          R"({"actionParameters":{"apiDetails":{"parameters":[{"name":"s"}]},"parameters":[{"name":"s"}]}},)"
          R"({"actionParameters":{"apiDetails":null,"parameters":[{"name":"r"}]}}])",
          kTime + R"(call_actions (0,"A",NULL,"u",NULL) (1,NULL,NULL,NULL,NULL) (2,NULL,NULL,NULL,NULL) )"
                  R"((3,NULL,NULL,NULL,NULL) | call_headers | )"
                  R"(call_parameters (0,0,"p",NULL) (1,0,"q","e") (2,0,"s",NULL) | )"
                  R"(extra actions=[{"actionParameters":{"parameters":[{"name":"other"}]}},null,null,)"
                  R"({"actionParameters":{"parameters":[{"name":"r"}]}}])"}});
}

TEST(ProjectDeepTest, WhatStandsBesideASecretIsNeverExtra) {
  Check({{"CallEnd", R"("auth":{"token":"SECRET","refresh":"SECRET"})", "token=NULL occurred_at=or_time"},
         {"CallEnd",
          R"("actions":[{"x":1,"actionParameters":{"y":2,"apiDetails":{"url":"u","authenticationValue":"SECRET",)"
          R"("apiKey":"SECRET","headers":[{"key":"k","value":"SECRET","raw":"SECRET"}]}}}])",
          kTime + R"(call_actions (0,NULL,NULL,"u",NULL) | call_headers (0,0,"k",NULL) | call_parameters | )"
                  R"(extra actions=[{"actionParameters":{"y":2},"x":1}])"},
         {"CallEnd", R"("actions":[{"actionParameters":{"apiDetails":{"headers":{"Authorization":"SECRET"}}}}])",
          kTime + "call_actions (0,NULL,NULL,NULL,NULL) | call_headers | call_parameters"},
         {"CallEnd", R"("actions":[{"actionParameters":{"apiDetails":{"headers":["Authorization: SECRET"]}}}])",
          kTime + "call_actions (0,NULL,NULL,NULL,NULL) | call_headers (0,0,NULL,NULL) | call_parameters"}});
}

// What stands where the object with the secret is expected may hold the secret as well.
TEST(ProjectDeepTest, AnotherFormInASecretsPlaceIsNeverExtra) {
  for (const char* auth : {R"("SECRET")", R"([{"token":"SECRET"}])"}) {
    Check({{"CallEnd", std::string(R"("auth":)") + auth, "occurred_at=or_time"}});
    const Change change =
        ChangeOf("CallEnd", std::string(R"("actions":[{"actionParameters":{"apiDetails":)") + auth + "}}]");
    EXPECT_EQ(Shown(change).find("SECRET"), std::string::npos) << Shown(change);
  }
}

TEST(ProjectDeepTest, NoFormOfTheListsAroundASecretBringsItToExtra) {
  std::string many = "null";
  for (int i = 1; i < 10'001; ++i) many += ",null";
  const std::string action = R"({"actionParameters":{"apiDetails":{"authenticationValue":"SECRET"}}})";
  const std::vector<std::string> forms = {
      action, "[[" + action + "]]", "[" + many + "," + action + "]",
      R"([{"actionParameters":[{"apiDetails":{"authenticationValue":"SECRET"}}]}])"};
  for (const std::string& actions : forms) {
    const std::string shown = Shown(ChangeOf("CallEnd", R"("actions":)" + actions));
    EXPECT_EQ(shown.find("SECRET"), std::string::npos) << actions.substr(0, 200);
  }
}

TEST(ProjectDeepTest, DataOfAMapIsTextAndJson) {
  Check({{"CallEnd", R"("extractedData":{"b":"x","a":1.50,"c":[1]})",
          kTime + R"(call_data ("a","1.50",1.5) ("b","x","x") ("c",NULL,[1]))"}});
}

}  // namespace
}  // namespace crmsink
