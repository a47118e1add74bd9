import { onOneLine, textTable } from '@sweepline/core';
import type { ImageReport } from './check-images.js';

const HEAD = ['image', 'status', 'there for', 'needed', 'entries', 'proposal'];

/** A table of images, and remarks under it. What registries say is made printable. */
export function imagesText(reports: readonly ImageReport[], columns: number): string {
  if (reports.length === 0) return 'no images: all config entries run on the host\n';
  const rows = reports.map(({ image, status, architectures, needed, proposal, entries }) => [
    ...[image, status, architectures?.join(' ') ?? '-', needed.join(' ') || '-'],
    ...[String(entries.length), proposal ?? '-'],
  ]);
  const notes = reports.flatMap(({ image, notes: all }) =>
    all.map((note) => `${onOneLine(`${image}: ${note}`)}\n`),
  );
  return `${textTable([HEAD, ...rows], 'left', columns)}${notes.length === 0 ? '' : '\n'}${notes.join('')}`;
}
