// The vendor's own client against the address it is given; prints what it saw as JSON.
// node judge.mjs <folder with node_modules> <api url> <token>
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [folder, apiUrl, apiKey] = process.argv.slice(2);
const find = createRequire(path.join(folder, "package.json"));
const { LinearClient, LinearError } = await import(pathToFileURL(find.resolve("@linear/sdk")));

const client = new LinearClient({ apiKey, apiUrl });
const failed = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return {
      name: error.constructor.name,
      isLinears: error instanceof LinearError,
      type: error.type ?? null,
      status: error.status ?? null,
      messages: (error.errors ?? []).map((each) => each.message),
    };
  }
};

const seen = {};
const viewer = await client.viewer;
seen.viewer = { email: viewer.email, displayName: viewer.displayName };
// Its fragment of a team asks for more than the schema at hand knows: states say which team it is.
const states = await client.workflowStates({ filter: { team: { key: { eq: "ENG" } } } });
seen.states = states.nodes.map((state) => state.name).sort();
const teamId = states.nodes[0].teamId;

const id = "6f2f4f0c-6a3a-4b57-9f0e-2b8f5a1c9d11";
const made = await client.createIssue({
  id,
  teamId,
  title: "From the vendor's client",
  description: "- one\n- two, see https://example.com/x",
  priority: 2,
  dueDate: "2026-12-01",
});
const issue = await made.issue;
seen.made = {
  success: made.success, id: issue.id, identifier: issue.identifier,
  description: issue.description, state: (await issue.state).name,
};

const done = states.nodes.find((state) => state.type === "completed");
await client.updateIssue(id, { stateId: done.id, title: "Changed" });
const changed = await client.issue(issue.identifier);
seen.changed = {
  title: changed.title, state: (await changed.state).name, hasCompletedAt: changed.completedAt instanceof Date,
};

let page = await client.issues({ first: 2, filter: { team: { key: { eq: "ENG" } } } });
seen.pages = [page.nodes.length];
while (page.pageInfo.hasNextPage) {
  const before = page.nodes.length;
  page = await page.fetchNext();
  seen.pages.push(page.nodes.length - before);
}
seen.listed = page.nodes.map((each) => each.title).sort();

const other = page.nodes.find((each) => each.id !== id);
await client.createIssueRelation({ issueId: other.id, relatedIssueId: id, type: "blocks" });
const relations = await (await client.issue(id)).inverseRelations();
seen.blockedBy = [(await relations.nodes[0].issue).id === other.id, relations.nodes[0].type];

await client.deleteIssue(id);
const hidden = await client.issues({ filter: { id: { in: [id] } } });
const trashed = await client.issues({ filter: { id: { in: [id] } }, includeArchived: true });
seen.trashed = [hidden.nodes.length, trashed.nodes.length, trashed.nodes[0].trashed];

seen.errors = {
  twice: await failed(() => client.createIssue({ id, teamId, title: "Again" })),
  noTeam: await failed(() => client.createIssue({ title: "Without a team" })),
  nobody: await failed(() => client.issue("ENG-4711")),
  tooMany: await failed(() => client.users({ first: 251 })),
  archived: await failed(() => client.updateIssue(id, { title: "In the trash" })),
  token: await failed(() => new LinearClient({ apiKey: "wrong", apiUrl }).viewer),
  limited: await failed(() => client.viewer),
};
console.log(JSON.stringify(seen));
