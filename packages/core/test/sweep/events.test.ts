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
    { type: 'scheduled', queues: [{ name: 'this machine', nodes: 1, sessions: 2 }] },
    { type: 'session-begun', queue: 'this machine', nodes: 1 },
    { type: 'point-begun', index: 1, of: 2 },
    { type: 'point-ended', state: 'completed', invalid: expect.any(Boolean) as boolean },
    { type: 'session-ended', queue: 'this machine' },
    { type: 'session-begun' },
    { type: 'point-begun', index: 2 },
    { type: 'point-ended', state: 'failed', code: 'SERVER_DIED' },
    { type: 'session-ended' },
    { type: 'run-ended', state: 'finished' },
  ]);
  const first = events.filter(({ type, name }) => type === 'phase' && name?.startsWith('first'));
  expect(first.map(({ phase }) => phase)).toEqual(['acquire', 'start', 'load', 'stop', 'save']);
  expect(events.some(({ type, phase }) => type === 'load' && phase === 'measure')).toBe(true);
});

it('leave where the sweep is in status.json, as its schema says', async () => {
  const failing = acmeEntry('failing', { options: { args: ['--exit-with', '7'] } });
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('first') + failing });

  await workspace.cli(['sweep', '--allow-invalid']);

  const status: unknown = JSON.parse(await workspace.readRunFile('status.json'));
  expect(z.fromJSONSchema(strict(await schemaOf('status-1'))).safeParse(status).error).toBeUndefined();
  expect(status).toMatchObject({
    ...{ points: 2, ended: 2, completed: 1, failed: 1, failures: { 'server-death': 1 }, open: [] },
    queues: [{ name: 'this machine', nodes: 1, taken: 0, running: 0, waiting: 0 }],
  });
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
