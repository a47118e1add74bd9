// @ts-check
/** Checks that real argument parsers accept the flags of all plans, and that plans drop the flags that a version no longer has. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PARSED } from './environment.js';
import { jobsOf, plansOf } from './sweepline.js';

/** Flags of recipes that older versions don't have yet: plans with them are not for those versions. */
const NEWER = { '--max-cudagraph-capture-size': ['0.10.2'] };
const PARSER = join(import.meta.dirname, 'parse-arguments.py');
const WITH_RECIPES = ['configs/nvidia', 'configs/amd'];
const GENERIC = ['checks/real-vllm/generic.yaml', 'checks/real-vllm/vllm.yaml'];

/**
 * @typedef {import('./sweepline.js').Job} Job
 * @typedef {import('./sweepline.js').Plan} Plan
 * @typedef {{ readonly accepted: boolean, readonly unrecognized: readonly string[], readonly flags: readonly string[], readonly error?: string }} Verdict
 */

/** @param {import('./environment.js').Environment} environment @returns {readonly string[]} Problems. */
export function checkFlags(environment) {
  const known = jobsOf(WITH_RECIPES);
  const generic = jobsOf(GENERIC);
  console.log(`flags: ${known.length} vllm jobs with recipes, ${generic.length} without`);
  return PARSED.flatMap((version) => checkVersion(environment, version, known, generic));
}

/** @param {import('./environment.js').Environment} environment @param {string} version @param {readonly Job[]} known @param {readonly Job[]} generic */
function checkVersion(environment, version, known, generic) {
  const jobs = [...known, ...generic];
  const versioned = plansOf(jobs.map((job) => withVersion(job, version)));
  const ofImages = plansOf(jobs.filter((job) => imageVersion(job) === version).map(withoutVersion));
  const strict = plansOf(known, ['--compat', 'strict']);
  const { knownEnv, verdicts } = parse(environment, version, [...versioned, ...ofImages, ...strict]);
  const at = (/** @type {Plan} */ plan) => /** @type {Verdict} */ (verdicts.get(plan));
  const isFor = (/** @type {Plan} */ plan) =>
    verdicts.has(plan) && !at(plan).unrecognized.some((flag) => isNewer(flag, version));
  const planned = [...versioned, ...ofImages].filter(isFor);
  const removed = namesOf(strict.filter(isFor), (plan) => at(plan).unrecognized);
  const unknownEnv = namesOf(ofImages, variablesOf).filter((name) => !knownEnv.has(name));
  describe(version, planned, strict.filter(isFor), {
    at,
    removed,
    noted: namesOf(planned, notedFlags),
    unknownEnv,
  });
  for (const line of summed(
    versioned.filter(({ rejected }) => rejected),
    (plan) => plan.rejected?.reason ?? '',
  ))
    console.log(`  rejected: ${line}`);
  return [
    ...refusals(version, planned, at),
    ...strict.flatMap((plan, index) => {
      const same = versioned[index];
      return same !== undefined && isFor(plan) ? misdropped(version, plan, same, at) : [];
    }),
    ...otherRefusals(version, strict.filter(isFor), at),
    ...summed(
      strict.filter(({ rejected }) => rejected),
      (plan) => `rejected in strict mode: ${plan.rejected?.reason}`,
    ),
  ];
}

/** @param {string} flag @param {string} version */
function isNewer(flag, version) {
  return Object.entries(NEWER).some(([name, versions]) => name === flag && versions.includes(version));
}

/** @param {Job} job @param {string} version */
function withVersion(job, version) {
  return { ...job, options: { ...job['options'], 'engine-version': version } };
}

/** The version is then the image's. @param {Job} job */
function withoutVersion({ options: { 'engine-version': _version, ...options } = {}, ...job }) {
  return { ...job, options };
}

/** @param {Job} job */
function imageVersion(job) {
  return /:v(\d+\.\d+\.\d+)$/.exec(job['image'])?.[1];
}

/** @param {import('./environment.js').Environment} environment @param {string} version @param {readonly Plan[]} plans @returns {{ knownEnv: Set<string>, verdicts: Map<Plan, Verdict> }} */
function parse({ python, envOf }, version, plans) {
  const taken = plans.filter(({ rejected }) => rejected === undefined);
  const cases = taken.flatMap(({ processes: [server] }) =>
    server === undefined ? [] : [{ argv: server.argv, files: server.files }],
  );
  const answer = JSON.parse(
    execFileSync(python, [PARSER], {
      env: envOf(version),
      input: JSON.stringify(cases),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['pipe', 'pipe', 'ignore'],
    }),
  );
  if (!answer.version.startsWith(version))
    throw new Error(`the parser is of ${answer.version}, not ${version}`);
  return {
    knownEnv: new Set(answer.knownEnv),
    verdicts: new Map(taken.map((plan, index) => [plan, answer.verdicts[index]])),
  };
}

/** @param {readonly Plan[]} plans @param {(plan: Plan) => readonly string[]} names */
function namesOf(plans, names) {
  return [...new Set(plans.flatMap(names))].sort();
}

/** vLLM's own variables. It doesn't refuse unknown ones, so neither does the check. @param {Plan} plan */
function variablesOf({ processes = [] }) {
  return processes.flatMap(({ env }) => Object.keys(env).filter((name) => name.startsWith('VLLM_')));
}

/** Flags in the notes of a plan. @param {Plan} plan */
function notedFlags({ warnings = [] }) {
  return warnings.flatMap((warning) => warning.match(/--[a-z][a-z-]*/g) ?? []);
}

/**
 * @param {string} version @param {readonly Plan[]} planned @param {readonly Plan[]} strict
 * @param {{ at: (plan: Plan) => Verdict, removed: readonly string[], noted: readonly string[], unknownEnv: readonly string[] }} found
 */
function describe(version, planned, strict, { at, removed, noted, unknownEnv }) {
  const flags = namesOf(planned, (plan) => at(plan).flags);
  const accepted = planned.filter((plan) => at(plan).accepted).length;
  console.log(
    `vllm ${version}: ${accepted} of ${planned.length} plans accepted, ${flags.length} different flags;` +
      ` strict: ${strict.filter((plan) => at(plan).accepted).length} of ${strict.length}`,
  );
  console.log(
    `  refused in strict plans: ${removed.join(' ') || 'none'}; in notes: ${noted.join(' ') || 'none'}`,
  );
  if (unknownEnv.length > 0)
    console.log(`  variables of plans for its images that are unknown to it: ${unknownEnv.join(' ')}`);
}

/** @param {string} version @param {readonly Plan[]} plans @param {(plan: Plan) => Verdict} at */
function refusals(version, plans, at) {
  const refused = plans.filter((plan) => !at(plan).accepted);
  return summed(refused, (plan) => `vllm ${version} refuses a plan: ${at(plan).error}`);
}

/**
 * Strict plans may have removed flags, but no other mistakes. @param {string} version @param {readonly Plan[]} plans @param {(plan: Plan)
 * => Verdict} at
 */
function otherRefusals(version, plans, at) {
  const ours = plans.filter((plan) => imageVersion(plan.job) === version);
  const refused = ours.filter((plan) => !at(plan).accepted && at(plan).unrecognized.length === 0);
  return summed(refused, (plan) => `vllm ${version} refuses a strict plan: ${at(plan).error}`);
}

/**
 * The flags of a strict plan that the parser doesn't know must be missing in the plan for the version, and its notes must name them.
 * @param {string} version @param {Plan} strict @param {Plan} planned @param {(plan: Plan) => Verdict} at
 */
function misdropped(version, strict, planned, at) {
  const removed = new Set(at(strict).unrecognized);
  const noted = new Set(notedFlags(planned));
  const here = `vllm ${version}, ${strict.job['exp-name']} on ${strict.job['runner']}`;
  return [
    ...[...removed]
      .filter((flag) => !noted.has(flag))
      .map((flag) => `${here}: no note on ${flag}, which was removed`),
    ...[...noted]
      .filter((flag) => at(strict).flags.includes(flag) && !removed.has(flag))
      .map((flag) => `${here}: a note on ${flag}, which is still known`),
  ];
}

/** One line for all plans with the same text. @param {readonly Plan[]} plans @param {(plan: Plan) => string} line */
function summed(plans, line) {
  /** @type {Map<string, Plan[]>} */
  const groups = new Map();
  for (const plan of plans) groups.set(line(plan), [...(groups.get(line(plan)) ?? []), plan]);
  return [...groups].map(
    ([text, { length, 0: first }]) =>
      `${text} (${length} plans; first: ${first?.job['exp-name']}, ${first?.job['runner']})`,
  );
}
