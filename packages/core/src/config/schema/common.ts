import { z } from 'zod';

/** A whole number of at least `minimum`. Numbers written as text are refused, not converted. */
function whole(minimum: number, what: string) {
  const error = `expected ${what}`;
  return z.int({ error }).min(minimum, { error });
}

export const wholeAboveZero = whole(1, 'a whole number above 0');
export const wholeFromZero = whole(0, 'a whole number, 0 or more');
export const text = z.string({ error: 'expected text' }).min(1, { error: 'expected text that is not empty' });
export const flag = z.boolean({ error: 'expected true or false' });
export const nullableFlag = flag.nullish();

/** The prefix of labels that name one exact fleet of machines. */
export const CLUSTER_PREFIX = 'cluster:';

/** A component's own version, not the image that contains it. */
const version = text.refine((value) => !value.startsWith('image:'), {
  error: 'expected a release, package version or commit, not an image',
});

const name = text.describe('Name of the component.');
const VERSION = "The component's own release, package version or commit.";

export const component = z.strictObject({
  name,
  version: version.describe(VERSION),
});
export const offloadBackend = z.strictObject({
  name,
  version: version.nullish().describe(VERSION),
});

/** The fields of every entry, in all dialects. */
export const entryFields = {
  image: text.describe('Container image with its tag; `host` runs without a container.'),
  model: text.describe('Model, as the server loads it.'),
  'model-prefix': text.describe("Short name of the model; starts the experiment's name."),
  runner: text.describe('Runner label, as in the runner config.'),
  precision: text.describe('Precision of the weights, such as fp4 or fp8.'),
  framework: text.describe('Serving framework; a plugin serves it.'),
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("For the framework plugin; checked by the plugin's own schema."),
};

/** `multinode` for one of the two forms of an entry. */
export function multinode<const Value extends boolean>(value: Value) {
  return z
    .literal(value, { error: 'expected true or false' })
    .describe('Whether the server runs on several nodes; decides which form search spaces have.');
}
