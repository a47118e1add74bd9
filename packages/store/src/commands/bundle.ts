import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { runCommandLine, SweeplineError, type RunCommand } from '@sweepline/core';
import { findResult } from '../bundle/find-result.js';
import { readPrivateKey } from '../bundle/signing.js';
import { writeBundle } from '../bundle/write-bundle.js';

interface Options {
  readonly sign?: string;
  readonly out?: string;
  readonly logs?: boolean;
}

const EXTENSION = '.sweepline.tar.gz';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline bundle')
      .description('Writes a result, and all that is known of how it came about, as one file.')
      .addArgument(new Argument('<result>', "a point's folder, or a run"))
      .addArgument(new Argument('[point]', 'name of a point of that run, or a part of it'))
      .option('--sign <key>', 'sign it with this ed25519 key, a PEM file')
      .option('--out <file>', `the file to write; default: <point>${EXTENSION}`)
      .option('--logs', "add the logs of the server's processes"),
    async (command) => {
      const { cwd, root, logger, terminal, signal } = context;
      const { sign, out, logs = false } = command.opts<Options>();
      const [result = '', point] = command.args;
      const folder = await findResult(context, result, point);
      const key = sign === undefined ? undefined : await readPrivateKey(resolve(cwd, sign), logger);
      const { path, manifest, signature } = await writeBundle({
        ...{ folder, logs, root, env: process.env, signal },
        ...(key !== undefined && { key }),
        out: (manifest) => newFile(resolve(cwd, out ?? `${manifest.point}${EXTENSION}`)),
      });
      for (const { what, why } of manifest.missing) logger.info(`not in it: ${what}: ${why}`);
      for (const { what, why } of manifest.leftOut) logger.info(`left out: ${what}: ${why}`);
      logger.info(signature === undefined ? 'not signed' : `signed by ${signature.fingerprint}`);
      terminal.stdout(`${path}\n`);
      return 0;
    },
  );

/** Bundles are sent to others: none is replaced by accident. */
function newFile(path: string): string {
  if (!existsSync(path)) return path;
  throw new SweeplineError('USAGE', `${path} is there already`, {
    hint: 'Remove it, or name another file with --out.',
  });
}

export default run;
