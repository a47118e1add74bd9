// @ts-check
/** Replaces a check's figures in a document. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { format, resolveConfig } from 'prettier';

/**
 * @param {string} file @param {string} name Name of the block, between `<!-- name -->` and `<!-- /name -->`. @param {string} text Markdown.
 */
export async function replaceBlock(file, name, text) {
  const document = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no block ${begin} … ${end}`);
  const whole = `${document.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${document.slice(to)}`;
  writeFileSync(file, await format(whole, { ...(await resolveConfig(file)), parser: 'markdown' }));
}

/** Date and machine, for the line above a table. */
export function circumstances() {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown CPU';
  return `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores (${cpu}), Linux ${release()}, Node ${process.versions.node}.`;
}
