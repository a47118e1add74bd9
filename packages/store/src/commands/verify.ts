import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { EXIT, printable, runCommandLine, type RunCommand } from '@sweepline/core';
import { readPublicKey } from '../bundle/signing.js';
import { verifiedText } from '../verify/verified-text.js';
import { verifyBundle, type Verified } from '../verify/verify-bundle.js';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline verify')
      .description(
        'Says whether a bundle is as it was written, who signed it, and whether its numbers follow from its records.',
      )
      .addArgument(new Argument('<bundle>', 'a file that `sweepline bundle` has written'))
      .option('--key <public>', 'the key that must have signed it, a PEM file')
      .option('--json', 'JSON instead of text')
      .addHelpText('after', `\nExit code: 0 if it is whole, ${EXIT.red} if anything was changed.`),
    async (command) => {
      const { cwd, terminal, signal } = context;
      const { key, json = false } = command.opts<{ key?: string; json?: boolean }>();
      const [bundle = ''] = command.args;
      const verified = await verifyBundle(resolve(cwd, bundle), {
        signal,
        ...(key !== undefined && { key: await readPublicKey(resolve(cwd, key)) }),
      });
      terminal.stdout(json ? toJson(verified) : printable(verifiedText(verified)));
      return verified.changes.length === 0 ? EXIT.ok : EXIT.red;
    },
  );

function toJson({ manifest, signedBy, changes, numbers }: Verified): string {
  const { agreeing, skipped, unknown } = numbers ?? {};
  const value = {
    whole: changes.length === 0,
    signedBy,
    changes,
    numbers: numbers && { agreeing, skipped, unknown },
    manifest,
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

export default run;
