/** Results for the report: as they come out, with an engine that is broken, and with names that want to be more than names. */
import type { RehearsalResult, Topology, TopologyNode } from '../../src/rehearsal/index.ts';
import { isSame } from '../../src/trust/identity.ts';
import type { TrustedCertificate } from '../../src/trust/types.ts';
import { played, playedUnder } from './played.ts';

/** Both forms of a recovery in one result. */
export async function bothForms(name: 'elector' | 'root'): Promise<RehearsalResult> {
  const result = await played(name);
  return { ...result, beside: await played(`${name}-ctl`) };
}

/** An engine that counts the votes of electors that were removed. */
export function withDeviations(): Promise<RehearsalResult> {
  const seen = new Map<string, TrustedCertificate>();
  return playedUnder('elector', {
    voters(electors, tombstones) {
      for (const elector of electors) seen.set(elector.hash, elector);
      const removed = [...seen.values()].filter((one) => tombstones.some((tombstone) => isSame(tombstone, one)));
      return [...electors, ...removed];
    },
  });
}

/** Ends attributes, elements and scripts, loads and runs things, and turns text around. */
export const HOSTILE = `'"></text></title></script><!--<script>window.injected=1</script><img src=x onerror=window.injected=1>&\u202e\u0000`;

/** What is compared with words of the types, and not free text. */
const WORDS = new Set([
  'kind',
  'state',
  'form',
  'mode',
  'got',
  'expected',
  'decision',
  'expectedDecision',
  'type',
  'what',
]);

/** The same result with every free text followed by something hostile, names everywhere alike. */
export function hostile<Value>(value: Value, key = ''): Value {
  if (typeof value === 'string') {
    const isWord = WORDS.has(key) && /^[A-Za-z_?-]+$/.test(value);
    return (isWord ? value : `${value}${HOSTILE}`) as Value;
  }
  if (Array.isArray(value)) return value.map((one) => hostile(one, key)) as Value;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hostile(one, name)])) as Value;
}

/** Ten electors in all states, four roots, void votes, an EE and a component that no chain leads to. */
export function crowded(result: RehearsalResult): RehearsalResult {
  const states = ['trusted', 'degraded', 'frozen', 'revoked', 'pending', 'unknown'] as const;
  const stateAt = (i: number) => states[i % states.length] as TopologyNode['state'];
  const node = (
    id: string,
    kind: TopologyNode['kind'],
    label: string,
    tree: string | null,
    i: number,
  ): TopologyNode => ({
    ...{ id, kind, label, tree },
    ...{ state: stateAt(i), code: i % 6 === 0 ? 'OK' : 'B_QUORUM', why: 'because' },
  });
  const electors = Array.from({ length: 10 }, (_, i) =>
    node(`elector:E${i}`, 'elector', `Elector number ${i}`, null, i),
  );
  const roots = Array.from({ length: 4 }, (_, i) => node(`root:R${i}`, 'root', `R${i} of a long name`, `R${i}`, i));
  const below = roots.flatMap(({ tree }, i) => [
    node(`${tree}/pca`, 'ca', 'PCA', tree, i),
    node(`ee:${tree}`, 'ee', `device-of-a-long-name-${i}`, tree, i + 1),
  ]);
  const topology: Topology = {
    nodes: [
      ...electors,
      ...roots,
      ...below,
      node('ee:lost', 'ee', 'lost', 'R9', 5),
      node('R1/lost', 'component', 'RA', 'R1', 3),
    ],
    edges: [
      ...electors.flatMap(({ id }, i) => [
        {
          kind: 'vote',
          from: id,
          to: 'root:R0',
          holds: i < 2,
          type: 'addRoot',
          code: i < 2 ? 'OK' : 'V_SIGNATURE',
          countedOn: 1,
        } as const,
        { kind: 'vote', from: id, to: 'root:R3', holds: true, type: 'removeRoot', code: 'OK', countedOn: 0 } as const,
        {
          kind: 'vote',
          from: id,
          to: `elector:E${9 - i}`,
          holds: i % 2 === 0,
          type: 'removeElector',
          code: 'V_SELF',
          countedOn: 2,
        } as const,
      ]),
      ...roots.flatMap(({ id, tree }) => [
        { kind: 'chain', from: id, to: `${tree}/pca`, holds: true, type: null, code: 'OK', countedOn: null } as const,
        {
          kind: 'chain',
          from: `${tree}/pca`,
          to: `ee:${tree}`,
          holds: false,
          type: null,
          code: 'expired',
          countedOn: null,
        } as const,
      ]),
    ],
  };
  const days = result.days.map((day) => ({ ...day, parties: day.parties.map((own) => ({ ...own, topology })) }));
  return { ...result, days };
}
