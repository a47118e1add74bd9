/** One line of metrics. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /[ \t]*([a-zA-Z_:][a-zA-Z0-9_:]*)(?=[ \t{])/y;
const OPEN = /[ \t]*\{[ \t]*/y;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\[\\"n])*)"[ \t]*(?:,[ \t]*|(?=\}))/y;
const CLOSE = /\}/y;
/** Value, timestamp (whole milliseconds, or seconds in OpenMetrics) and OpenMetrics exemplar. */
const REST = /[ \t]*([^ \t#\r]+)(?:[ \t]+[+-]?[\d.]+)?[ \t]*(?:#.*)?\r?$/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/**
 * Samples of Prometheus's text format, only those with `wanted` names: a server has thousands of lines, of which few matter.
 * Source: prometheus.io/docs/instrumenting/exposition_formats, "Text-based format".
 * @throws {SyntaxError} with the number of the first invalid line.
 */
export function parseExposition(text: string, wanted: (name: string) => boolean = () => true): Sample[] {
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(?:#|$)/.test(line)) return [];
    const sample = new Line(line).sample(wanted);
    if (sample === undefined)
      throw new SyntaxError(`line ${index + 1} is not a sample: ${line.slice(0, 100)}`);
    return sample === 'unwanted' ? [] : [sample];
  });
}

/** Parses a line from left to right. */
class Line {
  private at = 0;

  constructor(private readonly text: string) {}

  sample(wanted: (name: string) => boolean): Sample | 'unwanted' | undefined {
    const name = this.take(NAME)?.[1];
    if (name === undefined) return undefined;
    if (!wanted(name)) return 'unwanted';
    const labels = this.labels();
    const value = readNumber(this.take(REST)?.[1]);
    return labels === undefined || value === undefined ? undefined : { name, labels, value };
  }

  private labels(): Record<string, string> | undefined {
    if (this.take(OPEN) === undefined) return {};
    const labels: [string, string][] = [];
    for (let label = this.take(LABEL); label !== undefined; label = this.take(LABEL)) {
      labels.push([
        label[1] ?? '',
        (label[2] ?? '').replace(/\\[\\"n]/g, (escape) => ESCAPES[escape] ?? escape),
      ]);
    }
    return this.take(CLOSE) === undefined ? undefined : Object.fromEntries(labels);
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.at = pattern.lastIndex;
    return match;
  }
}

/** Decimal numbers as Go's ParseFloat accepts them. */
function readNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (NUMBER.test(text)) return Number(text);
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (special === null) return undefined;
  if (special[2]?.toLowerCase() === 'nan') return NaN;
  return special[1] === '-' ? -Infinity : Infinity;
}
