/** Statements and those that take them back. */
export interface Change {
  readonly up: string;
  readonly down: string;
  /** False for statements that PostgreSQL refuses in a transaction. */
  readonly transaction?: false;
}

interface Column {
  name: string;
  type: string;
  /** Something refers to it, so that it keeps name and type. */
  inUse: boolean;
}

interface Table {
  name: string;
  readonly columns: Column[];
  readonly isPartitioned: boolean;
  /** What is set for the table, by the name of the setting. */
  readonly settings: Map<string, string>;
  /** Changes that a later one may take back, as a change of its own. */
  additions: Change[];
}

/** What the changes so far have made. */
export interface Schema {
  readonly role: string;
  /** How many names were given. */
  count: number;
  readonly tables: Table[];
  readonly types: string[];
}

/** Chooses one of the items at random; undefined when there is none. */
export type Pick = <Item>(items: readonly Item[]) => Item | undefined;

/** Where a change is to be made. */
interface Place {
  readonly table: Table;
  readonly schema: Schema;
  readonly pick: Pick;
  /** Gives a name that no other object has; some must be quoted. */
  readonly fresh: (kind: string) => string;
}

/** Returns undefined for what is not possible there. */
type MakeChange = (place: Place) => Change | undefined;

/** Makes a change of a kind to a table that is chosen at random, or adds a table or a type. */
export function changeOf(kind: string, schema: Schema, pick: Pick): Change | undefined {
  const fresh = (name: string): string => {
    schema.count += 1;
    const plain = `${name}_${schema.count}`;
    return (
      pick([plain, plain, `"${name} ${schema.count}"`, `"Ü""${name}.${schema.count}"`]) ?? plain
    );
  };
  const table = pick(schema.tables);
  const none: Table = newTable("", false);
  return changes[kind]?.({ table: table ?? none, schema, pick, fresh });
}

function newTable(name: string, isPartitioned: boolean): Table {
  return { name, isPartitioned, columns: [], settings: new Map(), additions: [] };
}

/** Something that hangs on a table and may go again by a change of its own. */
function addition(make: MakeChange): MakeChange {
  return (place) => {
    const change = make(place);
    if (change === undefined) return undefined;
    for (const column of place.table.columns) column.inUse = true;
    place.table.additions.push(change);
    return change;
  };
}

/** Something that a table has in one of several ways; `undefined` is how it was made. */
function setting(
  name: string,
  values: readonly string[],
  textOf: (place: Place, value: string | undefined) => string,
): MakeChange {
  return (place) => {
    const { settings } = place.table;
    const before = settings.get(name);
    const value = place.pick(values) ?? "";
    settings.set(name, value);
    return { up: textOf(place, value), down: textOf(place, before) };
  };
}

function literal(text: string | undefined): string {
  return text === undefined ? "null" : `'${text.replaceAll("'", "''")}'`;
}

/** Names all columns, so that they stay as they are. */
function listOf({ columns }: Table): string {
  return ["id", ...columns.map(({ name }) => name)].join(", ");
}

const types = ["int", "numeric(5,2)", "text", "timestamptz", "boolean[]"];

/** One of each kind. */
const changes: Readonly<Record<string, MakeChange>> = {
  table: ({ schema, pick, fresh }) => {
    const name = fresh("table");
    schema.tables.push(newTable(name, false));
    const id = pick(["bigint default 1", "bigint generated always as identity", "bigserial"]);
    const up = `create table ${name} (id ${id} primary key);\ninsert into ${name} default values`;
    return { up, down: `drop table ${name}` };
  },
  "partitioned table": ({ schema, fresh }) => {
    const [name, first, rest] = [fresh("parent"), fresh("partition"), fresh("rest")];
    schema.tables.push(newTable(name, true));
    const up = `create table ${name} (id bigint, day date not null, primary key (id, day)) partition by range (day);
create table ${first} partition of ${name} for values from ('2024-01-01') to ('2025-01-01');
create table ${rest} partition of ${name} default;
insert into ${name} values (1, '2024-05-01'), (1, '2025-05-01')`;
    return { up, down: `drop table ${name}` };
  },
  partition: ({ table: { name, isPartitioned }, schema: { count }, fresh }) => {
    if (!isPartitioned) return undefined;
    const [partition, year] = [fresh("partition"), 2100 + count];
    const up = `create table ${partition} (like ${name} including all);
alter table ${name} attach partition ${partition} for values from ('${year}-01-01') to ('${year + 1}-01-01')`;
    const down = `alter table ${name} detach partition ${partition};\ndrop table ${partition}`;
    return { up, down };
  },
  schema: ({ schema, fresh }) => {
    const name = fresh("schema");
    const table = `${name}.inside`;
    schema.tables.push(newTable(table, false));
    const up = `create schema ${name};\ncreate unlogged table ${table} (id bigint unique)`;
    return { up, down: `drop table ${table};\ndrop schema ${name}` };
  },
  enum: ({ schema, fresh }) => {
    const name = fresh("enum");
    schema.types.push(name);
    return { up: `create type ${name} as enum ('a', 'B''', 'ü')`, down: `drop type ${name}` };
  },
  domain: ({ schema, fresh }) => {
    const name = fresh("domain");
    schema.types.push(name);
    const up = `create domain ${name} as int default 1 check (value > 0)`;
    return { up, down: `drop domain ${name}` };
  },
  "composite type": ({ schema, fresh }) => {
    const name = fresh("composite");
    schema.types.push(name);
    return { up: `create type ${name} as (x int, "Y" text)`, down: `drop type ${name}` };
  },
  sequence: ({ pick, fresh, table }) => {
    const owned = pick([true, false]);
    // A sequence that a column owns lies in the schema of its table.
    const schema =
      owned === true && table.name.includes(".inside") ? table.name.replace("inside", "") : "";
    const name = schema + fresh("sequence");
    const owner = owned === true ? `${table.name}.id` : "none";
    const up = `create sequence ${name} increment 5 start 10 cycle maxvalue 1000 owned by ${owner}`;
    return { up, down: `drop sequence ${name}` };
  },
  column: ({ table, schema, pick, fresh }) => {
    const name = fresh("column");
    const type = pick([...types, ...schema.types]) ?? "int";
    table.columns.push({ name, type, inUse: false });
    const more = type === "int" ? " not null default 7" : "";
    const up = `alter table ${table.name} add column ${name} ${type}${more}`;
    return { up, down: `alter table ${table.name} drop column ${name}` };
  },
  "column type": ({ table, pick }) => {
    const column = pick(table.columns.filter(({ type, inUse }) => type === "int" && !inUse));
    if (column === undefined) return undefined;
    column.type = "bigint";
    const alter = `alter table ${table.name} alter column ${column.name} type`;
    return { up: `${alter} bigint`, down: `${alter} int` };
  },
  "rename column": ({ table, pick, fresh }) => {
    const column = pick(table.columns.filter(({ inUse }) => !inUse));
    if (column === undefined) return undefined;
    const [before, after] = [column.name, fresh("renamed")];
    column.name = after;
    const rename = `alter table ${table.name} rename column`;
    return { up: `${rename} ${before} to ${after}`, down: `${rename} ${after} to ${before}` };
  },
  "rename table": ({ table, schema, fresh }) => {
    if (table.name.includes(".inside") || table === schema.tables[0]) return undefined;
    const [before, after] = [table.name, fresh("renamed")];
    table.name = after;
    // Their texts have the name from before.
    table.additions = [];
    const [up, down] = [`${before} rename to ${after}`, `${after} rename to ${before}`];
    return { up: `alter table ${up}`, down: `alter table ${down}` };
  },
  "foreign key": ({ table: { name }, schema, fresh }) => {
    const column = fresh("reference");
    const key = `bigint references ${schema.tables[0]?.name} (id) on delete cascade deferrable`;
    const up = `alter table ${name} add column ${column} ${key} initially deferred`;
    return { up, down: `alter table ${name} drop column ${column}` };
  },
  constraint: addition(({ table: { name, isPartitioned }, fresh, pick }) => {
    const constraint = fresh("constraint");
    const valid = isPartitioned ? "" : pick(["", " not valid", " no inherit"]);
    const up = `alter table ${name} add constraint ${constraint} check (id > 0)${valid}`;
    return { up, down: `alter table ${name} drop constraint ${constraint}` };
  }),
  index: addition(({ table, fresh, pick }) => {
    const name = fresh("index");
    const of = pick(["(id desc nulls last)", "(id) where id > 5", "using hash (id)", "((id + 1))"]);
    const schema = table.name.includes(".inside") ? table.name.replace("inside", "") : "";
    return {
      up: `create index ${name} on ${table.name} ${of}`,
      down: `drop index ${schema}${name}`,
    };
  }),
  "concurrent index": addition(({ table: { name, isPartitioned }, fresh }) => {
    if (isPartitioned || name.includes(".inside")) return undefined;
    const index = fresh("index");
    const up = `create unique index concurrently ${index} on ${name} (id)`;
    return { up, down: `drop index concurrently ${index}`, transaction: false };
  }),
  statistics: addition(({ table, fresh }) => {
    const name = fresh("statistics");
    return {
      up: `create statistics ${name} on (id + 1) from ${table.name}`,
      down: `drop statistics ${name}`,
    };
  }),
  view: addition(({ table, fresh, pick }) => {
    const [name, kind] = [fresh("view"), pick(["view", "materialized view"]) ?? "view"];
    const up = `create ${kind} ${name} as select ${listOf(table)} from ${table.name}`;
    return { up, down: `drop ${kind} ${name}` };
  }),
  trigger: addition(({ table: { name }, fresh, pick }) => {
    const [trigger, call] = [fresh("trigger"), fresh("on_change")];
    const when = pick(["before insert", "after update of id", "after delete"]);
    const body = `returns trigger language plpgsql as $$ begin return new; end $$`;
    const up = `create function ${call}() ${body};
create trigger ${trigger} ${when} on ${name} for each row execute function ${call}()`;
    return { up, down: `drop trigger ${trigger} on ${name};\ndrop function ${call}()` };
  }),
  policy: addition(({ table: { name }, schema: { role }, fresh }) => {
    const policy = fresh("policy");
    const up = `create policy ${policy} on ${name} for select to ${role} using (id > 1)`;
    return { up, down: `drop policy ${policy} on ${name}` };
  }),
  procedure: ({ fresh, schema: { role } }) => {
    const name = fresh("procedure");
    const up = `create procedure ${name}(inout a int default 1) language sql begin atomic select a + 1; end;
grant execute on procedure ${name} to ${role}`;
    return { up, down: `drop procedure ${name}` };
  },
  "take back": ({ table }) => {
    const change = table.additions.pop();
    return change && { ...change, up: change.down, down: change.up };
  },
  comment: setting(
    "comment",
    ["it's", "ü; -- x"],
    ({ table: { name } }, value) => `comment on table ${name} is ${literal(value)}`,
  ),
  "comment on column": setting(
    "column",
    ["one", "two"],
    ({ table: { name } }, value) => `comment on column ${name}.id is ${literal(value)}`,
  ),
  grant: setting("grant", ["on"], ({ table: { name }, schema: { role } }, value) =>
    value === undefined
      ? `revoke select, insert on ${name} from ${role}`
      : `grant select, insert on ${name} to ${role}`,
  ),
  "grant on column": setting("grant on column", ["on"], ({ table, schema: { role } }, value) =>
    value === undefined
      ? `revoke update (id) on ${table.name} from ${role}`
      : `grant update (id) on ${table.name} to ${role}`,
  ),
  "row security": setting(
    "row security",
    ["enable", "disable"],
    ({ table }, value = "disable") => `alter table ${table.name} ${value} row level security`,
  ),
  "replica identity": setting(
    "identity",
    ["full", "nothing"],
    ({ table }, value = "default") => `alter table ${table.name} replica identity ${value}`,
  ),
  "column statistics": setting(
    "statistics",
    ["7", "500"],
    ({ table }, value = "-1") =>
      `alter table ${table.name} alter column id set statistics ${value}`,
  ),
};

/** The names of all kinds. */
export const kinds: readonly string[] = Object.keys(changes);
