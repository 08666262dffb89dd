/** The items that the group "under attack" is measured with: each has the verdict that its row promises, and none comes twice. */
import { beforeAll, describe, expect, test } from 'vitest';
import { FAMILIES, Scene } from '../../bench/inputs/attacks/index.ts';
import { checkVerdicts, Traffic } from '../../bench/inputs/traffic.ts';
import { createVerifier, type Item } from '../../src/verifier/index.ts';

/** Enough for every turn that an attack takes: eight for a list, sixteen for senders. */
const COUNT = 48;

const traffic = new Traffic();
const attacks = (await Promise.all(FAMILIES.map((family) => family.attacks(new Scene(traffic))))).flat();

function nameOf({ kind, bytes, unreadable }: Item): string {
  return `${kind} ${unreadable} ${Buffer.from(bytes).toString('latin1')}`;
}

test('no two rows have one title', () => {
  expect(new Set(attacks.map(({ title }) => title)).size).toBe(attacks.length);
});

describe.each(attacks.map((attack) => [attack.title, attack] as const))('%s', (_, { options, before, take }) => {
  const { items, codes } = take(COUNT);
  const normal = traffic.recurringMessages(32);

  beforeAll(() => {
    expect(items).toHaveLength(COUNT);
  });

  test('every item has the verdict that is expected of it, one by one and in a batch', () => {
    for (const parts of [[COUNT], new Array(COUNT).fill(1)]) {
      const verifier = createVerifier({ ...traffic.options, ...options });
      for (const load of before ? [before, normal] : [normal]) checkVerdicts(verifier.verify(load.items), load);
      let next = 0;
      for (const size of parts) {
        const part = { items: items.slice(next, next + size), codes: codes.slice(next, next + size) };
        next += size;
        checkVerdicts(verifier.verify(part.items), part);
      }
    }
  });

  test('no item comes twice', () => {
    expect(new Set(items.map(nameOf)).size).toBe(COUNT);
  });
});
