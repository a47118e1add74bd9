import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearestField } from '../../config/issues.js';
import { nearestLabel, suggestion } from '../../config/nearest.js';
import { SweeplineError } from '../../errors.js';
import { isSynthetic, modelOfFile, modelOfId, type Model } from './models.js';
import { FRAMEWORKS, HARDWARE, SYNTHETIC_MODELS, type KnownFramework } from './packages.js';

/** The choices for a workspace as options give them. */
export interface Wanted {
  readonly hardware: string;
  readonly framework?: string;
  readonly model?: string;
  readonly precision?: string;
  readonly image?: string;
  readonly tp?: number;
}

/** The same, with all defaults filled in. */
export interface Choice {
  readonly sku: string;
  readonly hardwarePackage: string;
  readonly framework: string;
  readonly known: KnownFramework;
  readonly image: string;
  readonly model: Model;
}

/** @throws {SweeplineError} SKU_UNKNOWN, FRAMEWORK_UNKNOWN or USAGE, with the valid choices. */
export function choose(wanted: Wanted, cwd: string): Choice {
  const { hardware: sku, framework: asked } = wanted;
  const hardwarePackage = own(HARDWARE, sku);
  if (hardwarePackage === undefined) throw unknownSku(sku);
  const framework = asked ?? (sku === 'cpu' ? 'llamacpp' : 'vllm');
  const known = own(FRAMEWORKS, framework);
  if (known === undefined) throw unknownFramework(framework);
  const image = wanted.image ?? known.images[sku];
  if (image === undefined) throw noImage(framework, sku);
  checkName('--precision', wanted.precision);
  const model = modelOf(framework, wanted, cwd);
  return {
    ...{ sku, hardwarePackage, framework, known, image },
    model: { ...model, ...(wanted.tp !== undefined && { tp: wanted.tp }) },
  };
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function modelOf(framework: string, { model, precision }: Wanted, cwd: string): Model {
  if (framework === 'llamacpp') {
    const given = model ?? SYNTHETIC_MODELS[0];
    return modelOfFile(isSynthetic(given) ? checkSynthetic(given) : existing(resolve(cwd, given)), precision);
  }
  if (model === undefined) {
    throw new SweeplineError(
      'USAGE',
      `--model is missing: ${framework} serves a model by its id or its path`,
      {
        hint: 'Name one, such as --model openai/gpt-oss-120b.',
      },
    );
  }
  return modelOfId(/^\.{0,2}\//.test(model) ? resolve(cwd, model) : model, precision);
}

/** A name that becomes a part of a config's key. */
function checkName(option: string, name: string | undefined): void {
  if (name === undefined || /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) return;
  throw new SweeplineError(
    'USAGE',
    `${option} ${name}: expected lower-case letters, digits and hyphens, such as fp8`,
  );
}

function checkSynthetic(model: string): string {
  if (SYNTHETIC_MODELS.includes(model)) return model;
  const near = suggestion(nearestField(model, SYNTHETIC_MODELS));
  throw new SweeplineError('USAGE', `there is no model ${model}${near}`, {
    hint: `Choose one of ${SYNTHETIC_MODELS.join(', ')}.`,
  });
}

function existing(path: string): string {
  if (existsSync(path) && statSync(path).isFile()) return path;
  throw new SweeplineError('CONFIG_NOT_FOUND', `there is no file ${path}`, {
    hint: `llama.cpp serves GGUF files; ${SYNTHETIC_MODELS[0]} needs none.`,
  });
}

function unknownSku(sku: string): SweeplineError {
  const known = Object.keys(HARDWARE);
  const near = suggestion(nearestLabel(sku, known));
  return new SweeplineError('SKU_UNKNOWN', `no Sweepline package has hardware ${sku}${near}`, {
    hint: `Choose one of ${known.join(', ')}; add hardware of another package to configs/sweepline.yaml by hand.`,
  });
}

function unknownFramework(framework: string): SweeplineError {
  const known = Object.keys(FRAMEWORKS);
  const near = suggestion(nearestField(framework, known));
  return new SweeplineError('FRAMEWORK_UNKNOWN', `no config can be made for framework ${framework}${near}`, {
    hint: `Choose one of ${known.join(', ')}; add one of another package, or one for several nodes, to configs/sweepline.yaml by hand.`,
  });
}

function noImage(framework: string, sku: string): SweeplineError {
  const others = Object.entries(FRAMEWORKS).filter(([, { images }]) => sku in images);
  const names = others.map(([name]) => name).join(', ') || 'no other';
  return new SweeplineError('USAGE', `no image is known for ${framework} on ${sku}`, {
    hint: `Name one with --image, or choose another framework (images are known for ${names}).`,
  });
}
