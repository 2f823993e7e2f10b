#include "sim/crm/areas.h"

namespace crmsink::sim {
namespace {

void TellProduct(Crm& crm, std::string_view event, Product& product, Fate fate = Fate::kAsBefore) {
  if (fate == Fate::kAsBefore) product.document.Set("updatedAt", FormatRfc3339(crm.world.Touch(product)));
  crm.world.Tell(event, product, product.document, {.fate = fate});
}

// The kind of a price is `priceType` when it is made and `type` from then on.
void TellPrice(Crm& crm, std::string_view event, Price& price, Fate fate = Fate::kAsBefore) {
  if (fate == Fate::kAsBefore) price.document.Set("updatedAt", FormatRfc3339(crm.world.Touch(price)));
  Document members = price.document;
  members.Set("amount", Document::Hundredths(price.cents));
  members.Set(event == "PriceCreate" ? "priceType" : "type", price.monthly ? "recurring" : "one_time");
  crm.world.Tell(event, price, members, {.fate = fate});
}

void AddPrice(Crm& crm, const Location& location, Product& product, const Trade::Good& good, std::string_view name,
              int percent_more) {
  Price& price = product.prices.emplace_back();
  price.id = crm.random.Hex(24);
  price.location = &location;
  price.name = name;
  price.cents = good.cents * (100 + percent_more) / 100;
  price.monthly = good.monthly;
  Document& members = price.document;
  members = Document::Object({{"_id", price.id}, {"product", product.id}, {"name", name}, {"currency", "USD"}});
  members.Set("userId", location.team.front()->id);
  if (good.monthly) {
    members.Set("recurring", Document::Object({{"interval", "month"}, {"intervalCount", 1}}));
    members.Set(
        "membershipOffers",
        Document::List({Document::Object({{"label", "members"}, {"value", "10"}, {"_id", crm.random.Hex(24)}})}));
  } else {
    members.Set("variantOptionIds", Document::Texts({product.id.substr(0, 11)}));
    members.Set("compareAtPrice", Document::Hundredths(price.cents * 5 / 4)).Set("availableQuantity", 40);
  }
  members.Set("trackInventory", Document()).Set("allowOutOfStockPurchases", true);
  members.Set("createdAt", FormatRfc3339(crm.world.now()));
  TellPrice(crm, "PriceCreate", price);
}

Product& AddProduct(Crm& crm, Location& location, const Trade::Good& good) {
  Product& product = crm.products.emplace_back();
  product.id = crm.random.Hex(24);
  product.location = &location;
  product.name = good.name;
  Document& members = product.document;
  members = Document::Object({{"_id", product.id}, {"description", good.description}, {"name", good.name}});
  const std::string image = "https://files.example.com/" + product.id + ".png";
  if (!good.monthly) {
    const auto option = Document::Object({{"id", product.id.substr(0, 11)}, {"name", "Standard"}});
    members.Set("variants",
                Document::List({Document::Object(
                    {{"id", crm.random.Letters(11)}, {"name", "Size"}, {"options", Document::List({option})}})}));
    members.Set("medias", Document::List({Document::Object({{"id", crm.random.Letters(11)},
                                                            {"title", product.name + ".png"},
                                                            {"url", image},
                                                            {"type", "image"},
                                                            {"isFeatured", true}})}));
  }
  members.Set("productType", good.monthly ? "SERVICE" : "PHYSICAL").Set("availableInStore", true);
  members.Set("userId", location.team.front()->id).Set("image", image);
  members.Set("statementDescriptor", "BRIGHTSIDE").Set("createdAt", FormatRfc3339(crm.world.now()));
  TellProduct(crm, "ProductCreate", product);
  AddPrice(crm, location, product, good, "Standard", 0);
  if (!good.monthly) AddPrice(crm, location, product, good, "Installed", 60);
  return product;
}

void EndSeason(Crm& crm, Product& product) {
  for (Price& price : product.prices) {
    if (!price.deleted) TellPrice(crm, "PriceDelete", price, Fate::kDeleted);
  }
  TellProduct(crm, "ProductDelete", product, Fate::kDeleted);
}

struct Line {
  const Product* product;
  const Price* price;
  std::int64_t quantity;
};

Document Item(const Line& line, const Document& tax) {
  const Product& product = *line.product;
  Document shown = Document::Object({{"_id", product.id}, {"name", product.name}});
  for (const std::string_view member : {"description", "availableInStore", "variants"}) {
    const Document* value = product.document.Find(member);
    if (value != nullptr) shown.Set(member, *value);
  }
  shown.Set("taxes", Document::List({tax}));
  Document price = Document::Object({{"_id", line.price->id},
                                     {"name", line.price->name},
                                     {"type", line.price->monthly ? "recurring" : "one_time"},
                                     {"currency", "USD"},
                                     {"amount", Document::Hundredths(line.price->cents)}});
  const Document* options = line.price->document.Find("variantOptionIds");
  if (options != nullptr) price.Set("variantOptionIds", *options);
  return Document::Object({{"name", product.name + " - " + line.price->name},
                           {"qty", line.quantity},
                           {"product", std::move(shown)},
                           {"price", std::move(price)}});
}

Document Snapshot(const Contact& contact) {
  Document snapshot = Document::Object({{"id", contact.id}, {"locationId", contact.location->id}});
  for (const std::string_view member :
       {"firstName", "lastName", "email", "phone", "dnd", "source", "address1", "city", "state", "postalCode", "tags",
        "country", "dateAdded", "companyName", "assignedTo", "dateOfBirth"}) {
    const Document* value = contact.document.Find(member);
    if (value != nullptr) snapshot.Set(member, *value);
  }
  return snapshot;
}

Document Order(Crm& crm, const Contact& contact, Thing& order) {
  const Location& location = *contact.location;
  Document tax = Document::Object({{"_id", location.id.substr(0, 12) + "0000000000aa"},
                                   {"calculation", "exclusive"},
                                   {"name", "Sales tax"},
                                   {"rate", 8},
                                   {"deleted", false},
                                   {"altId", location.id},
                                   {"altType", "location"},
                                   {"createdAt", "2025-11-18T04:51:40.067Z"},
                                   {"updatedAt", "2025-11-18T04:51:40.067Z"},
                                   {"__v", 0}});
  std::vector<Document> items;
  std::int64_t subtotal = 0;
  const std::size_t first = crm.PickIndex(location.shop.size());
  const std::size_t count = crm.random.Percent(30) ? 2 : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const Product& product = *location.shop[(first + i) % location.shop.size()];
    const Line line{&product, &product.prices[crm.PickIndex(product.prices.size())], crm.random.Percent(85) ? 1 : 2};
    subtotal += line.price->cents * line.quantity;
    items.push_back(Item(line, tax));
  }
  const std::int64_t taxes = subtotal * 8 / 100, shipping = subtotal < 15'000 ? 790 : 0;
  Document sum = Document::Object({{"_id", *tax.Find("_id")}, {"name", "Sales tax"}, {"calculation", "exclusive"}});
  sum.Set("rate", 8).Set("amount", Document::Hundredths(taxes));
  Document meta = Document::Map({{"stepId", crm.random.Uuid()},
                                 {"pageId", location.pipeline},
                                 {"domain", "shop." + location.domain},
                                 {"pageUrl", "/checkout"}});
  Document source = Document::Object({{"type", "website"}, {"subType", "store"}, {"id", location.calendars[1]}});
  source.Set("name", location.name + " store").Set("meta", std::move(meta));
  const std::string now = FormatRfc3339(crm.world.Touch(order));
  Document members = Document::Object({{"_id", order.id}, {"altId", location.id}, {"altType", "location"}});
  members.Set("status", "pending").Set("taxSummary", Document::List({std::move(sum)}));
  members.Set("fulfillmentStatus", "unfulfilled").Set("contactId", contact.id).Set("currency", "USD");
  members.Set("amount", Document::Hundredths(subtotal + taxes + shipping)).Set("liveMode", true);
  members.Set("amountSummary", Document::Object({{"subtotal", Document::Hundredths(subtotal)},
                                                 {"discount", 0},
                                                 {"tax", Document::Hundredths(taxes)},
                                                 {"shipping", Document::Hundredths(shipping)}}));
  members.Set("source", std::move(source)).Set("createdAt", now).Set("updatedAt", now);
  members.Set("contactSnapshot", Snapshot(contact)).Set("items", Document::List(std::move(items)));
  return members;
}

}  // namespace

void StartShop(Crm& crm, Location& location) {
  for (const Trade::Good& good : location.trade->goods) location.shop.push_back(&AddProduct(crm, location, good));
  const Millis period = crm.world.end() - crm.world.now();
  crm.world.In(period / 3 + crm.random.Skewed(2 * kDay), [&crm, &location] {
    Product& product = *location.shop[0];
    product.document.Set("description", std::string(location.trade->goods[0].description) + ". New model.");
    TellProduct(crm, "ProductUpdate", product);
    for (Price& price : product.prices) {
      price.cents += price.cents / 20;
      TellPrice(crm, "PriceUpdate", price);
    }
  });
  crm.world.In(period * 3 / 5 + crm.random.Skewed(2 * kDay), [&crm, &location] {
    Product& product = *location.shop.back();
    location.shop.pop_back();
    EndSeason(crm, product);
  });
}

void PlaceOrder(Crm& crm, Contact& contact) {
  Thing& order = crm.NewThing(contact.location);
  order.id = crm.random.Hex(24);
  order.document = Order(crm, contact, order);
  crm.world.Tell("OrderCreate", order);
  const int outcome = crm.decks.order.Deal(crm.random);
  const auto change = [&crm, &order](Millis wait, std::string_view status, bool fulfilled) {
    crm.world.In(wait, [&crm, &order, status, fulfilled] {
      // The first change may still show the time of the order itself.
      const bool same_time = status != "refunded" && crm.random.Percent(30);
      if (!same_time) order.document.Set("updatedAt", FormatRfc3339(crm.world.Touch(order)));
      order.document.Set("status", status);
      if (fulfilled) order.document.Set("fulfillmentStatus", "fulfilled");
      crm.world.Tell("OrderStatusUpdate", order);
    });
  };
  const Millis paid = 5 * kSecond + crm.random.Skewed(kMinute);
  change(paid, outcome == 1 ? "failed" : "completed", outcome == 0);
  if (outcome == 2) change(paid + 2 * kDay + crm.random.Skewed(4 * kDay), "refunded", false);
}

}  // namespace crmsink::sim
