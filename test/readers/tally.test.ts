import { expect, it } from 'vitest';
import { Tally } from '../../src/readers/tally.ts';

it('takes back the framing behind a record first, then the record, then what is in front of it', () => {
  for (const [length, records, framing] of [
    [1, 60, 11],
    [21, 40, 11],
    [61, 0, 11],
    [64, 0, 8],
  ] as const) {
    const tally = new Tally();
    tally.piece({ offset: 0, bytes: new Uint8Array(60) }, 71);
    tally.framing(1);
    tally.takeBackFromLast(length);
    expect(tally.report.bytes, `${length}`).toMatchObject({ records, framing });
  }
});
