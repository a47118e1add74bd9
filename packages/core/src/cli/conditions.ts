import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Conditions } from '../plan/context.js';
import type { NodeFacts } from '../plugin/node.js';
import type { App } from './app.js';

type Pairs = Readonly<Record<string, string>>;

/** Options for the conditions under which plans are made. */
export interface ConditionOptions {
  readonly compat?: 'strict';
  readonly fact?: Pairs;
  readonly env?: Pairs;
}

export function withCompat(command: Command): Command {
  return command.addOption(
    new Option('--compat <mode>', 'strict: plans as the original makes them, mistakes included').choices([
      'strict',
    ]),
  );
}

/** Adds the options that replace facts of a node that isn't available. */
export function withConditions(command: Command): Command {
  return withCompat(command)
    .option('--fact <name=value>', 'a fact about the node, as preflight would report it', pair, {})
    .option(
      '--env <name=value>',
      'environment variable for the server, in addition to those of this process',
      pair,
      {},
    );
}

function pair(text: string, before: Pairs): Pairs {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected name=value');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

export function conditionsOf({ compat, fact = {}, env = {} }: ConditionOptions, app: App): Conditions {
  return {
    strict: compat === 'strict',
    env: { ...app.env, ...env },
    ...(Object.keys(fact).length === 0 ? {} : { facts: factsOf(fact) }),
  };
}

/** Turns numeric values into numbers, as preflights report them. */
function factsOf(given: Pairs): NodeFacts {
  const entries = Object.entries(given).map(([name, value]) => {
    const number = Number(value);
    return [name, value.trim() === '' || Number.isNaN(number) ? value : number] as const;
  });
  return Object.fromEntries(entries);
}
