// @ts-check
/** Rehearses the workflows on one machine: `node checks/ci/rehearse.js [--only SCENARIO] [--verbose] [--keep]`; see README.md. */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios.js';
import { makeStage } from './stage.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

/** Scenarios, with what they need. @param {string} name @returns {readonly string[]} */
function withNeeds(name) {
  const { needs = [] } = SCENARIOS.find((one) => one.name === name) ?? {};
  return [...needs.flatMap(withNeeds), name];
}

const wanted = new Set(
  values.only === undefined ? SCENARIOS.map(({ name }) => name) : withNeeds(values.only),
);
const stage = await makeStage(values.verbose);
try {
  for (const { name, rehearse } of SCENARIOS.filter((one) => wanted.has(one.name))) {
    console.log(name);
    await rehearse(stage);
  }
} finally {
  stage.github.close();
  if (values.keep) console.log(`kept: ${stage.folder}`);
  else rmSync(stage.folder, { recursive: true, force: true });
}
const { problems, runs } = stage;
console.log(
  problems.length === 0
    ? `${runs.length} runs of workflows: all as it should be`
    : `${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
