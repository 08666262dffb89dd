/** Values of options: --receiver and its parts, amounts, times, pins. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, CommanderError } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amountOption, METRES, MILLISECONDS, SECONDS } from '../../src/cli/shared/amounts.ts';
import { type VerifyFlags, verifySettings } from '../../src/cli/shared/options.ts';
import { addRelevanceOptions, type RelevanceFlags, relevanceOf } from '../../src/cli/shared/relevance-options.ts';
import { taiFromUnixMs } from '../../src/dot2/index.ts';
import {
  type Credential,
  createScms,
  generateKey,
  issueExplicit,
  publicPoint,
  type Random,
  signMessage,
} from '../../src/testbed/index.ts';
import { concat } from '../support/octets.ts';
import { createFixture, explicitPseudonyms, type Fixture, hex, jsonLines, messagesOf, run, verify } from './support.ts';

/** What the command line comes to. */
function relevance(...args: string[]) {
  const command = addRelevanceOptions(new Command('test'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return relevanceOf(command.parse(args, { from: 'user' }).opts<RelevanceFlags>());
}

const RECEIVER = {
  maxAgeSeconds: 5,
  maxFutureSeconds: 1,
  checkExpiry: true,
  checkCertificateExpiry: true,
  replayWindowSeconds: 60,
};
const without = (...names: (keyof typeof RECEIVER)[]): object =>
  Object.fromEntries(Object.entries(RECEIVER).filter(([name]) => !names.includes(name as keyof typeof RECEIVER)));

describe('relevance', () => {
  it('is off unless asked for', () => {
    expect(relevance()).toBeUndefined();
    expect(relevance('--replay-window', '0')).toBeUndefined();
    expect(relevance('--no-check-expiry', '--no-max-age')).toBeUndefined();
  });

  it('--receiver is the checks of a receiver', () => {
    expect(relevance('--receiver')).toEqual(RECEIVER);
    const spelt = ['--check-certificate-expiry', '--check-expiry', '--max-age', '5', '--max-future', '1'];
    expect(relevance(...spelt, '--replay-window', '60')).toEqual(RECEIVER);
  });

  it.each<[string[], object]>([
    [['--max-age', '2'], { ...RECEIVER, maxAgeSeconds: 2 }],
    [['--max-age', '0'], { ...RECEIVER, maxAgeSeconds: 0 }],
    [['--max-future', '.04'], { ...RECEIVER, maxFutureSeconds: 0.04 }],
    [['--replay-window', '3600'], { ...RECEIVER, replayWindowSeconds: 3600 }],
    [['--replay-window', '0'], without('replayWindowSeconds')],
    [['--no-replay-window'], without('replayWindowSeconds')],
    [['--no-check-expiry'], without('checkExpiry')],
    [['--no-check-certificate-expiry'], without('checkCertificateExpiry')],
    [['--no-max-age', '--no-max-future'], without('maxAgeSeconds', 'maxFutureSeconds')],
    [
      ['--position', '1.5,-2', '--max-distance', '1e3'],
      { ...RECEIVER, position: { latitude: 15_000_000, longitude: -20_000_000, maxDistanceMetres: 1000 } },
    ],
  ])('--receiver and %j: the option of its own wins wherever it stands', (args, expected) => {
    expect(relevance('--receiver', ...args)).toEqual(expected);
    expect(relevance(...args, '--receiver')).toEqual(expected);
  });

  it('all checks of a receiver can be switched off', () => {
    const off = ['max-age', 'max-future', 'check-expiry', 'check-certificate-expiry', 'replay-window'];
    expect(relevance('--receiver', ...off.map((name) => `--no-${name}`))).toBeUndefined();
  });
});

describe('the time of --receiver', () => {
  const settings = (flags: Partial<VerifyFlags>) => verifySettings({ threads: 0, kernel: 'auto', ...flags });

  it('is the clock at each batch, and --at where that is given', () => {
    expect(settings({ receiver: true })).toMatchObject({ at: 'clock' });
    expect(settings({ receiver: true }).policy).not.toHaveProperty('at');
    expect(settings({ receiver: true, at: 5_000_000n })).toMatchObject({
      at: '2004-01-01T00:00:05Z',
      policy: { at: 5_000_000n },
    });
    expect(settings({}).policy.at).toBeTypeOf('bigint');
    expect(() => settings({ receiver: true, atOwnStart: true })).toThrow('leave out --at-own-start');
  });
});

describe('amounts', () => {
  const seconds = amountOption(SECONDS);
  it.each<[string, number]>([
    ['0', 0],
    ['5', 5],
    ['0.04', 0.04],
    ['.04', 0.04],
    ['.5', 0.5],
    ['5.', 5],
    ['007', 7],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['2.5e+2', 250],
    ['4294967296', 2 ** 32],
  ])('%s is %d', (text, value) => {
    expect(seconds(text)).toBe(value);
  });

  it.each([
    '',
    ' ',
    '.',
    'e3',
    '-1',
    '+1',
    '-0',
    '1_000',
    '1,5',
    '0x10',
    '5s',
    '٥',
    'NaN',
    'Infinity',
    '1e',
    '1e400',
    '1 2',
    '4294967297',
    '1e10',
  ])('%j is refused, with what is wanted', (text) => {
    expect(() => seconds(text)).toThrow(/^Wanted: seconds as a decimal number from 0 to 4294967296/);
  });

  it('have a bound of their own, with their unit', () => {
    expect(() => amountOption(METRES)('1e9')).toThrow('metres');
    // A timer that is longer fires at once.
    expect(() => amountOption(MILLISECONDS)('2147483648')).toThrow('milliseconds');
    expect(amountOption(MILLISECONDS)('2147483647')).toBe(2_147_483_647);
  });

  it('errors name the option and the value', () => {
    try {
      relevance('--max-future', 'soon');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CommanderError);
      expect((error as Error).message).toContain("option '--max-future <S>' argument 'soon' is invalid");
    }
  });
});

describe('on the command line', () => {
  let fixture: Fixture;
  beforeAll(() => {
    fixture = createFixture();
    fixture.write('messages.hex', [...messagesOf(fixture.scms, 2), ...messagesOf(fixture.scms, 1)].map(hex).join('\n'));
    fixture.write('certs.hex', explicitPseudonyms(fixture.scms, 1).map(({ bytes }) => hex(bytes))[0] as string);
  });
  afterAll(() => fixture.remove());
  const codes = async (...args: string[]): Promise<unknown[]> => {
    const { stdout } = await verify('messages', [fixture.path('messages.hex'), ...fixture.trust, ...args]);
    return jsonLines(stdout).map(({ code }) => code);
  };

  it('--receiver refuses what was heard before, and what is old', async () => {
    expect(await codes()).toEqual(['ok', 'ok', 'ok']);
    expect(await codes('--receiver')).toEqual(['ok', 'ok', 'replayedSpdu']);
    expect(await codes('--receiver', '--replay-window', '0')).toEqual(['ok', 'ok', 'ok']);
    const later = `tai:${fixture.scms.at / 1_000_000n + 6n}`;
    expect(await codes('--receiver', '--at', later)).toEqual(Array(3).fill('generationTimeTooFarInPast'));
    expect(await codes('--receiver', '--max-age', '6', '--no-replay-window', '--at', later)).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
  });

  it('certs --receiver verifies at the clock', async () => {
    const [, root, , ...cas] = fixture.trust.slice(0, -2);
    const args = [
      fixture.path('certs.hex'),
      '--root',
      root as string,
      '--ca',
      ...cas,
      '--receiver',
      '--format',
      'json',
    ];
    const { items, summary } = JSON.parse((await verify('certs', args)).stdout);
    expect(items[0].code).toBe('certificateExpired');
    expect(summary.at).toBe('clock');
  });

  it.each(['0', '1'])('live, --receiver goes with the clock: %s threads', async (threads) => {
    // Time32 of an hour ago.
    const start = Number(taiFromUnixMs(Date.now()) / 1_000_000n) - 3600;
    const scms = createScms({ seed: 'live', start, electors: 0 });
    const sender = explicitPseudonyms(scms, 1)[0] as Credential;
    const now = (): string => {
      const generationTime = taiFromUnixMs(Date.now());
      return `${hex(signMessage(sender, { psid: 32, payload: Uint8Array.of(1), generationTime, signer: 'certificate' }))}\n`;
    };
    const trust = ['--root', fixture.write('live-root.oer', scms.root.bytes), '--ca'];
    const cas = [scms.ica, scms.pca].map(({ bytes }, i) => fixture.write(`live-ca-${i}.oer`, bytes));
    const { stdout } = await run(
      ['messages', '-', ...trust, ...cas, '--receiver', '--max-age', '600', '--threads', threads],
      {
        during(child) {
          child.stdin?.write(now());
          child.stdout?.once('data', async () => {
            // Longer than --max-future: at the time of the start this is a message of the future.
            await sleep(1500);
            child.stdin?.end(now());
          });
        },
      },
    );
    expect(jsonLines(stdout).map(({ code, detail }) => [code, detail])).toEqual(Array(2).fill(['ok', '']));
  });

  it('--at takes a leap second and a date, and says them again', async () => {
    for (const [text, at] of [
      ['2016-12-31T23:59:60Z', '2016-12-31T23:59:60Z'],
      ['2017-01-01T08:59:60.5+09:00', '2016-12-31T23:59:60.5Z'],
      ['2024-01-02', '2024-01-02T00:00:00Z'],
    ]) {
      const args = [fixture.path('messages.hex'), '--root', fixture.path('root.oer'), '--at', text as string];
      const { stdout } = await verify('messages', [...args, '--summary', '--format', 'ndjson']);
      expect(JSON.parse(stdout).at).toBe(at);
    }
    const wrong = await verify('messages', [fixture.path('messages.hex'), '--at', '2023-12-31T23:59:60Z']);
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('no leap second then') });
  });

  it.each(['ecdsaNistP256', 'ecdsaNistP384', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP384r1'] as const)(
    '--pins with certificates on %s; another key is an error that names the entry',
    async (curve) => {
      const { scms } = fixture;
      const on = (name: typeof curve, label: string): Credential =>
        issueExplicit({
          issuer: scms.pca,
          key: generateKey(scms.random.fork(label) as Random, name),
          fields: (explicitPseudonyms(scms, 1)[0] as Credential).toBeSigned,
        });
      const pinned = on(curve, 'pinned');
      const request = { psid: 32, payload: Uint8Array.of(1), generationTime: scms.at };
      const input = ['digest', 'certificate'].map((signer) =>
        hex(signMessage(pinned, { ...request, signer: signer as 'digest' })),
      );
      const pin = ({ bytes }: Credential, key: Credential) => {
        const { x, y } = publicPoint(key.key);
        return { certificate: hex(bytes), publicKey: hex(concat(Uint8Array.of(4), x, y)) };
      };
      const pins = fixture.write('pins.json', JSON.stringify([pin(scms.pca, scms.pca), pin(pinned, pinned)]));
      const right = await verify('messages', ['-', '--pins', pins, '--at', fixture.at], { input: input.join('\n') });
      expect([right.status, jsonLines(right.stdout).map(({ trust }) => trust)]).toEqual([0, ['pinned', 'pinned']]);
      const other = curve === 'ecdsaNistP384' ? 'ecdsaBrainpoolP384r1' : 'ecdsaNistP384';
      const wrong = fixture.write('wrong.json', JSON.stringify([pin(pinned, pinned), pin(pinned, on(other, 'other'))]));
      const refused = await verify('messages', ['-', '--pins', wrong, '--at', fixture.at], { input: input.join('\n') });
      expect(refused).toMatchObject({ status: 4, stdout: '' });
      expect(refused.stderr).toMatch(/^error: --pins \S+wrong\.json, entry 2: invalidPublicKey: not a point of/);
    },
  );
});
