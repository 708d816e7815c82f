// The steps as fhir-kit-client takes them; it judges nothing.
// Arguments: the FHIR base, the file with what to send, the steps as JSON. Prints what was seen, by step, as JSON.
import { readFileSync } from "node:fs";
import { Client } from "fhir-kit-client";

const [base, file, wanted] = process.argv.slice(2);
const material = JSON.parse(readFileSync(file, "utf8"));
const client = new Client({ baseUrl: base });
const resourceType = "QuestionnaireResponse";
let created = "";

function triaged(bundle) {
  const resources = bundle.entry.map((entry) => entry.resource);
  const level = resources[0].extension.find((one) => one.url === material.level);
  return {
    kinds: resources.map((one) => one.resourceType),
    level: level.valueCodeableConcept.coding[0].code,
  };
}

async function refused(attempt) {
  try {
    await attempt;
    return {};
  } catch ({ response }) {
    return {
      status: response.status,
      says: response.data.issue.map((issue) => issue.details.text).join("; "),
    };
  }
}

const triage = (input) => client.operation({ name: "triage", resourceType, input });
const create = (body, options) => client.create({ resourceType, body, options });

const steps = {
  async metadata() {
    const statement = await client.capabilityStatement();
    return { kind: statement.resourceType, fhirVersion: statement.fhirVersion };
  },
  async "read the form"() {
    const form = await client.read({ resourceType: "Questionnaire", id: material.form });
    return { kind: form.resourceType, url: form.url };
  },
  "triage a response": async () => triaged(await triage(material.triaged)),
  "triage parameters": async () => triaged(await triage(material.parameters)),
  "read what is not there": () => refused(client.read({ resourceType: "Questionnaire", id: "no-such-form" })),
  "triage another form": () => refused(triage(material.foreign)),
  async create() {
    const made = await create(material.created);
    created = made.id;
    return { kind: made.resourceType, id: made.id, version: made.meta.versionId };
  },
  async read() {
    const found = await client.read({ resourceType, id: created });
    return { id: found.id, subject: found.subject.reference };
  },
  async "create on a condition, twice"() {
    const { system, value } = material.conditional[0].identifier;
    const condition = `identifier=${encodeURIComponent(`${system}|${value}`)}`;
    const ids = [];
    for (const one of material.conditional) {
      ids.push((await create(one, { headers: { "If-None-Exist": condition } })).id);
    }
    return { ids };
  },
  async "search with paging"() {
    for (const one of material.paged) await create(one);
    const searchParams = { subject: material.paged[0].subject.reference, _count: material.page };
    const pages = [];
    for (
      let bundle = await client.search({ resourceType, searchParams });
      bundle;
      bundle = await client.nextPage({ bundle })
    ) {
      pages.push(bundle.entry);
    }
    return { pages: pages.map((page) => page.length), ids: pages.flat().map((entry) => entry.resource.id) };
  },
  "triage what is stored": async () => triaged(await client.operation({ name: "triage", resourceType, id: created })),
  async transaction() {
    const answer = await client.transaction({ body: material.transaction });
    const replies = answer.entry.map((entry) => entry.response);
    return { statuses: replies.map((one) => one.status), locations: replies.map((one) => one.location) };
  },
  "read a response that is not there": () => refused(client.read({ resourceType, id: "no-such-response" })),
  "create without a subject": () => refused(create(material.nobody)),
};

const seen = {};
for (const name of JSON.parse(wanted)) {
  try {
    seen[name] = await steps[name]();
  } catch (error) {
    seen[name] = { failed: `${error.message} ${JSON.stringify(error.response?.data ?? "")}`.slice(0, 500) };
  }
}
console.log(JSON.stringify(seen));
