#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/document.h"
#include "sim/random.h"
#include "sim/truth.h"

namespace crmsink::sim {

inline constexpr Millis kSecond = 1'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

struct Location;

// Anything that has an id and of which events tell.
struct Thing {
  std::string id;  // empty: the id of the event that tells of it
  const Location* location = nullptr;
  Document document = Document::Object();  // its members as they are now
  bool deleted = false;
  Millis updated = 0;  // its own version time; 0: it has none, and the envelope's timestamp orders its events
  Millis told = 0;     // the timestamp of the latest event
};

struct Sent {
  std::string path;
  std::string body;
  Millis sent_at = 0;     // the envelope's timestamp
  Millis arrives_at = 0;  // a little later
};

struct Said {
  Fate fate = Fate::kAsBefore;
  bool at_once = false;  // with the timestamp of the event before: one click, two events
  int rank = -1;         // where the event's name does not tell
  std::vector<std::pair<std::string_view, Cell>> columns = {};
};

// Time, chance, and what HighLevel says of what happens. Not thread-safe.
class World {
 public:
  struct Options {
    std::uint64_t seed = 1;
    Millis start = 0, end = 0;
    std::string app_id;           // of the app that subscribed; drawn where empty
    std::size_t most_events = 0;  // silence after so many
    bool truth = true;            // false: nobody asks for it, which saves memory
  };

  explicit World(const Options& options);

  Random& random() { return random_; }
  Millis now() const { return now_; }
  Millis end() const { return options_.end; }
  const std::string& app_id() const { return options_.app_id; }
  const std::string& version_id() const { return version_id_; }
  // The app gets a new version, whose id the envelopes show from now on.
  void PublishVersion() { version_id_ = random_.Hex(24); }

  // Does `what` at that time, in the order of times; not at all after the end.
  void At(Millis time, std::function<void()> what);
  void In(Millis wait, std::function<void()> what) { At(now_ + wait, std::move(what)); }
  // Lets everything happen until the end.
  void Run();

  // An event of the thing with these members, beside which the envelope stands.
  void Tell(std::string_view event, Thing& thing, const Document& members, const Said& said = {});
  void Tell(std::string_view event, Thing& thing) { Tell(event, thing, thing.document); }
  // Gives the thing a new version time, later than before.
  Millis Touch(Thing& thing, Millis step = 1);

  // What was said so far, and what follows from it.
  std::vector<Sent>& sent() { return sent_; }
  Truth& truth() { return truth_; }

 private:
  struct Plan {
    Millis time;
    std::uint64_t number;
    std::function<void()> what;
  };
  struct Later {
    bool operator()(const Plan& a, const Plan& b) const {
      return std::pair(a.time, a.number) > std::pair(b.time, b.number);
    }
  };

  void LearnTruth(const Form& form, const Thing& thing, const Document& body, const std::string& event_id,
                  const Said& said);
  Document Envelope(const Form& form, const Thing& thing, const Document& members);

  Options options_;
  Random random_;
  Millis now_ = 0;
  std::string version_id_;
  std::priority_queue<Plan, std::vector<Plan>, Later> plans_;
  std::uint64_t planned_ = 0;
  std::vector<Sent> sent_;
  Truth truth_;
};

}  // namespace crmsink::sim
