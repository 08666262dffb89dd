/** Octets from `start` up to `end`. */
export type Span = readonly [start: number, end: number];

/**
 * The octets of an encoding outside its open fields. Another encoding that agrees with all of them, and is as long, takes
 * the strict decoder the very same way, as long as the open fields have a fixed width and any octets are a value of theirs.
 */
export class ByteTemplate {
  readonly length: number;
  private readonly octets: Uint8Array;
  /** Starts and ends of what must agree, in turn. */
  private readonly closed: readonly number[];

  constructor(octets: Uint8Array, open: readonly Span[]) {
    this.octets = new Uint8Array(octets);
    this.length = octets.length;
    const closed: number[] = [];
    let at = 0;
    for (const [start, end] of [...open].sort(([a], [b]) => a - b)) {
      if (start < at || end > octets.length) throw new RangeError(`open octets ${start} to ${end}`);
      if (start > at) closed.push(at, start);
      at = end;
    }
    if (at < octets.length) closed.push(at, octets.length);
    this.closed = closed;
  }

  /** Whether the octets at `base` agree; that there are as many is the caller's to know. */
  matches(bytes: Uint8Array, base: number): boolean {
    const { octets, closed } = this;
    for (let k = 0; k < closed.length; k += 2) {
      const end = closed[k + 1] as number;
      for (let i = closed[k] as number; i < end; i++) if (bytes[base + i] !== octets[i]) return false;
    }
    return true;
  }
}

/** Templates kept of each kind, and of those that share a key. */
const CAPACITY = 256;
const SAME_KEY = 8;

/**
 * Templates by a number that is cheap to make from octets they all close over. Those that share it are tried one by one,
 * the latest used first; so few that hostile variety cannot make it slow.
 */
export class Templates<T extends { usedAt: number }> {
  private readonly byKey = new Map<number, T[]>();
  private clock = 0;
  size = 0;

  /** Templates to try, the latest used first. */
  of(key: number): T[] {
    return this.byKey.get(key) ?? NONE;
  }

  /** Notes that the one at `index` of the templates that {@link of} gave was the right one. */
  used(templates: T[], index: number): void {
    const template = templates[index] as T;
    template.usedAt = ++this.clock;
    if (index === 0) return;
    templates.copyWithin(1, 0, index);
    templates[0] = template;
  }

  /** Adds a template; forgets the one that was used least recently where there are too many. */
  add(key: number, template: T): void {
    const templates = this.byKey.get(key) ?? [];
    this.byKey.set(key, templates);
    templates.unshift(template);
    template.usedAt = ++this.clock;
    this.size++;
    if (templates.length > SAME_KEY) {
      templates.pop();
      this.size--;
    }
    if (this.size > CAPACITY) this.forgetOldest();
  }

  private forgetOldest(): void {
    let oldestKey = 0;
    let oldest: T | undefined;
    for (const [key, templates] of this.byKey) {
      const last = templates[templates.length - 1] as T;
      if (oldest === undefined || last.usedAt < oldest.usedAt) [oldestKey, oldest] = [key, last];
    }
    const templates = this.byKey.get(oldestKey) as T[];
    templates.pop();
    if (templates.length === 0) this.byKey.delete(oldestKey);
    this.size--;
  }
}

const NONE: never[] = [];
