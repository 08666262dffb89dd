/** Checks the rows of a scenario document, and the sentences that they show. */
import { checkBallots, checkDay, kindOfSubject } from './document-actions.ts';
import type { Names } from './document-names.ts';
import type { CheckDocument, SentenceDocument } from './types.ts';

/** Questions about the whole system, in rows whose party is `*`. */
const SYSTEM_CHECKS: readonly string[] = ['moves', 'happens', 'reset', 'system'] satisfies CheckDocument['check'][];

export function checkExpectations(names: Names): void {
  const { expect, days } = names.scenario;
  const seen = new Set<string>();
  expect.forEach((row, r) => {
    const path = `$.expect[${r}]`;
    for (const list of ['cells', 'values', 'texts'] as const) {
      const { length } = row[list] ?? days;
      if (length !== days.length) names.complain(`${path}.${list}`, `${length} entries for ${days.length} days`);
    }
    row.parties.forEach((name, i) => {
      const isSystem = SYSTEM_CHECKS.includes(row.check.check);
      if (isSystem !== (name === '*')) {
        const only = `in rows of ${SYSTEM_CHECKS.join(', ')} only`;
        names.complain(`${path}.parties[${i}]`, `"${name}": "*" stands for the whole system, ${only}`);
      } else if (name !== '*') names.use('party', name, `${path}.parties[${i}]`);
      if (row.check.check === 'authenticates' && names.known.party.has(name) && !names.hasRa(name)) {
        names.complain(`${path}.parties[${i}]`, `"${name}" has no "ra" to authenticate to`);
      }
      const key = JSON.stringify([row.object, name]);
      if (seen.has(key)) names.complain(`${path}.object`, `"${row.object}" has a row for ${name} already`);
      seen.add(key);
    });
    checkCheck(names, row.check, `${path}.check`);
  });
}

function checkCheck(names: Names, check: CheckDocument, path: string): void {
  switch (check.check) {
    case 'vote':
      names.use('elector', check.by, `${path}.by`);
      return;
    case 'ballot':
      names.use(kindOfSubject(check.type), check.subject, `${path}.subject`);
      names.each('elector', check.votes, `${path}.votes`);
      if (check.besideBadCrls && check.type.startsWith('add')) {
        names.complain(`${path}.besideBadCrls`, 'composite CRLs carry removals only');
      }
      checkDay(names, check.effectiveDay, `${path}.effectiveDay`);
      return;
    case 'together':
      check.ballots.forEach(({ type, subject, votes }, i) => {
        if (subject !== null) names.use(kindOfSubject(type), subject, `${path}.ballots[${i}].subject`);
        names.each('elector', votes, `${path}.ballots[${i}].votes`);
      });
      return;
    case 'ballots':
      names.each('elector', check.votes, `${path}.votes`);
      return;
    case 'hears':
      names.use('party', check.party, `${path}.party`);
      return;
    case 'trusted':
      if (!names.known.elector.has(check.name)) names.use('root', check.name, `${path}.name`);
      return;
    case 'endorsements':
      names.use('root', check.root, `${path}.root`);
      return;
    case 'revoked':
      names.use('revoked', check.name, `${path}.name`);
      names.use('tree', check.root, `${path}.root`);
      return;
    case 'certificates':
    case 'message':
    case 'crl':
    case 'policy':
      names.use('tree', check.root, `${path}.root`);
      return;
    case 'chainFile':
      names.use('tree', check.root, `${path}.root`);
      checkBallots(names, 'root', check.addRoots, `${path}.addRoots`);
      checkBallots(names, 'elector', check.addElectors, `${path}.addElectors`);
      return;
    case 'system':
      names.each('party', check.parties, `${path}.parties`);
      return;
    case 'equivalent':
      checkDay(names, check.day, `${path}.day`);
      for (const [from, to] of Object.entries(check.replaced)) {
        names.use('elector', from, `${path}.replaced`);
        names.use('elector', to, `${path}.replaced.${from}`);
      }
      return;
    case 'happens':
      names.each('party', check.to ?? [], `${path}.to`);
      return;
    default:
  }
}

/** Every sentence is shown by rows of the table, or says why none can. */
export function checkSentence(names: Names, { shown, note }: SentenceDocument, path: string): void {
  if (shown.length === 0 && note === undefined) names.complain(path, 'shown by no row, and no "note" says why');
  shown.forEach(({ object, parties }, i) => {
    for (const party of parties) {
      const known = names.scenario.expect.some((row) => row.object === object && row.parties.includes(party));
      if (!known) names.complain(`${path}.shown[${i}]`, `no row "${object}" for ${party}`);
    }
  });
}
