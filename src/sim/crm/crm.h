#pragma once

#include <deque>
#include <string>
#include <vector>

#include "sim/crm/data.h"
#include "sim/world.h"

namespace crmsink::sim {

struct User : Thing {
  std::string first, last, email;
  std::string Name() const { return first + " " + last; }
};

struct Price : Thing {
  std::string name;
  std::int64_t cents = 0;
  bool monthly = false;
};

struct Product : Thing {
  std::string name;
  std::deque<Price> prices;
};

// A sub-account: one business.
struct Location : Thing {
  const Trade* trade = nullptr;
  const City* city = nullptr;
  std::string name, phone, domain;
  std::string provider;  // of its own messages; empty: HighLevel's phone system
  std::vector<User*> team;
  std::vector<std::string> calendars, custom_fields, stages;
  std::string pipeline;
  std::vector<Product*> shop;
  Thing schema, association;
};

struct Contact;

struct Conversation : Thing {
  Contact* contact = nullptr;
  int unread = 0;
};

struct Opportunity : Thing {
  Contact* contact = nullptr;
  std::size_t stage = 0;
  std::int64_t cents = 0;
  std::string service;
};

struct Contact : Thing {
  std::string first, last, email, phone, source;
  User* owner = nullptr;
  Conversation* conversation = nullptr;
  Opportunity* opportunity = nullptr;
  bool silent = false;  // does not want messages
  std::vector<std::string> tags;
  Millis came_at = 0;
  std::string Name() const { return first + " " + last; }
};

// The outcomes that a report counts.
struct Decks {
  Deck deal{{8, 9, 3}};              // won, lost, abandoned
  Deck visit{{17, 4, 3, 1}};         // showed, no-show, cancelled, deleted
  Deck moved{{5, 1}};                // no, yes
  Deck payment{{7, 2, 1, 1, 1}};     // paid, in two parts, void, deleted, still open
  Deck order{{8, 1, 1}};             // completed, failed, refunded
  Deck email{{25, 15, 6, 1, 1}};     // delivered, opened, clicked, failed, unsubscribed
  Deck first_word{{4, 3, 2, 2, 1}};  // SMS, form, e-mail, call, voice AI at night
  Deck silence{{24, 1}};             // no, yes
  Deck chat{{12, 1}};                // no, yes
  Deck contact_end{{24, 1, 1}};      // stays, deleted, deleted and restored
  Deck opportunity_end{{9, 1}};      // stays, deleted
  Deck campaign{{5, 2, 1}};          // completed, answered, paused
  Deck task{{7, 2, 1}};              // done, open, deleted
  Deck note{{7, 2, 1}};              // stays, edited, deleted
  Deck record{{3, 2, 1}};            // stays, edited, deleted
  Deck ticket{{4, 1}};               // stays, deleted
};

// The agency and everything in it. Things are never moved or freed, so that plans can point to them.
struct Crm {
  explicit Crm(const World::Options& options) : world(options), random(world.random()) {}
  Crm(const Crm&) = delete;
  Crm& operator=(const Crm&) = delete;

  World world;
  Random& random;
  Decks decks;
  std::string company_id, company_name;
  int invoice_number = 1000;
  std::deque<Location> locations;
  std::deque<User> users;
  std::deque<Product> products;
  std::deque<Contact> contacts;
  std::deque<Conversation> conversations;
  std::deque<Opportunity> opportunities;
  std::deque<Thing> things;  // all others

  Thing& NewThing(const Location* location);
  User& Colleague(const Location& location) { return *location.team[PickIndex(location.team.size())]; }
  std::size_t PickIndex(std::size_t size) {
    return static_cast<std::size_t>(random.Below(static_cast<std::int64_t>(size)));
  }
};

}  // namespace crmsink::sim
