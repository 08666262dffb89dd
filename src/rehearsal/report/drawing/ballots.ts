/** Ballots and the CTL, between the voters and the subject. */
import { element, leaf, text } from '../../../markup.ts';
import type { PartyState, Topology, TopologyEdge, TopologyNode } from '../../result.ts';
import { groupsOf } from '../answers.ts';
import { plural } from '../lane.ts';
import { type Box, type Boxes, fitted, GAP, rectangle, round, WIDTH } from './pieces.ts';
import type { Tree } from './trees.ts';

const BALLOT_LINE = 12;
const BALLOT_MIN_WIDTH = 110;

/** Votes on one subject, or the signatures of a CTL, with their voters. */
interface Ballot {
  readonly lines: readonly string[];
  readonly removes: boolean;
  readonly passes: boolean;
  /** The node that it is about; null for a CTL, which stands for all that it lists. */
  readonly about: string | null;
  readonly subjects: readonly string[];
  readonly votes: readonly TopologyEdge[];
}

interface PlacedBallot extends Ballot {
  readonly box: Box;
}

export function ballotsOf({ nodes, edges }: Topology, { mode, quorum, ctl }: PartyState): Ballot[] {
  const votes = edges.filter(({ kind }) => kind === 'vote');
  if (votes.length === 0) return [];
  const labelOf = (id: string): string => nodes.find((node) => node.id === id)?.label ?? id;
  if (mode === 'ctl') {
    const voters = [...new Set(votes.map(({ from }) => from))];
    const signatures = voters.map((voter) => {
      const own = votes.filter(({ from }) => from === voter);
      return own.find(({ holds }) => holds) ?? (own[0] as TopologyEdge);
    });
    const subjects = [...new Set(votes.map(({ to }) => to))];
    const listed = (kind: TopologyNode['kind']): string =>
      nodes.flatMap((node) => (node.kind === kind && subjects.includes(node.id) ? [node.label] : [])).join(' ') ||
      'none';
    const title = `CTL ${ctl ?? ''}: electors ${listed('elector')}; roots ${listed('root')}`;
    return [{ ...countOf(title, signatures), about: null, removes: false, subjects }];
  }
  return groupsOf(votes, ({ type, to }) => JSON.stringify([type, to])).map(([, group]) => {
    const { type, to } = group[0] as TopologyEdge;
    const removes = type === 'removeElector' || type === 'removeRoot';
    return { ...countOf(`${type} ${labelOf(to)}`, group), about: to, removes, subjects: [to] };
  });

  /** The text of a ballot: what it is, whether its votes are enough, and which do not count. */
  function countOf(title: string, cast: readonly TopologyEdge[]): Pick<Ballot, 'lines' | 'passes' | 'votes'> {
    const counted = cast.filter(({ holds }) => holds).length;
    const wasted = cast.filter(({ holds }) => !holds).map(({ from }) => labelOf(from));
    const enough = `${plural(counted, 'vote')}, ${quorum} needed`;
    const lines = [title, enough, ...(wasted.length > 0 ? [`void: ${wasted.join(' ')}`] : [])];
    return { lines, passes: counted >= quorum, votes: cast };
  }
}

function heightOf({ lines }: Ballot): number {
  return lines.length * BALLOT_LINE + 6;
}

export function placeAbove(ballots: readonly Ballot[]): { ballots: PlacedBallot[]; bottom: number } {
  const perRow = Math.min(3, ballots.length);
  return placeRows(ballots, { x: 0, y: 0, width: WIDTH, height: 0 }, perRow);
}

/** Ballots side by side in rows, over the width of a box. */
function placeRows(ballots: readonly Ballot[], at: Box, perRow: number): { ballots: PlacedBallot[]; bottom: number } {
  const placed: PlacedBallot[] = [];
  let { y } = at;
  for (let i = 0; i < ballots.length; i += perRow) {
    const row = ballots.slice(i, i + perRow);
    const room = at.width / row.length;
    const width = Math.min(room - GAP, Math.max(124, 6.6 * longest(row) + 8));
    const height = Math.max(...row.map(heightOf));
    row.forEach((one, j) => {
      const x = at.x + room * (j + 0.5) - width / 2;
      placed.push({ ...one, box: { x, y, width, height } });
    });
    y += height + GAP;
  }
  return { ballots: placed, bottom: ballots.length === 0 ? at.y : y - GAP };
}

function longest(ballots: readonly Ballot[]): number {
  return Math.max(...ballots.flatMap(({ lines }) => lines.map(({ length }) => length)));
}

/** Over the tree that they are about; a CTL is over all. */
export function placeBelow(
  ballots: readonly Ballot[],
  trees: readonly Tree[],
  columns: number,
  y: number,
): { ballots: PlacedBallot[]; bottom: number } {
  const width = WIDTH / columns;
  const columnOf = ({ about }: Ballot): number => {
    const place = about === null ? -1 : trees.findIndex(({ root }) => root?.id === about);
    return place === -1 ? -1 : place % columns;
  };
  const wide = placeRows(
    ballots.filter((one) => columnOf(one) === -1),
    { x: 0, y, width: WIDTH, height: 0 },
    1,
  );
  const top = wide.ballots.length === 0 ? y : wide.bottom + GAP;
  const inColumns = Array.from({ length: columns }, (_, column) =>
    placeRows(
      ballots.filter((one) => columnOf(one) === column),
      { x: column * width, y: top, width, height: 0 },
      Math.max(1, Math.floor(width / BALLOT_MIN_WIDTH)),
    ),
  );
  const all = [wide, ...inColumns];
  return { ballots: all.flatMap((one) => one.ballots), bottom: Math.max(...all.map(({ bottom }) => bottom)) };
}

export function drawBallot({ box, lines, passes, removes }: PlacedBallot): string {
  const centre = box.x + box.width / 2;
  return element(
    'g',
    { class: ['ballot', passes ? '' : 'short', removes ? 'removes' : ''].filter((name) => name !== '').join(' ') },
    rectangle(box, 3),
    ...lines.map((line, i) =>
      fitted(
        line,
        {
          class: i === 0 ? 'name' : undefined,
          x: round(centre),
          y: round(box.y + (i + 1) * BALLOT_LINE),
        },
        box.width - 4,
        i === 0 ? 10.5 : 9.5,
      ),
    ),
  );
}

/** From each elector to the ballot. */
export function votesOf({ box, votes }: PlacedBallot, boxes: Boxes): string[] {
  const xOf = ({ from }: TopologyEdge): number => boxes.get(from)?.x ?? 0;
  const fromLeft = [...votes].sort((a, b) => xOf(a) - xOf(b));
  return fromLeft.flatMap(({ from, holds, code }, i) => {
    const elector = boxes.get(from);
    if (elector === undefined) return [];
    const upwards = box.y < elector.y;
    const [x1, y1] = [elector.x + elector.width / 2, upwards ? elector.y : elector.y + elector.height];
    const [x2, y2] = [box.x + (box.width * (i + 1)) / (votes.length + 1), upwards ? box.y + box.height : box.y];
    const d = `M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`;
    const line = holds
      ? leaf('path', { class: 'vote', d })
      : element('path', { class: 'vote void', d }, text('title', {}, `void: ${code}`));
    return [line];
  });
}

/** From the ballot to its subject; the electors of a CTL are in its text. */
export function effectsOf({ box, about, subjects, removes, passes }: PlacedBallot, boxes: Boxes): string[] {
  const targets = about !== null ? subjects : subjects.filter((id) => (boxes.get(id)?.y ?? 0) > box.y);
  return targets.flatMap((id) => {
    const target = boxes.get(id);
    if (target === undefined) return [];
    const downwards = target.y > box.y;
    const y1 = downwards ? box.y + box.height : box.y;
    const y2 = downwards ? target.y - 2 : target.y + target.height + 2;
    const inside = (x: number, of: Box): number => Math.min(Math.max(x, of.x + 10), of.x + of.width - 10);
    const x1 = inside(target.x + target.width / 2, box);
    const x2 = inside(x1, target);
    return [
      leaf('path', {
        class: passes ? 'effect' : 'effect short',
        d: `M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`,
        'marker-end': `url(#${removes ? 'end-remove' : 'end-add'})`,
      }),
    ];
  });
}
