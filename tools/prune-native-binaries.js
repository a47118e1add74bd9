// @ts-check node-llama-cpp's linux-arm64 binary declares x64 as a supported CPU (for cross-builds), so npm also installs it there. Only the
// binary for this platform is needed; the root package.json's `overrides` keep npm from downloading the CUDA and Vulkan builds by replacing
// them with a build for another platform.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../node_modules/@node-llama-cpp', import.meta.url));
/** @type {Partial<Record<NodeJS.Platform, string>>} */
const NAMES = { darwin: 'mac', win32: 'win' };
const platform = NAMES[process.platform] ?? process.platform;

/** @type {string[]} */
let installed = [];
try {
  installed = readdirSync(folder);
} catch (error) {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
}
for (const name of installed) {
  if (!name.startsWith(`${platform}-${process.arch}`))
    rmSync(`${folder}/${name}`, { recursive: true, force: true });
}
