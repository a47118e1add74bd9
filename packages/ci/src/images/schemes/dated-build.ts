import { withoutDates } from './dates.js';
import type { TagScheme } from './scheme.js';

/** Nightly and other dated builds: `nightly-dev-cu13-20260805-211ee642`, `nightly_202607231538`, `rocm7.2.3_py3.12_atom20260511`. */
export const datedBuild: TagScheme = {
  name: 'dated-build',
  read(tag) {
    // The day may follow an engine's name without a dash.
    const { flavour, order } = withoutDates(tag.replace(/(?<=[a-z])(?=20\d{6}(?:$|[-_]))/, '_'));
    return order.length === 0 ? undefined : { flavour, order, isPrerelease: true };
  },
};
