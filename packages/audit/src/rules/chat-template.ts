import { findLines } from '../find-lines.js';
import { findMarks } from '../find-marks.js';
import type { AuditRule } from '../rule.js';

export const chatTemplate: AuditRule = {
  id: 'chat-template',
  protects: 'Prompts are those that users of the model send, so that lengths and acceptance are as in use.',
  source: 'InferenceX, docs/PR_REVIEW_CHECKLIST.md: benchmarks go through the chat template of the model',
  severity: 'look',
  check: (file) => [
    ...findLines(file, /(?<![\w-])--chat-template(?:=|\s+)["']?[^\s"'-][^\s"']*/, () => ({
      message: 'gives the server a chat template: it has to be the one of the model',
    })),
    ...findMarks(file, ['no-chat-template']),
  ],
};
