import type { Job, MultiNodeJob, SingleNodeJob, Worker } from '../matrix/job.js';
import type { FrameworkPlugin, Plugin, RecipeMatch, RecipePlugin, Sku } from '../plugin/index.js';

/** Number of devices per node of the SKUs that are made up here. */
const DEVICES = 8;

const CPU: Sku = { name: 'cpu', vendor: 'none', device: 'cpu', devicesPerNode: 1, sources: [] };
const SIZES = [1, 2, 4, 8];
/** Precision of jobs whose recipe and framework name none. */
const PRECISION = 'fp8';
const LENGTHS = [
  [1024, 1024],
  [1024, 8192],
  [8192, 1024],
] as const;

/** A SKU of eight devices for every name that recipes use, for one that none uses, and the CPU; only those that no other plugin has. */
export function sampleSkus(plugins: readonly Plugin[], beside: readonly Plugin[] = []): readonly Sku[] {
  const names = matchesOf(plugins).flatMap(({ sku = [] }) => sku);
  const has = new Set(
    [...plugins, ...beside].flatMap((one) =>
      one.kind === 'hardware' ? one.skus.map(({ name }) => name) : [],
    ),
  );
  const made = [...new Set(['unheard-of-gpu', ...names])].filter((name) => name !== CPU.name).map(sampleSku);
  return [CPU, ...made].filter(({ name }) => !has.has(name));
}

function sampleSku(name: string): Sku {
  return { name, vendor: 'none', device: 'gpu', devicesPerNode: DEVICES, sources: [] };
}

/** Jobs for every recipe, and for the framework without one: all sizes on one node, and workers over several nodes. */
export function sampleJobs(
  plugins: readonly Plugin[],
  skus: readonly Sku[],
  beside: readonly Plugin[] = [],
): readonly Job[] {
  const matches: readonly RecipeMatch[] = [...matchesOf(plugins), ...skus.map(({ name }) => ({ sku: name }))];
  return frameworksOf(plugins, beside).flatMap((sampled) =>
    matches
      .filter(
        (match) => match.framework === undefined || [match.framework].flat().includes(sampled.framework),
      )
      .flatMap((match) => [...singleNodeJobs(match, sampled), ...multiNodeJobs(match, sampled)]),
  );
}

export function recipesIn(plugins: readonly Plugin[]): readonly RecipePlugin[] {
  return plugins.filter((plugin) => plugin.kind === 'recipes');
}

export function frameworksIn(plugins: readonly Plugin[]): readonly FrameworkPlugin[] {
  return plugins.filter((plugin) => plugin.kind === 'framework');
}

function matchesOf(plugins: readonly Plugin[]): readonly RecipeMatch[] {
  return recipesIn(plugins).flatMap(({ recipes }) => recipes.map(({ match }) => match));
}

/** A framework that jobs are made for, and a precision that it serves. */
interface Sampled {
  readonly framework: string;
  readonly precision: string;
}

/** The frameworks of the plugins, and those of other packages for which they have recipes. */
function frameworksOf(plugins: readonly Plugin[], beside: readonly Plugin[]): readonly Sampled[] {
  const builtOn = new Set(recipesIn(plugins).map(({ framework }) => framework));
  return [...frameworksIn(plugins), ...frameworksIn(beside).filter(({ name }) => builtOn.has(name))].flatMap(
    ({ frameworks, precisions = [PRECISION] }) => {
      const precision = precisions.includes(PRECISION) ? PRECISION : (precisions[0] ?? PRECISION);
      return frameworks.map((framework) => ({ framework, precision }));
    },
  );
}

type Basis = Omit<SingleNodeJob, 'tp' | 'ep' | 'dp-attn' | 'conc'>;

function basis(
  match: RecipeMatch,
  { framework, precision }: Sampled,
  [isl, osl]: readonly [number, number],
): Basis {
  const model = first(match.model, 'unheard-of');
  return {
    image: 'example/engine:1',
    model: `example/${model}`,
    'model-prefix': model,
    precision: first(match.precision, precision),
    framework,
    runner: first(match.sku, 'unheard-of-gpu'),
    'spec-decoding': first(match.spec, 'none') as Basis['spec-decoding'],
    'exp-name': `${model}_sample`,
    isl,
    osl,
    'max-model-len': isl + osl + 200,
    disagg: false,
    'run-eval': false,
  };
}

function first(wanted: string | readonly string[] | undefined, otherwise: string): string {
  return [wanted ?? []].flat()[0] ?? otherwise;
}

function singleNodeJobs(match: RecipeMatch, sampled: Sampled): readonly SingleNodeJob[] {
  return LENGTHS.flatMap((lengths, index) =>
    SIZES.flatMap((tp) =>
      [...new Set([1, tp])].flatMap((ep) =>
        [false, true].map((dpAttn) => ({
          ...basis(match, sampled, lengths),
          tp,
          ep,
          'dp-attn': dpAttn,
          conc: 4 ** (index + 1),
        })),
      ),
    ),
  );
}

function multiNodeJobs(match: RecipeMatch, sampled: Sampled): readonly MultiNodeJob[] {
  const shared = basis(match, sampled, LENGTHS[0]);
  const layouts = [
    [worker(1, 4), worker(1, 8)],
    [worker(3, 2), worker(2, 4)],
    [worker(2, 8), worker(1, 16)],
  ] as const;
  return layouts.map(([prefill, decode]) => ({ ...shared, disagg: true, prefill, decode, conc: [4, 64] }));
}

function worker(count: number, devices: number): Worker {
  return { 'num-worker': count, tp: devices, ep: devices, 'dp-attn': devices > 4 };
}
