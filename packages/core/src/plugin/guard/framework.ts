import type { FrameworkPlugin } from '../framework.js';
import { overlay } from './overlay.js';
import { pure, type Owner } from './owner.js';
import { frozenCopy } from './read-only.js';
import { devicesSchema, rejectionSchema } from './returned.js';

/** Plans and settings are checked where they are used. */
export function guardFramework(plugin: FrameworkPlugin, owner: Owner): FrameworkPlugin {
  return overlay(plugin, {
    frameworks: frozenCopy(plugin.frameworks),
    rejects: pure(plugin, owner, 'rejects', { schema: rejectionSchema }),
    plan: pure(plugin, owner, 'plan'),
    worker: pure(plugin, owner, 'worker'),
    devices: pure(plugin, owner, 'devices', { schema: devicesSchema }),
    intended: pure(plugin, owner, 'intended'),
    effective: pure(plugin, owner, 'effective', { limit: 'compute' }),
  });
}
