import { testHardware } from '@sweepline/core/testing';
import { describe, it } from 'vitest';
import { cpu } from '../dist/cpu.js';

const report = {
  model: 'AMD EPYC 9575F 64-Core Processor',
  cores: 128,
  memory: 1_622_592_000_000,
  freeMemory: 1_600_000_000_000,
  load: 0.5,
  kernel: 'Linux 6.8.0',
  arch: 'x64',
};

testHardware(cpu, {
  describe,
  it,
  nodes: [{ title: 'a server', prints: { 'node -e': JSON.stringify(report) }, finds: ['cpu'] }],
});
