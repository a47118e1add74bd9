import { createLocalExecutor } from '@sweepline/core/launch';
import { createEngine } from './engine.js';
import { handBack } from './hand-back.js';
import { ofSession, removeSession } from './leftovers.js';
import { dockerOptions } from './options.js';

/*
 * Removes the containers of a session whose Sweepline was killed, and gives their files to its user. Run by the guardian, with the
 * engine's options as JSON, the session's token, and its folder if the containers have it: those of another machine don't.
 */
const [options = '{}', token = '', folder = ''] = process.argv.slice(2);
const { program, 'docker-context': context } = dockerOptions.parse(JSON.parse(options));
const engine = createEngine(createLocalExecutor({ workDir: '/' }), { program, 'docker-context': context });
const [first] = await ofSession(engine, token);
await removeSession(engine, token);
if (first !== undefined && folder !== '' && process.getuid?.() !== 0)
  await handBack(folder, first.image, engine);
