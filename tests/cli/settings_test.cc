#include "cli/settings.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/settings_doc.h"
#include "support/paths.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kSource = SourceDir();

std::string Expected(const Setting& setting, const Settings& settings) {
  if (const auto* member = std::get_if<std::string Settings::*>(&setting.member)) return settings.**member;
  if (const auto* member = std::get_if<bool Settings::*>(&setting.member)) return settings.**member ? "on" : "off";
  if (const auto* member = std::get_if<std::int64_t Settings::*>(&setting.member)) {
    return std::to_string(settings.**member);
  }
  std::string joined;
  for (const std::string& file : settings.*std::get<std::vector<std::string> Settings::*>(setting.member)) {
    joined += file + ":";
  }
  return joined;
}

class SettingsTest : public ::testing::Test {
 protected:
  // Only what the test writes is there: no variables, no files elsewhere.
  SettingsTest() { sources_.search.clear(); }

  std::string Config(const std::string& text, const std::string& name = "crmsink.toml") {
    std::ofstream(folder_.File(name)) << text;
    return folder_.File(name);
  }
  void UseConfig(const std::string& text) { sources_.config_flag = Config(text); }

  Settings Load() {
    Result<Settings> settings = LoadSettings(sources_);
    if (!settings) {
      ADD_FAILURE() << settings.error().message;
      return {};
    }
    return *settings;
  }
  std::string Complaint() {
    const Result<Settings> settings = LoadSettings(sources_);
    if (settings) return "no complaint";
    EXPECT_EQ(settings.error().code, ErrorCode::kInvalid);
    return settings.error().message;
  }
  // What is said about a file with this text, without the folder before its name.
  std::string ComplaintAbout(const std::string& text) {
    UseConfig(text);
    std::string complaint = Complaint();
    const std::string prefix = folder_.path().string() + "/";
    if (complaint.starts_with(prefix)) complaint.erase(0, prefix.size());
    return complaint;
  }

  TempFolder folder_;
  SettingSources sources_;
};

TEST_F(SettingsTest, HasDefaultsWithoutAnySource) {
  const Settings settings = Load();
  EXPECT_EQ(settings.database, "sqlite:crmsink.db");
  EXPECT_EQ(settings.listen, "127.0.0.1:8080");
  EXPECT_EQ(settings.admin_listen, "127.0.0.1:8081");
  EXPECT_EQ(settings.signature_mode, "required");
  EXPECT_FALSE(settings.signature_legacy_rsa);
  EXPECT_TRUE(settings.builtin_keys);
  EXPECT_TRUE(settings.healthz);
  EXPECT_EQ(settings.body_limit, 16 << 20);
  EXPECT_EQ(settings.request_timeout, 30'000);
  EXPECT_EQ(settings.queue_bytes, 64 << 20);
  EXPECT_THAT(settings.signature_keys, IsEmpty());
  EXPECT_EQ(settings.config, "");
  EXPECT_THAT(settings.origins, IsEmpty());
}

TEST_F(SettingsTest, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  UseConfig("[server]\nlisten = '127.0.0.1:1'\n");
  EXPECT_EQ(Load().listen, "127.0.0.1:1");
  EXPECT_THAT(Load().origins.at("listen"), HasSubstr("crmsink.toml:2"));
  sources_.environment["CRMSINK_LISTEN"] = "127.0.0.1:2";
  EXPECT_EQ(Load().listen, "127.0.0.1:2");
  EXPECT_EQ(Load().origins.at("listen"), "CRMSINK_LISTEN");
  sources_.flags["listen"] = {"127.0.0.1:3"};
  EXPECT_EQ(Load().listen, "127.0.0.1:3");
  EXPECT_EQ(Load().origins.at("listen"), "--listen");
  EXPECT_EQ(Load().admin_listen, "127.0.0.1:8081");
}

TEST_F(SettingsTest, AnEmptyVariableCountsAsNone) {
  sources_.environment["CRMSINK_LISTEN"] = "";
  sources_.environment["CRMSINK_CONFIG"] = "";
  EXPECT_EQ(Load().listen, "127.0.0.1:8080");
}

TEST_F(SettingsTest, EverySettingCanComeFromEveryLayer) {
  for (const Setting& setting : AllSettings()) {
    const std::string name(setting.name);
    const bool has_default = !setting.default_value.empty();  // an empty variable would count as none
    const std::string value = has_default ? std::string(setting.default_value) : "a.pem";
    SettingSources flag, variable, file;
    flag.search = variable.search = file.search = {};
    flag.flags[name] = {value};
    variable.environment[EnvironmentName(setting)] = value;
    const bool bare = setting.kind == Setting::Kind::kCount;
    file.config_flag = Config("[" + std::string(setting.section) + "]\n" + std::string(setting.key) + " = " +
                              (bare ? value : "\"" + value + "\"") + "\n");
    for (const SettingSources& sources : {flag, variable, file}) {
      const Result<Settings> settings = LoadSettings(sources);
      ASSERT_TRUE(settings) << settings.error().message;
      EXPECT_EQ(settings->origins.count(name), 1U) << name;
      const std::string given = setting.kind == Setting::Kind::kFiles ? "a.pem:" : "a.pem";
      EXPECT_EQ(Expected(setting, *settings), has_default ? Expected(setting, *LoadSettings({.search = {}})) : given)
          << name;
    }
  }
}

TEST_F(SettingsTest, NamesAreUniqueInEverySpelling) {
  std::vector<std::string> names;
  for (const Setting& setting : AllSettings()) {
    for (const std::string& name : {std::string(setting.name), EnvironmentName(setting), DottedKey(setting)}) {
      if (name == setting.name && name == DottedKey(setting)) continue;
      EXPECT_EQ(std::count(names.begin(), names.end(), name), 0) << name;
      names.push_back(name);
    }
    EXPECT_TRUE(setting.help.ends_with('.')) << setting.name;
  }
}

TEST_F(SettingsTest, ConfigFileIsLookedForInOrder) {
  const std::string first = Config("[storage]\nwriter = 'first'\n", "first.toml");
  const std::string second = Config("[storage]\nwriter = 'second'\n", "second.toml");
  sources_.search = {folder_.File("missing.toml"), second, first};
  EXPECT_EQ(Load().writer, "second");
  EXPECT_EQ(Load().config, second);
  sources_.environment["CRMSINK_CONFIG"] = first;
  EXPECT_EQ(Load().writer, "first");
  sources_.config_flag = second;
  EXPECT_EQ(Load().writer, "second");
}

TEST_F(SettingsTest, AConfigFileThatIsNamedMustBeThere) {
  sources_.environment["CRMSINK_CONFIG"] = folder_.File("missing.toml");
  EXPECT_EQ(Complaint(), "CRMSINK_CONFIG: there is no file " + folder_.File("missing.toml"));
  sources_.config_flag = folder_.path().string();
  EXPECT_EQ(Complaint(), "--config: there is no file " + folder_.path().string());
}

TEST_F(SettingsTest, UnknownKeyNamesLineAndNearestKey) {
  EXPECT_EQ(ComplaintAbout("# a comment\n[signature]\nmode = 'required'\nkyes = []\n"),
            "crmsink.toml:4: unknown key \"signature.kyes\"; the nearest known one is \"signature.keys\"");
  EXPECT_EQ(ComplaintAbout("[server]\nadmin_listen = '127.0.0.1:1'\n"),
            "crmsink.toml:2: unknown key \"server.admin_listen\"; the nearest known one is \"server.admin-listen\"");
}

TEST_F(SettingsTest, FindsAKeyThatStandsInTheWrongPlace) {
  EXPECT_EQ(ComplaintAbout("database = 'sqlite:x.db'\n"),
            "crmsink.toml:1: unknown key \"database\"; the nearest known one is \"storage.database\"");
  EXPECT_EQ(ComplaintAbout("[server]\nlegacy-rsa = true\n"),
            "crmsink.toml:2: unknown key \"server.legacy-rsa\"; the nearest known one is \"signature.legacy-rsa\"");
  EXPECT_EQ(ComplaintAbout("[log]\nlog-format = 'json'\n"),
            "crmsink.toml:2: unknown key \"log.log-format\"; the nearest known one is \"log.format\"");
}

TEST_F(SettingsTest, UnknownSectionNamesLineAndNearestSection) {
  EXPECT_EQ(ComplaintAbout("\n[signatures]\nmode = 'off'\n"),
            "crmsink.toml:2: unknown section [signatures]; the nearest known one is [signature]");
}

TEST_F(SettingsTest, BrokenTomlNamesTheLine) {
  EXPECT_THAT(ComplaintAbout("[server]\nlisten = \n"), HasSubstr("crmsink.toml:2: "));
  EXPECT_THAT(ComplaintAbout("[server]\nlisten = '127.0.0.1:1'\nlisten = '127.0.0.1:2'\n"),
              HasSubstr("crmsink.toml:3: "));
}

TEST_F(SettingsTest, BadValueNamesLineAndWhatItMustBe) {
  EXPECT_EQ(ComplaintAbout("[signature]\nmode = 'requierd'\n"),
            "crmsink.toml:2: signature.mode: \"requierd\" must be required or off; the nearest is \"required\"");
  EXPECT_EQ(ComplaintAbout("[server]\nbody-limit = '1GiB'\n"),
            "crmsink.toml:2: server.body-limit: \"1GiB\" must be 1KiB to 256MiB");
  EXPECT_EQ(ComplaintAbout("[server]\nlisten = 8080\n"),
            "crmsink.toml:2: server.listen: must be HOST:PORT, like 127.0.0.1:8080 or [::1]:8080, in quotes");
  EXPECT_EQ(ComplaintAbout("[server]\nio-threads = 1.5\n"), "crmsink.toml:2: server.io-threads: must be 0 to 256");
  EXPECT_EQ(ComplaintAbout("[signature]\nkeys = [1]\n"), "crmsink.toml:2: signature.keys: must be a list of strings");
  EXPECT_EQ(ComplaintAbout("[signature]\nkeys = ['']\n"),
            "crmsink.toml:2: signature.keys: the name of a file is empty");
  EXPECT_EQ(ComplaintAbout("[server]\ntrusted-proxies = '10.0.0.0/8, proxy'\n"),
            "crmsink.toml:2: server.trusted-proxies: \"proxy\" is no address or network like 192.0.2.7, 10.0.0.0/8 or "
            "2001:db8::/32");
  EXPECT_THAT(ComplaintAbout("[storage]\ndatabase = 'crmsink.db'\n"), HasSubstr("write sqlite:FILE"));
}

TEST_F(SettingsTest, ABadValueIsAnErrorAlsoWhereAFlagWins) {
  sources_.flags["signature-mode"] = {"off"};
  EXPECT_THAT(ComplaintAbout("[signature]\nmode = 'x'\n"), HasSubstr("crmsink.toml:2"));
}

TEST_F(SettingsTest, BadFlagsAndVariablesAreNamed) {
  sources_.environment["CRMSINK_IO_THREADS"] = "many";
  EXPECT_EQ(Complaint(), "CRMSINK_IO_THREADS: \"many\" must be 0 to 256");
  sources_.environment.clear();
  sources_.flags["listen"] = {"127.0.0.1:1", "127.0.0.1:2"};
  EXPECT_EQ(Complaint(), "--listen: takes one value, not 2");
}

TEST_F(SettingsTest, WarnsOfAVariableThatLooksLikeASlip) {
  sources_.environment = {{"CRMSINK_SIGNATURE_KEYS", "a.pem"},
                          {"CRMSINK_PORT_8080_TCP", "tcp://10.0.0.1:8080"},
                          {"CRMSINK_LISTEN", "127.0.0.1:1"}};
  EXPECT_THAT(Load().warnings, ElementsAre("CRMSINK_SIGNATURE_KEYS is not read; CRMSINK_SIGNATURE_KEY is"));
}

TEST_F(SettingsTest, RefusesAQueueThatNoLargeBodyFits) {
  sources_.flags["queue-bytes"] = {"1MiB"};
  EXPECT_THAT(Complaint(), HasSubstr("queue-bytes (--queue-bytes) is less than body-limit (the default)"));
  sources_.flags["body-limit"] = {"1MiB"};
  EXPECT_EQ(Load().queue_bytes, 1 << 20);
}

TEST_F(SettingsTest, ReadsSizesAndTimes) {
  const auto size = [this](const char* text) {
    sources_.flags["body-limit"] = {text};
    const Result<Settings> settings = LoadSettings(sources_);
    return settings ? settings->body_limit : -1;
  };
  EXPECT_EQ(size("4096"), 4096);
  EXPECT_EQ(size("4096B"), 4096);
  EXPECT_EQ(size("4KiB"), 4096);
  EXPECT_EQ(size("2MiB"), 2 << 20);
  for (const char* bad : {"", "4 KiB", "4kb", "4K", "-1", "+4096", "1e4", "9223372036854775807MiB",
                          "99999999999999999999", "0x1000", "4096 "}) {
    EXPECT_EQ(size(bad), -1) << bad;
  }
}

TEST_F(SettingsTest, ATimeNeedsAUnit) {
  EXPECT_EQ(*ParseDuration("500ms"), std::chrono::milliseconds(500));
  EXPECT_EQ(*ParseDuration("2m"), std::chrono::minutes(2));
  EXPECT_EQ(*ParseDuration("1h"), std::chrono::hours(1));
  EXPECT_EQ(*ParseDuration("0s"), std::chrono::seconds(0));
  for (const char* bad : {"30", "", "s", "-1s", "1.5s", "1d", "1 s", "9223372036854775807h"}) {
    EXPECT_FALSE(ParseDuration(bad)) << bad;
  }
}

TEST_F(SettingsTest, ReadsAddresses) {
  const auto fits = [](std::string_view text) {
    Settings settings;
    return StoreValue(*FindSetting("listen"), text, settings).has_value();
  };
  for (const char* good : {"127.0.0.1:0", "0.0.0.0:65535", "[::1]:8080", "localhost:80"})
    EXPECT_TRUE(fits(good)) << good;
  for (const char* bad : {"8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[]:1",
                          "http://127.0.0.1:80", "127.0.0.1:-1", "a b:1"}) {
    EXPECT_FALSE(fits(bad)) << bad;
  }
}

TEST_F(SettingsTest, KeyFilesAreAListInEveryLayer) {
  UseConfig("[signature]\nkeys = ['a.pem', 'b:c.pem']\n");
  EXPECT_THAT(Load().signature_keys, ElementsAre("a.pem", "b:c.pem"));
  sources_.environment["CRMSINK_SIGNATURE_KEY"] = "d.pem:e.pem:";
  EXPECT_THAT(Load().signature_keys, ElementsAre("d.pem", "e.pem"));
  sources_.flags["signature-key"] = {"f.pem", "g:h.pem"};
  EXPECT_THAT(Load().signature_keys, ElementsAre("f.pem", "g:h.pem"));
}

TEST_F(SettingsTest, TheSchemaGoesIntoAUrlThatNamesNone) {
  UseConfig("[storage]\ndatabase = 'postgresql://u:secret@h/d'\nschema = 'crm_1'\n");
  EXPECT_EQ(Load().database, "postgresql://u:secret@h/d?schema=crm_1");
  sources_.flags["database"] = {"postgresql://h/d?schema=other"};
  EXPECT_EQ(Load().database, "postgresql://h/d?schema=other");
  sources_.flags["database"] = {"sqlite:x.db"};
  EXPECT_EQ(Load().database, "sqlite:x.db");
  sources_.flags["schema"] = {"1a"};
  EXPECT_EQ(Complaint(), "--schema: \"1a\" must be a name: letters, digits and _, no digit first, at most 63");
}

TEST_F(SettingsTest, APasswordMayStandAnywhereButInAFlag) {
  const std::string url = "postgresql://u:secret@h/d";
  UseConfig("[storage]\ndatabase = '" + url + "'\n");
  EXPECT_EQ(Load().database, url);
  sources_.environment["CRMSINK_DATABASE"] = url;
  EXPECT_EQ(Load().database, url);
  sources_.flags["database"] = {url};
  const std::string complaint = Complaint();
  EXPECT_THAT(complaint, ::testing::StartsWith("--database: a password in a flag shows in the process list"));
  for (const char* remedy : {"CRMSINK_DATABASE", "configuration file", "~/.pgpass", "PGPASSFILE", "PGPASSWORD"}) {
    EXPECT_THAT(complaint, HasSubstr(remedy));
  }
  EXPECT_THAT(complaint, ::testing::Not(HasSubstr("secret")));
}

TEST_F(SettingsTest, ExampleSaysEachDefault) {
  sources_.config_flag = kSource + "/config/crmsink.toml";
  const Settings example = Load();
  sources_.config_flag.clear();
  const Settings defaults = Load();
  for (const Setting& setting : AllSettings()) {
    EXPECT_EQ(Expected(setting, example), Expected(setting, defaults)) << setting.name;
    EXPECT_EQ(example.origins.count(std::string(setting.name)), setting.hidden ? 0U : 1U) << setting.name;
  }
}

TEST_F(SettingsTest, DocumentIsCurrent) {
  std::ifstream file(kSource + "/docs/settings.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, SettingsMarkdown()) << "crmsink schema --settings > docs/settings.md";
}

}  // namespace
}  // namespace crmsink
