import { hostname, networkInterfaces } from 'node:os';
import type { Provenance } from '../results/schema.js';

/** Where a bench's client runs, and how it reaches an endpoint. Only the address is known; the server may be anywhere behind it. */
export function placementOf(baseUrl: string): NonNullable<Provenance['placement']> {
  const host = new URL(baseUrl).hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return { place: 'controller', node: hostname(), path: isThisMachine(host) ? 'loopback' : 'network' };
}

function isThisMachine(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.')) return true;
  const own = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
  return host === '::1' || host === hostname().toLowerCase() || own.includes(host);
}
