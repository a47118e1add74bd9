import { posix } from 'node:path';
import { SweeplineError, type Executor, type ProcessSpec } from '@sweepline/core';
import { PROGRAMS, GROUPS, startAgent, type AgentContainer } from './agent-container.js';
import { removeAgentFolder } from './agent-folder.js';
import { createLogs } from './logs.js';
import type { Machine } from './machine.js';

/** Bytes of /etc/group that are read. */
const MOST_GROUPS = 256 * 1024;
/** Lets users of images, who need not be root, into the folder that is mounted. */
const OPEN_FOLDER = "require('node:fs').chmodSync(process.argv[1], 0o755)";

/** Another machine, on which an agent works. @throws {SweeplineError} NODE_UNFIT where it can't */
export async function remoteMachine(
  container: AgentContainer,
  passEnv: readonly string[],
  signal: AbortSignal,
): Promise<Machine> {
  const agent = await startAgent(container, signal);
  let isLost = false;
  void agent.lost.then(() => (isLost = true));
  const { workDir, node } = agent;
  const open = [posix.join(PROGRAMS, 'node'), '-e', OPEN_FOLDER, workDir];
  const { exit, stderr } = await agent.run({ argv: open }, signal);
  if (exit.code !== 0)
    throw new SweeplineError('NODE_UNFIT', `can't open ${workDir}: ${stderr}`, {
      where: { node: node.name },
    });
  const groups = Buffer.from(await agent.read(GROUPS, { from: 0, length: MOST_GROUPS })).toString();
  const logs = createLogs(container.engine.host);
  return {
    executor: logs.on(withVariables(agent, passEnv)),
    groups,
    logFile: logs.fileOf,
    async [Symbol.asyncDispose]() {
      await agent[Symbol.asyncDispose]();
      // It may have been killed, and its container be gone with its labels.
      if (isLost) await removeAgentFolder(container.engine, { ...container, folder: workDir });
    },
  };
}

/** Processes without a container get the variables that containers get: those of this machine aren't there. */
function withVariables(agent: Executor, names: readonly string[]): Executor {
  const given = (spec: ProcessSpec): ProcessSpec => {
    const wanted = names.filter((name) => !spec.withoutEnv?.includes(name));
    const values = wanted.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    return { ...spec, env: { ...Object.fromEntries(values), ...spec.env } };
  };
  return {
    ...agent,
    spawn: (spec, signal) => agent.spawn(given(spec), signal),
    run: (spec, signal) => agent.run(given(spec), signal),
  };
}
