import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { placementOf } from '../../src/bench/placement.js';

it.each([
  ['http://127.0.0.1:8000', 'loopback'],
  ['http://localhost:8000/llm', 'loopback'],
  ['https://[::1]:8000', 'loopback'],
  [`http://${hostname()}:8000`, 'loopback'],
  ['http://192.0.2.1:8000', 'network'],
  ['https://api.example.com', 'network'],
])('an endpoint at %s is reached over %s', (baseUrl, path) => {
  expect(placementOf(baseUrl)).toEqual({ place: 'controller', node: hostname(), path });
});
