import type { RunRecord } from '../../load/records/record.js';
import type { Estimate, MetricPlugin } from '../metric.js';
import { overlay } from './overlay.js';
import { callOf, type Owner } from './owner.js';
import { frozenCopy } from './read-only.js';
import { readOnlyRun } from './read-only-run.js';
import { watched } from '../../watch/watched.js';

/** What engines throw where something that is frozen is changed. */
const READ_ONLY = /read[- ]only|not extensible|Cannot (delete|redefine)|only a getter/;

/** What a metric gives is checked where metrics are computed; here it is made sure that it can't change what others compute from. */
export function guardMetric(plugin: MetricPlugin, owner: Owner): MetricPlugin {
  const call = callOf(plugin, owner, 'compute', 'compute');
  return overlay(plugin, {
    outputs: frozenCopy(plugin.outputs),
    compute: (run) => watched(call, () => compute(plugin, run)),
  });
}

function compute(plugin: MetricPlugin, run: RunRecord): Readonly<Record<string, number | Estimate>> {
  try {
    return frozenCopy(plugin.compute(readOnlyRun(run)));
  } catch (thrown) {
    if (thrown instanceof TypeError && READ_ONLY.test(thrown.message)) {
      thrown.message += ': the records are read-only; copy before sorting or changing them';
    }
    throw thrown;
  }
}
