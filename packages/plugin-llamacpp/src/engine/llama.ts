import { arch, platform } from 'node:process';
import { LlamaLogLevel, NoBinaryFoundError, getLlama, type Llama } from 'node-llama-cpp';

/** llama.cpp with the binary that npm installed for this platform: nothing is compiled or downloaded. */
export async function openLlama(threads: number, log: (message: string) => void): Promise<Llama> {
  try {
    return await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      maxThreads: threads,
      logLevel: LlamaLogLevel.error,
      logger: (_level, message) => log(message),
    });
  } catch (error) {
    if (error instanceof NoBinaryFoundError) throw new Error(missingBinary(), { cause: error });
    throw error;
  }
}

function missingBinary(): string {
  const packages: Readonly<Record<string, string>> = { darwin: 'mac', win32: 'win' };
  const name = `@node-llama-cpp/${packages[platform] ?? platform}-${arch}`;
  return (
    `llama.cpp has no usable binary for ${platform}-${arch} here. If ${name} exists for this platform, ` +
    `"npm install ${name}" installs it; otherwise set the option "server" to the path of a llama-server binary`
  );
}
