import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Job } from '../../src/matrix/job.js';
import { aggregate, identityOf } from '../../src/results/aggregate.js';

interface Case {
  readonly name: string;
  readonly job: Job;
  readonly hw: string;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly row: object;
}

const OWN = join(import.meta.dirname, '../../../conformance/own/rows/cases.json');
const cases = JSON.parse(readFileSync(OWN, 'utf8')) as readonly Case[];

it.each(cases.map((one) => [one.name, one] as const))(
  'the row of own results: %s',
  (_, { job, hw, raw, row }) => {
    const made = aggregate(raw, identityOf(job, hw));
    expect(made).toEqual(row);
    expect(Object.keys(made)).toEqual(Object.keys(row));
  },
);
