import { cells, median, percentile, queryTime } from "./measure.js";

const catalogue = 200_000;

/** What is typed, drawn from a course with a title in Latin letters and one in its own script. */
const searches = {
  "a title": "title",
  "a word of a title": "split_part(title, ' ', 2)",
  "its first four letters": "left(split_part(title, ' ', 2), 4)",
  "two characters of the original title": "left(replace(original_title, ' ', ''), 2)",
};

/** What is loaded first: the titles of these courses are put together anew. */
export const searchSeed = ["--users", "1", "--courses", "4000", "--days", "1"];

/** Times search_courses() in a catalogue of 200,000 courses beside a scan of all of them, and looks at its plan. */
export async function searchTimes(sql, calls) {
  await fillCatalogue(sql);
  await sql.unsafe("vacuum analyze courses");
  const [{ count }] = await sql.unsafe("select count(*)::int as count from courses");
  const scans = [];
  for (let round = 0; round < 5; round += 1) {
    scans.push(await queryTime(sql, "select count(courses.*) from courses"));
  }
  const scan = median(scans);
  const heading = `search in ${count.toLocaleString("en")} courses`;
  console.log(`\n${cells(heading, ["median ms", "p95 ms", "scan / p95"])}`);
  for (const [name, text] of Object.entries(searches)) {
    const rows = await sql.unsafe(
      `select ${text} as text from courses where original_title is not null order by md5(id::text) limit ${calls}`,
    );
    const times = [];
    for (const row of rows) {
      times.push(await queryTime(sql, "select * from search_courses($1, null, 20)", [row.text]));
    }
    const p95 = percentile(times, 95);
    console.log(cells(name, [median(times).toFixed(2), p95.toFixed(2), (scan / p95).toFixed(1)]));
    await requireIndex(sql, rows[0].text);
  }
  console.log(cells("scan of courses", [scan.toFixed(1)]));
}

async function requireIndex(sql, text) {
  const literal = `'${text.replaceAll("'", "''")}'`;
  const plan = await sql.unsafe(`explain select * from search_courses(${literal}, null, 20)`);
  if (!JSON.stringify(plan).includes("idx_courses_search_vector")) {
    throw new Error(`The search for ${literal} does not use idx_courses_search_vector.`);
  }
}

/** Gives each new course the first word of one title and the other words of another one. */
async function fillCatalogue(sql) {
  await sql.unsafe(`
    insert into courses (title, original_title, description, status, drama_origin, popularity)
    select split_part(one.title, ' ', 1) || substr(other.title, strpos(other.title || ' ', ' ')),
      left(one.original_title, 2) || substr(other.original_title, 3),
      other.description, 'published', one.drama_origin, n % 10007
    from generate_series(1, ${catalogue} - (select count(*)::int from courses)) n
    join (select row_number() over (order by id) - 1 as place, * from courses) one on one.place = n % 4000
    join (select row_number() over (order by id) - 1 as place, * from courses) other
      on other.place = (n * 7919 + n / 4000) % 4000`);
}
