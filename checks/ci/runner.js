// @ts-check
/**
 * Runs workflows of GitHub on this machine: their jobs one after another, each in a checkout of its own, with artifacts in a folder.
 * Actions are stood in for; `run:` steps are run as they are, by bash.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { download, upload } from './artifacts.js';
import { filled, interpolated, isTrue, textOf } from './expressions.js';

const HERE = import.meta.dirname;

/**
 * @typedef {{ readonly name: string, readonly payload: object, readonly sha: string, readonly ref: string }} Event
 *
 * @typedef {object} RunOptions
 * @property {string} repository folder of the repository
 * @property {string} work folder for checkouts and artifacts
 * @property {number} id of the run
 * @property {string} apiUrl
 * @property {Event} event
 * @property {Readonly<Record<string, string>>} [vars]
 * @property {(job: string) => boolean} [isLost] whether a job ends without having left anything
 * @property {(line: string) => void} say
 *
 * @typedef {{ readonly result: string, readonly outputs: Record<string, string> }} Ended
 * @typedef {{ readonly id?: string, readonly if?: string, readonly uses?: string, readonly run?: string, readonly with?: Record<string, unknown>, readonly env?: Record<string, unknown> }} Step
 * @typedef {{ readonly needs?: string | string[], readonly if?: string, readonly uses?: string, readonly with?: Record<string, unknown>, readonly strategy?: { readonly matrix: unknown }, readonly steps?: Step[], readonly outputs?: Record<string, string>, readonly name?: string }} Job
 */

/** The workflows of a commit, run for an event. @param {string} file @param {RunOptions} options */
export async function runWorkflow(file, options) {
  const run = new Run(options);
  const { inputs = {} } = /** @type {{ inputs?: Record<string, unknown> }} */ (options.event.payload);
  const ended = await run.workflow(file, inputs, '');
  return { jobs: run.jobs, ...ended };
}

class Run {
  /** @type {{ name: string, result: string, log: string, summary: string }[]} */
  jobs = [];
  /** @type {number} */
  #count = 0;

  /** @param {RunOptions} options */
  constructor(options) {
    this.options = options;
  }

  get github() {
    const { event, id } = this.options;
    return {
      ...{ event_name: event.name, event: event.payload, sha: event.sha, ref: event.ref, run_id: String(id) },
      ...{ token: 'token', repository: 'acme/sweeps', ref_name: event.ref.replace('refs/heads/', '') },
    };
  }

  /** @param {string} file @param {Readonly<Record<string, unknown>>} inputs @param {string} under what the names of its jobs begin with @returns {Promise<Ended>} */
  async workflow(file, inputs, under) {
    const { repository, event, vars = {} } = this.options;
    const text = execFileSync('git', ['show', `${event.sha}:${file}`], { cwd: repository, encoding: 'utf8' });
    const workflow = parse(text);
    const base = { github: this.github, inputs: { ...defaultsOf(workflow), ...inputs }, vars };
    /** @type {Record<string, Ended>} */
    const needs = {};
    for (const [name, job] of /** @type {[string, Job][]} */ (Object.entries(workflow.jobs)))
      needs[name] = await this.job(`${under}${name}`, under, job, {
        ...base,
        needs: only(needs, [job.needs ?? []].flat()),
      });
    const outputs = filled(
      Object.fromEntries(
        Object.entries(workflow.on.workflow_call?.outputs ?? {}).map(([name, { value }]) => [name, value]),
      ),
      { ...base, jobs: needs },
    );
    const hasFailed = Object.values(needs).some(({ result }) => result === 'failure');
    return { result: hasFailed ? 'failure' : 'success', outputs: texts(outputs) };
  }

  /** @param {string} name @param {string} under @param {Job} job @param {Record<string, unknown> & { needs: Record<string, Ended> }} contexts @returns {Promise<Ended>} */
  async job(name, under, job, contexts) {
    const hasStatus = /(?:cancelled|always)\(\)/.test(job.if ?? '');
    const areMet = Object.values(contexts.needs).every(({ result }) => result === 'success');
    const isWanted = job.if === undefined || isTrue(interpolated(job.if, contexts));
    if (!isWanted || (!hasStatus && !areMet)) return { result: 'skipped', outputs: {} };
    /** @type {Ended[]} */
    const ended = [];
    for (const matrix of matrixOf(job, contexts)) {
      const own = { ...contexts, matrix };
      const label = job.name === undefined ? name : `${under}${textOf(interpolated(job.name, own))}`;
      if (this.options.isLost?.(label) === true) {
        this.jobs.push({ name: label, result: 'lost', log: '', summary: '' });
        ended.push({ result: 'failure', outputs: {} });
      } else if (job.uses === undefined) ended.push(await this.steps(label, job, own));
      else {
        const inputs = /** @type {Record<string, unknown>} */ (filled(job.with ?? {}, own));
        ended.push(await this.workflow(job.uses.replace('./', ''), inputs, `${label} / `));
      }
    }
    const result = ended.some((one) => one.result === 'failure') ? 'failure' : 'success';
    return { result, outputs: ended.at(-1)?.outputs ?? {} };
  }

  /** @param {string} name @param {Job} job @param {Record<string, unknown>} contexts @returns {Promise<Ended>} */
  async steps(name, job, contexts) {
    this.#count += 1;
    const folder = join(this.options.work, `run-${this.options.id}`, String(this.#count));
    mkdirSync(folder, { recursive: true });
    /** @type {Record<string, { outputs: Record<string, string> }>} */
    const steps = {};
    let [result, log, summary] = ['success', '', ''];
    for (const step of job.steps ?? []) {
      const own = { ...contexts, steps };
      const isWanted = step.if === undefined ? result === 'success' : isTrue(interpolated(step.if, own));
      if (!isWanted) continue;
      const ended =
        step.uses === undefined ? await this.script(step, folder, own) : this.action(step, folder, own);
      log += ended.log;
      summary += ended.summary;
      if (step.id !== undefined) steps[step.id] = { outputs: ended.outputs };
      if (!ended.isGood) result = 'failure';
    }
    this.jobs.push({ name, result, log, summary });
    this.options.say(`    ${name}: ${result}`);
    return { result, outputs: texts(filled(job.outputs ?? {}, { ...contexts, steps })) };
  }

  /** @param {Step} step @param {string} folder @param {Record<string, unknown>} contexts */
  async script(step, folder, contexts) {
    const { apiUrl, id, event } = this.options;
    const files = join(folder, '..', `files-${this.#count}`);
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, 'event.json'), JSON.stringify(event.payload));
    for (const name of ['output', 'summary', 'env', 'path']) writeFileSync(join(files, name), '');
    const { exitCode, all = '' } = await execa('bash', ['-e', '-c', step.run ?? ''], {
      cwd: join(folder, 'workspace'),
      all: true,
      reject: false,
      extendEnv: false,
      env: {
        ...{
          PATH: `${join(HERE, 'bin')}:${process.env['PATH'] ?? ''}`,
          HOME: process.env['HOME'] ?? '',
          CI: 'true',
        },
        ...{
          GITHUB_ACTIONS: 'true',
          GITHUB_EVENT_NAME: event.name,
          GITHUB_EVENT_PATH: join(files, 'event.json'),
        },
        ...{
          GITHUB_REPOSITORY: 'acme/sweeps',
          GITHUB_RUN_ID: String(id),
          GITHUB_SHA: event.sha,
          GITHUB_API_URL: apiUrl,
        },
        ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_OUTPUT: join(files, 'output') },
        ...{
          GITHUB_STEP_SUMMARY: join(files, 'summary'),
          GITHUB_ENV: join(files, 'env'),
          GITHUB_PATH: join(files, 'path'),
        },
        ...texts(filled(step.env ?? {}, contexts)),
      },
    });
    const log = `$ ${step.run ?? ''}\n${all}\n`;
    const read = (/** @type {string} */ name) => readFileSync(join(files, name), 'utf8');
    return { isGood: exitCode === 0, log, summary: read('summary'), outputs: outputsIn(read('output')) };
  }

  /** Stands in for an action. @param {Step} step @param {string} folder @param {Record<string, unknown>} contexts */
  action(step, folder, contexts) {
    const given = texts(filled(step.with ?? {}, contexts));
    const workspace = join(folder, 'workspace');
    const artifacts = join(this.options.work, 'artifacts');
    const [name = ''] = (step.uses ?? '').split('@');
    const nothing = { isGood: true, log: '', summary: '', outputs: {} };
    if (name === 'actions/checkout')
      this.checkout(join(workspace, given['path'] ?? ''), given['ref'] ?? this.options.event.sha);
    else if (name === 'actions/upload-artifact')
      upload(join(artifacts, String(this.options.id)), workspace, given);
    else if (name === 'actions/download-artifact')
      return {
        ...nothing,
        isGood: download(join(artifacts, given['run-id'] ?? String(this.options.id)), workspace, given),
      };
    else if (name !== 'actions/setup-node') throw new Error(`no stand-in for ${name}`);
    return nothing;
  }

  /** @param {string} folder @param {string} ref */
  checkout(folder, ref) {
    const { repository } = this.options;
    execFileSync('git', ['clone', '--quiet', '--no-checkout', repository, folder]);
    execFileSync('git', ['checkout', '--quiet', '--detach', ref], { cwd: folder });
    // In place of `npm ci`.
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  }
}

/** @param {{ on: { workflow_call?: { inputs?: Record<string, { default?: unknown }> }, workflow_dispatch?: unknown } }} workflow */
function defaultsOf({ on }) {
  const inputs = Object.entries(on.workflow_call?.inputs ?? {});
  return Object.fromEntries(inputs.map(([name, { default: value }]) => [name, value]));
}

/** @param {Job} job @param {Record<string, unknown>} contexts @returns {readonly unknown[]} */
function matrixOf({ strategy }, contexts) {
  if (strategy === undefined) return [{}];
  const text = strategy.matrix;
  const matrix = typeof text === 'string' ? interpolated(text, contexts) : text;
  const include = /** @type {{ include: readonly unknown[] }} */ (matrix).include;
  if (include.length > 256) throw new Error(`${include.length} jobs of a matrix`);
  return include;
}

/** @param {string} text in the form of GITHUB_OUTPUT */
function outputsIn(text) {
  /** @type {Record<string, string>} */
  const outputs = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, end] = /^([\w-]+)<<(.+)$/.exec(lines[at] ?? '') ?? [];
    if (name === undefined) continue;
    const last = lines.indexOf(end ?? '', at + 1);
    outputs[name] = lines.slice(at + 1, last).join('\n');
    at = last;
  }
  return outputs;
}

/** @template T @param {Record<string, T>} all @param {readonly string[]} names @returns {Record<string, T>} */
function only(all, names) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** @param {unknown} values @returns {Record<string, string>} */
function texts(values) {
  return Object.fromEntries(
    Object.entries(/** @type {object} */ (values)).map(([name, value]) => [name, textOf(value)]),
  );
}
