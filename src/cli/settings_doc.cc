#include "cli/settings_doc.h"

#include "cli/settings.h"

namespace crmsink {
namespace {

constexpr std::string_view kIntroduction = R"(# Settings

Written by `crmsink schema --settings`; a test compares.

Each setting has one name in three spellings: a flag (`--signature-key`), an environment variable
(`CRMSINK_SIGNATURE_KEY`; an empty one counts as not set) and a key of the configuration file (`[signature] keys`). The
first of flag, variable, file and default that is there wins; lists are not merged. The file is `--config FILE`, else
`CRMSINK_CONFIG`, else `./crmsink.toml`, else `/etc/crmsink/crmsink.toml`, else there is none. It is TOML;
[`config/crmsink.toml`](../config/crmsink.toml) shows every key with its default. An unknown key or a bad value is an
error that names file, line and the nearest known key, also where a flag would win over it. Relative paths start at the
working directory.

Sizes are a number with `KiB`, `MiB` or `GiB`, or bytes without; times a number with `ms`, `s`, `m` or `h`. A setting
that is `on` or `off` may be `true` or `false` in the file.
)";

std::string FileForm(const Setting& setting) {
  std::string text = "[" + std::string(setting.section) + "]\n" + std::string(setting.key) + " = ";
  const std::string value(setting.default_value);
  switch (setting.kind) {
    case Setting::Kind::kFiles:
      return text + "[]";
    case Setting::Kind::kCount:
      return text + value;
    case Setting::Kind::kSwitch:
      return text + (value == "on" ? "true" : "false");
    default:
      return text + '"' + value + '"';
  }
}

}  // namespace

std::string SettingsMarkdown() {
  std::string text(kIntroduction);
  for (const Setting& setting : AllSettings()) {
    if (setting.hidden) continue;
    text.append("\n## ").append(setting.name).append("\n").append(setting.help).append("\n\n");
    text.append("| | |\n| --- | --- |\n");
    text.append("| value | ").append(ValueHelp(setting)).append(" |\n");
    text.append("| default | ");
    text.append(setting.default_value.empty() ? "none" : "`" + std::string(setting.default_value) + "`");
    text.append(" |\n| flag | `--").append(setting.name).append("`");
    if (setting.kind == Setting::Kind::kFiles) text.append(", repeatable");
    text.append(" |\n| environment | `").append(EnvironmentName(setting)).append("`");
    if (setting.kind == Setting::Kind::kFiles) text.append(", joined by `:`");
    text.append(" |\n\n```toml\n").append(FileForm(setting)).append("\n```\n");
  }
  return text;
}

}  // namespace crmsink
