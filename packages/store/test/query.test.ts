import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { row, STALLED } from './rows.js';

let workspace: StoreWorkspace;
beforeAll(async () => {
  workspace = await makeStoreWorkspace();
  await workspace.write('run/agg_bmk.json', [
    row({ conc: 4, image: '=cmd()', tput_per_gpu: 100.123456789 }),
    row({ conc: 8, image: 'a,"b"\nc', framework: 'vllm' }),
    row({ conc: 64, hw: 'mi300x', image: '\u001b[31mred\u202e', ...STALLED }),
  ]);
  await workspace.run('import', 'run');
});
afterAll(() => workspace[Symbol.asyncDispose]());

describe('a query', () => {
  const outside = () => join(workspace.root, 'out');

  it.each([
    ["COPY (SELECT 1) TO 'OUT'", /disabled by configuration|only a SELECT/],
    ["EXPORT DATABASE 'OUT'", /disabled by configuration|only a SELECT/],
    ["SELECT * FROM read_csv('/etc/passwd')", /disabled by configuration/],
    ["SELECT * FROM read_text('run/agg_bmk.json')", /disabled by configuration/],
    ["SELECT * FROM read_json('http://127.0.0.1:1/x')", /disabled by configuration/],
    ["SELECT * FROM glob('/*')", /disabled by configuration/],
    ["FROM '/etc/passwd'", /does not exist|disabled by configuration/],
    ["ATTACH 'OUT'", /only a SELECT/],
    ['INSTALL httpfs', /only a SELECT/],
    ['LOAD httpfs', /only a SELECT/],
    ['SET enable_external_access = true', /only a SELECT/],
    ['RESET lock_configuration', /only a SELECT/],
    ['PRAGMA memory_limit = "1TB"', /only a SELECT/],
    ['DELETE FROM result_rows', /only a SELECT/],
    ['DELETE FROM results', /base table/],
    ['DROP VIEW runs', /only a SELECT/],
    ['CREATE TEMP TABLE t AS SELECT 1', /only a SELECT/],
    ['SELECT 1; DELETE FROM results', /2 statements/],
    ['EXPLAIN ANALYZE DELETE FROM result_rows', /read-only|only a SELECT/],
    ['', /no statement/],
    ['/* nothing */', /no statement/],
    ['SELEC', /syntax error/],
    ['SELECT nothing FROM results', /"nothing" not found/],
  ])('%s has no answer', async (sql, reason) => {
    const before = await readdir(workspace.root);
    const { exitCode, stdout, said } = await workspace.run('query', sql.replace('OUT', outside()));

    expect(exitCode).toBe(99);
    expect(stdout).toBe('');
    expect(said).toMatch(/^USAGE: the query has no answer/);
    expect(said).toMatch(reason);
    expect(await readdir(workspace.root)).toEqual(before);
    expect(await workspace.ask('SELECT count(*) AS n FROM results')).toEqual([{ n: 3 }]);
  });

  it('gives whole numbers as numbers, times as text, and leaves out what is missing', async () => {
    expect(
      await workspace.ask(
        `SELECT 1::HUGEINT AS a, 9007199254740993 AS b, TIMESTAMP '2026-01-02 03:04:05' AS c, NULL AS d, [1, NULL] AS e, {'f': 2::BIGINT} AS g, 'nan'::DOUBLE AS h`,
      ),
    ).toEqual([
      { a: 1, b: '9007199254740993', c: '2026-01-02T03:04:05.000Z', e: [1, null], g: { f: 2 }, h: 'NaN' },
    ]);
  });

  it('is a table, with what a terminal would obey written out', async () => {
    const { stdout } = await workspace.run(
      'query',
      'SELECT conc, image, tput_per_gpu, rate FROM results ORDER BY conc',
    );

    expect(stdout.split('\n')).toEqual([
      'conc  image      tput_per_gpu  rate',
      '   4  =cmd()          100.123     –',
      '   8  a,"b" c           400.5     –',
      '  64  ␛[31mred�         400.5     –',
      '',
    ]);
  });

  it('is CSV, in which a spreadsheet runs nothing', async () => {
    const { stdout } = await workspace.run(
      'query',
      '--format',
      'csv',
      'SELECT conc, image, rate FROM results ORDER BY conc LIMIT 2',
    );

    expect(stdout).toBe('conc,image,rate\r\n4,\'=cmd(),\r\n8,"a,""b""\nc",\r\n');
  });
});

describe('results', () => {
  it.each([
    [['conc=8'], [8]],
    [['conc=4,8'], [4, 8]],
    [['conc!=8'], [4, 64]],
    [['conc>=8', 'framework=sglang'], [64]],
    [['tput_per_gpu<200'], [4]],
    [['mark=stall'], [64]],
    [['mark!=stall'], [4, 8]],
    [['rate='], [4, 8, 64]],
    [['rate!='], []],
    [['framework=vllm,trt'], [8]],
    [["image=' OR 1=1 --"], []],
  ])('%j', async (filters, expected) => {
    const rows = await workspace.rows(...filters, '--sort', 'conc');
    expect(rows.map(({ conc }) => conc)).toEqual(expected);
  });

  it('are sorted, cut off, and have the columns that are asked for', async () => {
    const { stdout } = await workspace.run(
      'results',
      '--csv',
      '--columns',
      'conc,sku',
      '--sort',
      'conc:desc',
      '--limit',
      '2',
    );
    expect(stdout).toBe('conc,sku\r\n64,mi300x\r\n8,b200\r\n');
  });

  it('are a table of what decides', async () => {
    const { stdout } = await workspace.run('results', 'sku=mi300x');
    expect(stdout).toMatch(/^run +infmax_model_prefix +sku .*marks\nrun +dsr1 +mi300x .*\["stall"\]\n$/);
  });

  it.each([
    [['tput=1'], /no column tput.*tput_per_gpu/],
    [['conc'], /conc is not a filter/],
    [['--sort', 'nothing'], /no column nothing/],
    [['--limit', 'x'], /--limit is not a whole number/],
    [['conc>=many'], /many/],
  ])('%j is an error', async (args, reason) => {
    const { exitCode, said } = await workspace.run('results', ...args);
    expect(exitCode).toBe(99);
    expect(said).toMatch(reason);
  });
});
