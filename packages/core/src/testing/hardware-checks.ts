import assert from 'node:assert/strict';
import type { Cluster, ContainerSettings, HardwarePlugin, Sku } from '../plugin/index.js';
import { deepFreeze } from '../plugin/guard/read-only.js';
import type { Check } from './contract.js';
import { elsewhere } from './elsewhere.js';

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const SECRET = 'secret-of-the-environment';
const SECRETS: Readonly<Record<string, string>> = Object.fromEntries(
  ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'OPENAI_API_KEY', 'GITHUB_TOKEN'].map((name) => [name, SECRET]),
);
/** One device, several, all of a node, and some out of order. */
const DEVICE_SETS = [[0], [7], [2, 3], [0, 1, 2, 3, 4, 5, 6, 7], [5, 1]] as const;

/** Arguments that give a container access to more than devices: to the node itself. */
const TOO_MUCH = [
  /^--privileged(?:=true)?$/,
  /^--cap-add=(?:CAP_)?(?:ALL|SYS_ADMIN|SYS_MODULE|SYS_RAWIO)$/i,
  /^--device=\/dev\/k?mem\b/,
  /^--pid=host$/,
];

/** What core expects of the data and pure functions of hardware plugins. */
export const HARDWARE_CHECKS: readonly Check<HardwarePlugin>[] = [
  { title: 'names each SKU once, in lower case with hyphens', run: names },
  { title: 'has plausible figures, and omits unknown ones', run: everySku(figures) },
  { title: 'gives the sources of its figures, and when they were looked up', run: everySku(sources) },
  { title: 'sets containers up purely: the same on any day, on any machine', run: everySku(pure) },
  { title: 'gives containers no more access than the devices need, unless strict', run: everySku(least) },
  { title: 'keeps secrets of the environment out of arguments', run: everySku(keepsSecrets) },
  { title: 'makes the given devices visible to a process, each once and in order', run: showsDevices },
];

function everySku(check: (sku: Sku, plugin: HardwarePlugin) => void): (plugin: HardwarePlugin) => void {
  return (plugin) => {
    for (const sku of plugin.skus) check(sku, plugin);
  };
}

function names({ skus }: HardwarePlugin): void {
  assert(skus.length > 0, 'it has no SKU');
  const all = skus.map(({ name }) => name);
  for (const name of all) assert.match(name, KEBAB, `${name} is not a name in lower case with hyphens`);
  assert.deepEqual(all, [...new Set(all)], 'a SKU is listed twice');
}

function figures(sku: Sku): void {
  const { name, devicesPerNode, interconnect } = sku;
  assert(sku.vendor.trim() !== '', `${name} has no vendor`);
  assert(Number.isInteger(devicesPerNode) && devicesPerNode > 0, `${name} has ${devicesPerNode} devices`);
  for (const [figure, value] of figuresOf(sku)) {
    assert(Number.isFinite(value) && value > 0, `${figure} of ${name} is ${value}`);
  }
  if (interconnect === undefined) return;
  assert(interconnect.name.trim() !== '', `the interconnect of ${name} has no name`);
  assert(
    Number.isInteger(interconnect.domain) && interconnect.domain >= devicesPerNode,
    `the interconnect of ${name} joins ${interconnect.domain} devices, but a node has ${devicesPerNode}`,
  );
}

function figuresOf(sku: Sku): readonly (readonly [string, number])[] {
  const { memoryGiB, cores, memoryBandwidthGBps, tdpW, interconnect, flops = {}, pricePerHour = {} } = sku;
  const one = { memoryGiB, cores, memoryBandwidthGBps, tdpW, gBps: interconnect?.gBps };
  return [one, flops, pricePerHour]
    .flatMap((figures) => Object.entries(figures))
    .flatMap(([figure, value]) => (value === undefined ? [] : [[figure, value] as const]));
}

function sources(sku: Sku): void {
  const { name } = sku;
  assert(figuresOf(sku).length === 0 || sku.sources.length > 0, `${name} has figures but no source`);
  for (const { what, url, date } of sku.sources) {
    assert(what.trim() !== '', `a source of ${name} has no description`);
    assert(url !== undefined, `"${what}" of ${name} has no URL`);
    assert.match(url, /^https:\/\//, `"${what}" of ${name} has the URL ${url}`);
    assert(isPastDay(date), `"${what}" of ${name} was looked up on ${date}`);
  }
}

function isPastDay(date: string): boolean {
  return DATE.test(date) && Date.parse(date) <= Date.now();
}

const CLUSTER: Cluster = {
  name: 'sample',
  sku: '',
  runners: [],
  launcher: 'docker',
  port: 'fixed',
  settings: {},
  options: {},
};

function settings(plugin: HardwarePlugin, sku: Sku, strict: boolean): ContainerSettings | undefined {
  return plugin.container?.(deepFreeze({ ...sku }), deepFreeze({ ...CLUSTER, sku: sku.name }), strict);
}

function pure(sku: Sku, plugin: HardwarePlugin): void {
  for (const strict of [false, true]) {
    const here = settings(plugin, sku, strict);
    const there = elsewhere(SECRETS, () => settings(plugin, sku, strict));
    assert.deepEqual(there, here, `containers of ${sku.name} get two different sets of arguments`);
  }
}

function least(sku: Sku, plugin: HardwarePlugin): void {
  for (const argument of joined(settings(plugin, sku, false)?.docker ?? [])) {
    const [excess] = TOO_MUCH.filter((pattern) => pattern.test(argument));
    assert(excess === undefined, `containers of ${sku.name} get ${argument}`);
  }
}

/** `--flag value` as `--flag=value`. */
function joined(argv: readonly string[]): readonly string[] {
  return argv.flatMap((text, index) => {
    const next = argv[index + 1];
    const takes = text.startsWith('--') && !text.includes('=') && next !== undefined && !next.startsWith('-');
    return takes ? [text, `${text}=${next}`] : [text];
  });
}

function keepsSecrets(sku: Sku, plugin: HardwarePlugin): void {
  for (const strict of [false, true]) {
    const printed = JSON.stringify(elsewhere(SECRETS, () => settings(plugin, sku, strict)) ?? {});
    assert(!printed.includes(SECRET), `the arguments of containers of ${sku.name} contain a secret`);
  }
}

function showsDevices(plugin: HardwarePlugin): void {
  for (const devices of DEVICE_SETS) {
    const env = plugin.visibleDevices?.(Object.freeze([...devices]));
    if (env === undefined) return;
    const again = elsewhere(SECRETS, () => plugin.visibleDevices?.(devices));
    assert.deepEqual(again, env, 'it makes devices visible in two different ways');
    const lists = Object.entries(env).filter(([, value]) => /^\d+(?:,\d+)*$/.test(value));
    assert(lists.length > 0, `no variable makes devices ${devices.join(',')} visible`);
    for (const [variable, value] of lists) {
      assert.equal(value, devices.join(','), `${variable} for devices ${devices.join(',')}`);
    }
  }
}
