#include <memory>

#include "sim/crm/areas.h"
#include "sim/crm/hours.h"

namespace crmsink::sim {
namespace {

// Times of appointments have the offset of the place and no milliseconds; the version time is one of them.
class Visit {
 public:
  Visit(Crm& crm, Contact& contact, Millis at, std::function<void(bool)> then)
      : crm_(crm), contact_(contact), thing_(crm.NewThing(contact.location)), at_(at), then_(std::move(then)) {}

  static void Begin(const std::shared_ptr<Visit>& visit) {
    visit->Book();
    Crm& crm = visit->crm_;
    if (crm.decks.moved.Deal(crm.random) == 1) {
      crm.world.At(visit->at_ - 8 * kHour - crm.random.Skewed(5 * kHour), [visit] { visit->Move(); });
    }
    const int outcome = crm.decks.visit.Deal(crm.random);
    if (outcome >= 2) {
      const Millis when = crm.world.now() + (visit->at_ - crm.world.now()) * crm.random.Between(20, 60) / 100;
      crm.world.At(when, [visit, outcome] { outcome == 2 ? visit->Cancel() : visit->Delete(); });
      return;
    }
    visit->Await(visit, outcome == 0);
  }

 private:
  Document Members(std::string_view status) {
    const int zone = contact_.location->city->zone;
    Document appointment = Document::Object({{"id", thing_.id}, {"address", place_}});
    appointment.Set("title", contact_.Name() + ": " + std::string(contact_.location->trade->name));
    appointment.Set("calendarId", calendar_).Set("contactId", contact_.id).Set("appointmentStatus", status);
    appointment.Set("assignedUserId", host_->id).Set("users", Document::Texts({host_->id}));
    appointment.SetFilled("notes", notes_).Set("source", source_);
    appointment.Set("startTime", LocalTime(at_, zone)).Set("endTime", LocalTime(at_ + 45 * kMinute, zone));
    appointment.Set("dateAdded", LocalTime(booked_at_, zone)).Set("dateUpdated", LocalTime(thing_.updated, zone));
    return Document::Object({{"appointment", std::move(appointment)}});
  }

  void Tell(std::string_view event, std::string_view status, Fate fate = Fate::kAsBefore) {
    status_ = status;
    crm_.world.Tell(event, thing_, Members(status), {.fate = fate});
  }

  void Book() {
    thing_.id = crm_.random.Letters(20);
    booked_at_ = crm_.world.Touch(thing_, kSecond);
    host_ = contact_.owner != nullptr ? contact_.owner : &crm_.Colleague(*contact_.location);
    calendar_ = contact_.location->calendars[crm_.PickIndex(2)];
    place_ = crm_.random.Percent(50) ? "https://meet.example.com/" + crm_.random.Digits(9) : "At our office";
    source_ = crm_.random.Percent(60) ? "booking_widget" : "calendar";
    Tell("AppointmentCreate", crm_.random.Percent(80) ? "confirmed" : "new");
  }

  void Move() {
    if (thing_.deleted || status_ == "cancelled") return;
    crm_.world.Touch(thing_, kSecond);
    at_ = NextSlot(at_ + crm_.random.Between(1, 4) * kDay, contact_.location->city->zone);
    notes_ = "Moved at the customer's wish.";
    Tell("AppointmentUpdate", "confirmed");
  }

  void Cancel() {
    crm_.world.Touch(thing_, kSecond);
    Tell("AppointmentUpdate", "cancelled");
    then_(false);
  }

  // The deletion shows the time of the last change, which it is not one of.
  void Delete() {
    Tell("AppointmentDelete", status_, Fate::kDeleted);
    then_(false);
  }

  void Await(const std::shared_ptr<Visit>& self, bool comes) {
    crm_.world.At(at_ + 20 * kMinute + crm_.random.Skewed(kHour), [self, comes] {
      if (self->crm_.world.now() < self->at_) return self->Await(self, comes);  // it was moved
      self->crm_.world.Touch(self->thing_, kSecond);
      self->Tell("AppointmentUpdate", comes ? "showed" : "noshow");
      self->then_(comes);
    });
  }

  Crm& crm_;
  Contact& contact_;
  Thing& thing_;
  Millis at_, booked_at_ = 0;
  std::function<void(bool)> then_;
  const User* host_ = nullptr;
  std::string calendar_, place_, source_, notes_, status_;
};

}  // namespace

void BookVisit(Crm& crm, Contact& contact, Millis at, std::function<void(bool showed)> then) {
  Visit::Begin(std::make_shared<Visit>(crm, contact, at, std::move(then)));
}

}  // namespace crmsink::sim
