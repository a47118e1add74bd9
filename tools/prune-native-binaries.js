// @ts-check
// node-llama-cpp's linux-arm64 binary declares x64 as a supported cpu (for cross-builds), so npm installs it
// there too. Only the binary for this platform is needed; the root package.json's `overrides` keep npm from
// downloading the CUDA and Vulkan builds at all, by pointing them at a build for a platform this is not.
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
