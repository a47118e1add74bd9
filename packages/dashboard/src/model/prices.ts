import type { SiteHardware } from '../site/site-data.js';

/** What costs and provisioned power are computed from, per SKU. */
export interface SkuAssumption {
  readonly sku: string;
  /** USD per device-hour, by kind of offer. */
  readonly pricePerHour: Readonly<Record<string, number>>;
  /** W per device with its share of host, network and cooling. */
  readonly allInW?: number;
  /** W per device. */
  readonly tdpW?: number;
  readonly source: string;
  readonly url?: string;
  /** ISO 8601 day of the figures. */
  readonly date: string;
  /** Whether its prices are not those of offers: they were scaled from another SKU's. */
  readonly isPlaceholder: boolean;
}

export const OFFERS = [
  { key: 'hyperscaler', label: 'hyperscaler' },
  { key: 'neocloud', label: 'neocloud' },
  { key: 'rental-3-year', label: 'rental for 3 years' },
] as const;

export const DEFAULT_OFFER = 'hyperscaler';

const DASHBOARD =
  'https://github.com/SemiAnalysisAI/InferenceX-app/blob/77ca49a/packages/app/src/lib/constants.ts';
const SOURCE =
  "InferenceX-app at 77ca49a: SemiAnalysis' TCO model and survey of August 2025, Datacenter Industry Model";

/** SKU, all-in W, USD/h as hyperscaler, neocloud and rental for 3 years, TDP in W. */
const TABLE = [
  ['h100', 1730, 1.3, 1.69, 1.3, 700],
  ['h200', 1730, 1.41, 1.74, 1.6, 700],
  ['b200', 2170, 1.95, 2.34, 2.9, 1000],
  ['b300', 2170, 2.34, 2.808, 3.48, 1200],
  ['gb200', 2100, 2.21, 2.75, 3.3, 1200],
  ['gb300', 2100, 2.652, 3.3, 3.96, 1400],
  ['mi300x', 1790, 1.12, 1.4, 1.55, 750],
  ['mi325x', 2180, 1.28, 1.59, 1.8, 1000],
  ['mi355x', 2650, 1.48, 1.9, 2.1, 1400],
] as const;

/** Their prices are 1.2 times those of B200 and GB200, and their power is that of these. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(['b300', 'gb300']);

export const DEFAULT_ASSUMPTIONS: readonly SkuAssumption[] = TABLE.map(
  ([sku, allInW, hyperscaler, neocloud, rental, tdpW]) => ({
    ...{ sku, allInW, tdpW },
    pricePerHour: { hyperscaler, neocloud, 'rental-3-year': rental },
    ...{ source: SOURCE, url: DASHBOARD, date: '2026-04-01', isPlaceholder: PLACEHOLDERS.has(sku) },
  }),
);

/** What a reader has set for a SKU: it stands for every kind of offer. */
export interface PriceEdit {
  /** USD per device-hour. */
  readonly usdPerHour?: number;
  /** All-in W per device. */
  readonly watts?: number;
}

/** The assumptions in use. */
export interface Assumptions {
  readonly offer: string;
  readonly skus: ReadonlyMap<string, SkuAssumption>;
  readonly edits: ReadonlyMap<string, PriceEdit>;
}

/** USD per device-hour; undefined where none is known. */
export function priceOf({ offer, skus, edits }: Assumptions, sku: string | undefined): number | undefined {
  if (sku === undefined) return undefined;
  return edits.get(sku)?.usdPerHour ?? skus.get(sku)?.pricePerHour[offer];
}

/** All-in W per device; undefined where none is known. */
export function wattsOf({ skus, edits }: Assumptions, sku: string | undefined): number | undefined {
  if (sku === undefined) return undefined;
  return edits.get(sku)?.watts ?? skus.get(sku)?.allInW;
}

/** Whether a reader has changed anything. */
export function isEdited({ offer, edits }: Assumptions): boolean {
  return offer !== DEFAULT_OFFER || edits.size > 0;
}

/** The defaults, then what the hardware of the site says of SKUs and offers that they lack, then what is in the address. */
export function assumptionsOf(
  hardware: readonly SiteHardware[],
  params: Readonly<Record<string, string>>,
): Assumptions {
  const skus = new Map(DEFAULT_ASSUMPTIONS.map((assumption) => [assumption.sku, assumption]));
  for (const device of hardware) if (!skus.has(device.sku)) skus.set(device.sku, assumptionFrom(device));
  return { offer: params['offer'] ?? DEFAULT_OFFER, skus, edits: parseEdits(params['prices']) };
}

function assumptionFrom({ sku, pricePerHour = {}, allInW, tdpW, sources }: SiteHardware): SkuAssumption {
  const url = sources[0]?.url;
  return {
    ...{ sku, pricePerHour, date: sources[0]?.date ?? '', isPlaceholder: false },
    source: sources.map(({ what }) => what).join('; '),
    ...(allInW === undefined ? {} : { allInW }),
    ...(tdpW === undefined ? {} : { tdpW }),
    ...(url === undefined ? {} : { url }),
  };
}

/** Reads `h100:2.1:1700,b200::2000`: SKU, USD per device-hour, all-in W. What isn't a positive number is left out. */
export function parseEdits(text: string | undefined): ReadonlyMap<string, PriceEdit> {
  const edits = new Map<string, PriceEdit>();
  for (const part of (text ?? '').split(',')) {
    const [name = '', usd, watts] = part.split(':');
    const edit = editOf(positive(usd), positive(watts));
    if (name !== '' && edit !== undefined) edits.set(decoded(name), edit);
  }
  return edits;
}

/** Compact, for the address; undefined without edits. */
export function formatEdits(edits: ReadonlyMap<string, PriceEdit>): string | undefined {
  const parts = [...edits]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([sku, { usdPerHour, watts }]) =>
      [encodeURIComponent(sku), usdPerHour ?? '', ...(watts === undefined ? [] : [watts])].join(':'),
    );
  return parts.length === 0 ? undefined : parts.join(',');
}

/** The edits with one SKU's changed; a member that is undefined goes back to its default. */
export function withEdit(
  edits: ReadonlyMap<string, PriceEdit>,
  sku: string,
  change: { readonly usdPerHour: number | undefined; readonly watts: number | undefined },
): ReadonlyMap<string, PriceEdit> {
  const all = new Map(edits);
  const edit = editOf(change.usdPerHour, change.watts);
  if (edit === undefined) all.delete(sku);
  else all.set(sku, edit);
  return all;
}

function editOf(usdPerHour: number | undefined, watts: number | undefined): PriceEdit | undefined {
  if (usdPerHour === undefined && watts === undefined) return undefined;
  return {
    ...(usdPerHour === undefined ? {} : { usdPerHour }),
    ...(watts === undefined ? {} : { watts }),
  };
}

/** A positive number; undefined for any other text. */
export function positive(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
