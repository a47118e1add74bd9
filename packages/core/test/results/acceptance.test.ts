import { describe, expect, it } from 'vitest';
import { acceptanceMarks } from '../../src/metrics/marks/acceptance.js';
import { injectedAcceptance } from '../../src/plan/injected-acceptance.js';
import { sampleRole } from '../../src/testing/index.js';

const role = (more: object) => ({ roles: [{ ...sampleRole('engine'), ...more }] });
const config = (value: object) => role({ argv: ['vllm', '--speculative-config', JSON.stringify(value)] });

describe('an acceptance length that was ordered', () => {
  it.each([
    [role({ env: { SGLANG_SIMULATE_ACC_LEN: '2.49' } }), 2.49],
    [role({ env: { TLLM_SPEC_DECODE_FORCE_NUM_ACCEPTED_TOKENS: '2.5' } }), 3.5],
    [config({ rejection_sample_method: 'synthetic', synthetic_acceptance_length: 3.39 }), 3.39],
    [config({ synthetic_acceptance_length: 3.39 }), undefined],
    [config({ method: 'mtp', num_speculative_tokens: 3 }), undefined],
    [role({ argv: ['vllm', '--speculative-config', 'not json'] }), undefined],
    [role({ env: { SGLANG_SIMULATE_ACC_LEN: '' } }), undefined],
    [role({}), undefined],
  ])('is found in a plan: %j', (plan, length) => {
    expect(injectedAcceptance(plan)?.length).toBe(length);
  });

  it.each([
    [undefined, 3.4, []],
    [{ length: 2.49, by: 'SET' }, undefined, ['note']],
    [{ length: 2.49, by: 'SET' }, 2.5, ['note']],
    [{ length: 2.49, by: 'SET' }, 2.7, ['invalid']],
    [{ length: 2.49, by: 'SET' }, 1, ['invalid']],
  ])(
    'marks results, and makes those invalid whose engine counts another: %j, %s',
    (injected, counted, severities) => {
      expect(acceptanceMarks(injected, counted).map(({ severity }) => severity)).toEqual(severities);
    },
  );
});
