// Evaluates HL7's invariants, and those of our profiles, on resources, with HL7's own FHIRPath engine; it judges nothing else.
// node invariants.mjs FOLDER_OF_FHIRPATH DEFINITIONS_OF_R4 OUR_DEFINITIONS SEEN REPORT
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, r4, ours, seen, report] = process.argv.slice(2);
const require = createRequire(join(modules, "here.js"));
const fhirpath = require("fhirpath");
const model = require("fhirpath/fhir-context/r4");

// Not evaluated: dom-3 asks about the container of what it stands on, which R4's expression cannot say; ele-1 is the
// matter of every judge of structure, and asking it of each element would take most of the time.
const LEFT_OUT = new Set(["dom-3", "ele-1"]);

const structures = new Map();
const profiles = new Map();
const partsOf = new Map();
const messages = [];
const remembered = new Map();

function structure(type) {
  if (!structures.has(type)) {
    const file = join(r4, `StructureDefinition-${type}.json`);
    structures.set(type, indexed(JSON.parse(readFileSync(file, "utf8"))));
  }
  return structures.get(type);
}

function indexed(definition) {
  const elements = new Map();
  const children = new Map();
  for (const element of definition.snapshot.element) {
    if (element.id.includes(":")) continue; // a slice: the profiles' own matter
    const parent = element.path.slice(0, element.path.lastIndexOf("."));
    elements.set(element.path, element);
    if (element.path.includes(".")) (children.get(parent) ?? children.set(parent, []).get(parent)).push(element);
  }
  return { elements, children };
}

for (const name of readdirSync(ours).filter((one) => one.startsWith("StructureDefinition-"))) {
  const definition = JSON.parse(readFileSync(join(ours, name), "utf8"));
  if (definition.type === "Extension") partsOf.set(definition.url, constrainedParts(definition));
  else profiles.set(definition.url, indexed(definition));
}

// The invariants that an extension of ours adds to the values of its parts, each with the part's name.
function constrainedParts(definition) {
  return definition.snapshot.element.flatMap((one) => {
    const part = /^Extension\.extension:([^.]+)\.value\[x\]/.exec(one.id)?.[1];
    return part ? (one.constraint ?? []).filter(isAdded).map((constraint) => ({ part, constraint })) : [];
  });
}

function judgeParts(extension, at, env, name) {
  for (const { part, constraint } of partsOf.get(extension.url) ?? []) {
    for (const one of (extension.extension ?? []).filter((met) => met.url === part)) {
      const value = Object.entries(one).find(([key]) => key.startsWith("value"))?.[1];
      if (value !== undefined) judge([constraint], "", value, `${at}.extension[${part}]`, env, name);
    }
  }
}

const compiled = new Map();
function evaluate(constraint, path, node, env) {
  const key = `${path}\n${constraint.expression}`;
  if (!compiled.has(key)) {
    const placed = path ? { base: path, expression: constraint.expression } : constraint.expression;
    compiled.set(key, fhirpath.compile(placed, model));
  }
  return compiled.get(key)(node, env);
}

function judge(constraints, path, node, at, env, name) {
  for (const one of constraints) {
    if (one.severity !== "error" || !one.expression || LEFT_OUT.has(one.key)) continue;
    let result;
    try {
      result = evaluate(one, path, node, env);
    } catch (error) {
      messages.push([name, "error", `not-evaluated:${one.key}`, at, String(error.message)]);
      continue;
    }
    if (result.length && result[0] === false) messages.push([name, "error", one.key, at, one.human ?? one.expression]);
  }
}

// A data type is the same wherever it stands, unless an invariant asks about the resource around it.
function judgeType(type, node, at, env, name) {
  const { elements } = structure(type);
  const key = `${type}\n${JSON.stringify(node)}`;
  const begun = messages.length;
  if (remembered.has(key)) {
    for (const [severity, id, place, text] of remembered.get(key)) messages.push([name, severity, id, at + place, text]);
    return;
  }
  judge(elements.get(type).constraint ?? [], type, node, at, env, name);
  walk(structure(type), type, node, at, env, name);
  if (type === "Extension") judgeParts(node, at, env, name);
  const local = !JSON.stringify(node).includes('"#');
  if (local) remembered.set(key, messages.slice(begun).map(([, s, id, place, text]) => [s, id, place.slice(at.length), text]));
}

function* values(element, node) {
  const name = element.path.slice(element.path.lastIndexOf(".") + 1);
  const types = element.type ?? [];
  const pairs = name.endsWith("[x]")
    ? types.map((one) => [name.slice(0, -3) + one.code[0].toUpperCase() + one.code.slice(1), one.code])
    : [[name, types[0]?.code]];
  for (const [key, type] of pairs) {
    if (!(key in node)) continue;
    const met = node[key];
    const list = Array.isArray(met) ? met : [met];
    for (let i = 0; i < list.length; i++) yield [list[i], type, Array.isArray(met) ? `${key}[${i}]` : key];
  }
}

function walk(known, path, node, at, env, name) {
  for (const element of known.children.get(path) ?? []) {
    for (const [value, type, step] of values(element, node)) {
      if (value === null || typeof value !== "object") continue;
      const place = `${at}.${step}`;
      if (element.contentReference) {
        const target = element.contentReference.slice(element.contentReference.indexOf("#") + 1);
        judge(known.elements.get(target).constraint ?? [], target, value, place, env, name);
        walk(known, target, value, place, env, name);
      } else if (type === "Resource") {
        root(value, place, name, env.rootResource);
      } else if (known.children.has(element.path)) {
        judge(element.constraint ?? [], element.path, value, place, env, name);
        walk(known, element.path, value, place, env, name);
      } else if (type && /^[A-Z]/.test(type)) {
        const own = (element.constraint ?? []).filter((one) => !isOfType(type, one.key));
        judge(own, element.path, value, place, env, name);
        judgeType(type, value, place, env, name);
      }
    }
  }
}

const keysOfType = new Map();
function isOfType(type, key) {
  if (!keysOfType.has(type)) {
    const constraints = structure(type).elements.get(type).constraint ?? [];
    keysOfType.set(type, new Set(constraints.map((one) => one.key)));
  }
  return keysOfType.get(type).has(key);
}

function root(resource, at, name, container) {
  const type = resource.resourceType;
  const env = { resource, rootResource: container ?? resource };
  const base = structure(type);
  judge(base.elements.get(type).constraint ?? [], type, resource, at, env, name);
  walk(base, type, resource, at, env, name);
  for (const claimed of resource.meta?.profile ?? []) {
    const profile = profiles.get(claimed.split("|")[0]);
    if (profile) walkOwn(profile, type, resource, at, env, name);
  }
}

// Of a profile only what it adds: the rest was judged by the type itself.
function walkOwn(known, path, node, at, env, name) {
  const added = (known.elements.get(path)?.constraint ?? []).filter(isAdded);
  judge(added, path, node, at, env, name);
  for (const element of known.children.get(path) ?? []) {
    for (const [value, , step] of values(element, node)) {
      const own = (element.constraint ?? []).filter(isAdded);
      if (typeof value === "object" && known.children.has(element.path)) walkOwn(known, element.path, value, `${at}.${step}`, env, name);
      else judge(own, element.path, value, `${at}.${step}`, env, name);
    }
  }
}

function isAdded(constraint) {
  return !/^[a-z]{3}-\d+[a-z]?$/.test(constraint.key);
}

for (const file of readdirSync(seen).sort()) {
  let resource;
  try {
    resource = JSON.parse(readFileSync(join(seen, file), "utf8"));
  } catch {
    messages.push([file, "error", "unreadable", "", "not JSON"]);
    continue;
  }
  try {
    root(resource, resource.resourceType, file);
  } catch (error) {
    messages.push([file, "error", "gave-up", resource.resourceType ?? "", String(error.message).split("\n")[0]]);
  }
}
const lines = messages.map((one) => one.map((part) => String(part).replace(/\s+/g, " ")).join("\t") + "\n");
writeFileSync(report, [...new Set(lines)].join(""));
