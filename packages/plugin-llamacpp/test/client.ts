export interface Chunk {
  readonly id: string;
  readonly choices: readonly {
    readonly text?: string;
    readonly delta?: { readonly role?: string; readonly content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Usage | null;
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export function post(url: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', body: text, ...(signal && { signal }) });
}

/** The chunks of a stream as they come, up to [DONE]. */
export async function* chunksOf(response: Response): AsyncGenerator<Chunk, void> {
  let buffered = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    const events = (buffered + part).split('\n\n');
    buffered = events.pop() ?? '';
    for (const event of events) {
      if (event === 'data: [DONE]') return;
      yield JSON.parse(event.replace('data: ', '')) as Chunk;
    }
  }
  throw new Error('the stream ended without [DONE]');
}

export async function allChunks(response: Promise<Response>): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of chunksOf(await response)) chunks.push(chunk);
  return chunks;
}

/** Values of /metrics by name with labels. */
export async function metricsOf(base: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${base}/metrics`)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    samples.map((sample) => sample.split(' ')).map(([name = '', value]) => [name, Number(value)] as const),
  );
}
