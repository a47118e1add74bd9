/** What other tools mean by the names of a metric: docs/metrics.md, "What other tools mean", where files and lines are named. */
export interface PeerMeaning {
  readonly name: string;
  /** In words, by tool. */
  readonly meanings: Readonly<Record<Peer, string>>;
}

export const PEERS = ['InferenceX', 'vLLM', 'AIPerf', 'guidellm', 'genai-bench'] as const;
export type Peer = (typeof PEERS)[number];

/** Versions that the meanings were read in. */
export const PEER_VERSIONS: Readonly<Record<Peer, string>> = {
  InferenceX: 'February 2026',
  vLLM: '0.32.0',
  AIPerf: '0.13.0',
  guidellm: '0.8.1',
  'genai-bench': '0.0.5',
};

const row = (
  name: string,
  ...[inferencex, vllm, aiperf, guidellm, genaiBench]: readonly [string, string, string, string, string]
): PeerMeaning => ({
  name,
  meanings: {
    InferenceX: inferencex,
    vLLM: vllm,
    AIPerf: aiperf,
    guidellm,
    'genai-bench': genaiBench,
  },
});

const SAME = 'as InferenceX';
const NONE = 'has none';

export const PEER_MEANINGS: readonly PeerMeaning[] = [
  row(
    'TTFT',
    'sent to the first chunk with choices, even if its text is empty; a new connection is opened within',
    SAME,
    'sent to the first chunk with text',
    'sent to the first chunk with text',
    'sent to the first chunk with text',
  ),
  row(
    'E2E latency',
    'sent to the last chunk; of chats to the chunk with the usage',
    'sent to the last chunk',
    'sent to the last chunk with text',
    'sent until the stream is closed',
    'sent to the chunk with the usage, else to the end of the stream',
  ),
  row(
    'TPOT',
    '(E2EL − TTFT) / (tokens − 1)',
    SAME,
    'has none under this name: it is its ITL',
    '(last text − sent) / tokens, with TTFT in it, weighted by tokens',
    '(E2E − TTFT) / (tokens − 1)',
  ),
  row(
    'ITL',
    'gaps between chunks, pooled over requests; a chunk may hold several tokens',
    SAME,
    'one per request: (latency − TTFT) / (tokens − 1)',
    'one per request, weighted by tokens − 1',
    NONE,
  ),
  row('Gaps of chunks', 'its ITL', 'its ITL', 'inter chunk latency, of chunks with text', NONE, NONE),
  row('Interactivity', '1000 / TPOT (ms), of each statistic', NONE, NONE, NONE, NONE),
  row(
    'Throughput per GPU',
    'one node: by tensor parallelism; disaggregated: total by all GPUs, output by those of decode',
    NONE,
    NONE,
    NONE,
    NONE,
  ),
  row(
    'Output tokens',
    "the server's usage in a chunk of its own; missing usage is 0",
    "the server's usage; missing or 0: counted with a tokenizer",
    "counted with a tokenizer, or the server's usage if it is asked to",
    "the server's usage; missing: chunks with text",
    "the server's usage; missing or 0: counted with a tokenizer",
  ),
  row(
    'Input tokens',
    "the client's count",
    "the server's usage, else the client's count",
    "the client's count, or the server's usage if it is asked to",
    "the server's usage, else the client's count",
    "the server's usage, else the client's count",
  ),
  row(
    'Window of throughput',
    'first dispatch to last completion, begin and end of the load in it',
    SAME,
    'first sending to last text',
    'first request to last completion',
    'the run, with users that start and stop',
  ),
  row(
    'Percentiles',
    'linear between ranks',
    'linear between ranks',
    'linear between ranks; of gaps of chunks estimated (t-digest)',
    'of the cumulative weight, not interpolated',
    'linear between ranks',
  ),
  row(
    'Goodput',
    'TTFT, TPOT and E2EL at most so much',
    SAME,
    'any metric; a request that lacks one fails',
    "TTFT, ITL, E2EL; a request that lacks one doesn't count",
    NONE,
  ),
  row(
    'Latency from the schedule',
    NONE,
    NONE,
    'effective latency, of failed requests as well',
    'scheduled latency, where there is a schedule',
    NONE,
  ),
];
