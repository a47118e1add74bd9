// @ts-check
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cli, defectOf } from '../cli.js';
import { makeWorkspace, writeConfig } from '../workspace.js';
import { GOOD } from './yaml.js';

/** Names with a special meaning for file systems, shells, terminals and browsers. */
const NAMES = {
  'parent folders': '../../../../tmp/sweepline-outside',
  'a slash': 'a/b',
  'an absolute path': '/tmp/sweepline-outside',
  'a newline': 'a\nb',
  NUL: 'a\0b',
  'a shell command': '$(touch sweepline-outside); `touch sweepline-outside`',
  '5,000 characters': 'n'.repeat(5000),
  HTML: '<img src=x onerror=alert(1)>',
  'an option': '--config-files',
  dots: '..',
};

/** Real sweeps with these names. @type {import('../cases.js').Part} */
export const names = {
  name: 'names',
  title: 'hostile names swept for real',
  claim: "refused, or nothing outside the run's folder and no defect",
  async cases(context) {
    const root = await makeWorkspace(context);
    return Object.entries(NAMES).map(([name, value], i) => ({
      name,
      async run() {
        writeConfig(
          root,
          `names-${i}.yaml`,
          GOOD.replace('model-prefix: tiny', `model-prefix: ${JSON.stringify(value)}`).replace(
            '[1, 4]',
            '[1]',
          ),
        );
        const around = () =>
          [...entries(root), ...entries(dirname(root)).filter((entry) => /outside/.test(entry))].sort();
        const before = around();
        const ended = await cli(['sweep', `configs/names-${i}.yaml`], { cwd: root, timeoutS: 120 });
        const made = around().filter((entry) => !before.includes(entry) && entry !== 'results');
        return defectOf(ended) ?? (made.length === 0 ? undefined : `made ${made.join(', ')}`);
      },
    }));
  },
};

/** @param {string} folder */
const entries = (folder) => readdirSync(join(folder));
