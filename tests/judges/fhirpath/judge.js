// Lets HL7's fhirpath.js evaluate every condition of a PlanDefinition on responses; it decides nothing.
//
// node judge.js FOLDER PLAN RESPONSES: FOLDER holds node_modules, RESPONSES one response per line. Per response one line
// is printed, a JSON list of the ids of the actions whose condition is true.
const fs = require('fs');
const path = require('path');

const [folder, plan, responses] = process.argv.slice(2);
const fhirpath = require(path.join(folder, 'node_modules', 'fhirpath'));
const model = require(path.join(folder, 'node_modules', 'fhirpath', 'fhir-context', 'r4'));

const actions = JSON.parse(fs.readFileSync(plan, 'utf8')).action[0].action;
const conditions = actions.map(({ id, condition }) => [id, fhirpath.compile(condition[0].expression.expression, model)]);

for (const line of fs.readFileSync(responses, 'utf8').split('\n').filter(Boolean)) {
    const response = JSON.parse(line);
    console.log(JSON.stringify(conditions.filter(([id, holds]) => isTrue(id, holds(response, { response }))).map(([id]) => id)));
}

function isTrue(id, result) {
    if (result.length !== 1 || typeof result[0] !== 'boolean') {
        throw new Error(`the condition of ${id} is neither true nor false`);
    }
    return result[0];
}
