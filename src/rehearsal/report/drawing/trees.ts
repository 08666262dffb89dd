/** Under each root its tree, a line a node, with the chains from issuers to what they issued. */
import { element, leaf } from '../../../markup.ts';
import type { Topology, TopologyEdge, TopologyNode } from '../../result.ts';
import { SHAPE_SIZE, shapeAt } from '../states.ts';
import { type Box, type Boxes, fitted, GAP, rectangle, round, stateText, type View, WIDTH } from './pieces.ts';

export const TREES_A_ROW = 3;
const ROOT_HEIGHT = 26;
const ROW = 22;
const INDENT = 10;
/** Room for the state of a node. */
const STATE_WIDTH = 60;

interface Branch {
  readonly node: TopologyNode;
  readonly depth: number;
  readonly edge: TopologyEdge | undefined;
}

export interface Tree {
  readonly root: TopologyNode | undefined;
  readonly branches: readonly Branch[];
}

/** Each root with all certificates below it; those below no root come last. */
export function treesOf({ nodes, edges }: Topology): Tree[] {
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

export function drawTrees(
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
    rectangle(box, 0),
    shapeAt(node.state, round(box.x + 4), round(box.y + 6)),
    fitted(`root ${node.label}`, { x: round(box.x + 22), y: round(middle) }, right - box.x - 22 - STATE_WIDTH, 12),
    stateText(node, { class: 'end', x: round(right - 3), y: round(middle) }, view),
    remark(node, box, right, middle),
  );
}

function drawBranches(branches: readonly Branch[], box: Box, view: View): { lines: string[]; nodes: string[] } {
  const holding: string[] = [];
  const broken: string[] = [];
  /** Neighbours that look alike form one group. */
  const runs: { look: string; nodes: string[] }[] = [];
  /** Position of the line down from the branch last drawn, by depth. */
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
    const look = node.id === `ee:${view.party}` ? `self ${node.state}` : node.state;
    const last = runs.at(-1);
    const drawn = drawBranch(node, x, y, box, view);
    if (last?.look === look) last.nodes.push(drawn);
    else runs.push({ look, nodes: [drawn] });
  });
  const nodes = runs.map((run) => element('g', { class: run.look }, ...run.nodes));
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
  const room = right - x - SHAPE_SIZE - 4 - STATE_WIDTH;
  return [
    shapeAt(node.state, round(x), round(y + 4)),
    fitted(label, { x: round(x + SHAPE_SIZE + 4), y: round(middle) }, room, isSelf ? 11 : 11.5),
    stateText(node, { class: 'end', x: round(right - 3), y: round(middle) }, view),
    remark(node, box, right, middle),
  ].join('');
}

/** The code of an invalid certificate, if one tree has the whole width. */
function remark({ state, code }: TopologyNode, box: Box, right: number, y: number): string {
  const room = box.x + box.width - right - 4;
  if (room < 60 || state === 'trusted') return '';
  return fitted(code, { class: 'remark', x: round(right + 4), y: round(y) }, room, 9.5);
}
