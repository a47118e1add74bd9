import { z } from 'zod';
import { API_NAMES } from '../plugin/launch-plan.js';

const string = z.string();
const count = z.number().int().nonnegative();
const some = z.number().int().positive();
const portNumber = some.max(65_535);

const ref = z.union([
  z.looseObject({
    ref: z.enum(['host', 'ip', 'port']),
    role: string,
    index: count.optional(),
    name: string.optional(),
  }),
  z.looseObject({ ref: z.enum(['date', 'rank', 'workspace', 'user']) }),
]);
/** Text that may contain references. */
const text = z.union([string, z.array(z.union([string, ref]))], {
  error: 'expected a string, or an array of strings and references',
});
const texts = z.record(string, text);
const argv = z.array(text).min(1);

const setup = z.array(
  z.looseObject({
    argv: z.array(string).min(1),
    env: z.record(string, string).optional(),
    cwd: string.optional(),
  }),
);

const runtime = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('container'), image: string.min(1) }),
  z.looseObject({ kind: z.literal('host') }),
]);

const role = z.looseObject({
  name: string.min(1),
  replicas: some,
  runtime,
  argv,
  env: texts,
  files: texts,
  setup: setup.optional(),
  after: z.array(string).optional(),
  ports: z.array(z.looseObject({ name: string, fixed: portNumber.optional(), below: portNumber.optional() })),
  place: z.looseObject({
    nodes: some,
    ranksPerNode: count,
    devicesPerRank: count,
    wireUp: z.enum(['none', 'pmix', 'env']),
  }),
});

const when = z.union(
  [
    z.looseObject({ http: string.startsWith('/'), expect: string.optional() }),
    z.looseObject({ log: string.min(1) }),
    z.looseObject({ tcp: string }),
    z.looseObject({ exec: z.array(string).min(1) }),
  ],
  { error: 'expected one of http (a path), log, tcp, exec' },
);

const client = z.looseObject({
  api: z.enum(API_NAMES),
  codec: z.url().optional(),
  backend: string.optional(),
  model: string,
  numPrompts: some,
  numWarmups: count,
  rangeRatio: z.number().min(0).max(1),
  ignoreEos: z.boolean(),
  chatTemplate: z.boolean(),
  promptForm: z.enum(['auto', 'token-ids', 'text']),
  vocabulary: z.looseObject({ first: count, end: some }).optional(),
  requestTimeoutS: z.number().positive().optional(),
});

const below = string.refine(
  (path) => path !== '' && !path.startsWith('/') && !path.split('/').includes('..'),
  {
    error: 'expected a folder below the workspace',
  },
);
const notes = z.array(string).optional();
const submit = z.looseObject({ argv, env: texts, cwd: text.optional() });

/** All parts of a plan that core uses at launch. Everything is checked, since plugins may be written without types. */
export const planSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('serve'),
    roles: z.array(role).min(1),
    endpoint: z.looseObject({ ref: z.enum(['host', 'ip', 'port']), role: string, name: string.optional() }),
    ready: z.array(z.looseObject({ role: string, when, timeoutS: z.number().positive() })),
    reset: z.looseObject({ method: z.enum(['GET', 'POST']), path: string }).optional(),
    client,
    notes,
  }),
  z.looseObject({
    kind: z.literal('delegate'),
    image: string.optional(),
    setup: z.array(submit).optional(),
    files: texts.optional(),
    submit,
    results: z.looseObject({ folder: below, client: string.min(1) }).optional(),
    notes,
  }),
]);
