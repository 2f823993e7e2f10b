#include "sim/crm/areas.h"

namespace crmsink::sim {
namespace {

std::string KeyOf(const Location& location) { return "custom_objects." + std::string(location.trade->object_key); }

void DescribeSchema(Crm& crm, Location& location) {
  const std::string key = KeyOf(location);
  Thing& schema = location.schema;
  schema.id = crm.random.Hex(24);
  schema.location = &location;
  const std::string now = FormatRfc3339(crm.world.Touch(schema));
  Document labels = Document::Object({{"singular", location.trade->object}, {"plural", location.trade->objects}});
  schema.document = Document::Object({{"id", schema.id},
                                      {"labels", std::move(labels)},
                                      {"description", "What our customers own"},
                                      {"searchableProperties", Document::Texts({key + ".name"})},
                                      {"primaryDisplayProperty", key + ".name"},
                                      {"key", key},
                                      {"objectType", "USER_DEFINED"},
                                      {"createdAt", now},
                                      {"updatedAt", now}});
  crm.world.Tell("ObjectSchemaCreate", schema);
}

void ExtendSchema(Crm& crm, Location& location) {
  const std::string key = KeyOf(location);
  Document& members = location.schema.document;
  members.Set("searchableProperties", Document::Texts({key + ".name", key + ".serial_number"}));
  members.Set("description", "What our customers own, with its serial number");
  members.Set("updatedBy", Document::Object({{"userId", location.team.front()->id}}));
  members.Set("updatedAt", FormatRfc3339(crm.world.Touch(location.schema)));
  crm.world.Tell("ObjectSchemaUpdate", location.schema);
}

// Cardinalities are not in the creation, only from then on.
void Associate(Crm& crm, Location& location, Thing& association, std::string_view key, std::string_view label) {
  association.id = crm.random.Hex(24);
  association.location = &location;
  association.document = Document::Object({{"id", association.id},
                                           {"associationType", "USER_DEFINED"},
                                           {"firstObjectKey", KeyOf(location)},
                                           {"firstObjectLabel", location.trade->object},
                                           {"secondObjectKey", "contact"},
                                           {"secondObjectLabel", label},
                                           {"key", key}});
  crm.world.Tell("AssociationCreate", association);
  association.document.Set("firstObjectToSecondObjectCardinality", "MANY_TO_MANY");
  association.document.Set("secondObjectToFirstObjectCardinality", "MANY_TO_MANY");
}

struct Record {
  Thing& thing;
  Thing& relation;
};

void ChangeRecord(Crm& crm, Record& record, std::string_view model) {
  Document properties = Document::List({Document::Object({{"key", "name"}, {"valueString", model}}),
                                        Document::Object({{"key", "inspected"}, {"valueString", "yes"}})});
  record.thing.document.Set("properties", std::move(properties));
  crm.world.Tell("RecordUpdate", record.thing);
}

void DropRecord(Crm& crm, Record& record) {
  crm.world.Tell("RelationDelete", record.relation, record.relation.document, {.fate = Fate::kDeleted});
  crm.world.Tell("RecordDelete", record.thing, record.thing.document, {.fate = Fate::kDeleted});
}

}  // namespace

void StartObjects(Crm& crm, Location& location) {
  DescribeSchema(crm, location);
  Associate(crm, location, location.association, "owner", "Owner");
  Thing& mistake = crm.NewThing(&location);
  Associate(crm, location, mistake, "onwer", "Onwer");
  crm.world.In(3 * kHour,
               [&] { crm.world.Tell("AssociationDelete", mistake, mistake.document, {.fate = Fate::kDeleted}); });
  const Millis period = crm.world.end() - crm.world.now();
  crm.world.In(period / 10, [&] {
    location.association.document.Set("secondObjectLabel", "Owner or tenant");
    crm.world.Tell("AssociationUpdate", location.association);
  });
  crm.world.In(period / 6, [&] { ExtendSchema(crm, location); });
}

void AddRecord(Crm& crm, Contact& contact) {
  const Location& location = *contact.location;
  Record record{crm.NewThing(&location), crm.NewThing(&location)};
  record.thing.id = crm.random.Hex(24);
  const std::string_view model = crm.random.Pick(location.trade->models);
  Document& members = record.thing.document;
  members = Document::Object({{"id", record.thing.id}});
  members.Set("owners", Document::Texts({crm.Colleague(location).id}));
  members.Set("followers", crm.random.Percent(50) ? Document::Texts({location.team.back()->id}) : Document::List());
  Document name = Document::Object({{"key", "name"}, {"valueString", model}});
  Document serial = Document::Object({{"key", "serial_number"}, {"valueString", crm.random.Digits(8)}});
  members.Set("properties", Document::List({std::move(name), std::move(serial)}));
  crm.world.Tell("RecordCreate", record.thing);

  record.relation.id = crm.random.Hex(24);
  record.relation.document = Document::Object({{"id", record.relation.id},
                                               {"firstObjectKey", KeyOf(location)},
                                               {"firstRecordId", record.thing.id},
                                               {"secondObjectKey", "contact"},
                                               {"secondRecordId", contact.id},
                                               {"associationId", location.association.id}});
  crm.world.Tell("RelationCreate", record.relation);
  const int end = crm.decks.record.Deal(crm.random);
  if (end == 0) return;
  crm.world.In(crm.random.Skewed(9 * kDay), [&crm, record, model, end]() mutable {
    end == 1 ? ChangeRecord(crm, record, model) : DropRecord(crm, record);
  });
}

}  // namespace crmsink::sim
