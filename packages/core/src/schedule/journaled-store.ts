import { reasonOf } from '../results/reason.js';
import { endOf } from '../results/point-end.js';
import type { RunStore } from '../results/store.js';
import type { Journal, JournalEntry } from './journal.js';

/** A store that says in a journal what it does: before a session asks for anything, and after a result has its place. */
export function journaledStore(store: RunStore, journal: Journal): RunStore {
  const append = (entry: JournalEntry): Promise<void> => journal.append(entry);
  return {
    ...store,
    async openPoint(name) {
      const folder = await store.openPoint(name);
      await append({ type: 'point-begun', name });
      return folder;
    },
    async openSession(session) {
      const { token, runner, launcher, points } = session;
      await append({ type: 'session-begun', token, runner, launcher, points });
      const files = await store.openSession(session);
      let saving: Promise<void> = Promise.resolve();
      let left = false;
      return {
        ...files,
        saveHandle(handle) {
          files.saveHandle(handle);
          saving = append({ type: 'session-handle', token, handle });
          saving.catch(() => {}); // Reported when it ends.
        },
        keepOpen() {
          left = true;
          files.keepOpen();
        },
        async [Symbol.asyncDispose]() {
          await files[Symbol.asyncDispose]();
          await saving;
          await append({ type: 'session-ended', token, left });
        },
      };
    },
    async savePoint(made, files) {
      const saved = await store.savePoint(made, files);
      const { result, seal } = saved;
      const { code } = reasonOf(result) ?? {};
      await append({ type: 'point-ended', ...endOf(result), ...(code !== undefined && { code }), seal });
      return saved;
    },
    async saveRun(run) {
      await store.saveRun(run);
      if (run.state === 'running') return;
      await append({
        type: 'run-ended',
        state: run.state,
        ...(run.reason !== undefined && { reason: run.reason }),
      });
    },
  };
}
