/** What differs between two days. */
import type { Cell, Change, PartyDay, PartyState } from './result.ts';

/** Changes of what a party holds, and of what it answers. */
export function changesOf(
  before: PartyDay,
  after: PartyDay,
  cellsBefore: readonly Cell[],
  cells: readonly Cell[],
): Change[] {
  const { party } = after;
  const held = stateChanges(before.state, after.state).map((change) => ({ party, ...change }));
  const answered = cells.flatMap((cell): Change[] => {
    const old = cellsBefore.find(({ row }) => row === cell.row);
    if (cell.party !== party || old === undefined) return [];
    const [was, is] = [answerOf(old), answerOf(cell)];
    return was === is ? [] : [{ party, what: 'object', item: cell.object, before: was, after: is }];
  });
  return [...held, ...answered];
}

function answerOf({ got, value, code }: Cell): string {
  if (value !== undefined) return `${got} ${value}`;
  return got === 'N' ? `N ${code}` : got;
}

type StateChange = Omit<Change, 'party'>;

function stateChanges(before: PartyState, after: PartyState): StateChange[] {
  const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);
  return [
    ...listChanges('elector', names(before.electors), names(after.electors)),
    ...listChanges('root', names(before.roots), names(after.roots)),
    ...listChanges('tombstone', names(before.tombstones), names(after.tombstones)),
    ...listChanges(
      'pending',
      before.pending.map(({ what }) => what),
      after.pending.map(({ what }) => what),
    ),
    ...listChanges('flag', before.flags, after.flags),
    ...valueChange('policy', 'policy', before.policy?.policyId, after.policy?.policyId),
    ...valueChange('chainFile', 'global chain file', before.chainFiles.global, after.chainFiles.global),
    ...valueChange('chainFile', 'local chain file', before.chainFiles.local, after.chainFiles.local),
    ...valueChange('ctl', 'CTL', before.ctl?.toString(), after.ctl?.toString()),
    ...crlChanges(before, after),
  ];
}

function listChanges(what: Change['what'], before: readonly string[], after: readonly string[]): StateChange[] {
  const gone = before.filter((name) => !after.includes(name));
  const come = after.filter((name) => !before.includes(name));
  const change = (item: string, from: string, to: string): StateChange => ({
    what,
    item: `${what} ${item}`,
    before: from,
    after: to,
  });
  return [
    ...gone.map((name) => change(name, 'there', 'gone')),
    ...come.map((name) => change(name, 'not there', 'there')),
  ];
}

function valueChange(
  what: Change['what'],
  item: string,
  before: string | null | undefined,
  after: string | null | undefined,
): StateChange[] {
  const [from, to] = [before ?? 'none', after ?? 'none'];
  return from === to ? [] : [{ what, item, before: from, after: to }];
}

function crlChanges(before: PartyState, after: PartyState): StateChange[] {
  const keyOf = ({ root, series }: PartyState['crls'][0]): string => `CRL of ${root}, series ${series}`;
  const textOf = (crl: PartyState['crls'][0] | undefined): string | undefined =>
    crl && `issued ${crl.issueDate}${crl.overdue ? ', overdue' : ''}`;
  const keys = new Set([...before.crls, ...after.crls].map(keyOf));
  const find = ({ crls }: PartyState, key: string) => textOf(crls.find((crl) => keyOf(crl) === key));
  return [...keys].flatMap((key) => valueChange('crl', key, find(before, key), find(after, key)));
}
