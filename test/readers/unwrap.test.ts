/** Layers in front of a message: parsed, never searched for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/readers/index.ts';
import { concat, fromHex, toHex } from '../support/octets.ts';
import { ethernet, IPV4, ipv4, ipv6, snap, udp, WSMP } from './frames.ts';
import { certificates, logRecord, messages, wsm } from './support.ts';

const message = messages[0]!;
const datagram = ipv4(udp(message));
const ieee8023 = ethernet(8 + wsm(message).length, snap(WSMP, wsm(message)));
const lengthField = fromHex((0x8000 | message.length).toString(16));

describe('layers', () => {
  it.each([
    ['nothing', message, '', undefined],
    ['a certificate', certificates[0]!, '', undefined],
    ['WSMP', wsm(message), 'wsmp3', 32],
    ['a vendor octet', concat(Uint8Array.of(1), wsm(message)), 'vendor01/wsmp3', 32],
    ['a log header', logRecord(message), 'obulog', undefined],
    ['a log header and its separator', logRecord(message, { separator: true }), 'obulog', undefined],
    ['a log header and WSMP', logRecord(wsm(message)), 'obulog/wsmp3', 32],
    ['all three', logRecord(concat(Uint8Array.of(1), wsm(message))), 'obulog/vendor01/wsmp3', 32],
    ['N-header options', concat(fromHex('0b020f01ac040114'), wsm(message).subarray(1)), 'wsmp3', 32],
    ['T-header options', concat(fromHex('030120010501aa'), lengthField, message), 'wsmp3', 32],
  ])('behind %s', (_, bytes, layers, psid) => {
    const result = unwrap(bytes);
    expect(result.layers.join('/')).toBe(layers);
    expect(result.lowerLayerPsid).toBe(psid);
    expect(toHex(result.bytes)).toBe(toHex(layers === '' ? bytes : message));
  });

  // IEEE 1609.12: the borders of each length of p-encoding.
  it.each([
    ['00', 0],
    ['7f', 127],
    ['8000', 128],
    ['bfff', 0x407f],
    ['c00000', 0x4080],
    ['dfffff', 0x20_407f],
    ['e0000000', 0x20_4080],
    ['e0000017', 0x20_4097],
    ['efffffff', 0x1020_407f],
  ])('PSID %s', (encoded, psid) => {
    expect(unwrap(wsm(message, fromHex(encoded))).lowerLayerPsid).toBe(psid);
  });

  it.each([
    ['a length too short', concat(wsm(message), Uint8Array.of(7))],
    ['a length too long', wsm(message).subarray(0, -1)],
    ['a PSID of five octets', wsm(message, fromHex('f000000000'))],
    ['a TPID for ports', concat(Uint8Array.of(3, 2), wsm(message).subarray(2))],
    ['another version', concat(Uint8Array.of(2), wsm(message).subarray(1))],
    ['a payload that only contains a message', concat(fromHex('0014aabb'), message)],
    ['WSMP around something else', wsm(fromHex('0014aabbccdd'))],
    ['a vendor octet before a bare message', concat(Uint8Array.of(1), message)],
    ['a log header of another length', logRecord(message, { claim: message.length - 1 })],
    ['a header and nothing else', fromHex('0300')],
    ['options that never end', fromHex('0b20ff')],
    ['a datagram with another one behind it', concat(datagram, datagram)],
    ['an Ethernet frame with another one behind it', concat(ethernet(IPV4, datagram), ethernet(IPV4, datagram))],
    ['an IPv6 packet with a message behind it', concat(ipv6(udp(message)), message)],
    ['a UDP datagram with a message behind it', ipv4(concat(udp(message), message))],
    ['an IEEE 802.3 frame with a message behind it', concat(ieee8023, message)],
  ])('leaves %s alone', (_, bytes) => {
    expect(unwrap(bytes)).toEqual({ bytes, layers: [] });
  });

  it('never throws, and always returns an end of what it got', () => {
    const header = fc.constantFrom('03', '0b', '0300', '0301', '0b01', '01', '0103').map(fromHex);
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 60 }), (start, rest) => {
        const bytes = concat(start, rest);
        const result = unwrap(bytes);
        expect(toHex(bytes).endsWith(toHex(result.bytes))).toBe(true);
      }),
    );
  });
});
