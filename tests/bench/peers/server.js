// What one would write instead of crmsink: Fastify in front, better-sqlite3 or pg behind. The same work: the signature, a
// log without duplicates, every column and child row of the catalogue, and all of it durable before the 200.
//
//   node server.js --schema schema.json --ddl schema.sql --database sqlite:FILE|postgresql://... [--group] [--key PEM]
//     [--verify loop|pool]
//
// --group: what waits is committed together, and settings as good as we know (SQLite). Prints "listening URL".
import crypto from 'node:crypto';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';

const { values: options } = parseArgs({
  options: {
    schema: { type: 'string' }, ddl: { type: 'string' }, database: { type: 'string' }, group: { type: 'boolean' },
    key: { type: 'string' }, verify: { type: 'string', default: 'pool' }, noop: { type: 'boolean' },
  },
});

const MOST = 256;
const app = Fastify({ bodyLimit: 16 << 20 });
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body));

const key = options.key ? crypto.createPublicKey(fs.readFileSync(options.key)) : null;
function isSigned(body, signature) {
  const bytes = Buffer.from(signature ?? '', 'base64');
  if (options.verify === 'loop') return crypto.verify(null, body, key, bytes);
  return new Promise((resolve, reject) => {
    crypto.verify(null, body, key, bytes, (error, is) => (error ? reject(error) : resolve(is)));
  });
}

async function serveEvents() {
  const schema = JSON.parse(fs.readFileSync(options.schema, 'utf8'));
  const ddl = fs.readFileSync(options.ddl, 'utf8');
  const store = options.database.startsWith('sqlite:')
    ? openSqlite(options.database.slice(7), schema, ddl, options.group)
    : await openPostgres(options.database, schema, ddl);

  const waiting = [];
  let scheduled = false;
  async function commit() {
    scheduled = false;
    const items = waiting.splice(0, MOST);
    try {
      await store.keepAll(items);
      for (const item of items) item.resolve();
    } catch (error) {
      for (const item of items) item.reject(error);
    }
    if (waiting.length > 0) schedule();
  }
  function schedule() {
    if (scheduled) return;
    scheduled = true;
    setImmediate(commit);
  }
  const keep = (item) => new Promise((resolve, reject) => {
    Object.assign(item, { resolve, reject });
    waiting.push(item);
    schedule();
  });

  async function receive(request, reply) {
    const body = request.body;
    const signature = request.headers['x-ghl-signature'];
    if (key && !(await isSigned(body, signature))) return reply.code(401).send({ error: 'signature' });
    const payload = JSON.parse(body);
    const type = payload.type ?? request.params.event;
    const receivedAt = store.time(Date.now());
    const event = {
      id: payload.webhookId, type, path: request.url, signature: signature ?? null, receivedAt,
      at: store.time(payload.updatedAt ?? payload.dateUpdated ?? payload.timestamp) ?? receivedAt,
    };
    const definition = store.events.get(type);
    const change = definition?.read(payload, event);
    const item = { body, event, definition, op: definition?.op, change };
    if (options.group) await keep(item);
    else await store.keepAll([item]);
    return { status: item.kept ? 'stored' : 'duplicate', event_id: event.id };
  }
  app.post('/webhooks', receive);
  app.post('/webhooks/:event', receive);
  app.get('/count', async () => String(await store.count()));
  return store;
}

app.post('/noop', async () => ({ status: 'noop' }));
const store = options.noop ? null : await serveEvents();
const url = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`listening ${url}`);
process.on('SIGTERM', async () => {
  await app.close();
  await store?.close();
  process.exit(0);
});
