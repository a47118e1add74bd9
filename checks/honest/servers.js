// @ts-check
/** The servers of honest points, on 127.0.0.1. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { startGoldenServer } from '@sweepline/core/testing';
import { startServer } from '../faults/server.js';

const PACKAGES = resolve(import.meta.dirname, '../../packages');

/** @typedef {{ url: string, close: () => Promise<void> }} Running */

export class Servers {
  /**
   * One server for all its points: loading a model takes longer than a point. @type {Promise<{ url: string, stop: () => void }> |
   * undefined}
   */
  #llamaCpp;

  /** @param {string} folder For models. */
  constructor(folder) {
    this.folder = folder;
  }

  /** @param {import('./points.js').Point} point @returns {Promise<Running>} */
  async start({ server, load }) {
    if (server.is === 'golden') {
      const golden = await startGoldenServer({ log: 'nothing', ...server.options });
      return { url: golden.url, close: () => golden.close() };
    }
    if (server.is === 'scheduled')
      return startServer({ schedule: server.schedule(), before: 1 + load.numWarmups });
    this.#llamaCpp ??= startLlamaCpp(this.folder);
    const { url } = await this.#llamaCpp;
    return { url, close: async () => {} };
  }

  async close() {
    (await this.#llamaCpp)?.stop();
  }
}

/** @param {string} folder */
async function startLlamaCpp(folder) {
  const main = join(PACKAGES, 'plugin-llamacpp/dist/server/main.js');
  const flags = [
    '--model',
    'synthetic:17m',
    '--alias',
    'fake-model',
    '--port',
    '0',
    '--parallel',
    '8',
    '--ctx-size',
    '8192',
  ];
  const args = [main, ...flags, '--cache-dir', join(folder, 'models'), '--exit-with-parent'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(child, 'close').then(([code]) => {
    throw new Error(`the llama.cpp server ended with ${code}`);
  });
  ended.catch(() => {});
  /** @type {Promise<string>} */
  const ready = new Promise((resolve) => {
    let url = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      url ||= /^listening url=(.*)/.exec(line)?.[1] ?? '';
      if (line.startsWith('settings ')) resolve(url);
    });
  });
  return { url: await Promise.race([ready, ended]), stop: () => child.kill('SIGTERM') };
}
