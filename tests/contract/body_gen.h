#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crmsink::contract {

// A value as JSON text and, where it is something special, what.
struct Choice {
  std::string json;
  std::string feature;
};
using Choices = std::vector<Choice>;

// Values of every form for a column of each type, wrong forms, null and "" among them.
const Choices& Texts();
const Choices& Numbers();
const Choices& Integers();
const Choices& Booleans();
const Choices& Times();
const Choices& Dates();
const Choices& Anything();  // for members that no column takes

// Writes one body by rolling dice; only inside of a generator.
class BodyMaker {
 public:
  // One of the choices, its feature noted.
  std::string Pick(const Choices& choices);
  // Mostly a list of elements made by `element`; else empty, null, "", or no list.
  template <class Element>
  std::string List(Element element) {
    const std::string odd = OddList();
    if (!odd.empty()) return odd;
    std::string list;
    for (int n = Count(4); n > 0; --n) list += (list.empty() ? "" : ",") + element();
    return "[" + list + "]";
  }
  // Mostly an object of the members that `fill` adds to a maker of its own; else null, "", or no object.
  template <class Fill>
  std::string Object(Fill fill) {
    const std::string odd = OddObject();
    if (!odd.empty()) return odd;
    BodyMaker inner;
    fill(inner);
    features_.insert(features_.end(), inner.features_.begin(), inner.features_.end());
    return inner.Json();
  }

  // Adds a member, always or, by the same odds for each, not.
  void Add(std::string_view member, const std::string& json);
  void Maybe(std::string_view member, const Choices& choices);
  template <class Make>
  void MaybeMade(std::string_view member, Make make) {
    if (Skip()) return;
    Add(member, make());
  }

  int Count(int most);  // 0 to most
  bool Skip();
  void Note(std::string feature) { features_.push_back(std::move(feature)); }

  std::string Json() const { return "{" + members_ + "}"; }
  const std::vector<std::string>& features() const { return features_; }

 private:
  std::string OddList();
  std::string OddObject();

  std::string members_;
  std::vector<std::string> features_;
};

// The members of an event's body beside its envelope, for each entity.
void AddContact(BodyMaker& body);
void AddOpportunity(BodyMaker& body);
void AddInvoice(BodyMaker& body);
void AddMessage(BodyMaker& body);
void AddEmailEvent(BodyMaker& body);

}  // namespace crmsink::contract
