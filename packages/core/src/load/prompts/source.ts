import { idRunSource } from './token-ids.js';
import type { PromptSet, PromptSource } from './prompt.js';
import { storedPrompt } from './prompt-store.js';

/** How a thread reads its prompts from a set. */
export function promptSource(set: PromptSet): PromptSource {
  return set.kind === 'id-runs' ? idRunSource(set) : (index) => storedPrompt(set.store, index);
}
