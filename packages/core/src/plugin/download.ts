import type { ProcessSpec } from './node.js';

/**
 * Fetches a model's weights before the server is started, so that the time to start a server is its own. Nothing is to be
 * fetched for a path.
 */
export function downloadModel({ model }: { readonly model: string }): readonly ProcessSpec[] {
  return model.startsWith('/') ? [] : [{ argv: ['hf', 'download', model] }];
}
