import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { schemaOf, strict } from '../results/json-schema.js';
import { acmeEntry, makeWorkspace } from '../workspace.js';

interface Line {
  readonly type: string;
  readonly name?: string;
  readonly phase?: string;
  readonly state?: string;
}

it('are written while a sweep runs, as their schema says', async () => {
  const failing = acmeEntry('failing', { options: { args: ['--exit-with', '7'] } });
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('first') + failing });

  await workspace.cli(['sweep', '--events', 'events.ndjson', '--allow-invalid']);

  const lines = (await workspace.read('events.ndjson')).trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as Line);
  const schema = z.fromJSONSchema(strict(await schemaOf('event-1')));
  for (const event of events) expect(schema.safeParse(event).error).toBeUndefined();
  const milestones = events.filter(({ type }) => !['load', 'phase', 'warning'].includes(type));
  expect(milestones).toMatchObject([
    { v: 1, type: 'run-begun', points: 2 },
    { type: 'point-begun', index: 1, of: 2 },
    { type: 'point-ended', state: 'completed', invalid: expect.any(Boolean) as boolean },
    { type: 'point-begun', index: 2 },
    { type: 'point-ended', state: 'failed', code: 'SERVER_DIED' },
    { type: 'run-ended', state: 'finished' },
  ]);
  const first = events.filter(({ type, name }) => type === 'phase' && name?.startsWith('first'));
  expect(first.map(({ phase }) => phase)).toEqual(['acquire', 'start', 'load', 'stop', 'save']);
  expect(events.some(({ type, phase }) => type === 'load' && phase === 'measure')).toBe(true);
});

it('are not waited for by a pipe that nobody reads', async () => {
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('first') });
  await execa('mkfifo', [join(workspace.root, 'pipe')]);

  const { exitCode, stderr } = await workspace.cli(['sweep', '--events', 'pipe', '--allow-invalid']);

  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/events can't be written to pipe: ENXIO/);
});

it('that can not be written cost nothing else', async () => {
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('first') });

  const { exitCode, stderr } = await workspace.cli([
    ...['sweep', '--events', 'no-such-folder/events.ndjson', '--allow-invalid'],
  ]);

  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/events can't be written to no-such-folder\/events.ndjson: ENOENT/);
});
