import { decode } from '../src/coer/index.ts';
import { Ieee1609Dot2Data } from '../src/dot2/index.ts';
import { createScms, pseudonyms, signMessage } from '../src/testbed/index.ts';
import type { Task } from './rows.ts';

/** Enough messages that no two decodes in a row see the same octets. */
const MESSAGES = 512;
const PSEUDONYMS_PER_DEVICE = 20;

/** Messages of the testbed that carry the certificate of their signer. */
function messages(explicit: boolean): Uint8Array[] {
  const scms = createScms({ seed: 'bench' });
  const devices = Math.ceil(MESSAGES / PSEUDONYMS_PER_DEVICE);
  const signers = [...pseudonyms(scms, { devices, explicit })].slice(0, MESSAGES);
  return signers.map((signer, i) =>
    signMessage(signer, {
      psid: 0x20,
      payload: new Uint8Array(40).fill(i),
      generationTime: scms.at + BigInt(i) * 1000n,
      signer: 'certificate',
    }),
  );
}

/** Strict decoding alone: octets to a value, nothing verified. */
export function decodeTasks(): Task[] {
  return [true, false].map((explicit): Task => {
    const items = messages(explicit);
    return {
      operation: `decode a message with ${explicit ? 'an explicit' : 'an implicit'} certificate, strict`,
      kernel: 'no kernel',
      batch: items.length,
      run: () => {
        for (const bytes of items) {
          if (!decode(Ieee1609Dot2Data, bytes).ok) throw new Error('a benchmark could not decode a message');
        }
      },
    };
  });
}
