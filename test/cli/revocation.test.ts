/** `certs` and `messages` with `--crl`: what is loaded, for which periods, and what the run says of it. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrlsInForce } from '../../src/cli/shared/crls-in-force.ts';
import { LatePeriods } from '../../src/cli/shared/periods.ts';
import { readAhead } from '../../src/cli/verify/read-ahead.ts';
import type { RevocationData } from '../../src/revocation/index-data.ts';
import { saveRevocation } from '../../src/revocation/save.ts';
import { type CrlRequest, type CrlSigning, issueCrl } from '../../src/testbed/crls.ts';
import {
  type Credential,
  createScms,
  PSID_BSM,
  type PseudonymCredential,
  pseudonyms,
  SERIES_COMPONENT,
  SERIES_PSEUDONYM,
  SERIES_ROOT_MANAGED,
  signMessage,
  WEEK_SECONDS,
} from '../../src/testbed/index.ts';
import { revocationOf } from '../support/crls.ts';
import { createFixture, type Fixture, hex, jsonLines, run, verify } from './support.ts';

let fixture: Fixture;
/** Explicit, devices 0 to 3. */
let explicit: PseudonymCredential[];
/** Implicit, devices 0 to 3, for each of three weeks. */
let implicit: PseudonymCredential[];
let linked: string;

beforeAll(() => {
  fixture = createFixture();
  explicit = [...pseudonyms(fixture.scms, { devices: 4, perWeek: 1, explicit: true })];
  implicit = [...pseudonyms(fixture.scms, { devices: 4, weeks: 3, perWeek: 1 })];
  fixture.write('certs.hex', explicit.map(({ bytes }) => hex(bytes)).join('\n'));
  linked = crl('linked.oer', { devices: [1, 3] });
});
afterAll(() => fixture.remove());

const crl = (name: string, request: CrlRequest, signing?: CrlSigning): string =>
  fixture.write(name, issueCrl(fixture.scms, request, signing));
const input = (name: string, credentials: readonly Credential[]): string =>
  fixture.write(name, credentials.map(({ bytes }) => hex(bytes)).join('\n'));
const certs = (...args: string[]) => verify('certs', [fixture.path('certs.hex'), ...fixture.trust, ...args]);
const codes = (stdout: string): unknown[] => jsonLines(stdout).map(({ code }) => code);

describe('--crl', () => {
  it('tells the revoked from the others, and which entry of which file says so', async () => {
    const { status, stdout, stderr } = await certs('--crl', linked);
    expect(status).toBe(1);
    const rows = jsonLines(stdout);
    expect(rows.map(({ code }) => code)).toEqual(['ok', 'certificateRevoked', 'ok', 'certificateRevoked']);
    expect(rows[3]).toMatchObject({
      resultCode: 11,
      revocation: 'revoked',
      crlRevision: 1,
      revokedBy: { source: linked, rule: 'linkageValue', series: SERIES_PSEUDONYM, entry: 1, depth: 0 },
    });
    expect(rows[0]).toMatchObject({ revocation: 'issuersNotChecked' });
    expect(rows[0]).not.toHaveProperty('revokedBy');
    expect(stderr).toContain(`1 CRL in force, expanded for period ${fixture.scms.firstPeriod}`);
    expect(stderr).not.toContain('warning');
  });

  it('takes several values, several times, and says in the summary what is in force', async () => {
    const component = crl('component.oer', { kind: 'fullHashCrl', series: SERIES_COMPONENT });
    const managed = crl('managed.oer', { kind: 'fullHashCrl', series: SERIES_ROOT_MANAGED }, { by: fixture.scms.root });
    const { stdout } = await certs('--crl', linked, component, '--crl', managed, '--format', 'json');
    const { items, summary } = JSON.parse(stdout) as { items: { revocation: string }[]; summary: object };
    expect(items.map(({ revocation }) => revocation)).toEqual(['notRevoked', 'revoked', 'notRevoked', 'revoked']);
    expect(summary).toMatchObject({ revocation: { crls: 3, periods: [fixture.scms.firstPeriod] }, warnings: [] });
    expect(summary).toMatchObject({ metrics: { revocation: { notEvaluated: 0, localTables: 0 } } });
  });

  it('does the same in threads', async () => {
    const args = ['certs', fixture.path('certs.hex'), ...fixture.trust, '--crl', linked, '--threads', '2'];
    expect(codes((await run(args)).stdout)).toEqual(codes((await certs('--crl', linked)).stdout));
  });

  it('ignores a CRL that fails verification, and names it', async () => {
    const forged = crl(
      'forged.oer',
      { devices: [0], series: SERIES_PSEUDONYM, issueDate: fixture.scms.start + 60 },
      { by: fixture.scms.eca },
    );
    const { status, stdout, stderr } = await certs('--crl', linked, forged);
    expect(status).toBe(1);
    expect(codes(stdout)).toEqual(['ok', 'certificateRevoked', 'ok', 'certificateRevoked']);
    expect(stderr).toMatch(/warning: --crl .*forged\.oer: [a-z]*(Not|un)Authorized/i);
  });

  it('ends with status 4 if no CRL passes, or one cannot be read: the revoked would come out valid', async () => {
    const forged = crl('forged.oer', { devices: [0] }, { by: fixture.scms.eca });
    for (const files of [[forged], [linked, fixture.path('absent.oer')], [linked, fixture.write('empty.oer', '')]]) {
      const { status, stdout, stderr } = await certs('--crl', ...files);
      expect(status).toBe(4);
      expect(stdout).toBe('');
      expect(stderr).toContain('--crl');
      expect(stderr).toContain(files.at(-1));
    }
  });

  it('complains about trust material before CRLs that cannot stand without it', async () => {
    const root = fixture.write('no-root.oer', fixture.scms.root.bytes.slice(0, -1));
    const { status, stderr } = await verify('certs', [fixture.path('certs.hex'), '--root', root, '--crl', linked]);
    expect(status).toBe(4);
    expect(stderr).toContain('no-root.oer');
  });
});

describe('--crl-index', () => {
  const save = async (name: string, request: CrlRequest): Promise<string> => {
    await saveRevocation(await revocationOf(fixture.scms, [request]), fixture.path(name));
    return fixture.path(name);
  };

  it('stands for the CRLs that it was built of, alone or beside them', async () => {
    const request = { devices: [1, 3] };
    const index = await save('saved.index', request);
    const alone = await certs('--crl-index', index);
    expect(codes(alone.stdout)).toEqual(['ok', 'certificateRevoked', 'ok', 'certificateRevoked']);
    expect(alone.stderr).toContain('1 CRL in force');
    const beside = await certs('--crl-index', index, '--crl', linked);
    expect(codes(beside.stdout)).toEqual(codes(alone.stdout));
  });

  it('ends with status 4 where it is damaged, absent, of other CRLs, or under other roots', async () => {
    const index = await save('other.index', { devices: [0] });
    const damaged = fixture.write('damaged.index', readFileSync(index).fill(0xff, 300, 301));
    const elsewhere = createScms({ seed: 'elsewhere', electors: 0 });
    await saveRevocation(await revocationOf(elsewhere, [{ devices: [1] }]), fixture.path('elsewhere.index'));
    for (const args of [
      ['--crl-index', damaged],
      ['--crl-index', fixture.path('absent.index')],
      ['--crl-index', index, '--crl', linked],
      ['--crl-index', fixture.path('elsewhere.index')],
      ['--crl-index', index, '--inclusive-jmax'],
    ]) {
      const { status, stdout, stderr } = await certs(...args);
      expect(status, stderr).toBe(4);
      expect(stdout).toBe('');
      expect(stderr).toContain('--crl-index');
    }
  });
});

describe('--crl-index of CRLs that needed a leniency', () => {
  it('ends with status 4 unless the run allows it too', async () => {
    const data = await revocationOf(fixture.scms, [{ devices: [1, 3] }]);
    const crls = data.crls.map((one) => ({ ...one, about: { ...one.about, lenient: ['crl-psid'] } }));
    const index = fixture.path('lenient.index');
    await saveRevocation({ ...data, crls }, index);
    for (const more of [[], ['--lenient', 'crl-craca']]) {
      const { status, stdout, stderr } = await certs('--crl-index', index, ...more);
      expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
      expect(stderr).toContain('--lenient crl-psid');
    }
    const { stdout } = await certs('--crl-index', index, '--lenient', 'crl-psid');
    expect(codes(stdout)).toEqual(['ok', 'certificateRevoked', 'ok', 'certificateRevoked']);
  });
});

describe('--require-crl', () => {
  it('leaves undecided what no CRL covers, with or without any', async () => {
    for (const more of [[], ['--crl', linked]]) {
      const { status, stdout } = await certs('--require-crl', ...more);
      expect(status).toBe(1);
      const [first] = jsonLines(stdout);
      expect(first).toMatchObject({ verdict: 'undecided', code: 'revocationNotChecked' });
    }
  });
});

describe('--overdue', () => {
  it.each([
    [[], 'overdueCRL', 'undecided'],
    [['--overdue', 'undecided'], 'overdueCRL', 'undecided'],
    [['--overdue', 'reject'], 'overdueCRLRejected', 'invalid'],
    [['--overdue', 'ignore'], 'ok', 'valid'],
  ])('%j', async (args, code, verdict) => {
    const at = `tai:${fixture.scms.start + 5 * WEEK_SECONDS}`;
    const { stdout, stderr } = await certs('--crl', linked, ...args, '--at', at, '--at-own-start');
    const rows = jsonLines(stdout);
    expect(rows[0]).toMatchObject({ code, verdict, warnings: ['crlOverdue'] });
    expect(rows[1]).toMatchObject({ verdict: 'invalid', revocation: 'revoked' });
    expect(stderr.match(/warning: --crl .*linked\.oer.*overdue/gi)).toHaveLength(1);
  });
});

describe('--periods', () => {
  it('expands the periods that files have most of', async () => {
    const [first, second, third] = [0, 1, 2].map((week) =>
      implicit.filter(({ i }) => i === fixture.scms.firstPeriod + week),
    );
    const some = [...(third as []), ...(first as []).slice(0, 2), ...(second as []).slice(0, 3)] as Credential[];
    const file = input('weeks.hex', some);
    const args = [file, ...fixture.trust, '--at-own-start', '--crl', linked];
    const { stdout, stderr } = await verify('certs', [...args, '--periods', '2']);
    const expected = some.map((one, n) => {
      if (n === 4 || n === 5) return 'revocationNotEvaluated';
      return [1, 3].includes((one as PseudonymCredential).device) ? 'certificateRevoked' : 'implicitReconstructed';
    });
    expect(codes(stdout)).toEqual(expected);
    const { firstPeriod } = fixture.scms;
    expect(stderr).toContain(`expanded for periods ${firstPeriod + 1}, ${firstPeriod + 2}; --periods expands more`);
    expect(codes((await verify('certs', args)).stdout)).not.toContain('revocationNotEvaluated');
    expect(new Set(codes((await verify('certs', [...args, '--periods', '0'])).stdout))).toEqual(
      new Set(['revocationNotEvaluated']),
    );
  });
});

function messageOf(sender: PseudonymCredential, n: number, signer: 'certificate' | 'digest' = 'certificate'): string {
  const generationTime = BigInt(sender.toBeSigned.validityPeriod.start + 3600) * 1_000_000n + BigInt(n);
  return hex(signMessage(sender, { psid: PSID_BSM, payload: Uint8Array.of(n >> 8, n), generationTime, signer }));
}

/** Lines to standard input one after another, each when the verdict on the one before has come; ends it when `next` gives none. */
async function converse(
  args: readonly string[],
  next: (verdicts: readonly Record<string, unknown>[]) => string | undefined | Promise<string | undefined>,
): Promise<{ rows: Record<string, unknown>[]; stderr: string }> {
  const rows: Record<string, unknown>[] = [];
  const feed = async (child: ChildProcess): Promise<void> => {
    for (;;) {
      const line = await next(rows);
      if (line === undefined) break;
      const before = rows.length;
      child.stdin?.write(`${line}\n`);
      while (rows.length === before && child.exitCode === null) await sleep(10);
    }
    child.stdin?.end();
  };
  let text = '';
  const { stderr } = await run(
    ['messages', ...args, '-'].flatMap((arg) => (arg === '-' ? ['--', '-'] : [arg])),
    {
      during: (child) => {
        child.stdout?.on('data', (piece: string) => {
          text += piece;
          const lines = text.split('\n');
          text = lines.pop() ?? '';
          rows.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
        });
        void feed(child);
      },
    },
  );
  return { rows, stderr };
}

describe('a stream', () => {
  const [week0, week2] = [
    () => implicit.filter(({ j, i }) => j === 0 && i === fixture.scms.firstPeriod),
    () => implicit.filter(({ i }) => i === fixture.scms.firstPeriod + 2),
  ];

  it.each([0, 2])('expands small CRLs for periods that turn up later, at once (%i threads)', async (threads) => {
    const senders = [...week0(), ...week2()];
    const { rows, stderr } = await converse(
      [...fixture.trust, '--crl', linked, '--threads', `${threads}`],
      (verdicts) =>
        senders[verdicts.length] && messageOf(senders[verdicts.length] as PseudonymCredential, verdicts.length),
    );
    expect(rows.map(({ code }) => code)).toEqual([
      ...['ok', 'certificateRevoked', 'ok', 'certificateRevoked'],
      ...['ok', 'certificateRevoked', 'ok', 'certificateRevoked'],
    ]);
    expect(stderr).toContain(`expanded for period ${fixture.scms.firstPeriod}\n`);
  });

  it.each([0, 2])(
    'expands large CRLs behind its back, and says meanwhile that it does not know (%i threads)',
    async (threads) => {
      const large = crl('large.oer', { devices: [1, 3], filler: 3300 });
      let since = 0;
      const { rows, stderr } = await converse(
        [...fixture.trust, '--crl', large, '--threads', `${threads}`],
        async (verdicts) => {
          const n = verdicts.length;
          if (n < 4) return messageOf(week0()[n] as PseudonymCredential, n);
          const isKnown = verdicts.at(-1)?.code !== 'revocationNotEvaluated' && n > 4;
          if (isKnown && ++since > 4) return undefined;
          if (!isKnown) await sleep(20);
          return messageOf(week2()[n % 4] as PseudonymCredential, n);
        },
      );
      const late = rows.slice(4).map(({ code }) => code);
      const known = late.findIndex((code) => code !== 'revocationNotEvaluated');
      expect(known).toBeGreaterThan(0);
      expect(late.slice(known)).not.toContain('revocationNotEvaluated');
      rows.slice(4 + known).forEach(({ code }, k) => {
        expect(code).toBe((4 + known + k) % 2 === 1 ? 'certificateRevoked' : 'ok');
      });
      expect(stderr).toContain(`expanded for periods ${fixture.scms.firstPeriod}, ${fixture.scms.firstPeriod + 2}`);
    },
  );
});

describe('reading ahead', () => {
  async function* numbers(count: number, pauseBefore = -1, ms = 100_000): AsyncGenerator<number> {
    for (let i = 0; i < count; i++) {
      if (i === pauseBefore) await sleep(ms);
      yield i;
    }
  }
  const all = async (source: AsyncGenerator<number>): Promise<number[]> => {
    const values: number[] = [];
    for await (const value of source) values.push(value);
    return values;
  };

  it('stops at the bound, at a pause, at the end, and gives everything once', async () => {
    for (const [source, most, seen] of [
      [numbers(10), 4, 4],
      [numbers(3), 4, 3],
      [numbers(4), 4, 4],
      [numbers(0), 4, 0],
      [numbers(6, 2, 300), 4, 2],
    ] as const) {
      const { ahead, all: whole } = await readAhead(source, most, 30);
      expect(ahead).toHaveLength(seen);
      const values = await all(whole);
      expect(values).toEqual(values.map((_, i) => i));
      expect(values.length).toBeGreaterThanOrEqual(seen);
    }
    expect(await all((await readAhead(numbers(10), 4, 30)).all)).toHaveLength(10);
    expect(await all((await readAhead(numbers(6, 2, 300), 4, 30)).all)).toHaveLength(6);
  });

  it('waits for the first as long as it takes', async () => {
    expect((await readAhead(numbers(2, 0, 120), 4, 10)).ahead[0]).toBe(0);
  });

  it('leaves the source when it is left', async () => {
    let left = false;
    const source = (async function* (): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        left = true;
      }
    })();
    for await (const _ of (await readAhead(source, 2, 10)).all) break;
    await sleep(5);
    expect(left).toBe(true);
  });
});

describe('LatePeriods', () => {
  it('bring CRLs that are in force no more back neither by what is on its way nor later', async () => {
    const period = 7;
    const built: (() => void)[] = [];
    const used: RevocationData[] = [];
    const crls = {
      periods: [],
      periodOf: () => period,
      expand: (periods: readonly number[]) =>
        new Promise<RevocationData>((resolve) =>
          built.push(() => resolve({ inclusiveJMax: false, periods, crls: [] })),
        ),
    };
    const use = async (data: RevocationData): Promise<void> => void used.push(data);
    const late = new LatePeriods(crls as unknown as CrlsInForce, 4, use, new AbortController().signal);
    const item = { kind: 'message', bytes: new Uint8Array() } as const;
    late.want(item);
    built[0]?.();
    await late.settle();
    expect(used).toMatchObject([{ periods: [period] }]);
    late.want(item);
    late.end();
    built[1]?.();
    await late.settle();
    late.want(item);
    expect({ used: used.length, built: built.length }).toEqual({ used: 1, built: 2 });
  });
});
