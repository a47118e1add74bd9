import type { AuditRule } from './rule.js';
import { acceptanceLength } from './rules/acceptance-length.js';
import { chatTemplate } from './rules/chat-template.js';
import { deprecatedScenarios } from './rules/deprecated-scenarios.js';
import { enginePatches } from './rules/engine-patches.js';
import { flopCuts } from './rules/flop-cuts.js';
import { prefixCache } from './rules/prefix-cache.js';
import { upstreamImages } from './rules/upstream-images.js';
import { usageHonesty } from './rules/usage-honesty.js';

export const RULES: readonly AuditRule[] = [
  enginePatches,
  upstreamImages,
  chatTemplate,
  flopCuts,
  deprecatedScenarios,
  acceptanceLength,
  usageHonesty,
  prefixCache,
];
