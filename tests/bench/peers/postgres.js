// pg: a pool, and a transaction per event: the log, the row and the child rows.
import pg from 'pg';
import { compile, postgresValues } from './catalog.js';

const LOG = `CREATE TABLE events (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id text NOT NULL UNIQUE,
  type text, received_at timestamptz, path text, signature text, payload bytea)`;

const marks = (n, from = 1) => Array.from({ length: n }, (_, i) => `$${i + from}`);

function statements({ entity, columns, lists }) {
  const table = entity.table;
  const own = entity.columns.some(({ name }) => name === 'last_event_at')
    ? ['last_event_at', 'last_event_id', 'first_received_at', 'last_received_at'] : [];
  const all = [...columns, ...own];
  const sets = all.filter((name) => name !== 'id' && name !== 'first_received_at')
    .map((name) => `${name} = coalesce(excluded.${name}, t.${name})`);
  const newer = own.length ? ' WHERE excluded.last_event_at >= t.last_event_at' : '';
  return {
    own: own.length > 0,
    upsert: { name: `u_${table}`, text: `INSERT INTO ${table} AS t (${all}) VALUES (${marks(all.length)}) ON CONFLICT (id) DO UPDATE SET ${sets}${newer}` },
    remove: { name: `d_${table}`, text: `UPDATE ${table} SET deleted_at = $1 WHERE id = $2` },
    lists: lists.map((list) => ({
      table: list.table, columns: list.columns,
      erase: { name: `e_${list.table}`, text: `DELETE FROM ${list.table} WHERE ${list.key[0]} = $1` },
    })),
  };
}

export async function openPostgres(url, schema, ddl) {
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  await pool.query(ddl);
  await pool.query(LOG);
  const events = compile(schema, postgresValues);
  const prepared = new Map();
  for (const definition of events.values()) {
    if (!prepared.has(definition.entity.entity)) prepared.set(definition.entity.entity, statements(definition));
  }
  const log = { name: 'log', text: `INSERT INTO events (event_id, type, received_at, path, signature, payload) VALUES (${marks(6)}) ON CONFLICT (event_id) DO NOTHING` };

  async function apply(client, { definition, event, change }) {
    const { own, upsert, remove, lists } = prepared.get(definition.entity.entity);
    const { row } = change;
    if (own) row.push(event.at, event.id, event.receivedAt, event.receivedAt);
    if ((await client.query({ ...upsert, values: row })).rowCount === 0) return;
    if (definition.op === 'delete' && own) await client.query({ ...remove, values: [event.at, row[0]] });
    for (let i = 0; i < lists.length; ++i) {
      const rows = change.lists[i];
      if (rows === null) continue;
      const list = lists[i];
      await client.query({ ...list.erase, values: [row[0]] });
      if (rows.length === 0) continue;
      const n = list.columns.length;
      const tuples = rows.map((_, r) => `(${marks(n, r * n + 1)})`);
      await client.query({
        name: `i_${list.table}_${rows.length}`,
        text: `INSERT INTO ${list.table} (${list.columns}) VALUES ${tuples} ON CONFLICT DO NOTHING`, values: rows.flat(),
      });
    }
  }

  async function keep(item) {
    const { event } = item;
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const values = [event.id, event.type, event.receivedAt, event.path, event.signature, item.body];
      item.kept = (await client.query({ ...log, values })).rowCount === 1;
      if (item.kept && item.definition) await apply(client, item);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  return {
    events, time: postgresValues.timestamp, keepAll: (items) => Promise.all(items.map(keep)), close: () => pool.end(),
    count: async () => Number((await pool.query('SELECT count(*) FROM events')).rows[0].count),
  };
}
