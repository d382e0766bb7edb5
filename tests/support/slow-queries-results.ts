import type {
  ChangedStatement,
  Interval,
  RunningSession,
  SlowQueriesResult,
  SlowQueryResult,
  StatementReport,
} from "../../src/slow-queries/results.ts";

/** What a text of the database may have in it, and what must not get out of its place on a page or in a table. */
export const hostileText =
  'select \'</script><script>alert(1)</script>\', "a""b" | \\| `x` ``` <img src=x onerror=alert(1)> &amp; \u202Eevil\u202C \u0007\u001b[2J [a](b) **c** @all\n```\n# no heading\nfrom "드라마" where a < 1';

const takenAt = "2026-03-01T08:15:00.000Z";

function moment(minutes: number): string {
  return new Date(Date.parse(takenAt) - minutes * 60_000).toISOString();
}

function session(processId: number, more: Partial<RunningSession>): RunningSession {
  return {
    processId,
    user: "app",
    database: "shop",
    application: "web",
    state: "active",
    age: 1000,
    transactionAge: 1000,
    waitEventType: null,
    waitEvent: null,
    blockedBy: [],
    query: "select * from orders where id = 5",
    ...more,
  };
}

function statement(queryId: string, more: Partial<StatementReport>): StatementReport {
  return {
    queryId,
    user: "app",
    database: "shop",
    isTopLevel: true,
    since: moment(600),
    calls: 120_000,
    execTime: 300_000,
    share: 0.1,
    mean: 2.5,
    standardDeviation: 0.7,
    max: 80,
    rows: 360_000,
    rowsPerCall: 3,
    hitRatio: 0.98,
    blocksRead: 20_000,
    blocksHit: 1_000_000,
    ioTime: 0,
    tempBytes: 0,
    walBytes: 0,
    walFullPages: 0,
    plans: 0,
    planTime: 0,
    explanation: null,
    jitTime: 0,
    query: "select * from orders where customer_id = $1 order by created_at desc limit $2",
    advice: [],
    ...more,
  };
}

function changed(queryId: string, more: Partial<ChangedStatement>): ChangedStatement {
  return {
    change: "slower",
    queryId,
    user: "app",
    database: "shop",
    isTopLevel: true,
    query: "select * from orders where customer_id = $1",
    before: { calls: 1000, execTime: 2500, mean: 2.5 },
    after: { calls: 1000, execTime: 25_000, mean: 25 },
    factor: 10,
    addedTime: 22_500,
    ...more,
  };
}

const window = {
  from: moment(180),
  to: takenAt,
  source: "snapshot",
  snapshot: { id: 41, takenAt: moment(180), wantedAt: null },
  wasInterrupted: false,
  entries: 812,
  maxEntries: 5000,
  evictions: 0,
} as const;

const target = {
  database: "shop",
  user: "oncall",
  serverVersion: "18.4 (Debian 18.4-1)",
  address: "10.0.0.7:5432",
  isStandby: false,
  takenAt,
};

/** Half an hour each; the last hour is the busiest, and the statistics were reset once. */
const timeline: Interval[] = [0.4, 0.5, 0.45, 1.8, 3.2, 2.9].map((load, place) => ({
  from: moment(180 - 30 * place),
  to: moment(150 - 30 * place),
  calls: 40_000,
  execTime: load * 1_800_000,
  mean: (load * 1_800_000) / 40_000,
  wasReset: place === 2,
}));

const longText = `select o.id, o.created_at, c.name, sum(l.price * l.amount) as total
from orders o
join customers c on c.id = o.customer_id
join lines l on l.order_id = o.id
where o.created_at > now() - $1::interval and c.country = $2
group by o.id, c.name
order by total desc
limit $3`;

/** A report that has everything, with texts that mean harm. */
export const busyResult: SlowQueriesResult = {
  ...target,
  running: [
    session(4711, {
      state: "idle in transaction",
      age: 754_000,
      application: "psql",
      user: "migrator",
      query: hostileText,
    }),
    session(4800, {
      age: 122_000,
      waitEventType: "Lock",
      waitEvent: "transactionid",
      blockedBy: [4711],
      query: "update orders set state = 'paid' where id = 7",
    }),
    session(4801, {
      age: 61_000,
      waitEventType: "Lock",
      waitEvent: "tuple",
      blockedBy: [4800],
      query: "update orders set state = 'sent' where id = 7",
    }),
    session(4950, { age: 8300, waitEventType: "IO", waitEvent: "DataFileRead", query: longText }),
  ],
  statements: {
    ...window,
    sort: "total",
    total: { statements: 812, calls: 4_200_000, execTime: 16_650_000 },
    utility: { statements: 12, calls: 400_000, execTime: 9000 },
    own: { statements: 4, calls: 60, execTime: 700 },
    hidden: { statements: 0, calls: 0, execTime: 0 },
    statements: [
      statement("-4123456789012345678", {
        share: 0.47,
        execTime: 7_825_500,
        calls: 9100,
        mean: 860,
        standardDeviation: 1900,
        hitRatio: 0.61,
        tempBytes: 3_400_000_000,
        query: longText,
        advice: [
          {
            name: "many_blocks_per_row",
            message:
              "A call looks at 48211 blocks for 3.0 rows: an index for its conditions may be missing. EXPLAIN (ANALYZE, BUFFERS) shows where.",
          },
          {
            name: "spills",
            message:
              "A call writes and reads 356 kB of temporary files: a sort or hash does not fit into work_mem. Set a larger one for it, or let it sort fewer rows.",
          },
        ],
      }),
      statement("7723456789012345678", {
        share: 0.18,
        execTime: 2_997_000,
        calls: 2_900_000,
        mean: 1.03,
      }),
      statement("2223456789012345678", {
        share: 0.09,
        execTime: 1_498_500,
        query: hostileText,
        user: null,
      }),
      statement("3323456789012345678", {
        share: 0.06,
        execTime: 999_000,
        isTopLevel: false,
        query: "insert into audit (at, who, what) values ($1, $2, $3)",
        walBytes: 9_000_000,
      }),
      statement("4423456789012345678", { share: 0.04, execTime: 666_000, query: null }),
      statement("5523456789012345678", {
        share: 0.02,
        execTime: 333_000,
        query: `select ${"x".repeat(300)}`,
      }),
    ],
  },
  comparison: {
    window: {
      ...window,
      from: moment(1620),
      to: moment(1440),
      snapshot: { id: 12, takenAt: moment(1620), wantedAt: null },
    },
    total: { statements: 700, calls: 4_000_000, execTime: 3_650_000 },
    statements: [
      changed("-4123456789012345678", {
        factor: 9.8,
        addedTime: 7_027_000,
        query: longText,
        before: { calls: 9000, execTime: 790_000, mean: 87.8 },
        after: { calls: 9100, execTime: 7_825_500, mean: 860 },
      }),
      changed("2223456789012345678", {
        change: "new",
        before: null,
        factor: null,
        addedTime: 1_498_500,
        query: hostileText,
        after: { calls: 120_000, execTime: 1_498_500, mean: 12.5 },
      }),
      changed("6623456789012345678", {
        change: "faster",
        factor: 0.4,
        addedTime: -420_000,
        after: { calls: 1000, execTime: 1000, mean: 1 },
      }),
      changed("8823456789012345678", {
        change: "gone",
        after: null,
        factor: null,
        addedTime: -90_000,
        query: null,
      }),
    ],
  },
  timeline,
  notes: [
    {
      name: "evictions",
      message:
        'Statements were evicted 3 times to make room (pg_stat_statements.max is 5000): this may miss rare queries of role "a|b`c".',
      cure: "ALTER SYSTEM SET pg_stat_statements.max = 10000; -- and restart the server",
    },
    {
      name: "vanished",
      message:
        "2 statements of the first reading are gone from the second, and with that what they cost meanwhile.",
      cure: null,
    },
  ],
};

/** A server on which nothing happens, and that does not count. */
export const quietResult: SlowQueriesResult = {
  ...target,
  address: null,
  isStandby: true,
  running: [],
  statements: null,
  comparison: null,
  timeline: [],
  notes: [
    {
      name: "not_created",
      message: 'The extension pg_stat_statements is not created in database "shop".',
      cure: "CREATE EXTENSION pg_stat_statements; -- as superuser or owner of the database",
    },
  ],
};

const {
  query: _query,
  advice: _advice,
  explanation: _explanation,
  ...entry
} = statement("2223456789012345678", {});

/** One statement, with its history. */
export const statementResult: SlowQueryResult = {
  ...target,
  queryId: "2223456789012345678",
  query: hostileText,
  window,
  figures: entry,
  entries: [entry, { ...entry, user: null, isTopLevel: false }],
  advice: [
    {
      name: "many_calls",
      message:
        "Each call is short (2.50 ms), but there are many: ask for several rows at once, or keep the answer for a while.",
    },
  ],
  explanation: null,
  history: timeline,
  notes: [],
};
