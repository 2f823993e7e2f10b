#pragma once

#include <string_view>

namespace crmsink::sim {

// Invented people and businesses. Addresses end in example.com, phone numbers have the exchange 555.

struct City {
  std::string_view name, state, zip, area_code;
  int zone;  // hours from UTC
};

// What a business sells, and what it asks and writes.
struct Trade {
  std::string_view name;
  struct Service {
    std::string_view name;
    int least, most;  // dollars
  } services[3];
  struct Good {
    std::string_view name, description;
    int cents;
    bool monthly;
  } goods[4];
  std::string_view object, objects, object_key;  // what its customers own: a custom object
  std::string_view models[5];                    // of such an object
  std::string_view asks[4], answers[4];
};

inline constexpr City kCities[] = {
    {"Austin", "TX", "78701", "512", -6},    {"Denver", "CO", "80202", "303", -7},
    {"Tampa", "FL", "33602", "813", -5},     {"Phoenix", "AZ", "85004", "602", -7},
    {"Columbus", "OH", "43215", "614", -5},  {"Portland", "OR", "97204", "503", -8},
    {"Nashville", "TN", "37203", "615", -6}, {"San Diego", "CA", "92101", "619", -8},
};

inline constexpr Trade kTrades[] = {
    {"Roofing",
     {{"Roof repair", 450, 2400}, {"Roof replacement", 8200, 21000}, {"Gutter installation", 900, 3200}},
     {{"Leaf guard kit", "Keeps gutters clear for ten years", 18900, false},
      {"Moss treatment", "Two litres, for 80 square metres", 4990, false},
      {"Roof care plan", "Inspection twice a year, small repairs included", 2900, true},
      {"Skylight blind", "Blackout, made to measure", 23950, false}},
     "Property",
     "Properties",
     "properties",
     {"Gable roof, shingles", "Flat roof, membrane", "Hip roof, tiles", "Metal roof", "Mansard roof, slate"},
     {"Hi, we have a leak above the kitchen. Can somebody take a look this week?",
      "How much would new gutters be for a one-storey house?", "Do you work with insurance claims?",
      "Is the estimate free?"},
     {"We can come by for a free inspection. Would Tuesday morning suit you?",
      "Thanks for reaching out! What is the address of the house?", "Yes, we handle the paperwork with your insurer.",
      "Your estimate is ready, I just sent it by e-mail."}},
    {"Dental",
     {{"Dental implant", 2800, 5200}, {"Teeth whitening", 290, 650}, {"Invisible aligners", 3100, 6400}},
     {{"Electric toothbrush", "With two heads", 8900, false},
      {"Whitening strips", "For fourteen days", 3450, false},
      {"Smile membership", "Two cleanings a year and 10 % off", 3500, true},
      {"Night guard", "Fitted in one visit", 28000, false}},
     "Insurance policy",
     "Insurance policies",
     "insurance_policies",
     {"Delta basic", "Delta premier", "Cigna family", "MetLife plus", "Self-paying"},
     {"Do you take new patients?", "What does a whitening cost?", "I'd like to move my appointment, please.",
      "Is parking available?"},
     {"We do! Which day suits you best?", "A whitening starts at $290; the first consultation is free.",
      "No problem, I moved it for you.", "Yes, behind the building, free for patients."}},
    {"Solar",
     {{"Solar panels", 11500, 28500}, {"Home battery", 7400, 12800}, {"Panel cleaning", 180, 420}},
     {{"Energy monitor", "Shows what the house uses, room by room", 12900, false},
      {"EV charger", "11 kW, wall-mounted", 64900, false},
      {"Panel care plan", "Cleaning and a check each spring", 1900, true},
      {"Critter guard", "Mesh for twenty panels", 15900, false}},
     "Solar system",
     "Solar systems",
     "solar_systems",
     {"12 panels, 4.8 kW", "18 panels, 7.2 kW", "24 panels, 9.6 kW", "30 panels, 12 kW", "9 panels, 3.6 kW"},
     {"What would 20 panels save me per month?", "Is my roof suitable? It faces east.",
      "How long does installation take?", "Do you offer financing?"},
     {"It depends on your usage: could you send me your last bill?", "East is fine. We check it with a drone first.",
      "Two days on the roof, and a week for the permit.", "We do, from 3.9 %. Shall we talk it through?"}},
    {"Fitness",
     {{"Personal training", 600, 1800}, {"Group coaching", 290, 690}, {"Nutrition plan", 180, 420}},
     {{"Kettlebell set", "8, 12 and 16 kg", 14900, false},
      {"Protein starter box", "Twelve flavours", 3990, false},
      {"Monthly membership", "All classes, open gym", 7900, true},
      {"Foam roller", "45 cm", 2450, false}},
     "Training plan",
     "Training plans",
     "training_plans",
     {"Strength, 12 weeks", "First 10 k", "Back to shape", "Mobility", "Weight loss, 16 weeks"},
     {"Is there a trial class?", "What are your opening hours?", "Do you have a trainer for beginners?",
      "Can I pause my membership in August?"},
     {"The first class is on us. Does Thursday at six work?", "Six to ten on weekdays, eight to six on weekends.",
      "Yes! Ana starts a beginners' group on Monday.", "Sure, I paused it for you."}},
};

inline constexpr std::string_view kFirstNames[] = {"Ada",
                                                   "Ben",
                                                   "Carla",
                                                   "Dario",
                                                   "Elena",
                                                   "Felix",
                                                   "Grace",
                                                   "Hugo",
                                                   "Iris",
                                                   "Jonah",
                                                   "Kira",
                                                   "Liam",
                                                   "Maya",
                                                   "Noah",
                                                   "Olive",
                                                   "Pedro",
                                                   "Quinn",
                                                   "Rosa",
                                                   "Silas",
                                                   "Tessa",
                                                   "Uma",
                                                   "Victor",
                                                   "Wendy",
                                                   "Xavier",
                                                   "Yara",
                                                   "Zane",
                                                   "Amir",
                                                   "Bianca",
                                                   "Caleb",
                                                   "Delia",
                                                   "Ezra",
                                                   "Freya",
                                                   "Gavin",
                                                   "Helen",
                                                   "Ivan",
                                                   "June",
                                                   "Kofi",
                                                   "Lena",
                                                   "Marco",
                                                   "Nadia",
                                                   "Oscar",
                                                   "Priya",
                                                   "Ren\xc3\xa9"
                                                   "e",
                                                   "Sam",
                                                   "Tariq",
                                                   "Vera"};
inline constexpr std::string_view kLastNames[] = {
    "Abbott", "Barnes",    "Castillo",  "Dunn",    "Ellis",   "Fischer", "Garcia", "Hoffman", "Ibarra",
    "Jensen", "Keller",    "Lopez",     "Murphy",  "Nguyen",  "Okafor",  "Patel",  "Quigley", "Ramos",
    "Sato",   "Turner",    "Underwood", "Vargas",  "Walsh",   "Xu",      "Young",  "Zimmer",  "Archer",
    "Bauer",  "Chen",      "Diaz",      "Edwards", "Flores",  "Grant",   "Hayes",  "Irwin",   "Jacobs",
    "Khan",   "Lindqvist", "Moreno",    "Novak",   "O'Brien", "Pereira"};
inline constexpr std::string_view kStreets[] = {"Maple Ave", "Oak St",  "2nd St",       "Lakeview Dr",
                                                "Cedar Ln",  "Main St", "Hillcrest Rd", "Sunset Blvd",
                                                "River Rd",  "Elm St",  "Juniper Way",  "Park Pl"};
inline constexpr std::string_view kCompanies[] = {"Northwind Dental", "Bluebird Bakery",  "Harbor Logistics",
                                                  "Summit Realty",    "Cactus Coffee",    "Granite Builders",
                                                  "Willow Daycare",   "Pioneer Plumbing", "Lantern Books"};
inline constexpr std::string_view kSources[] = {"website form", "facebook ad", "google ads", "referral",
                                                "chat widget",  "phone call",  "open house", "instagram"};
inline constexpr std::string_view kThanks[] = {"Thank you!",          "Great, see you then.", "Perfect, thanks.",
                                               "Ok \xf0\x9f\x91\x8d", "Sounds good.",         "I'll think about it."};
inline constexpr std::string_view kNotes[] = {"<p>Prefers calls after 5 pm.</p>",
                                              "<p>Wants to compare two more offers before deciding.</p>",
                                              "<p>Came through a neighbour's recommendation.</p>",
                                              "<p>Spouse has to agree.</p>",
                                              "<p>Budget is tight this quarter; follow up next month.</p>",
                                              "<p>Left a voicemail, no answer yet.</p>"};
inline constexpr std::string_view kTasks[] = {
    "Call back",           "Send the quote",          "Ask for a review",
    "Check the paperwork", "Confirm the appointment", "Follow up on the invoice"};
inline constexpr std::string_view kTags[] = {"newsletter", "hot lead", "homeowner", "price sensitive",
                                             "spanish",    "referral", "urgent",    "spring offer"};
inline constexpr std::string_view kPermissions[] = {
    "campaignsEnabled",    "campaignsReadOnly", "contactsEnabled",      "workflowsEnabled",      "workflowsReadOnly",
    "triggersEnabled",     "funnelsEnabled",    "opportunitiesEnabled", "dashboardStatsEnabled", "bulkRequestsEnabled",
    "appointmentsEnabled", "reviewsEnabled",    "phoneCallEnabled",     "conversationsEnabled",  "assignedDataOnly",
    "settingsEnabled",     "tagsEnabled",       "leadValueEnabled",     "marketingEnabled",      "invoiceEnabled",
    "paymentsEnabled",     "refundsEnabled",    "recordPaymentEnabled"};
inline constexpr std::string_view kChannels[] = {"Call", "Email", "SMS", "WhatsApp", "GMB", "FB"};

}  // namespace crmsink::sim
