import { Command } from 'commander';
import type { DoctorContext } from '../../doctor/diagnosis.js';
import { diagnose, type NamedDiagnosis } from '../../doctor/doctor.js';
import { EXIT, SweeplineError } from '../../errors.js';
import { PLAIN } from '../../style.js';
import type { App } from '../app.js';
import { renderDiagnoses } from '../diagnoses.js';
import { doctorContext } from '../doctor-context.js';
import { exitWith } from '../exit.js';
import { examples } from '../help.js';

interface DoctorOptions {
  readonly configFiles?: readonly string[];
  readonly json?: boolean;
}

export function doctorCommand(app: App): Command {
  return new Command('doctor')
    .argument('[runner]', 'only what the configs need of this runner label or cluster')
    .option('--config-files <file...>', "files, folders and globs; default: the workspace's default-configs")
    .option('--json', 'a JSON array instead of text')
    .addHelpText('after', examples('sweepline doctor', 'sweepline doctor h200 --config-files configs/nvidia'))
    .addHelpText('after', '\nExit code 0: all that the configs need is there; 5: something is missing.')
    .action(async (runner: string | undefined, { configFiles, json }: DoctorOptions) => {
      const context = doctorContext(app, runner, configFiles);
      await assertServed(context, runner);
      const all = await diagnose(context);
      app.terminal.stdout(
        json
          ? `${JSON.stringify(all, undefined, 2)}\n`
          : renderDiagnoses(all, app.terminal.stdoutStyle ?? PLAIN),
      );
      exitWith(all.some(isProblem) ? EXIT.environment : EXIT.ok);
    });
}

function isProblem({ state }: NamedDiagnosis): boolean {
  return state === 'problem';
}

/** @throws {SweeplineError} USAGE for a runner that no config names: nothing would be missing for it. */
async function assertServed(context: DoctorContext, runner: string | undefined): Promise<void> {
  if (runner === undefined) return;
  // What is wrong with the workspace is for the checks to say.
  const points = await context.points().catch(() => undefined);
  if (points === undefined || points.length > 0) return;
  throw new SweeplineError('USAGE', `no config has jobs for runner ${runner}`, {
    hint: 'Name the `runner` of a job or a cluster in configs/clusters.yaml, and the configs with --config-files.',
  });
}
