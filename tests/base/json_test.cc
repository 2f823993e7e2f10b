#include "base/json.h"

#include <gtest/gtest.h>

#include <random>

namespace crmsink::json {
namespace {

// Its canonical form; "bad" where it is no document.
std::string Read(std::string_view text) {
  const auto document = Document::Parse(text);
  if (!document) {
    EXPECT_EQ(document.error().code, ErrorCode::kInvalid);
    EXPECT_NE(document.error().message, "");
    return "bad";
  }
  return Canonical(document->root());
}

std::string Nested(std::size_t depth, std::string_view inner = "") {
  return std::string(depth, '[') + std::string(inner) + std::string(depth, ']');
}

TEST(JsonTest, ReadsObjectsAndLists) {
  const struct {
    std::string text, canonical;
  } cases[] = {{"{}", "{}"},
               {"[]", "[]"},
               {" \t\r\n{ \"a\" : [ 1 , true , false , null , \"x\" ] } \n", R"({"a":[1,true,false,null,"x"]})"},
               {R"({"b":1,"a":2,"B":3,"":4})", R"({"":4,"B":3,"a":2,"b":1})"},
               {R"([{},[],[[]]])", "[{},[],[[]]]"},
               {"\xEF\xBB\xBF{\"a\":1}", R"({"a":1})"},
               {R"(["\u0041\n\t\r\b\f\"\\\/"])", R"(["A\n\t\r\b\f\"\\/"])"},
               {R"(["\u001f\u007f"])", "[\"\\u001f\x7F\"]"},
               {R"(["\u00e9\u20AC\ud83d\ude00"])", "[\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"]"},
               {"[\"\xC3\xA9\xF4\x8F\xBF\xBF\"]", "[\"\xC3\xA9\xF4\x8F\xBF\xBF\"]"}};
  for (const auto& c : cases) EXPECT_EQ(Read(c.text), c.canonical) << c.text;
}

TEST(JsonTest, RefusesWhatIsNoJson) {
  const std::string bad[] = {"",
                             " ",
                             "\xEF\xBB\xBF",
                             "\xEF\xBB\xBF\xEF\xBB\xBF{}",
                             "{",
                             "}",
                             "[",
                             "]",
                             "[1",
                             "{\"a\"",
                             "{\"a\":",
                             "{\"a\":1",
                             "[1,]",
                             "[,1]",
                             "[1,,2]",
                             "[1 2]",
                             "{\"a\":1,}",
                             "{,}",
                             "{\"a\" 1}",
                             "{\"a\":1 \"b\":2}",
                             "{a:1}",
                             "{'a':1}",
                             "{1:2}",
                             "{null:1}",
                             "[}",
                             "{]",
                             "[1}",
                             "{\"a\":1]",
                             "{}{}",
                             "[][]",
                             "{} x",
                             "{},",
                             "[1] 2",
                             "[] null",
                             "[tru]",
                             "[True]",
                             "[nul]",
                             "[NULL]",
                             "[truefalse]",
                             "[undefined]",
                             "[NaN]",
                             "[Infinity]",
                             "[-Infinity]",
                             "[01]",
                             "[+1]",
                             "[.5]",
                             "[5.]",
                             "[1e]",
                             "[-]",
                             "[0x1]",
                             "[1_0]",
                             "[1e5.0]",
                             "[--1]",
                             "[1a]",
                             "[\"a]",
                             "[a\"]",
                             "['a']",
                             "[\"\\x\"]",
                             "[\"\\u12\"]",
                             "[\"\\u12g4\"]",
                             "[\"\\\"]",
                             "[\"\n\"]",
                             "[\"\t\"]",
                             "[\"\x01\"]",
                             "[1] // c",
                             "/* c */ []",
                             "[1 /* c */]",
                             "# c\n[]",
                             "[\v]",
                             "[\f1]",
                             "[\xC2\xA0]",
                             "[\"\xFF\"]",
                             "[\"\xC3\"]",
                             "[\"\xC0\x80\"]",
                             "[\"\xED\xA0\x80\"]",
                             "[\"\xF4\x90\x80\x80\"]",
                             "[\"\xE2\x82\"]",
                             "\xFF[]",
                             "[]\xFF",
                             "{\"\xFF\":1}",
                             std::string("[]\0", 3),
                             std::string("[\0]", 3),
                             std::string("[\"\0\"]", 5),
                             std::string("\0", 1)};
  for (const std::string& text : bad) EXPECT_EQ(Read(text), "bad") << text;
}

TEST(JsonTest, ADocumentIsAnObjectOrAList) {
  for (const char* scalar : {"null", "true", "5", "\"x\"", " -1.5 "}) EXPECT_EQ(Read(scalar), "bad") << scalar;
}

TEST(JsonTest, OfMembersWithTheSameNameTheLastCountsInTheFirstsPlace) {
  const auto document = Document::Parse(R"({"a":1,"b":2,"a":{"x":1},"\u0061":3})");
  ASSERT_EQ(document->root().members().size(), 2u);
  EXPECT_EQ(document->root().members()[0].key, "a");
  EXPECT_EQ(document->root().members()[0].value.text(), "3");
  EXPECT_EQ(document->root().Find("b")->text(), "2");
  std::string many = "{";
  for (int i = 0; i < 300; ++i) many += "\"k" + std::to_string(i % 100) + "\":" + std::to_string(i) + ",";
  const auto wide = Document::Parse(many + "\"k5\":0}");
  ASSERT_EQ(wide->root().members().size(), 100u);
  EXPECT_EQ(wide->root().members()[5].value.text(), "0");
  EXPECT_EQ(wide->root().members()[99].value.text(), "299");
  EXPECT_EQ(Read(R"([{"a":1,"a":2},{"a":3}])"), R"([{"a":2},{"a":3}])");
}

TEST(JsonTest, WhatNoColumnHoldsBecomesAReplacementCharacter) {
  const std::string r = "\xEF\xBF\xBD";
  const struct {
    std::string text, canonical;
  } cases[] = {
      {R"(["a\u0000b"])", "[\"a" + r + "b\"]"},       {R"(["\ud800"])", "[\"" + r + "\"]"},
      {R"(["\uDFFFx"])", "[\"" + r + "x\"]"},         {R"(["\ud800\ud800\udc00"])", "[\"" + r + "\xF0\x90\x80\x80\"]"},
      {R"(["\udc00\ud800"])", "[\"" + r + r + "\"]"}, {R"(["\ud800\u0041"])", "[\"" + r + "A\"]"},
      {R"(["\ud800A"])", "[\"" + r + "A\"]"},         {R"(["\ud83d\n"])", "[\"" + r + "\\n\"]"},
      {R"(["\\u0000"])", R"(["\\u0000"])"},           {R"(["\\\u0000"])", "[\"\\\\" + r + "\"]"},
      {R"(["\\ud800"])", R"(["\\ud800"])"},           {R"({"\u0000":1,"\ud800":2})", "{\"" + r + "\":2}"}};
  for (const auto& c : cases) EXPECT_EQ(Read(c.text), c.canonical) << c.text;
}

TEST(JsonTest, NumbersKeepTheirText) {
  const auto document = Document::Parse("[1.10, -0, 1E+2 ,123456789012345678901234567890,1e999]");
  std::string texts;
  for (const Value& value : document->root().elements()) texts += std::string(value.text()) + " ";
  EXPECT_EQ(texts, "1.10 -0 1E+2 123456789012345678901234567890 1e999 ");
  EXPECT_EQ(Canonical(document->root()), R"([1.1,0,100,123456789012345678901234567890,"1e999"])");
}

TEST(JsonTest, IsNestedNoDeeperThan128) {
  EXPECT_EQ(Read(Nested(128)), Nested(128));
  EXPECT_EQ(Read(Nested(127, "{}")), Nested(127, "{}"));
  EXPECT_EQ(Read(Nested(128, "1")), Nested(128, "1"));
  for (const std::string& deep : {Nested(129), Nested(128, "{}"), Nested(100'000), std::string(1'000'000, '[')}) {
    EXPECT_EQ(Read(deep), "bad") << deep.size();
  }
  std::string objects = "1";
  for (int i = 0; i < 128; ++i) objects = "{\"a\":" + objects + "}";
  EXPECT_EQ(Read(objects), objects);
  EXPECT_EQ(Read("{\"a\":" + objects + "}"), "bad");
}

TEST(JsonTest, HasNoMoreThanTwoMillionValues) {
  std::string most = "[";
  for (std::size_t i = 2; i < Document::kMaxValues; ++i) most += "0,";
  EXPECT_EQ(Document::Parse(most + "0]")->root().elements().size(), Document::kMaxValues - 1);
  const auto more = Document::Parse(most + "0,0]");
  ASSERT_FALSE(more);
  EXPECT_NE(more.error().message.find("2,000,000"), std::string::npos) << more.error().message;
}

TEST(JsonTest, ValuesOutliveTheTextAndTheMove) {
  Document kept;
  {
    const std::string text = R"({"a":["xyz",12.50],"b":{"c":true}})";
    auto parsed = Document::Parse(text);
    kept = *std::move(parsed);
  }
  EXPECT_EQ(Canonical(kept.root()), R"({"a":["xyz",12.5],"b":{"c":true}})");
  const auto more = kept.ParseInto(R"(["more"])");
  ASSERT_TRUE(more);
  EXPECT_FALSE(kept.ParseInto("[1] 2"));
  EXPECT_FALSE(kept.ParseInto("x"));
  EXPECT_EQ(Canonical(*more), R"(["more"])");
  EXPECT_EQ(kept.Keep(std::string_view("abc")), "abc");
  EXPECT_EQ(Canonical(kept.root()), R"({"a":["xyz",12.5],"b":{"c":true}})");
}

TEST(JsonTest, AValueSaysWhatItIs) {
  const auto document = Document::Parse(R"({"n":null,"b":true,"i":1,"s":"x","a":[1],"o":{"k":1}})");
  const Value& root = document->root();
  EXPECT_TRUE(root.Find("n")->IsNull() && root.Find("n")->IsScalar());
  EXPECT_EQ(root.Find("b")->kind(), Kind::kBool);
  EXPECT_TRUE(root.Find("i")->IsNumber());
  EXPECT_TRUE(root.Find("s")->IsString());
  EXPECT_TRUE(root.Find("a")->IsArray() && !root.Find("a")->IsScalar());
  EXPECT_EQ(root.Find("zz"), nullptr);
  EXPECT_EQ(root.Find("s")->Find("x"), nullptr);
  EXPECT_TRUE(root.Find("s")->elements().empty() && root.Find("a")->members().empty());
  EXPECT_TRUE(root.Find("a")->text().empty() && root.Find("o")->text().empty());
}

// Whatever it takes, it takes again in its canonical form, and that form is one.
void CheckRound(const std::string& text) {
  const auto first = Document::Parse(text);
  if (!first) return;
  const std::string canonical = Canonical(first->root());
  const auto second = Document::Parse(canonical);
  ASSERT_TRUE(second) << canonical << " of " << text;
  EXPECT_EQ(Canonical(second->root()), canonical) << text;
}

TEST(JsonFuzzTest, MutationsNeverCrashAndStayCanonical) {
  const std::string seeds[] = {
      R"({"type":"ContactUpdate","id":"c1","tags":["a","\u00e9\ud83d\ude00\u0000"],"n":[1.50e3,-0,1e-301,0.1E+2]})",
      R"([[{"a":{"b":[null,true,false,"\\\"\/\b\f\n\r\t"]}},{}],[],"",{"":""}])",
      "{\"a\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\",\"a\":1 , \"b\" : [ ] }"};
  const std::string pieces[] = {"{",       "}",       "[",       "]",    "\"",           ",",  ":",       "\\", "\\u",
                                "\\ud800", "\\udc00", "\\u0000", "null", "true",         "1e", "-",       "0",  ".",
                                " ",       "\n",      "\xFF",    "\xC3", "\xEF\xBB\xBF", "/*", "99999999"};
  std::mt19937 random(20260302);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  int taken = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text = seeds[below(std::size(seeds))];
    for (std::size_t n = below(4) + 1; n > 0 && !text.empty(); --n) {
      const std::size_t at = below(text.size());
      switch (below(5)) {
        case 0:
          text.erase(at, below(6) + 1);
          break;
        case 1:
          text.insert(at, pieces[below(std::size(pieces))]);
          break;
        case 2:
          text[at] = static_cast<char>(below(256));
          break;
        case 3:
          text.insert(at, text.substr(below(text.size()), below(20)));
          break;
        default:
          text.resize(at);
      }
    }
    CheckRound(text);
    taken += Document::Parse(text).has_value();
  }
  EXPECT_GT(taken, 1'000);
}

}  // namespace
}  // namespace crmsink::json
