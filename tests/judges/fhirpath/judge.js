// Lets HL7's fhirpath.js evaluate every condition of a PlanDefinition on responses; it decides nothing.
//
// node judge.js FOLDER PLAN RESPONSES [apart]: FOLDER holds node_modules, RESPONSES one response per line. Per response
// one line is printed, a JSON list of the ids of the actions whose condition is true. With "apart" each condition is
// judged on the questions that it names, once for all who answer these alike.
const fs = require('fs');
const path = require('path');

const [folder, plan, responses, apart] = process.argv.slice(2);
const fhirpath = require(path.join(folder, 'node_modules', 'fhirpath'));
const model = require(path.join(folder, 'node_modules', 'fhirpath', 'fhir-context', 'r4'));

const actions = JSON.parse(fs.readFileSync(plan, 'utf8')).action[0].action.map(({ id, condition }) => {
    const { expression } = condition[0].expression;
    const named = new Set([...expression.matchAll(/linkId = '([^']+)'/g)].map((found) => found[1]));
    return { id, holds: fhirpath.compile(expression, model), named, judged: new Map() };
});

for (const line of fs.readFileSync(responses, 'utf8').split('\n').filter(Boolean)) {
    const response = JSON.parse(line);
    const isTrue = apart ? onWhatItReads : evaluated;
    console.log(JSON.stringify(actions.filter((action) => isTrue(action, response)).map(({ id }) => id)));
}

function onWhatItReads(action, { resourceType, status, item = [] }) {
    const groups = item
        .filter((group) => action.named.has(group.linkId))
        .map(({ linkId, item: inner = [] }) => ({ linkId, item: inner.filter((one) => action.named.has(one.linkId)) }));
    const read = { resourceType, status, item: groups.filter((group) => group.item.length) };
    const key = JSON.stringify(read);
    if (!action.judged.has(key)) {
        action.judged.set(key, evaluated(action, read));
    }
    return action.judged.get(key);
}

function evaluated({ id, holds }, response) {
    const result = holds(response, { response });
    if (result.length !== 1 || typeof result[0] !== 'boolean') {
        throw new Error(`the condition of ${id} is neither true nor false`);
    }
    return result[0];
}
