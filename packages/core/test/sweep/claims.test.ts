import { describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

const CONFIG = { 'configs/acme.yaml': acmeEntry('one', { conc: [1] }) };
const codes = (result: unknown): readonly string[] =>
  (result as { readonly marks: readonly { readonly code: string }[] }).marks.map(({ code }) => code);

describe('the SKU of a sweep', () => {
  it.each(['none', 'other'])(
    'that the node has not (%s) fails the job before anything is started',
    async (found) => {
      await using workspace = await makeWorkspace(CONFIG);

      const { exitCode, stdout } = await workspace.cli(['sweep'], { env: { ACME_FOUND: found } });

      const [result] = await workspace.results();
      expect(exitCode).toBe(1);
      expect(stdout).toContain('SKU_MISMATCH');
      expect(result).toMatchObject({ state: 'failed', error: { code: 'SKU_MISMATCH' } });
      expect(result?.state === 'failed' && result.error.logTail).toBeFalsy();
    },
  );

  it('that nobody can tell, or is told not to ask for, marks the result', async () => {
    await using workspace = await makeWorkspace({
      ...CONFIG,
      'configs/sweepline.yaml': `${SWEEPLINE_YAML}runners: { acme-x1: { sku: acme-x1, detect: false } }\n`,
    });

    await workspace.cli(['sweep'], { env: { ACME_FOUND: 'none' } });
    expect(codes((await workspace.results())[0])).toContain('sku-unchecked');

    await workspace.write('configs/sweepline.yaml', SWEEPLINE_YAML);
    await workspace.cli(['sweep'], { env: { ACME_FOUND: 'unknown' } });
    expect(codes((await workspace.results())[0])).toContain('sku-unchecked');

    await workspace.cli(['sweep']);
    expect(codes((await workspace.results())[0])).not.toContain('sku-unchecked');
  });
});
