// better-sqlite3: the log, the row and the child rows of each event, committed before it is answered.
import Database from 'better-sqlite3';
import { compile, sqliteValues } from './catalog.js';

const LOG = `CREATE TABLE events (seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, type TEXT, received_at TEXT,
  path TEXT, signature TEXT, payload BLOB)`;

class Tables {
  constructor(db, definition) {
    const { entity, columns, lists } = definition;
    const table = entity.table;
    const own = entity.columns.some(({ name }) => name === 'last_event_at')
      ? ['last_event_at', 'last_event_id', 'first_received_at', 'last_received_at'] : [];
    const all = [...columns, ...own];
    const sets = all.filter((name) => name !== 'id' && name !== 'first_received_at')
      .map((name) => `${name} = coalesce(excluded.${name}, ${name})`);
    const newer = own.length ? ' WHERE excluded.last_event_at >= last_event_at' : '';
    this.own = own.length > 0;
    this.upsert = db.prepare(`INSERT INTO ${table} (${all}) VALUES (${all.map(() => '?')}) ` +
      `ON CONFLICT (id) DO UPDATE SET ${sets}${newer}`);
    this.remove = this.own ? db.prepare(`UPDATE ${table} SET deleted_at = ? WHERE id = ?`) : null;
    this.lists = lists.map((list) => ({
      load: db.prepare(`SELECT ${list.columns} FROM ${list.table} WHERE ${list.key[0]} = ? ORDER BY ${list.key}`).raw(),
      erase: db.prepare(`DELETE FROM ${list.table} WHERE ${list.key[0]} = ?`),
      insert: db.prepare(`INSERT OR REPLACE INTO ${list.table} (${list.columns}) VALUES (${list.columns.map(() => '?')})`),
      key: list.key.map((name) => list.columns.indexOf(name)),
    }));
  }

  apply({ op, event, change }) {
    const { row, lists } = change;
    if (this.own) row.push(event.at, event.id, event.receivedAt, event.receivedAt);
    if (this.upsert.run(row).changes === 0) return;
    if (op === 'delete' && this.remove) this.remove.run(event.at, row[0]);
    for (let i = 0; i < lists.length; ++i) {
      if (lists[i] !== null) this.replace(this.lists[i], row[0], lists[i]);
    }
  }

  // A list that is as it was is left alone.
  replace(list, id, rows) {
    const order = (a, b) => {
      for (const i of list.key) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
      return 0;
    };
    const known = list.load.all(id);
    rows.sort(order);
    if (known.length === rows.length && rows.every((row, i) => row.every((value, j) => value === known[i][j]))) return;
    if (known.length > 0) list.erase.run(id);
    for (const row of rows) list.insert.run(row);
  }
}

export function openSqlite(file, schema, ddl, tuned) {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  if (tuned) {
    db.pragma('cache_size = -65536');
    db.pragma('wal_autocheckpoint = 16000');
    db.pragma('temp_store = MEMORY');
  }
  db.exec(ddl);
  db.exec(LOG);
  const log = db.prepare('INSERT OR IGNORE INTO events (event_id, type, received_at, path, signature, payload) VALUES (?, ?, ?, ?, ?, ?)');
  const events = compile(schema, sqliteValues);
  const tables = new Map();
  for (const definition of new Set(events.values())) {
    if (!tables.has(definition.entity.entity)) tables.set(definition.entity.entity, new Tables(db, definition));
  }
  const keep = (item) => {
    const { event, definition } = item;
    if (log.run(event.id, event.type, event.receivedAt, event.path, event.signature, item.body).changes === 0) return false;
    if (definition) tables.get(definition.entity.entity).apply(item);
    return true;
  };
  const keepAll = db.transaction((items) => { for (const item of items) item.kept = keep(item); }).immediate;
  return {
    events, time: sqliteValues.timestamp, keepAll: async (items) => keepAll(items), close: () => db.close(),
    count: () => db.prepare('SELECT count(*) FROM events').pluck().get(),
  };
}
