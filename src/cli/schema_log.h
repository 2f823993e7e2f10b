#pragma once

#include <string_view>

namespace crmsink {

// The part of docs/schema.md on the tables that no declaration makes; a test compares it with a migrated database.
inline constexpr std::string_view kLogTables = R"(
# Tables of the log

## events
Every event that came, in the order of arrival; append-only. What arrived is fixed for ever; from `log_key` on the
columns are derived from it, and `crmsink replay` of a later version may write them again.

| column | type | meaning |
| --- | --- | --- |
| `seq` | integer | number in the log; the key |
| `event_id` | text | `webhookId`, else a digest of the event's name and the bytes |
| `source` | text | where it came from: `webhook` |
| `received_at` | timestamp | when it arrived |
| `path` | text | path of the request |
| `signature_scheme` | text | `ed25519` or `rsa-sha256`; NULL: not checked |
| `signature_key` | text | fingerprint of the key that verified it |
| `signature` | text | the signature, base64 |
| `payload` | text | the exact bytes |
| `log_key` | blob | what finds duplicates and the events of an entity |
| `type` | text | name of the event; of an unmapped one what it called itself |
| `entity` | text | which entity it is of; NULL: unmapped, kept here alone |
| `entity_id` | text | id of the row that it is of |
| `location_id` | text | the sub-account |
| `agency_id` | text | the agency (`companyId`) |
| `app_id` | text | the marketplace app that it was sent to |
| `app_version_id` | text | the version of that app |
| `trace_id` | text | `traceId` |
| `occurred_at` | timestamp | when it happened, which decides what is newer |
| `sent_at` | timestamp | when HighLevel made the delivery up (`timestamp`) |

## quarantine
Authentic deliveries that could not become an event (`crmsink quarantine`).

| column | type | meaning |
| --- | --- | --- |
| `id` | integer | number; the key |
| `digest` | blob | SHA-256 of path, signature and bytes: the same one is kept once |
| `reason` | text | why it is here |
| `source` | text | as in `events` |
| `received_at` | timestamp | when it arrived |
| `path` | text | path of the request |
| `signature_scheme` | text | as in `events` |
| `signature_key` | text | as in `events` |
| `signature` | text | as in `events` |
| `payload` | blob | the exact bytes |

## unverified
Deliveries whose signature is well-formed but fits no known key (`crmsink unverified`): at most 10,000 of them and
64 MiB. What is older than 7 days makes room.

| column | type | meaning |
| --- | --- | --- |
| `id` | integer | number; the key |
| `digest` | blob | as in `quarantine` |
| `reason` | text | why it is here |
| `source` | text | as in `events` |
| `received_at` | timestamp | when it arrived |
| `path` | text | path of the request |
| `signature_scheme` | text | scheme of the header that decides |
| `signature_key` | text | always NULL |
| `signature` | text | the signatures that fit no key, joined by commas |
| `payload` | blob | the exact bytes |

## event_counts
Events per day and kind, so that nothing has to scan the log to know them. The key is all but the last two columns.

| column | type | meaning |
| --- | --- | --- |
| `day` | date | day of arrival, UTC |
| `source` | text | as in `events` |
| `location_id` | text | the sub-account; empty: none |
| `type` | text | name of the event |
| `writer` | text | which instance counted (setting `writer`) |
| `events` | integer | how many |
| `last_received_at` | timestamp | when the latest arrived |

## refusals
Requests that were refused before they could be a delivery. The key is all but the last two columns.

| column | type | meaning |
| --- | --- | --- |
| `day` | date | day of arrival, UTC |
| `kind` | text | status of the answer, `404` |
| `detail` | text | path of the request, cut to 200 bytes |
| `writer` | text | which instance counted |
| `requests` | integer | how many |
| `last_received_at` | timestamp | when the latest arrived |

## log_maintenance
The one door through which rows of `events` may be changed: a row that is opened and closed in one transaction.

| column | type | meaning |
| --- | --- | --- |
| `id` | integer | number; the key |
| `reason` | text | why it was opened |
| `opened_at` | timestamp | when it was opened |
| `closed_at` | timestamp | when it was closed |

## schema_migrations
The migrations that were applied (`crmsink migrate --status`).

| column | type | meaning |
| --- | --- | --- |
| `version` | integer | number; the key |
| `name` | text | what it does |
| `checksum` | text | SHA-256 of its SQL, which must stay as it is |
| `applied_at` | timestamp | when it was applied |
)";

}  // namespace crmsink
