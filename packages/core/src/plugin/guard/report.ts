import { within } from '../../watch/within.js';
import type { ReportPlugin } from '../report.js';
import { overlay } from './overlay.js';
import { callOf, type Owner } from './owner.js';
import { deepFreeze } from './read-only.js';

export function guardReport(plugin: ReportPlugin, owner: Owner): ReportPlugin {
  const call = callOf(plugin, owner, 'write', 'report');
  const { notify } = owner;
  return overlay(plugin, {
    write: (run, folder, signal, known) =>
      within(call, (own) => plugin.write(deepFreeze(run), folder, own, known), { signal, notify }),
  });
}
