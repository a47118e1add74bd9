// @ts-check
/** Expressions of GitHub's workflows, as far as the templates use them. */

/** @typedef {Readonly<Record<string, unknown>>} Contexts */

const TOKEN = /\s*(?:(\d+)|'((?:[^']|'')*)'|([A-Za-z_][\w-]*)|(==|!=|&&|\|\||[!().,[\]]))/y;

/** The value of a text with expressions in it: of one alone, its value as it is. @param {string} text @param {Contexts} contexts @returns {unknown} */
export function interpolated(text, contexts) {
  const whole = /^\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(text);
  if (whole !== null) return evaluate(whole[1] ?? '', contexts);
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, inner) => textOf(evaluate(inner, contexts)));
}

/** All texts within a value. @param {unknown} value @param {Contexts} contexts @returns {unknown} */
export function filled(value, contexts) {
  if (typeof value === 'string') return interpolated(value, contexts);
  if (Array.isArray(value)) return value.map((one) => filled(one, contexts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, contexts)]));
}

/** @param {string} text @param {Contexts} contexts @returns {unknown} */
export function evaluate(text, contexts) {
  const tokens = tokensOf(text.trim());
  let at = 0;
  const peek = () => tokens[at]?.text;
  /** @param {string} expected */
  const take = (expected) => {
    if (tokens[at]?.kind !== 'sign' || peek() !== expected)
      throw new Error(`${expected} is missing in ${text}`);
    at += 1;
  };
  /** @param {readonly string[]} signs */
  const isSign = (...signs) => tokens[at]?.kind === 'sign' && signs.includes(peek() ?? '');

  /** @returns {unknown} */
  const or = () => {
    let left = and();
    while (isSign('||')) {
      at += 1;
      const right = and();
      left = isTrue(left) ? left : right;
    }
    return left;
  };
  /** @returns {unknown} */
  const and = () => {
    let left = equal();
    while (isSign('&&')) {
      at += 1;
      const right = equal();
      left = isTrue(left) ? right : left;
    }
    return left;
  };
  /** @returns {unknown} */
  const equal = () => {
    const left = unary();
    if (!isSign('==', '!=')) return left;
    const sign = peek();
    at += 1;
    const isSame = textOf(left).toLowerCase() === textOf(unary()).toLowerCase();
    return sign === '==' ? isSame : !isSame;
  };
  /** @returns {unknown} */
  const unary = () => {
    if (!isSign('!')) return primary();
    at += 1;
    return !isTrue(unary());
  };
  /** @returns {unknown} */
  const primary = () => {
    const token = tokens[at];
    if (token === undefined) throw new Error(`it ends early: ${text}`);
    if (isSign('(')) {
      take('(');
      const value = or();
      take(')');
      return value;
    }
    at += 1;
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'text') return token.text;
    if (isSign('(')) return call(token.text, argumentsOf());
    let value = token.text === 'true' ? true : token.text === 'false' ? false : contexts[token.text];
    while (isSign('.')) {
      take('.');
      value = memberOf(value, peek() ?? '');
      at += 1;
    }
    return value;
  };
  const argumentsOf = () => {
    /** @type {unknown[]} */
    const values = [];
    take('(');
    while (!isSign(')')) {
      values.push(or());
      if (isSign(',')) take(',');
    }
    take(')');
    return values;
  };
  const value = or();
  if (at < tokens.length) throw new Error(`more than one expression: ${text}`);
  return value;
}

/** @param {string} name @param {readonly unknown[]} values @returns {unknown} */
function call(name, values) {
  const [first, ...rest] = values;
  switch (name) {
    case 'cancelled':
      return false;
    case 'always':
      return true;
    case 'fromJson':
      return JSON.parse(textOf(first));
    case 'toJson':
      return JSON.stringify(first);
    case 'startsWith':
      return textOf(first).toLowerCase().startsWith(textOf(rest[0]).toLowerCase());
    case 'format':
      return textOf(first).replaceAll(/\{(\d+)\}/g, (_, index) => textOf(rest[Number(index)]));
    default:
      throw new Error(`no function ${name}`);
  }
}

/** @param {unknown} value @param {string} key @returns {unknown} */
function memberOf(value, key) {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

/** @param {unknown} value */
export function isTrue(value) {
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}

/** @param {unknown} value @returns {string} */
export function textOf(value) {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @param {string} text */
function tokensOf(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null) throw new Error(`it can't be read: ${text}`);
    const [, number, quoted, name, sign] = found;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replaceAll("''", "'") });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}
