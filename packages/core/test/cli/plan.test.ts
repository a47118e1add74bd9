import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace } from '../workspace.js';

const CONFIG = { 'configs/acme.yaml': acmeEntry('one', { conc: [1, 2] }) };

describe('sweepline plan', () => {
  it('takes the jobs of a matrix, in any form that `matrix` prints, and gives plans in their order', async () => {
    await using workspace = await makeWorkspace(CONFIG);
    const fromConfigs = await workspace.cli(['plan', '--json']);

    for (const format of ['json', 'ndjson', 'github']) {
      const matrix = await workspace.cli(['matrix', '--format', format]);
      await workspace.write('matrix.json', matrix.stdout);
      const { exitCode, stdout } = await workspace.cli(['plan', '--matrix', 'matrix.json', '--json']);

      expect(exitCode).toBe(0);
      expect(stdout).toBe(fromConfigs.stdout);
    }
    const plans = JSON.parse(fromConfigs.stdout) as { readonly job: { readonly conc: number } }[];
    expect(plans.map(({ job }) => job.conc)).toEqual([1, 2]);
  });

  it.each([
    ['{"a": ', 'CONFIG_SYNTAX'],
    ['[{"image": "host", "model": "m"}]', 'CONFIG_INVALID'],
  ])('refuses %s for a matrix, with the place', async (text, code) => {
    await using workspace = await makeWorkspace(CONFIG);
    await workspace.write('matrix.json', text);

    const { exitCode, stdout, stderr } = await workspace.cli(['plan', '--matrix', 'matrix.json']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain(code);
    expect(stderr).toContain('matrix.json');
  });

  it('tells the client of jobs that have no fixed lengths, too', async () => {
    await using workspace = await makeWorkspace(CONFIG);
    const [job] = JSON.parse((await workspace.cli(['matrix'])).stdout) as [Record<string, unknown>];
    const lengths = ['isl', 'osl', 'max-model-len'];
    const rest = Object.fromEntries(Object.entries(job).filter(([key]) => !lengths.includes(key)));
    const agentic = { 'scenario-type': 'agentic-coding', 'kv-offloading': 'none', duration: 3600 };
    await workspace.write('matrix.json', JSON.stringify([{ ...rest, ...agentic }]));

    const { stdout, stderr } = await workspace.cli(['plan', '--matrix', 'matrix.json']);

    expect({ stdout, stderr }).toMatchObject({ stderr: '' });
    expect(stdout).toMatch(/client: 2 warm-ups, 10 prompts, concurrency 1$/m);
  });

  it('is for the highest concurrency of a job, and says which others it has', async () => {
    await using workspace = await makeWorkspace(CONFIG);
    const [job] = JSON.parse((await workspace.cli(['matrix'])).stdout) as [Record<string, unknown>];
    const worker = { 'num-worker': 1, tp: 1, ep: 1, 'dp-attn': false, 'additional-settings': [] };
    const shared = Object.fromEntries(
      Object.entries(job).filter(([key]) => !['tp', 'ep', 'dp-attn'].includes(key)),
    );
    const disaggregated = {
      ...shared,
      prefill: worker,
      decode: { ...worker, 'num-worker': 0 },
      conc: [2, 8, 4],
      disagg: true,
    };
    await workspace.write('matrix.json', JSON.stringify([{ ...job, conc: 4 }, disaggregated]));

    const { stdout } = await workspace.cli(['plan', '--matrix', 'matrix.json']);

    expect(stdout.match(/concurrency .*$/gm)).toEqual([
      'concurrency 4',
      'concurrency 8 (the job also has 2, 4)',
    ]);
  });

  it('counts ports from the one that is given', async () => {
    await using workspace = await makeWorkspace(CONFIG);

    const { stdout } = await workspace.cli(['plan', '--json', '--port', '9001']);

    const [plan] = JSON.parse(stdout) as {
      readonly endpoint: object;
      readonly processes: { readonly argv: readonly string[] }[];
    }[];
    expect(plan!.endpoint).toEqual({ baseUrl: 'http://{host:server:0}:9001' });
    expect(plan!.processes[0]!.argv).toContain('9001');
  });

  it('prints a script that sh reads, whatever is in it', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one', { options: { args: ["it's $HOME `x`", ''] } }),
    });
    const { exitCode, stdout } = await workspace.cli(['plan', '--format', 'sh']);

    expect(exitCode).toBe(0);
    const shown = stdout.replace(/^(?=\/)/m, "printf '%s|' ");
    await workspace.write('plan.sh', shown);
    const printed = execFileSync('sh', [join(workspace.root, 'plan.sh')], { encoding: 'utf8' });
    expect(printed).toContain("|it's $HOME `x`||");
  });

  it('prints a script that does nothing of what names say', async () => {
    await using workspace = await makeWorkspace();
    for (const name of [
      '$(touch pwned)',
      '`touch pwned`',
      `'; touch pwned; '`,
      'a\ntouch pwned\n',
      '" && touch pwned #',
    ]) {
      const entry = acmeEntry('one')
        .replace('image: host', `image: ${JSON.stringify(name)}`)
        .replace('model: fake-model', `model: ${JSON.stringify(name)}`)
        .replace('model-prefix: one', `model-prefix: ${JSON.stringify(name)}`);
      await workspace.write('configs/acme.yaml', entry);
      const { exitCode, stdout } = await workspace.cli(['plan', '--format', 'sh']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('touch pwned');
      await workspace.write('plan.sh', stdout.replace(/^(?=\/)/m, "printf '%s|' "));

      const printed = execFileSync('sh', ['plan.sh'], { cwd: workspace.root, encoding: 'utf8' });

      expect(printed).toContain(`|--model|${name}|`);
      expect(existsSync(join(workspace.root, 'pwned'))).toBe(false);
    }
  });

  it('says what is rejected, and the nearest choice', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one').replace('tp: 1', 'tp: 2'),
    });

    const { exitCode, stdout } = await workspace.cli(['plan', '--json']);

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { rejected: { reason: 'acme has one device', nearest: { tp: 1 } } },
    ]);
    expect((await workspace.cli(['plan'])).stdout).toContain(
      'rejected: acme has one device (nearest: {"tp":1})',
    );
    const validated = await workspace.cli(['validate']);
    expect(validated.exitCode).toBe(3);
    expect(validated.stdout).toMatch(/acme\.yaml:\d+:\d+.*acme has one device/);
  });
});
