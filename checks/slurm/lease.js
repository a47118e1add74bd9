// @ts-check
import { mkdtempSync } from 'node:fs';
import { newToken } from '@sweepline/core/testing';
import plugins, { slurmOptions } from '@sweepline/launcher-slurm';
import { ROOT } from './cluster.js';
import { REGISTRY } from './registry.js';

/** @typedef {import('@sweepline/core').NodeRequest} NodeRequest */

export const slurm = /** @type {import('@sweepline/core').NodeLauncher} */ (plugins[0]);
export const never = new AbortController().signal;
export const IMAGE = `${REGISTRY}#tiny:1`;
export const SKU = { name: 'h100', vendor: 'NVIDIA', device: 'gpu', devicesPerNode: 8, sources: [] };

/** @param {string} image @returns {string} where the cluster's `squash` has it */
export function squashFileOf(image) {
  return `${ROOT}/squash/${image.replaceAll(/[/:@#]/g, '_')}.sqsh`;
}

/** @param {Record<string, unknown>} [options] of the cluster */
export function clusterWith(options = {}) {
  const squash = `${ROOT}/squash/{image-name}.sqsh`;
  return {
    ...{ name: 'check', sku: SKU.name, runners: [], launcher: 'slurm', settings: {} },
    port: /** @type {const} */ ('fixed'),
    options: slurmOptions.parse({ exclusive: true, squash, ...options }),
  };
}

/** @param {Partial<NodeRequest>} [more] @param {Record<string, unknown>} [options] @returns {NodeRequest} */
export function request(more = {}, options = {}) {
  return {
    ...{ token: newToken(), name: 'check/point', runner: SKU.name, sku: SKU, nodes: 1, devicesPerNode: 8 },
    ...{ container: { docker: [], pyxis: [], env: {} }, images: [], onHandle: () => {} },
    ...{ cluster: clusterWith(options), localDir: mkdtempSync(`${ROOT}/lease-`) },
    ...more,
  };
}
