#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "rules.h"

#include "support/paths.h"

namespace crmsink::structure {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const fs::path kRoot = SourceDir();

TEST(StructureTest, LibrariesStayInTheirPlaces) { EXPECT_THAT(LibraryFaults(kRoot), IsEmpty()); }

TEST(StructureTest, IncludesFollowTheOrderOfTheFolders) { EXPECT_THAT(ArrowFaults(kRoot), IsEmpty()); }

TEST(StructureTest, FilesAreShortGuardedAndBuilt) { EXPECT_THAT(FileFaults(kRoot), IsEmpty()); }

TEST(StructureTest, TheMapTellsOfEveryFolder) { EXPECT_THAT(MapFaults(kRoot), IsEmpty()); }

// The rules themselves, on a small tree with known faults.
class StructureRulesTest : public ::testing::Test {
 protected:
  StructureRulesTest() {
    std::string name = (fs::temp_directory_path() / "crmsink-structure-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    root_ = name;
    fs::create_directories(root_ / "tests");
  }
  ~StructureRulesTest() override { fs::remove_all(root_); }

  void Write(const std::string& file, const std::string& text) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }

  fs::path root_;
};

TEST_F(StructureRulesTest, SeesALibraryOutsideItsPlace) {
  Write("src/storage/sqlite/store.cc", "#include <SQLiteCpp/SQLiteCpp.h>\n#include <vector>\n#include <unistd.h>\n");
  Write("src/storage/store.cc", "#include <vector>\n\n  #  include <sqlite3.h>\n");
  EXPECT_THAT(LibraryFaults(root_),
              ElementsAre("src/storage/store.cc:3: <sqlite3.h> belongs in src/storage/sqlite alone"));
}

TEST_F(StructureRulesTest, SeesALibraryThatOnlyOneFileMayKnow) {
  Write("src/base/log.cc", "#include <spdlog/spdlog.h>\n");
  Write("src/base/logic.cc", "#include <spdlog/spdlog.h>\n");
  EXPECT_THAT(LibraryFaults(root_),
              ElementsAre("src/base/logic.cc:1: <spdlog/spdlog.h> belongs in src/base/log alone"));
}

TEST_F(StructureRulesTest, SeesALibraryThatNobodyListed) {
  Write("src/http/server.cc", "#include <boost/asio.hpp>\n");
  EXPECT_THAT(LibraryFaults(root_), ElementsAre(HasSubstr("<boost/asio.hpp> is of no library")));
}

TEST_F(StructureRulesTest, SeesAnIncludeAgainstTheOrder) {
  Write("src/sink.h", "");
  Write("src/event/event.h", "#include \"base/json.h\"\n");
  Write("src/base/json.h", "#include \"base/result.h\"\n#include \"event/event.h\"\n");
  Write("src/base/result.h", "");
  Write("src/storage/store.h", "#include \"sink.h\"\n#include \"event/event.h\"\n");
  EXPECT_THAT(ArrowFaults(root_), ElementsAre("src/base/json.h:2: base must not include event/event.h",
                                              "src/storage/store.h:1: storage must not include sink.h"));
}

TEST_F(StructureRulesTest, SeesAFolderThatIsInNoTableAndAPathThatIsNone) {
  Write("src/util/text.h", "");
  Write("src/base/json.h", "#include \"result.h\"\n");
  EXPECT_THAT(ArrowFaults(root_), ElementsAre("src/base/json.h:1: \"result.h\" is no path from src",
                                              HasSubstr("does not say what util may include")));
}

TEST_F(StructureRulesTest, SeesFilesThatAreLongUnguardedOrNotBuilt) {
  Write("src/base/CMakeLists.txt", "target_sources(crmsink_lib PRIVATE built.cc sub/deep.cc)");
  Write("src/base/built.cc", std::string(500, '\n'));
  Write("src/base/sub/deep.cc", "");
  Write("src/base/forgotten.cc", std::string(501, '\n'));
  Write("src/base/good.h", "// What it is.\n\n#pragma once\n");
  Write("src/base/good_too.h", "#ifndef CRMSINK_BASE_GOOD_TOO_H_\n");
  Write("src/base/copied.h", "#ifndef CRMSINK_BASE_GOOD_H_\n");
  Write("tests/base/late.h", "#include <vector>\n#pragma once\n");
  EXPECT_THAT(FileFaults(root_), UnorderedElementsAre("src/base/forgotten.cc: 501 lines; 500 are allowed",
                                                      "src/base/forgotten.cc: no CMakeLists.txt builds it",
                                                      "src/base/copied.h: does not begin with #pragma once",
                                                      "tests/base/late.h: does not begin with #pragma once"));
}

TEST_F(StructureRulesTest, SeesAFolderThatTheMapLeavesOut) {
  Write("src/README.md", "## `base/`\n");
  Write("src/base/result.h", "");
  Write("src/event/event.h", "");
  EXPECT_THAT(MapFaults(root_), ElementsAre("src/README.md: says nothing of `event/`"));
}

}  // namespace
}  // namespace crmsink::structure
