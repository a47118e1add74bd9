import type { Mask } from '@sweepline/core';

/** Where files of a site's data go. */
export interface DataFiles {
  /** @param name without extension, such as `metrics/tput_per_gpu` */
  write(name: string, value: unknown): Promise<void>;
}

/** A value as JSON, with secrets masked. */
export function jsonText(value: unknown, mask: Mask): string {
  return JSON.stringify(mask.isEmpty ? value : mask.data(value));
}

/** JSON that means the same, and that nothing ends or begins within a script of a page. */
export function inScript(json: string): string {
  return json
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** A script that gives a page the JSON of a file: pages that were opened from `file://` may not read files. */
export function dataScript(name: string, json: string): string {
  return `sweeplineData(${inScript(JSON.stringify(name))}, ${inScript(JSON.stringify(json))});\n`;
}
