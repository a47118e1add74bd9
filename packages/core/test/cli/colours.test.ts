import { describe, expect, it } from 'vitest';
import { showsColours } from '../../src/cli/colours.js';
import { createConsoleLogger } from '../../src/cli/console-logger.js';
import { SweeplineError, formatError } from '../../src/errors.js';
import { COLOURED, printableInColour } from '../../src/style.js';
import { makeWorkspace } from '../workspace.js';

const ESCAPE = '\u001b';
const NX = { NX_TASK_TARGET_TARGET: 'sweep', FORCE_COLOR: 'true' };

describe('colours', () => {
  it.each([
    ['a terminal', true, { TERM: 'xterm' }, true],
    ['a pipe', false, { TERM: 'xterm' }, false],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR and NO_COLOR', true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['a pipe of nx, which sets FORCE_COLOR for all', false, NX, false],
    ['a terminal of nx', true, NX, true],
    ['a terminal of nx with NO_COLOR', true, { ...NX, NO_COLOR: '1' }, false],
  ])('of %s', (_, isTTY, env, expected) => {
    expect(showsColours({ isTTY }, env)).toBe(expected);
  });

  it('mark codes, hints and warnings, and nothing in what is printed can add others', () => {
    let text = '';
    const logger = createConsoleLogger({ stderr: (written) => (text += written), stderrStyle: COLOURED });

    logger.error(formatError(new SweeplineError('USAGE', 'no \u001b[31mred', { hint: 'Try this.' })));
    logger.warn('careful');

    expect(text.split('\n')).toEqual([
      '\u001b[31mUSAGE\u001b[39m: no ␛[31mred',
      '\u001b[36m  → Try this.\u001b[39m',
      '\u001b[33mwarning:\u001b[39m careful',
      '',
    ]);
  });

  it('stay on a screen where all else that moves a cursor is shown as a symbol', () => {
    expect(printableInColour(`${COLOURED.good('ok')} \u001b[2J \u001b[8m`)).toBe(
      '\u001b[32mok\u001b[39m ␛[2J ␛[8m',
    );
  });

  it('are in no pipe, also not where nx asks for them, and are there where they are asked for', async () => {
    await using workspace = await makeWorkspace();
    const run = async (env: Readonly<Record<string, string>>) => {
      const { stdout, stderr } = await workspace.cli(['sweep', 'no-such.yaml'], { env });
      return stdout + stderr;
    };

    expect(await run({ FORCE_COLOR: '' })).not.toContain(ESCAPE);
    expect(await run(NX)).not.toContain(ESCAPE);
    expect(await run({ FORCE_COLOR: '1', NX_TASK_TARGET_TARGET: '' })).toContain(
      COLOURED.bad('CONFIG_NOT_FOUND'),
    );
  });
});
