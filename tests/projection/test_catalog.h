#pragma once

#include "entities/entity.h"

namespace crmsink {

// The catalogue of the programs that are built with test_catalog.cc: it takes the place of the real one, so that events
// can be read of entities that have what the real ones lack: secrets, ids of parts, lists that may be maps, members
// that say what the event is. Contact, Message and Invoice are the real ones.
extern const Entity kAppInstall;  // an id of parts
extern const Entity kAsset;       // op_by, tombstone_when
extern const Entity kCallEnd;     // a fact; lists from two paths in an element, secrets
extern const Entity kContact;
extern const Entity kConversation;  // tombstone_when
extern const Entity kInvoice;
extern const Entity kLocation;  // its own location
extern const Entity kMessage;
extern const Entity kOrder;   // three levels of lists; a map beside columns
extern const Entity kRecord;  // a list or a map

}  // namespace crmsink
