import { z } from 'zod';
import { messageOf, SweeplineError } from '../../../errors.js';
import type { Codec } from '../codec.js';
import { rememberPackage } from '../../../watch/packages.js';
import { within } from '../../../watch/within.js';
import type { LoadSpec } from '../../spec/spec.js';
import { codecOf } from './index.js';

const fn = z.custom<() => unknown>((value) => typeof value === 'function', 'expected a function');

/** The functions that the client calls; the rest is checked by TypeScript if the codec is written in it. */
const codecSchema = z.looseObject({
  name: z.string().min(1),
  path: z.string().startsWith('/', 'expected a path that begins with /'),
  takesTokenIds: z.boolean(),
  endsSilently: z.literal(true).optional(),
  cumulative: z.literal(true).optional(),
  bodyWriter: fn,
  readEvent: fn,
});

/**
 * The codec for an endpoint: that of its API, or the default export of the module that it names. Functions can't be passed
 * between threads, so each thread loads its own.
 * @throws {SweeplineError} PLUGIN_BROKEN when the module can't be loaded, PLUGIN_INVALID when its default export is not a codec.
 */
export async function loadCodec({ api, codec }: LoadSpec['endpoint']): Promise<Codec> {
  if (codec === undefined) return codecOf(api);
  const exported = await importDefault(codec);
  const parsed = codecSchema.safeParse(exported);
  // Returns the object itself, not zod's copy: codecs may keep state behind `this`.
  if (parsed.success) return exported as Codec;
  const problems = parsed.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter((part) => part !== '').join(': '),
  );
  throw new SweeplineError(
    'PLUGIN_INVALID',
    `codec ${codec}: its default export is not a codec: ${problems.join('; ')}`,
    {
      where: { file: codec },
      hint: "Export a Codec (its type comes from @sweepline/core) as default, or report this to the plugin's authors.",
    },
  );
}

async function importDefault(specifier: string): Promise<unknown> {
  try {
    const call = {
      plugin: `codec ${specifier}`,
      package: specifier,
      call: 'import',
      limit: 'import',
    } as const;
    if (specifier.startsWith('file:')) rememberPackage(call.plugin, new URL('.', specifier).href);
    const module = (await within(call, () => import(specifier))) as { readonly default?: unknown };
    return module.default;
  } catch (thrown) {
    if (thrown instanceof SweeplineError && thrown.code === 'PLUGIN_TIMEOUT') throw thrown;
    const cause = thrown instanceof SweeplineError ? thrown.cause : thrown;
    throw new SweeplineError('PLUGIN_BROKEN', `codec ${specifier} can't be loaded: ${messageOf(cause)}`, {
      where: { file: specifier },
      hint: 'The load process imports it by this name: check that the file and everything it imports exist.',
      cause,
    });
  }
}
