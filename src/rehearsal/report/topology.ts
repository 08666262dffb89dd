/**
 * The trust of the system as one party sees it, drawn: electors in a row, ballots on electors above them, ballots on roots (or the
 * CTL) below them, and under each root its tree. It is narrow, so that several stand side by side and one fits a telephone.
 */
import { type Attributes, element, escaped, leaf, text } from '../../markup.ts';
import type { PartyState, Topology, TopologyEdge, TopologyNode } from '../types.ts';
import { SHAPE_SIZE, shapeAt } from './states.ts';

const WIDTH = 380;
const ELECTORS_A_ROW = 5;
const ELECTOR_HEIGHT = 36;
const ELECTOR_MAX_WIDTH = 84;
const GAP = 8;
/** Room for votes between electors and ballots. */
const VOTES_HEIGHT = 40;
const BALLOT_LINE = 12;
const BALLOT_MIN_WIDTH = 92;
const TREES_A_ROW = 3;
const ROOT_HEIGHT = 26;
const ROW = 22;
const INDENT = 12;

export interface View {
  readonly topology: Topology;
  /** The same party's a day earlier; null on the first day. */
  readonly before: Topology | null;
  readonly state: PartyState;
  readonly party: string;
  readonly label: string;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Votes on one thing, or the signatures of a CTL: what they are about, and who gave them. */
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

/** What was placed so far, by the id of its node. */
type Boxes = Map<string, Box>;

export function drawTopology(view: View): string {
  const { topology, state } = view;
  const electors = topology.nodes.filter(({ kind }) => kind === 'elector');
  const ballots = ballotsOf(topology, state);
  const onElectors = ballots.filter(({ about }) => electors.some(({ id }) => id === about));
  const onRoots = ballots.filter((ballot) => !onElectors.includes(ballot));

  const boxes: Boxes = new Map();
  const above = placeAbove(onElectors);
  let y = above.bottom === 0 ? 0 : above.bottom + VOTES_HEIGHT;
  y = placeElectors(electors, y, boxes);
  const trees = treesOf(topology);
  const columns = Math.max(1, Math.min(TREES_A_ROW, trees.length));
  const below = placeBelow(onRoots, trees, columns, y + VOTES_HEIGHT);
  y = onRoots.length === 0 ? y + VOTES_HEIGHT / 2 : below.bottom + 24;
  const drawnTrees = drawTrees(trees, columns, y, view, boxes);

  const placed = [...above.ballots, ...below.ballots];
  const parts = [
    ...placed.flatMap((ballot) => votesOf(ballot, boxes)),
    ...placed.flatMap((ballot) => effectsOf(ballot, boxes)),
    ...drawnTrees.lines,
    ...placed.map(drawBallot),
    ...electors.map((node) => drawElector(node, boxes.get(node.id) as Box, view)),
    ...drawnTrees.nodes,
  ];
  return element(
    'svg',
    {
      class: 'topology',
      viewBox: `-2 -2 ${WIDTH + 4} ${drawnTrees.bottom + 4}`,
      role: 'img',
      'aria-label': `${view.label}: ${countsOf(topology)}`,
    },
    ...parts,
  );
}

/** `trusted 12, revoked 1`. */
function countsOf({ nodes }: Topology): string {
  const counts = new Map<string, number>();
  for (const { state } of nodes) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}

// ------------------------------------------------------------------------------------------------------------ ballots

function ballotsOf({ nodes, edges }: Topology, { mode, quorum, ctl }: PartyState): Ballot[] {
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
    return [ballot([title], false, null, subjects, signatures, quorum)];
  }
  const groups = new Map<string, TopologyEdge[]>();
  for (const edge of votes) {
    const key = JSON.stringify([edge.type, edge.to]);
    groups.set(key, [...(groups.get(key) ?? []), edge]);
  }
  return [...groups.values()].map((group) => {
    const { type, to } = group[0] as TopologyEdge;
    return ballot([`${type} ${labelOf(to)}`], `${type}`.startsWith('remove'), to, [to], group, quorum);
  });
}

function ballot(
  title: readonly string[],
  removes: boolean,
  about: string | null,
  subjects: readonly string[],
  votes: readonly TopologyEdge[],
  quorum: number,
): Ballot {
  const counted = votes.filter(({ holds }) => holds).length;
  const wasted = votes.length - counted;
  const votesText = `${counted} ${counted === 1 ? 'vote' : 'votes'}, ${quorum} needed`;
  const lines = [...title, votesText, ...(wasted > 0 ? [`${wasted} void`] : [])];
  return { lines, removes, passes: counted >= quorum, about, subjects, votes };
}

function heightOf({ lines }: Ballot): number {
  return lines.length * BALLOT_LINE + 6;
}

function placeAbove(ballots: readonly Ballot[]): { ballots: PlacedBallot[]; bottom: number } {
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
    const width = Math.min(room - GAP, Math.max(118, 5.6 * longest(row) + 12));
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

/** Over the tree that they are about; a CTL stands over all. */
function placeBelow(
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

function drawBallot({ box, lines, passes, removes }: PlacedBallot): string {
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
        i === 0 ? 5.7 : 4.9,
      ),
    ),
  );
}

/** From each elector to the ballot; votes that do not count say so. */
function votesOf({ box, votes }: PlacedBallot, boxes: Boxes): string[] {
  return votes.flatMap(({ from, holds, code }, i) => {
    const elector = boxes.get(from);
    if (elector === undefined) return [];
    const upwards = box.y < elector.y;
    const [x1, y1] = [elector.x + elector.width / 2, upwards ? elector.y : elector.y + elector.height];
    const [x2, y2] = [box.x + (box.width * (i + 1)) / (votes.length + 1), upwards ? box.y + box.height : box.y];
    const d = `M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`;
    if (holds) return [leaf('path', { class: 'vote', d })];
    const line = element('path', { class: 'vote void', d }, text('title', {}, `void: ${code}`));
    const at = { class: 'void', x: round((x1 + 2 * x2) / 3), y: round((y1 + 2 * y2) / 3 + 3) };
    return [line, text('text', at, 'void')];
  });
}

/** From the ballot to what it adds or removes; what a CTL says of electors stands in its text. */
function effectsOf({ box, about, subjects, removes, passes }: PlacedBallot, boxes: Boxes): string[] {
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

// ----------------------------------------------------------------------------------------------------------- electors

/** Returns where they end. */
function placeElectors(electors: readonly TopologyNode[], top: number, boxes: Boxes): number {
  const perRow = Math.min(ELECTORS_A_ROW, Math.max(1, electors.length));
  const room = WIDTH / perRow;
  const width = Math.min(ELECTOR_MAX_WIDTH, room - GAP);
  electors.forEach(({ id }, i) => {
    const x = room * ((i % perRow) + 0.5) - width / 2;
    const y = top + Math.floor(i / perRow) * (ELECTOR_HEIGHT + GAP);
    boxes.set(id, { x, y, width, height: ELECTOR_HEIGHT });
  });
  const rows = Math.ceil(electors.length / perRow);
  return top + Math.max(0, rows * (ELECTOR_HEIGHT + GAP) - GAP);
}

function drawElector(node: TopologyNode, box: Box, view: View): string {
  return element(
    'g',
    { class: `elector ${node.state}` },
    titleOf(node),
    rectangle(box, 8),
    shapeAt(node.state, round(box.x + 6), round(box.y + 4)),
    fitted(node.label, { x: round(box.x + 24), y: round(box.y + 15) }, box.width - 28, 7),
    text('text', { class: 'state', x: round(box.x + 6), y: round(box.y + 30) }, stateText(node, view)),
  );
}

// -------------------------------------------------------------------------------------------------------------- trees

interface Branch {
  readonly node: TopologyNode;
  readonly depth: number;
  readonly edge: TopologyEdge | undefined;
}

interface Tree {
  readonly root: TopologyNode | undefined;
  readonly branches: readonly Branch[];
}

/** Each root with everything that chains end at; what is nowhere below a root comes last. */
function treesOf({ nodes, edges }: Topology): Tree[] {
  const chains = edges.filter(({ kind }) => kind === 'chain');
  const seen = new Set<string>();
  const below = (id: string, depth: number): Branch[] => {
    const children = chains.flatMap((edge) => {
      const node = nodes.find((one) => one.id === edge.to);
      if (edge.from !== id || node === undefined || seen.has(node.id)) return [];
      seen.add(node.id);
      return [[{ node, depth, edge }, ...below(node.id, depth + 1)]];
    });
    return children.sort((a, b) => a.length - b.length).flat();
  };
  const trees: { root: TopologyNode | undefined; branches: Branch[] }[] = nodes
    .filter(({ kind }) => kind === 'root')
    .map((root) => {
      seen.add(root.id);
      return { root, branches: below(root.id, 1) };
    });
  const lost = nodes.filter(({ id, kind }) => kind !== 'elector' && !seen.has(id));
  for (const node of lost) {
    const branch = { node, depth: 1, edge: undefined };
    const own = trees.find(({ root }) => root?.tree !== undefined && root.tree === node.tree);
    if (own) own.branches.push(branch);
    else if (trees.at(-1)?.root === undefined && trees.length > 0) trees.at(-1)?.branches.push(branch);
    else trees.push({ root: undefined, branches: [branch] });
  }
  return trees;
}

function drawTrees(
  trees: readonly Tree[],
  columns: number,
  top: number,
  view: View,
  boxes: Boxes,
): { lines: string[]; nodes: string[]; bottom: number } {
  const lines: string[] = [];
  const nodes: string[] = [];
  const width = WIDTH / columns;
  let y = top;
  for (let i = 0; i < trees.length; i += columns) {
    const row = trees.slice(i, i + columns);
    row.forEach((tree, column) => {
      const box = { x: column * width, y, width: width - (columns > 1 ? GAP : 0), height: ROOT_HEIGHT };
      if (tree.root) {
        boxes.set(tree.root.id, box);
        nodes.push(drawRoot(tree.root, box, view));
      }
      const drawn = drawBranches(tree.branches, box, view);
      lines.push(...drawn.lines);
      nodes.push(...drawn.nodes);
    });
    y += ROOT_HEIGHT + ROW * Math.max(...row.map(({ branches }) => branches.length)) + 2 * GAP;
  }
  return { lines, nodes, bottom: Math.max(y - GAP, top) };
}

function drawRoot(node: TopologyNode, box: Box, view: View): string {
  const right = box.x + Math.min(box.width, WIDTH / 2);
  const middle = box.y + 17;
  return element(
    'g',
    { class: `root ${node.state}` },
    titleOf(node),
    rectangle(box, 0),
    shapeAt(node.state, round(box.x + 4), round(box.y + 6)),
    fitted(`root ${node.label}`, { x: round(box.x + 22), y: round(middle) }, right - box.x - 74, 6.8),
    text('text', { class: 'end', x: round(right - 5), y: round(middle) }, stateText(node, view)),
    remark(node, box, right, middle),
  );
}

function drawBranches(branches: readonly Branch[], box: Box, view: View): { lines: string[]; nodes: string[] } {
  const holding: string[] = [];
  const broken: string[] = [];
  const nodes: string[] = [];
  /** Where the line down from the branch last drawn of each depth stands. */
  const lastY = new Map<number, number>([[0, box.y + ROOT_HEIGHT]]);
  branches.forEach(({ node, depth, edge }, i) => {
    const y = box.y + ROOT_HEIGHT + 4 + ROW * i;
    const x = box.x + 4 + INDENT * depth;
    const centre = y + ROW / 2;
    if (edge) {
      const stem = x - INDENT + SHAPE_SIZE / 2;
      const start = lastY.get(depth - 1) ?? y;
      const path = `M${round(stem)} ${round(start)}V${round(centre)}H${round(x)}`;
      (edge.holds ? holding : broken).push(path);
      lastY.set(depth - 1, centre);
    }
    lastY.set(depth, centre + SHAPE_SIZE / 2);
    nodes.push(drawBranch(node, x, y, box, view));
  });
  const lines = [
    ...(holding.length === 0 ? [] : [leaf('path', { class: 'chain', d: holding.join('') })]),
    ...(broken.length === 0 ? [] : [leaf('path', { class: 'chain broken', d: broken.join('') })]),
  ];
  return { lines, nodes };
}

function drawBranch(node: TopologyNode, x: number, y: number, box: Box, view: View): string {
  const right = box.x + Math.min(box.width, WIDTH / 2);
  const middle = y + 15;
  const isSelf = node.id === `ee:${view.party}`;
  const label = `${isSelf ? '▸' : ''}${node.kind === 'ee' ? 'EE ' : ''}${node.label}`;
  const room = right - x - SHAPE_SIZE - 4 - 52;
  return element(
    'g',
    { class: isSelf ? `self ${node.state}` : node.state },
    titleOf(node),
    shapeAt(node.state, round(x), round(y + 4)),
    fitted(label, { x: round(x + SHAPE_SIZE + 4), y: round(middle) }, room, isSelf ? 6.6 : 6.1),
    text('text', { class: 'end', x: round(right - 5), y: round(middle) }, stateText(node, view)),
    remark(node, box, right, middle),
  );
}

/** The code of what does not stand, where one tree has the whole width. */
function remark({ state, code }: TopologyNode, box: Box, right: number, y: number): string {
  const room = box.x + box.width - right - 4;
  if (room < 60 || state === 'trusted') return '';
  return fitted(code, { class: 'remark', x: round(right + 4), y: round(y) }, room, 5.3);
}

// ------------------------------------------------------------------------------------------------------------- pieces

function titleOf({ label, state, code, why }: TopologyNode): string {
  return state === 'trusted' ? '' : text('title', {}, `${label}: ${state}, ${code}: ${why}`);
}

/** The state in a word, with a mark where it was another. */
function stateText({ id, state }: TopologyNode, { before }: View): string {
  if (before === null) return state;
  const old = before.nodes.find((node) => node.id === id);
  return old?.state === state ? state : `Δ ${state}`;
}

function rectangle({ x, y, width, height }: Box, radius: number): string {
  return leaf('rect', {
    x: round(x),
    y: round(y),
    width: round(width),
    height: round(height),
    rx: radius === 0 ? undefined : radius,
  });
}

/** Text that is cut to a width, and then has the whole as its title. */
function fitted(content: string, attributes: Attributes, width: number, characterWidth: number): string {
  const most = Math.max(2, Math.floor(width / characterWidth));
  if (content.length <= most) return text('text', attributes, content);
  return element('text', attributes, text('title', {}, content), escaped(`${content.slice(0, most - 1)}…`));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
