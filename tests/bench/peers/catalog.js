// Code from the declarations of `crmsink schema --format json`: per entity one function that turns a payload into the
// values of the row and of its child rows, compiled once, as one would write it by hand.

const BOOKKEEPING = new Set(['deleted_at', 'extra', 'last_event_at', 'last_event_id', 'first_received_at', 'last_received_at']);

// Whom the lists of a message's recipients name.
const KINDS = { to: 'to', emailTo: 'to', cc: 'cc', ccList: 'cc', bcc: 'bcc', bccList: 'bcc' };

const member = (of, path) => path.split('.').reduce((code, name) => `${code}?.${name}`, of);

// One of the alternatives of a path: "a.b", "altId?altType=location", "@occurred_at".
function alternative(text, of) {
  if (text === '@event_id') return 'event.id';
  if (text === '@occurred_at') return 'event.at';
  if (text === '@parent.id') return 'id';
  if (text === '@index') return 'index';
  if (text.startsWith('@index:')) return `outer`;
  if (text === '@key') return 'key';
  if (text === '@source') return 'source';
  if (text.startsWith('@')) return 'undefined';  // of entities that the bench has no events of
  if (text === '.') return of;
  const [path, condition] = text.split('?');
  if (!condition) return member(of, path);
  const [other, value] = condition.split('=');
  return `(${member(of, other)} === ${JSON.stringify(value)} ? ${member(of, path)} : undefined)`;
}

const expression = (from, of) => from.split('|').map((text) => alternative(text, of)).join(' ?? ');

function values(columns, of) {
  return columns
    .map(({ name, type, from }) => (from ? `as.${type}(${expression(from, of)})` : 'null') + ` /* ${name} */`)
    .join(', ');
}

// Code that pushes the rows of one list: each of its sources that is there, nested ones below their outer element.
function rows(child) {
  return child.from.split('|').map((source) => {
    const kind = JSON.stringify(KINDS[source.slice(0, -2)] ?? null);
    const push = (of) => `rows.push([${values(child.columns, of)}]);`;
    const map = source.endsWith('{}');
    const parts = source.slice(0, -2).split('[].');
    const first = member('payload', parts[0]);
    if (map) return `const m = ${first}; if (m) { rows ??= []; for (const key in m) { const item = m[key]; ${push('item')} } }`;
    if (parts.length > 1) {
      return `for (let outer = 0, o = ${first} ?? []; outer < o.length; ++outer) { rows ??= []; ` +
        `const l = ${member('o[outer]', parts[1].replaceAll('[].', '.'))} ?? []; ` +
        `for (let index = 0; index < l.length; ++index) { const item = l[index]; ${push('item')} } }`;
    }
    return `{ let l = ${first}; if (l !== undefined && l !== null) { if (!Array.isArray(l)) l = [l]; rows ??= []; ` +
      `const source = ${kind}; for (let index = 0; index < l.length; ++index) { const item = l[index]; ${push('item')} } } }`;
  }).join('\n');
}

// entities: what `schema --format json` prints; as: how this database wants text, integer, number, boolean, date,
// timestamp and json. Returns a map from the name of an event to
// { entity, op, columns: [name], lists: [{ table, key: [name], columns: [name] }], read(payload, event) }, where read gives
// { row: [value], lists: [null or [row]] }; null is a list that the payload does not have.
export function compile(entities, as) {
  const events = new Map();
  for (const entity of entities) {
    const columns = entity.columns.filter(({ name }) => !BOOKKEEPING.has(name));
    const lists = (entity.children ?? []).map((child) => ({
      table: child.table, key: child.key.split(','), columns: child.columns.map(({ name }) => name),
    }));
    const body = `return (payload, event) => {
      const row = [${values(columns, 'payload')}];
      const id = row[0], lists = [];
      ${(entity.children ?? []).map((child) => `{ let rows = null; ${rows(child)} lists.push(rows); }`).join('\n')}
      return { row, lists };
    };`;
    const compiled = {
      entity, columns: columns.map(({ name }) => name), lists, read: new Function('as', body)(as),
    };
    for (const { name, op } of entity.events) events.set(name, { ...compiled, op });
  }
  return events;
}

const text = (value) => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? text(value[0]) : JSON.stringify(value);
};
const number = (value) => (value === undefined || value === null || value === '' ? null : Number(value));
const time = (value) => {
  if (value === undefined || value === null) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
};

export const postgresValues = {
  text, number, integer: number, json: (value) => (value === undefined || value === null ? null : JSON.stringify(value)),
  boolean: (value) => value ?? null, date: (value) => time(value)?.slice(0, 10) ?? null, timestamp: time,
};

export const sqliteValues = {
  ...postgresValues,
  boolean: (value) => (value === undefined || value === null ? null : Number(value)),
  timestamp: (value) => time(value)?.replace('T', ' ').slice(0, -1) ?? null,
};
