// The vendor's own client against the address it is given; prints what it saw as JSON.
// node judge.mjs <folder with node_modules> <address> <token> <database>
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [folder, baseUrl, auth, database] = process.argv.slice(2);
const find = createRequire(path.join(folder, "package.json"));
const sdk = await import(pathToFileURL(find.resolve("@notionhq/client")));
const { Client, APIErrorCode, collectPaginatedAPI, isFullPage, isNotionClientError } = sdk.default ?? sdk;

const open = (token) => new Client({ auth: token, baseUrl, retry: false, logLevel: "error" });
const client = open(auth);
const failed = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return {
      name: error.name, code: error.code, status: error.status, isNotions: isNotionClientError(error),
      isKnown: Object.values(APIErrorCode).includes(error.code), message: error.message,
    };
  }
};
const text = (content) => [{ text: { content } }];
const plain = (items) => items.map((item) => item.plain_text).join("");

const seen = {};
const me = await client.users.me({});
seen.me = [me.type, me.bot.workspace_name];
const users = await collectPaginatedAPI(client.users.list, { page_size: 2 });
seen.people = users.filter((user) => user.type === "person").map((user) => user.person.email).sort();

const base = await client.databases.retrieve({ database_id: database });
const data_source_id = base.data_sources[0].id;
const source = await client.dataSources.retrieve({ data_source_id });
seen.statuses = source.properties.Status.status.options.map((option) => option.name);
seen.groups = source.properties.Status.status.groups.map((group) => group.name);
const found = await client.search({ filter: { property: "object", value: "data_source" } });
seen.found = found.results.map((each) => plain(each.title)).sort();

const page = await client.pages.create({
  parent: { type: "data_source_id", data_source_id },
  properties: {
    Name: { title: text("From the vendor's client") },
    Status: { status: { name: "In progress" } },
    Labels: { multi_select: [{ name: "api" }] },
    Due: { date: { start: "2026-12-01" } },
    "Estimate (min)": { number: 90 },
    Assignee: { people: [{ id: users.find((user) => user.person).id }] },
    "External ID": { rich_text: text("PAY-1") },
  },
  markdown: "# Why\n\nBecause",
});
seen.made = [isFullPage(page), page.properties.Status.status.name, page.properties.Due.date.start];
seen.body = (await client.pages.retrieveMarkdown({ page_id: page.id })).markdown;

const changed = await client.pages.update({
  page_id: page.id,
  properties: { Name: { title: text("Changed") }, Priority: { select: { name: "High" } }, Due: { date: null } },
});
const { properties } = changed;
seen.changed = [plain(properties.Name.title), properties.Priority.select.name, properties.Due.date];

const pages = [];
const listed = [];
let start_cursor;
do {
  const some = await client.dataSources.query({
    data_source_id, page_size: 2, start_cursor, result_type: "page",
    sorts: [{ timestamp: "created_time", direction: "ascending" }],
  });
  pages.push(some.results.length);
  listed.push(...some.results.map((each) => plain(each.properties.Name.title)));
  start_cursor = some.has_more ? some.next_cursor : undefined;
} while (start_cursor);
seen.pages = pages;
seen.listed = listed.sort();
const marked = await client.dataSources.query({
  data_source_id, filter: { property: "External ID", rich_text: { equals: "PAY-1" } },
});
seen.marked = marked.results.length;
const property = await client.pages.properties.retrieve({ page_id: page.id, property_id: properties.Name.id });
seen.property = [property.object, property.results[0].title.plain_text];

await client.pages.update({ page_id: page.id, in_trash: true });
seen.trashed = (await client.pages.retrieve({ page_id: page.id })).in_trash;

const nowhere = "2b5cffff-7d1e-8fff-9f0a-ffffffffffff";
seen.errors = {
  token: await failed(() => open("wrong").users.me({})),
  nowhere: await failed(() => client.pages.retrieve({ page_id: nowhere })),
  option: await failed(() => client.pages.create({
    parent: { data_source_id, type: "data_source_id" },
    properties: { Status: { status: { name: "Nonsense" } } },
  })),
  trashed: await failed(() => client.pages.update({ page_id: page.id, properties: {} })),
  long: await failed(() => client.pages.create({
    parent: { data_source_id, type: "data_source_id" },
    properties: { Name: { title: text("x".repeat(2001)) } },
  })),
  limited: await failed(() => client.users.me({})),
};
console.log(JSON.stringify(seen));
