/**
 * The trust of the system as one party sees it, drawn: electors in a row, ballots on electors above them, ballots on roots (or the
 * CTL) below them, and under each root its tree.
 */
import { element } from '../../../markup.ts';
import type { Topology, TopologyNode } from '../../result.ts';
import { shapeAt } from '../states.ts';
import { ballotsOf, drawBallot, effectsOf, placeAbove, placeBelow, votesOf } from './ballots.ts';
import { type Box, type Boxes, fitted, GAP, rectangle, round, stateText, type View, WIDTH } from './pieces.ts';
import { drawTrees, TREES_A_ROW, treesOf } from './trees.ts';

const ELECTORS_A_ROW = 5;
const ELECTOR_HEIGHT = 36;
const ELECTOR_MAX_WIDTH = 84;
/** Room for votes between electors and ballots. */
const VOTES_HEIGHT = 40;

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

/** Returns their end. */
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
    rectangle(box, 8),
    shapeAt(node.state, round(box.x + 6), round(box.y + 4)),
    fitted(node.label, { x: round(box.x + 24), y: round(box.y + 15) }, box.width - 28, 12),
    stateText(node, { class: 'state', x: round(box.x + 6), y: round(box.y + 30) }, view),
  );
}
