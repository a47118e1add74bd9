import type { AuditRule } from '../rule.js';

/** Who publishes an engine's own images: Docker Hub's accounts of the projects. */
const PUBLISHERS: Readonly<Record<string, string>> = { vllm: 'vllm/', sglang: 'lmsysorg/' };

export const upstreamImages: AuditRule = {
  id: 'upstream-images',
  protects: 'Everybody can have the engine that was measured from its own project.',
  source: 'InferenceX, docs/PR_REVIEW_CHECKLIST.md: vLLM and SGLang from the images of their projects',
  severity: 'red',
  check({ entries, path }) {
    if (/(?:^|\/)deprecated\//.test(path)) return [];
    return entries.flatMap(({ key, framework, image, imageLine: line }) => {
      const publisher = Object.hasOwn(PUBLISHERS, framework) ? PUBLISHERS[framework] : undefined;
      const name = image.replace('#', '/').replace(/^docker\.io\//, '');
      if (publisher === undefined || image === 'host' || name.startsWith(publisher)) return [];
      return [
        {
          line,
          evidence: image,
          message: `${key} runs ${framework} from an image that is not of ${publisher}*`,
        },
      ];
    });
  },
};
