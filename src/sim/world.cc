#include "sim/world.h"

#include <algorithm>

#include "base/sha256.h"
#include "sim/crm/crm.h"

namespace crmsink::sim {

World::World(const Options& options) : options_(options), random_(options.seed), now_(options.start) {
  if (options_.app_id.empty()) options_.app_id = random_.Hex(24);
  version_id_ = options_.app_id;  // equal, until the app is updated for the first time
}

void World::At(Millis time, std::function<void()> what) {
  if (time < options_.end) plans_.push({std::max(time, now_), planned_++, std::move(what)});
}

void World::Run() {
  while (!plans_.empty() && sent_.size() < options_.most_events) {
    const Plan plan = plans_.top();
    plans_.pop();
    now_ = plan.time;
    plan.what();
  }
}

Millis World::Touch(Thing& thing, Millis step) {
  return thing.updated = std::max(now_ / step * step, thing.updated + step);
}

Document World::Envelope(const Form& form, const Thing& thing, const Document& members) {
  Document body = Document::Object();
  if (!form.says.empty()) {
    const bool misspeaks = !form.misspeaks.empty() && random_.Percent(25);
    body.Set("type", misspeaks ? form.misspeaks : form.says);
  }
  if ((form.flags & kNoLocation) == 0 && thing.location != nullptr) body.Set("locationId", thing.location->id);
  if ((form.flags & kOwnApp) == 0 && members.Find("appId") == nullptr) {
    body.Set("versionId", version_id_).Set("appId", options_.app_id);
  }
  for (const auto& [name, value] : members.members()) body.Set(name, value);
  return body;
}

void World::LearnTruth(const Form& form, const Thing& thing, const Document& body, const std::string& event_id,
                       const Said& said) {
  truth_.Learn({.form = form,
                .id = thing.id,
                .body = body,
                .event_id = event_id,
                .occurred_at = thing.updated != 0 ? thing.updated : thing.told,
                .sent_at = thing.told,
                .rank = said.rank >= 0 ? said.rank : form.rank,
                .fate = said.fate,
                .columns = said.columns});
}

void World::Tell(std::string_view event, Thing& thing, const Document& members, const Said& said) {
  if (sent_.size() >= options_.most_events) return;
  const Form& form = FormOf(event);
  Document body = Envelope(form, thing, members);
  const Millis lag = random_.Skewed(900);
  thing.told = said.at_once ? thing.told : std::max(now_ + lag, thing.told + 1);
  body.Set("timestamp", FormatRfc3339(thing.told));
  const bool has_id = !random_.Percent(2);
  std::string event_id = random_.Uuid();
  if (has_id) body.Set("webhookId", event_id);

  Sent sent;
  body.Write(sent.body);
  if (!has_id) event_id = Hex(Sha256({form.event, std::string_view("\0", 1), sent.body}));
  // A body that names its event may come to the one URL of all.
  const bool own_path = form.says.empty() || body.TextOf("type") == form.misspeaks || !random_.Percent(20);
  sent.path = own_path ? "/webhooks/" + std::string(form.event) : "/webhooks";
  sent.sent_at = thing.told;
  sent.arrives_at = thing.told + random_.Skewed(700);
  if (thing.id.empty()) thing.id = event_id;
  if (options_.truth) LearnTruth(form, thing, body, event_id, said);
  if (said.fate == Fate::kDeleted) thing.deleted = true;
  if (said.fate == Fate::kRestored) thing.deleted = false;
  sent_.push_back(std::move(sent));
}

}  // namespace crmsink::sim
