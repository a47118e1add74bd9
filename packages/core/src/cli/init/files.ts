import type { Choice } from './choose.js';
import { CONTAINER_LAUNCHER } from './packages.js';

/** A file to write; path relative to the workspace's root. */
export interface NewFile {
  readonly path: string;
  readonly content: string;
}

const SCHEMAS = '../node_modules/@sweepline/core/schemas';

/** Lengths and concurrencies that take a minute or two to measure. */
const SMALL = { isl: 64, osl: 32, concurrencies: [1, 4] } as const;
const USUAL = { isl: 1024, osl: 1024, concurrencies: [4, 16, 64] } as const;

/** The packages that a choice needs, in the order of configs/sweepline.yaml. */
export function pluginsOf({ known, hardwarePackage, image }: Choice): readonly string[] {
  return [known.package, hardwarePackage, ...(image === 'host' ? [] : [CONTAINER_LAUNCHER.package])];
}

/** configs/sweepline.yaml, and the config that it lists. */
export function configFiles(choice: Choice): readonly NewFile[] {
  const { model, sku, framework } = choice;
  const path = `configs/${model.prefix}-${sku}-${framework}.yaml`;
  return [
    { path: 'configs/sweepline.yaml', content: workspaceText(choice, path) },
    { path, content: configText(choice) },
  ];
}

function workspaceText(choice: Choice, config: string): string {
  const { sku, image } = choice;
  const runners =
    image === 'host'
      ? ''
      : `
# Runner labels: the SKU behind each, and the launcher that gets its nodes.
runners:
  ${sku}: { sku: ${sku}, launcher: ${CONTAINER_LAUNCHER.name} }
`;
  return `# yaml-language-server: $schema=${SCHEMAS}/sweepline.schema.json
# What this workspace uses. Installing a plugin is \`npm install <package>\` and a line here.
plugins:
${pluginsOf(choice)
  .map((name) => `  - '${name}'`)
  .join('\n')}

# What commands read when no config is named.
default-configs:
  - ${config}
${runners}`;
}

function configText({ sku, framework, image, model }: Choice): string {
  const { isl, osl, concurrencies } = sku === 'cpu' ? SMALL : USUAL;
  const options = model.file === undefined ? '' : `  options:\n    model: ${scalar(model.file)}\n`;
  return `# yaml-language-server: $schema=${SCHEMAS}/master-config-2026-02.schema.json
# ${model.prefix} on ${sku} with ${framework}: prompts of ${isl} tokens, outputs of ${osl}.
${model.prefix}-${model.precision}-${sku}-${framework}:
  image: ${scalar(image)}
  model: ${scalar(model.model)}
  model-prefix: ${model.prefix}
  runner: ${sku}
  precision: ${scalar(model.precision)}
  framework: ${framework}
  multinode: false
  seq-len-configs:
    - isl: ${isl}
      osl: ${osl}
      # tp: devices that the model is split over; conc-list: requests in flight, each a job of its own.
      search-space:
        - { tp: ${model.tp}, conc-list: [${concurrencies.join(', ')}] }
${options}`;
}

/** A text as YAML: plain unless something in it has another meaning. */
function scalar(text: string): string {
  const isPlain =
    /^[A-Za-z/][\w./#-]*(?::[\w./#-]+)*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
