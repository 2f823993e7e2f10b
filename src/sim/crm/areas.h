#pragma once

#include <string>
#include <string_view>

#include "sim/crm/crm.h"

// What can happen in each area of the CRM. Every function is one thing that somebody does, now, with what follows from
// it by itself; journey.cc strings them together.
namespace crmsink::sim {

// agency.cc: plans, sub-accounts, the app's installs, people, tickets. Calls the starters of the other areas.
void StartAgency(Crm& crm, int locations);

// people.cc
User& AddUser(Crm& crm, Location& location);
void StartStaffChanges(Crm& crm, Location& location);

// contacts.cc
Contact& AddContact(Crm& crm, Location& location, std::string_view source);
void FillInContact(Crm& crm, Contact& contact);  // address, birthday, custom fields; a member is cleared now and then
void TagContact(Crm& crm, Contact& contact, std::string_view tag);
void SilenceContact(Crm& crm, Contact& contact);
void DeleteContact(Crm& crm, Contact& contact, bool restored);
void AddNote(Crm& crm, Contact& contact);
void AddTask(Crm& crm, Contact& contact);

// messages.cc
void ReceiveSms(Crm& crm, Contact& contact, std::string_view text);
void ReceiveEmail(Crm& crm, Contact& contact, std::string_view text);
void ReceiveCall(Crm& crm, Contact& contact, bool answered);
void SendSms(Crm& crm, Contact& contact, std::string_view text, std::string_view source);
void SendEmail(Crm& crm, Contact& contact, std::string_view subject, std::string_view text, std::string_view source);
void Call(Crm& crm, Contact& contact, bool answered);
void Comment(Crm& crm, Contact& contact, std::string_view text);
void Read(Crm& crm, Contact& contact);
void MergeChat(Crm& crm, Contact& contact);  // a chat of a visitor who turned out to be this contact

// outreach.cc
void ReportEmail(Crm& crm, const Contact& contact, const std::string& from);  // what the mail provider says
void RunCampaign(Crm& crm, Contact& contact);
void TalkToVoiceAi(Crm& crm, Contact& contact);

// calendar.cc
// `then` is called with the outcome when the visit is over: did they come?
void BookVisit(Crm& crm, Contact& contact, Millis at, std::function<void(bool showed)> then);

// sales.cc
void OpenOpportunity(Crm& crm, Contact& contact);
void MoveOpportunity(Crm& crm, Opportunity& opportunity, std::size_t stage);
void ValueOpportunity(Crm& crm, Opportunity& opportunity, std::int64_t cents);
void AssignOpportunity(Crm& crm, Opportunity& opportunity, const User* user);
void CloseOpportunity(Crm& crm, Opportunity& opportunity, std::string_view status);
void DeleteOpportunity(Crm& crm, Opportunity& opportunity);

// shop.cc
void StartShop(Crm& crm, Location& location);
void PlaceOrder(Crm& crm, Contact& contact);

// invoices.cc
void SendInvoice(Crm& crm, Contact& contact, std::string_view service, std::int64_t cents);

// objects.cc
void StartObjects(Crm& crm, Location& location);
void AddRecord(Crm& crm, Contact& contact);

// knowledge.cc
void StartKnowledge(Crm& crm, Location& location);

// journey.cc: contacts come, and what becomes of them.
void StartJourneys(Crm& crm, int contacts);

}  // namespace crmsink::sim
