import { lstrip, rstrip, strip } from './python-text.js';

/** A document of a data set: its fields by name. */
export type Doc = Readonly<Record<string, unknown>>;

/** Gives the text of a document. @throws {TemplateError} for a field that it doesn't have, or that isn't text or an integer */
export type Template = (doc: Doc) => string;

/** What can't be rendered exactly as Jinja in Python does. */
export class TemplateError extends Error {}

type Value = string | readonly string[];
type Step = (value: Value) => Value;

const ON_TEXT: Readonly<Record<string, (text: string) => string>> = {
  strip,
  lstrip,
  rstrip,
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
};
/** Jinja's names of the same. */
const FILTERS: Readonly<Record<string, string>> = { trim: 'strip', lower: 'lower', upper: 'upper' };

const NAME = /^\s*([A-Za-z_]\w*)/u;
const STEP =
  /^\s*(?:\|\s*(?<filter>\w+)|\.(?<method>\w+)\(\s*(?:'(?<single>[^'\\]*)'|"(?<double>[^"\\]*)")?\s*\)|\[\s*(?<index>-?\d+)\s*\])/u;
/** Words that Jinja reads as values or operators. */
const RESERVED = new Set([
  'true',
  'True',
  'false',
  'False',
  'none',
  'None',
  'not',
  'and',
  'or',
  'in',
  'is',
  'if',
]);

/**
 * Reads a template: text and `{{ field }}`, with trim, lower, upper, `.strip()`, `.lstrip()`, `.rstrip()`, `.lower()`, `.upper()`,
 * `.split('…')` and `[index]` after the field. This part of Jinja renders as in Python to the letter, and can't loop.
 * @throws {TemplateError} for any other
 */
export function readTemplate(source: string): Template {
  const parts: Template[] = [];
  let rest = source;
  for (let at = rest.search(/\{[{%#]/u); at >= 0; at = rest.search(/\{[{%#]/u)) {
    const text = rest.slice(0, at);
    const end = rest.indexOf('}}', at);
    if (rest.charAt(at + 1) !== '{') throw unsupported(`${rest.slice(at, at + 20)}…`);
    if (end < 0) throw unsupported('{{ without }}');
    parts.push(() => text, readExpression(rest.slice(at + 2, end)));
    rest = rest.slice(end + 2);
  }
  // Jinja reads all line ends as \n.
  if (source.includes('\r')) throw unsupported('carriage returns');
  return (doc) => parts.map((part) => part(doc)).join('') + rest;
}

function readExpression(source: string): Template {
  const [whole = '', field = ''] = NAME.exec(source) ?? [];
  if (field === '' || RESERVED.has(field)) throw unsupported(`{{${source}}}`);
  const steps: Step[] = [];
  let rest = source.slice(whole.length);
  for (let found = STEP.exec(rest); found !== null; found = STEP.exec(rest)) {
    steps.push(stepOf(found.groups ?? {}, source));
    rest = rest.slice(found[0].length);
  }
  if (rest.trim() !== '') throw unsupported(`{{${source}}}`);
  return (doc) => {
    const value = steps.reduce<Value>((now, step) => step(now), fieldText(doc, field));
    if (typeof value !== 'string') throw unsupported(`{{${source}}}: it gives a list`);
    return value;
  };
}

function stepOf(groups: Readonly<Record<string, string | undefined>>, source: string): Step {
  const { filter, method, index, single, double } = groups;
  const separator = single ?? double;
  if (index !== undefined) return (value) => itemOf(value, Number(index), source);
  if (method === 'split' && separator !== undefined && separator !== '')
    return (value) => textOf(value, source).split(separator);
  const name = filter === undefined ? method : FILTERS[filter];
  const change = name !== undefined && Object.hasOwn(ON_TEXT, name) ? ON_TEXT[name] : undefined;
  if (change === undefined || separator !== undefined) throw unsupported(`{{${source}}}`);
  return (value) => change(textOf(value, source));
}

/** The text of a field as Python prints it. */
export function fieldText(doc: Doc, field: string): string {
  const value = Object.hasOwn(doc, field) ? doc[field] : undefined;
  if (value === undefined) throw new TemplateError(`the document has no field ${field}`);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new TemplateError(`the field ${field} is neither text nor an integer`);
}

function textOf(value: Value, source: string): string {
  if (typeof value !== 'string') throw unsupported(`{{${source}}}`);
  return value;
}

function itemOf(value: Value, index: number, source: string): string {
  if (typeof value === 'string') throw unsupported(`{{${source}}}: an index is for lists`);
  const item = value.at(index);
  if (item === undefined) throw new TemplateError(`{{${source}}}: there is no item ${index}`);
  return item;
}

function unsupported(what: string): TemplateError {
  return new TemplateError(`the template can't be rendered without Python: ${what}`);
}
