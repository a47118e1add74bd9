// @ts-check
/** CPU time of all processes of a client between the first request and the last byte of the answers. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const PERIOD_MS = 100;

/**
 * Files of the harness: the client's process id, while it runs, and the server's report at its end. @type
 * {import('../../bench/loadgen/harness.js').Observe}
 */
export function watchTree(stem) {
  const ticksPerS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  /** The most ticks seen for each process, including those that have ended. @type {Map<number, number>} */
  const ticks = new Map();
  /** @type {{ ns: number, s: number }[]} */
  let samples = [];
  let client = 0;
  const sample = () => {
    const root = Number(read(`${stem}.pid`));
    if (!(root > 0)) return;
    // A repeated run has a new client; the last one counts.
    if (root !== client) {
      client = root;
      samples = [];
      ticks.clear();
    }
    for (const [pid, used] of treeOf(root)) ticks.set(pid, used);
    const sum = [...ticks.values()].reduce((all, one) => all + one, 0);
    // hrtime uses CLOCK_MONOTONIC, like the server's log.
    samples.push({ ns: Number(process.hrtime.bigint()), s: sum / ticksPerS });
  };
  const timer = setInterval(sample, PERIOD_MS);
  return {
    stop: () => clearInterval(timer),
    result() {
      const { t_first_post, t_last_done, tokens } = JSON.parse(read(`${stem}.srv.json`) ?? '{}');
      if (samples.length === 0 || !(t_last_done > t_first_post)) return {};
      const cpuS = at(samples, t_last_done) - at(samples, t_first_post);
      return { tree_cpu_s: cpuS, tree_us_per_tok: (cpuS / tokens) * 1e6, processes: ticks.size };
    },
  };
}

/** Ticks of a process and all its descendants. @param {number} root @returns {Map<number, number>} */
function treeOf(root) {
  /** @type {Map<number, { parent: number, ticks: number }>} */
  const all = new Map();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = pid > 0 ? read(`/proc/${pid}/stat`) : undefined;
    if (stat === undefined) continue;
    // The name before these fields may contain blanks. State, parent, …, user and system ticks: fields 3, 4, 14 and 15 of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    all.set(pid, { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
  }
  const found = new Map();
  const add = (/** @type {number} */ pid) => {
    const own = all.get(pid);
    if (own === undefined) return;
    found.set(pid, own.ticks);
    for (const [child, { parent }] of all) if (parent === pid) add(child);
  };
  add(root);
  return found;
}

/** @param {readonly { ns: number, s: number }[]} samples @param {number} ns */
function at(samples, ns) {
  const next = samples.findIndex((sample) => sample.ns >= ns);
  const after = samples[next === -1 ? samples.length - 1 : next];
  const before = samples[Math.max(0, next === -1 ? samples.length - 1 : next - 1)];
  if (after === undefined || before === undefined) return 0;
  if (after.ns === before.ns) return after.s;
  return before.s + ((after.s - before.s) * (ns - before.ns)) / (after.ns - before.ns);
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
