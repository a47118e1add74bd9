import type { SiteHardware } from '../../site/site-data.js';
import { activeParameters, MODEL_FACTS, type ModelFacts } from './model-facts.js';

/** What the bound on a point's throughput follows from. */
export interface RooflinePoint {
  readonly modelPrefix: string;
  readonly precision: string;
  readonly specDecoding: string;
  readonly isl: number;
  readonly osl: number;
  /** Most requests in flight at once. */
  readonly concurrency: number;
}

export interface Roofline {
  /** Input and output tokens per second and device that the hardware allows. */
  readonly totalPerDevice: number;
  /** What a decoded token waits for at that batch: reading weights and KV cache, or computing. */
  readonly boundBy: 'memory' | 'compute';
  /** Experts per layer that a decode step reads, expected. */
  readonly distinctExperts: number;
  readonly facts: ModelFacts;
  /** Bytes per parameter, and the peak that was taken, FLOP/s. */
  readonly bytesPerParameter: number;
  readonly peak: number;
}

export const ROOFLINE_ASSUMPTIONS =
  'Device time of a request is at least that of its prefill (2 FLOP per active parameter and input token, at the dense peak) and of its ' +
  "decode steps, shared by the batch: the greater of reading (all weights but experts, the distinct experts E·(1 − (1 − k/E)^batch) of each layer if routing is uniform, the KV cache of all requests at half of their output) at the memory's bandwidth, and " +
  'computing. The batch is the concurrency; parameters take the least their precision allows, the KV cache one byte per element. Attention FLOP, ' +
  'communication, activations, and weights that are read by several replicas are left out, so the true bound is lower. Not stated with speculative decoding, which reads weights once for several tokens.';

/** Bytes per parameter: what the precision says, without scales. */
const BYTES: Readonly<Record<string, number>> = { fp4: 0.5, int4: 0.5, fp8: 1, bf16: 2 };
/** A device without a peak at a precision computes at the next one. */
const NEXT: Readonly<Record<string, string>> = { fp4: 'fp8', int4: 'fp8', fp8: 'bf16' };
const FLOP_PER_PARAMETER = 2;
const KV_BYTES = 1;
const GIGA = 1e9;

/** The bound; undefined where a fact is missing: of the model, of the hardware, of the precision, or with speculative decoding. */
export function rooflineOf(point: RooflinePoint, hardware: SiteHardware | undefined): Roofline | undefined {
  const facts = MODEL_FACTS.find(({ prefix }) => prefix === point.modelPrefix);
  const bytesPerParameter = BYTES[point.precision];
  const peak = peakOf(hardware, point.precision);
  const bandwidth = hardware?.memoryBandwidthGBps;
  if (facts === undefined || bytesPerParameter === undefined || peak === undefined || bandwidth === undefined)
    return undefined;
  if (point.specDecoding !== 'none' || !(point.isl > 0 && point.osl > 0 && point.concurrency >= 1))
    return undefined;
  const batch = point.concurrency;
  const flop = FLOP_PER_PARAMETER * activeParameters(facts);
  const distinctExperts = distinctOf(facts, batch);
  const weights =
    (facts.otherParameters + facts.expertLayers * distinctExperts * facts.expertParameters) *
    bytesPerParameter;
  const cache = batch * kvElements(facts, point.isl + point.osl / 2) * KV_BYTES;
  const reading = (weights + cache) / (bandwidth * GIGA);
  const computing = (batch * flop) / peak;
  // Device seconds per output token, with its share of the prefill.
  const perOutput = Math.max(reading, computing) / batch + ((point.isl / point.osl) * flop) / peak;
  return {
    totalPerDevice: (1 + point.isl / point.osl) / perOutput,
    boundBy: reading > computing ? 'memory' : 'compute',
    ...{ distinctExperts, facts, bytesPerParameter, peak },
  };
}

/** How many of a layer's experts a batch takes, expected, if each token takes any `k` of `E` alike: E · (1 − (1 − k/E)^batch). */
export function distinctOf({ experts, expertsPerToken }: ModelFacts, batch: number): number {
  return experts * (1 - (1 - expertsPerToken / experts) ** batch);
}

function kvElements({ kvElementsPerToken, windowed }: ModelFacts, tokens: number): number {
  const inWindows =
    windowed === undefined ? 0 : windowed.kvElementsPerToken * Math.min(tokens, windowed.tokens);
  return kvElementsPerToken * tokens + inWindows;
}

/** Dense FLOP/s at a precision, or at the next one that the device computes with. */
function peakOf(hardware: SiteHardware | undefined, precision: string | undefined): number | undefined {
  if (hardware === undefined || precision === undefined) return undefined;
  return hardware.flops?.[precision] ?? peakOf(hardware, NEXT[precision]);
}
