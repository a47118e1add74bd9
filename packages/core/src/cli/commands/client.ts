import { resolve } from 'node:path';
import { Command } from 'commander';
import { clientBundle } from '../../measure/client-bundle/client-bundle.js';
import { writeClientBundle } from '../../measure/client-bundle/write-bundle.js';
import type { App } from '../app.js';
import { examples } from '../help.js';

export function clientCommand(app: App): Command {
  const bundle = new Command('bundle')
    .description('write the load process into a folder that runs on machines without Node.js')
    .argument('<dir>', 'folder that is new, empty or holds an earlier bundle')
    .option(
      '--node <file>',
      "Node.js binary for Linux, for this or another architecture; default: this command's",
    )
    .addHelpText('after', examples('sweepline client bundle client-x64'))
    .action(async (dir: string, { node }: { readonly node?: string }) => {
      const folder = resolve(app.cwd, dir);
      const made = await clientBundle(node === undefined ? {} : { node: resolve(app.cwd, node) });
      await writeClientBundle(made, folder);
      const { arch, node: version, requires } = made.manifest;
      const glibc = requires.glibc === undefined ? '' : `, glibc ${requires.glibc} or newer`;
      app.logger.info(`${dir}: Sweepline ${app.version}, Node.js ${version} for Linux on ${arch}${glibc}`);
      app.logger.info(`to start a load process: ${[...made.command(dir), 'SPEC.json'].join(' ')}`);
    });
  return new Command('client')
    .addCommand(bundle)
    .addHelpText(
      'after',
      examples(
        'sweepline client bundle client-x64',
        'sweepline client bundle client-arm64 --node node-v20.20.2-linux-arm64/bin/node',
      ),
    );
}
