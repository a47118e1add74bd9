import { InvalidArgumentError } from 'commander';

/** A parser of `1,2,4`: parses each value with another parser and rejects duplicates. */
export function listOf<T>(parse: (text: string) => T): (text: string) => readonly T[] {
  return (text) => {
    const values = text.split(',').map((part) => parse(part.trim()));
    const twice = values.find((value, index) => values.indexOf(value) < index);
    if (twice === undefined) return values;
    throw new InvalidArgumentError(`${String(twice)} is listed twice`);
  };
}
