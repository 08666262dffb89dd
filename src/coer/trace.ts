/** A field of an encoding: its place and content. `children` is empty for a leaf. */
export interface TraceNode {
  readonly name: string;
  readonly offset: number;
  end: number;
  value: unknown;
  readonly children: TraceNode[];
}

/** Records the fields that a decode passes through. Containers report to it; leaves need not know. */
export class Trace {
  private readonly root: TraceNode = { name: '', offset: 0, end: 0, value: undefined, children: [] };
  private readonly open: TraceNode[] = [this.root];

  enter(name: string, offset: number): void {
    const node: TraceNode = { name, offset, end: offset, value: undefined, children: [] };
    (this.open[this.open.length - 1] as TraceNode).children.push(node);
    this.open.push(node);
  }

  leave(end: number, value: unknown): void {
    close(this.open.pop() as TraceNode, end, value);
  }

  /** A stretch of encoding that is no field: preamble, tag, count, length. */
  mark(name: string, offset: number, end: number): void {
    if (end > offset) {
      const node = { name: `(${name})`, offset, end, value: undefined, children: [] };
      (this.open[this.open.length - 1] as TraceNode).children.push(node);
    }
  }

  finish(end: number, value: unknown): TraceNode {
    while (this.open.length > 1) this.leave(end, undefined);
    close(this.root, end, value);
    return this.root;
  }
}

/** A leaf inside an open type has a mark for the length before it: its own octets then get a node too, so that none is lost. */
function close(node: TraceNode, end: number, value: unknown): void {
  node.end = end;
  node.value = value;
  const covered = node.children.at(-1)?.end ?? end;
  if (covered < end) node.children.push({ name: '(content)', offset: covered, end, value, children: [] });
}
