/** All messages of a signer go the same way, however they name it; that is what makes verdicts independent of threads. */
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/coer/index.ts';
import { Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { createScms, mixture, PSID_BSM, pseudonyms, signMessage } from '../../src/testbed/index.ts';
import { SIGNER_SETS } from '../../src/verifier/learned.ts';
import { Router } from '../../src/verifier/routing.ts';

const scms = createScms({ seed: 'routing' });
const senders = [...pseudonyms(scms, { devices: 40, perWeek: 1 })];
const message = (bytes: Uint8Array) => ({ kind: 'message', bytes }) as const;
const bytesOf = (sender: (typeof senders)[number], signer: 'digest' | 'certificate' | 'self') =>
  signMessage(sender, { psid: PSID_BSM, payload: new Uint8Array(20), generationTime: scms.at, signer });

describe('routes', () => {
  it('are the same for a digest, an attached certificate, and the same certificate again', () => {
    const router = new Router();
    const routes = senders.map((sender) => {
      const byDigest = router.setOf(message(bytesOf(sender, 'digest')));
      const attached = bytesOf(sender, 'certificate');
      expect(router.setOf(message(attached))).toBe(byDigest);
      expect(router.setOf(message(attached.slice()))).toBe(byDigest);
      return byDigest as number;
    });
    expect(new Set(routes).size).toBeGreaterThan(30);
    for (const route of routes) expect(route).toBeLessThan(SIGNER_SETS);
  });

  it('are nobody’s for certificates, unreadable records, self-signed messages and what does not decode', () => {
    const router = new Router();
    const [sender] = senders as [(typeof senders)[number]];
    expect(router.setOf({ kind: 'certificate', bytes: sender.bytes })).toBeUndefined();
    const unreadable = { ...message(bytesOf(sender, 'digest')), unreadable: 'cut short' };
    expect(router.setOf(unreadable)).toBeUndefined();
    expect(router.setOf(message(bytesOf(sender, 'self')))).toBeUndefined();
    expect(router.setOf(message(new Uint8Array(0)))).toBeUndefined();
  });

  it('are given to every message of traffic that names a signer', () => {
    const router = new Router();
    for (const { item } of mixture(scms, 400, 3)) {
      if (item.kind !== 'message') continue;
      const decoded = decode(Ieee1609Dot2Data, item.bytes);
      if (!decoded.ok || decoded.value.content.tag !== 'signedData') continue;
      const { tag } = decoded.value.content.value.signer;
      expect(router.setOf(item) !== undefined).toBe(tag === 'digest' || tag === 'certificate');
    }
  });
});
