#include <algorithm>

#include "sim/crm/areas.h"
#include "sim/crm/hours.h"

namespace crmsink::sim {
namespace {

// One contact, from the first word to the last: asks, is answered, comes to a visit, buys or does not.
class Journey {
 public:
  Journey(Crm& crm, Contact& contact) : crm_(crm), contact_(contact), trade_(*contact.location->trade) {}

  void Begin() {
    FirstWord();
    const Millis answered = NextOpen(crm_.world.now() + crm_.random.Skewed(25 * kMinute), Zone());
    At(answered, [](Journey& j) { j.Answer(); });
    if (crm_.random.Percent(85)) In(crm_.random.Skewed(20 * kMinute), [](Journey& j) { j.Open(); });
    if (crm_.random.Percent(15)) In(crm_.random.Skewed(9 * kDay), [](Journey& j) { RunCampaign(j.crm_, j.contact_); });
    if (crm_.random.Percent(22)) In(crm_.random.Skewed(20 * kDay), [](Journey& j) { PlaceOrder(j.crm_, j.contact_); });
    const int end = crm_.decks.contact_end.Deal(crm_.random);
    if (end != 0) {
      In(2 * kDay + crm_.random.Skewed(12 * kDay), [end](Journey& j) { DeleteContact(j.crm_, j.contact_, end == 2); });
    }
  }

 private:
  int Zone() const { return contact_.location->city->zone; }
  Opportunity* Deal() const { return contact_.opportunity; }

  // Nothing more happens to a contact while it is deleted.
  template <class What>
  void At(Millis time, What what) {
    crm_.world.At(time, [journey = *this, what]() mutable {
      if (!journey.contact_.deleted) what(journey);
    });
  }
  template <class What>
  void In(Millis wait, What what) {
    At(crm_.world.now() + wait, what);
  }
  // During opening hours.
  template <class What>
  void Later(Millis typical, What what) {
    At(NextOpen(crm_.world.now() + crm_.random.Skewed(typical), Zone()), what);
  }

  void FirstWord() {
    const std::string_view asks = crm_.random.Pick(trade_.asks);
    switch (crm_.decks.first_word.Deal(crm_.random)) {
      case 0:
        return ReceiveSms(crm_, contact_, asks);
      case 1:
        SendEmail(crm_, contact_, "Thanks for your request", "We will call you back soon.", "workflow");
        return;
      case 2:
        return ReceiveEmail(crm_, contact_, asks);
      case 3:
        return ReceiveCall(crm_, contact_, crm_.random.Percent(65));
      default:
        TalkToVoiceAi(crm_, contact_);
    }
  }

  void Answer() {
    Read(crm_, contact_);
    if (crm_.random.Percent(55)) {
      const std::string_view source = crm_.random.Percent(70) ? "app" : "workflow";
      SendSms(crm_, contact_, crm_.random.Pick(trade_.answers), source);
    } else if (crm_.random.Percent(50)) {
      Call(crm_, contact_, crm_.random.Percent(60));
    } else {
      SendEmail(crm_, contact_, "Your question", crm_.random.Pick(trade_.answers), "app");
    }
    if (crm_.decks.chat.Deal(crm_.random) == 1) MergeChat(crm_, contact_);
    if (crm_.random.Percent(75)) Later(3 * kHour, [](Journey& j) { j.Talk(); });
    if (crm_.random.Percent(80)) Later(5 * kHour, [](Journey& j) { FillInContact(j.crm_, j.contact_); });
    if (crm_.random.Percent(60)) Later(6 * kHour, [](Journey& j) { j.Tag(); });
    if (crm_.random.Percent(35)) Later(kDay, [](Journey& j) { AddNote(j.crm_, j.contact_); });
    if (crm_.random.Percent(35)) Later(kDay, [](Journey& j) { AddTask(j.crm_, j.contact_); });
  }

  void Tag() {
    const std::string_view tag = crm_.random.Pick(kTags);
    TagContact(crm_, contact_, tag);
    if (crm_.random.Percent(25)) Later(8 * kDay, [tag](Journey& j) { TagContact(j.crm_, j.contact_, tag); });
  }

  void Talk() {
    ReceiveSms(crm_, contact_, crm_.random.Pick(kThanks));
    Later(20 * kMinute, [](Journey& j) { Read(j.crm_, j.contact_); });
    if (crm_.decks.silence.Deal(crm_.random) == 1) return SilenceContact(crm_, contact_);
    if (crm_.random.Percent(20)) {
      Later(15 * kMinute, [](Journey& j) { Comment(j.crm_, j.contact_, "Who takes this one?"); });
    }
    if (crm_.random.Percent(40)) {
      Later(40 * kMinute, [](Journey& j) { SendSms(j.crm_, j.contact_, j.crm_.random.Pick(j.trade_.answers), "app"); });
    }
  }

  void Open() {
    OpenOpportunity(crm_, contact_);
    if (crm_.random.Percent(30)) {
      Later(4 * kHour, [](Journey& j) {
        const User& user = j.crm_.Colleague(*j.contact_.location);
        AssignOpportunity(j.crm_, *j.Deal(), j.crm_.random.Percent(90) ? &user : nullptr);
      });
    }
    Later(5 * kHour, [](Journey& j) { j.Progress(); });
  }

  void Progress() {
    MoveOpportunity(crm_, *Deal(), 1);
    if (crm_.random.Percent(72)) return Invite();
    Later(6 * kDay, [](Journey& j) { j.Lose(j.crm_.random.Percent(60) ? "lost" : "abandoned"); });
  }

  void Invite() {
    MoveOpportunity(crm_, *Deal(), 2);
    const Millis day = NextOpen(crm_.world.now() + kDay + crm_.random.Skewed(4 * kDay), Zone());
    const Millis at = NextSlot(day + crm_.random.Between(0, 14) * 30 * kMinute, Zone());
    BookVisit(crm_, contact_, at, [journey = *this](bool showed) mutable {
      if (!journey.contact_.deleted) journey.AfterVisit(showed);
    });
    At(at - kDay + kHour,
       [](Journey& j) { SendSms(j.crm_, j.contact_, "See you tomorrow! Reply C to confirm.", "workflow"); });
  }

  void AfterVisit(bool showed) {
    if (showed) return Quote();
    if (crm_.random.Percent(45) && ++invited_ < 3) {
      Later(2 * kDay, [](Journey& j) { j.Invite(); });
    } else {
      Later(5 * kDay, [](Journey& j) { j.Lose("lost"); });
    }
  }

  void Quote() {
    const auto service = std::ranges::find(trade_.services, Deal()->service, &Trade::Service::name);
    const std::int64_t steps = crm_.random.Between(service->least / 50, service->most / 50);
    ValueOpportunity(crm_, *Deal(), steps * 5'000);
    MoveOpportunity(crm_, *Deal(), 3);
    SendEmail(crm_, contact_, "Your quote", "Please find our offer for " + Deal()->service + ".", "app");
    if (crm_.random.Percent(30)) {
      Later(2 * kDay,
            [](Journey& j) { ReceiveEmail(j.crm_, j.contact_, "Could you do a little better on the price?"); });
    }
    const int outcome = crm_.decks.deal.Deal(crm_.random);
    if (outcome == 0) return Later(5 * kDay, [](Journey& j) { j.Win(); });
    Later(9 * kDay, [outcome](Journey& j) { j.Lose(outcome == 1 ? "lost" : "abandoned"); });
  }

  void Win() {
    if (Deal()->deleted) return;
    MoveOpportunity(crm_, *Deal(), 4);
    CloseOpportunity(crm_, *Deal(), "won");
    SendInvoice(crm_, contact_, Deal()->service, Deal()->cents);
    AddRecord(crm_, contact_);
    Later(kHour, [](Journey& j) { TagContact(j.crm_, j.contact_, "customer"); });
    Later(12 * kDay,
          [](Journey& j) { SendEmail(j.crm_, j.contact_, "How did we do?", "We would love a review.", "workflow"); });
  }

  void Lose(std::string_view status) {
    CloseOpportunity(crm_, *Deal(), status);
    if (crm_.decks.opportunity_end.Deal(crm_.random) == 1) {
      Later(3 * kDay, [](Journey& j) { DeleteOpportunity(j.crm_, *j.Deal()); });
    }
  }

  Crm& crm_;
  Contact& contact_;
  const Trade& trade_;
  int invited_ = 0;
};

// A little more of them each week.
Millis PickArrival(Crm& crm, Millis from, Millis period) {
  const std::int64_t a = crm.random.Below(period), b = crm.random.Below(period);
  return from + (crm.random.Percent(25) ? std::max(a, b) : a);
}

}  // namespace

void StartJourneys(Crm& crm, int contacts) {
  const Millis from = crm.world.now() + kDay, period = crm.world.end() - from;
  for (int i = 0; i < contacts; ++i) {
    crm.world.At(PickArrival(crm, from, period), [&crm] {
      Location& location = crm.locations[crm.PickIndex(crm.locations.size())];
      crm.world.At(NextAwake(crm.world.now(), location.city->zone), [&crm, &location] {
        Contact& contact = AddContact(crm, location, crm.random.Pick(kSources));
        Journey(crm, contact).Begin();
      });
    });
  }
}

}  // namespace crmsink::sim
