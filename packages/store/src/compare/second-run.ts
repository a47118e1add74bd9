import type { Match, Matches, Measured, Unmatched } from './matches.js';

/** Where the second run has measured a point of B again. */
export interface ConfirmedPoint {
  readonly name: string;
  /** Nodes on record, of the second run and of B. */
  readonly nodes: readonly string[];
  readonly nodesOfB: readonly string[];
  /** Whether none of its nodes is one of B's; missing where the nodes of one of them are not on record. */
  readonly isOnOtherNode?: boolean;
}

/** What measured B again. */
export interface SecondRun {
  readonly points: readonly ConfirmedPoint[];
  /** Points without a result that can be compared. */
  readonly failed: readonly Unmatched[];
}

/**
 * @param matches of A and B
 * @param again of A and what measured B again
 */
export function secondRunOf(matches: readonly Match[], again: Matches): SecondRun {
  const bySeries = new Map(matches.map((match) => [match.series, match]));
  return {
    points: again.matches.flatMap(({ name, series, b }) => {
      const first = bySeries.get(series);
      return first === undefined ? [] : [confirmedPoint(name, b, first.b)];
    }),
    failed: again.unmatched.filter(({ side, hasFailed }) => side === 'b' && hasFailed),
  };
}

function confirmedPoint(name: string, second: Measured, first: Measured): ConfirmedPoint {
  const [nodes, nodesOfB] = [nodesOf(second), nodesOf(first)];
  const isKnown = [...second, ...first].every(({ node }) => node !== undefined);
  return {
    ...{ name, nodes, nodesOfB },
    ...(isKnown && { isOnOtherNode: !nodes.some((node) => nodesOfB.includes(node)) }),
  };
}

function nodesOf(measured: Measured): readonly string[] {
  return [...new Set(measured.flatMap(({ node }) => node ?? []))];
}
