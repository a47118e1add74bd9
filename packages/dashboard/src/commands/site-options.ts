import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { SweeplineError, type CommandContext } from '@sweepline/core';
import type { Choice } from '@sweepline/store/read';
import type { SiteOptions } from '../build/write-data.js';

interface Options {
  readonly query?: string;
  readonly run?: string;
  readonly title: string;
  readonly builtAt?: Date;
  readonly requests: boolean;
}

/** Adds what a site is made of. */
export function addSiteOptions(command: Command): Command {
  return command
    .addArgument(new Argument('[filter...]', 'as of `sweepline results`: all must be true'))
    .option('--query <sql>', 'the results whose `run` and `point` this SELECT gives, in place of filters')
    .option('--run <name>', 'results of this run alone')
    .option('--title <text>', 'title of the site', 'Sweepline results')
    .addOption(
      new Option('--built-at <time>', 'time that the site shows, ISO 8601; default: now').argParser(timeOf),
    )
    .option('--no-requests', "leave out what single points' requests and devices did");
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('It is not a time such as 2026-01-31T12:00:00Z.');
  return time;
}

/** @throws {SweeplineError} USAGE */
export function choiceOf(filters: readonly string[], command: Command): Choice {
  const { query, run } = command.opts<Options>();
  if (query !== undefined && (filters.length > 0 || run !== undefined))
    throw new SweeplineError('USAGE', 'results are chosen by filters or by --query, not by both');
  return { filters: run === undefined ? filters : [`run=${run}`, ...filters], query };
}

export function siteOptionsOf(command: Command, { signal }: CommandContext): SiteOptions {
  const { title, builtAt = new Date(), requests } = command.opts<Options>();
  return { title, builtAt, requests, signal };
}
