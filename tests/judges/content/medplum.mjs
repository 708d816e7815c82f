// Holds resources against R4 and our own profiles with Medplum's validator; HL7's definitions, not Medplum's edited ones.
// node medplum.mjs FOLDER_OF_MEDPLUM DEFINITIONS_OF_R4 OUR_DEFINITIONS SEEN REPORT
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, r4, ours, seen, report] = process.argv.slice(2);
const { indexStructureDefinitionBundle, validateResource, validateTypedValue } = createRequire(join(modules, "here.js"))("@medplum/core");

const read = (folder, name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const structures = (folder) => readdirSync(folder).filter((one) => one.startsWith("StructureDefinition-")).map((one) => read(folder, one));
const types = structures(r4).filter((one) => one.kind !== "logical" && one.derivation !== "constraint" && one.type !== "xhtml");
indexStructureDefinitionBundle(types);
const profiles = new Map();
// Extensions inside a part of an extension Medplum would count with those beside that part, because both have the same
// path: they are left to HAPI.
const INSIDE_A_PART = /^Extension\.extension:[^.]+\.extension\b/;
for (const one of structures(ours)) profiles.set(one.url, withAddresses(one));

// Medplum tells extensions apart by an address that stands in the profile itself, and does not look it up in the
// extension's own definition: so it is written beside each.
function withAddresses(definition) {
  const elements = definition.snapshot.element.filter((one) => !INSIDE_A_PART.test(one.id)).flatMap((one) => {
    const address = one.sliceName && one.type?.[0]?.code === "Extension" ? one.type[0].profile?.[0] : undefined;
    if (!address) return [one];
    const path = `${one.path}.url`;
    return [one, { id: `${one.id}.url`, path, min: 1, max: "1", base: { path: "Extension.url", min: 1, max: "1" }, type: [{ code: "uri" }], fixedUri: address }];
  });
  return { ...definition, snapshot: { element: elements } };
}

const messages = [];

// A Bundle is judged as a Bundle, each resource in it by the profile that it claims, each extension by its own definition.
function judge(resource, name, at) {
  const claimed = (resource.meta?.profile ?? []).map((one) => profiles.get(one.split("|")[0])).filter((one) => one);
  for (const profile of claimed) hold(() => validateResource(resource, { profile }), profile.id, name, at);
  if (!claimed.length) hold(() => validateResource(resource), "r4", name, at); // a profile holds all of R4's own
  if (resource.resourceType !== "Bundle") judgeExtensions(resource, name, at);
  (resource.resourceType === "Bundle" ? resource.entry ?? [] : []).forEach((entry, i) => {
    if (entry.resource) judge(entry.resource, name, `${at}entry[${i}].resource.`);
  });
}

function judgeExtensions(node, name, at) {
  if (node === null || typeof node !== "object") return;
  for (const [key, value] of Object.entries(node)) {
    const place = `${at}${key}.`;
    if (key === "extension") value.forEach((one) => judgeExtension(one, name, place));
    judgeExtensions(value, name, place);
  }
}

const remembered = new Map(); // an extension is the same wherever it stands

function judgeExtension(value, name, at) {
  const profile = profiles.get(value.url);
  if (!profile) return;
  const key = JSON.stringify(value);
  if (!remembered.has(key)) {
    const begun = messages.length;
    hold(() => validateTypedValue({ type: "Extension", value }, { profile }), profile.id, name, "");
    remembered.set(key, messages.splice(begun));
  }
  for (const [, severity, by, place, text] of remembered.get(key)) messages.push([name, severity, by, at + place, text]);
}

function hold(validate, by, name, at) {
  try {
    validate();
  } catch (error) {
    const issues = error.outcome?.issue ?? [{ severity: "error", code: "gave-up", details: { text: `gave up: ${error.message}` } }];
    for (const one of issues) {
      if (one.severity === "error") messages.push([name, "error", by, at + (one.expression?.[0] ?? ""), one.details?.text ?? one.code]);
    }
  }
}

for (const file of readdirSync(seen).sort()) {
  try {
    judge(read(seen, file), file, "");
  } catch (error) {
    messages.push([file, "error", "unreadable", "", error.message]);
  }
}
const lines = messages.map((one) => one.map((part) => String(part).replace(/\s+/g, " ")).join("\t") + "\n");
writeFileSync(report, [...new Set(lines)].join(""));
