/** Bytes written as text in the ways that programs and people write them; none uses the code that reads them. */
import { toHex } from '../support/octets.ts';

type Spell = (bytes: Uint8Array) => string;

export const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const pairs = (bytes: Uint8Array, separator: string) => toHex(bytes).match(/../g)!.join(separator);
const list = (bytes: Uint8Array, of: (byte: number) => string, separator = ', ') =>
  Array.from(bytes, of).join(separator);
const prefixed = (byte: number) => `0x${byte.toString(16).padStart(2, '0')}`;
const signed = (byte: number) => String(byte > 127 ? byte - 256 : byte);
const escaped = (byte: number) => `\\x${byte.toString(16).padStart(2, '0')}`;
const octal = (byte: number) => byte.toString(8).padStart(3, '0');
const shown = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^ -~]/g, '.');

export const wrapped = (text: string, width: number) => text.replace(new RegExp(`.{1,${width}}`, 'gs'), '$&\n');

const rows = (bytes: Uint8Array, size = 16) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

/** Words of so many bytes, the last filled up with zeros as `od` does, in the order of a little-endian machine. */
const words = (row: Uint8Array, size: number, write: (value: bigint) => string) =>
  Array.from({ length: Math.ceil(row.length / size) }, (_, i) => {
    const word = Buffer.alloc(8);
    word.set(row.subarray(i * size, (i + 1) * size));
    return write(word.readBigUInt64LE());
  }).join(' ');

function od(bytes: Uint8Array, radix: number, write: (row: Uint8Array) => string): string {
  const offset = (at: number) => at.toString(radix).padStart(7, '0');
  return `${rows(bytes)
    .map((row, i) => `${offset(16 * i)} ${write(row)}\n`)
    .join('')}${offset(bytes.length)}\n`;
}

function odCharacter(byte: number): string {
  const named: Record<number, string> = {
    0: '\\0',
    7: '\\a',
    8: '\\b',
    9: '\\t',
    10: '\\n',
    11: '\\v',
    12: '\\f',
    13: '\\r',
  };
  return (named[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : octal(byte))).padStart(4);
}

function xxd(bytes: Uint8Array, size = 16, group = 2): string {
  const width = 2 * size + Math.ceil(size / group) - 1;
  return rows(bytes, size)
    .map((row, i) => {
      const hex = rows(row, group).map(toHex).join(' ');
      return `${(i * size).toString(16).padStart(8, '0')}: ${hex.padEnd(width)}  ${shown(row)}\n`;
    })
    .join('');
}

function hexdumpC(bytes: Uint8Array): string {
  const half = (row: Uint8Array) => pairs(row, ' ');
  const lines = rows(bytes).map((row, i) => {
    const hex = row.length > 8 ? `${half(row.subarray(0, 8))}  ${half(row.subarray(8))}` : half(row);
    return `${(16 * i).toString(16).padStart(8, '0')}  ${hex.padEnd(48)}  |${shown(row)}|\n`;
  });
  return `${lines.join('')}${bytes.length.toString(16).padStart(8, '0')}\n`;
}

/** As `hexdump` and `od` do without `-v`: full rows that repeat the one before are one `*`. */
export function starred(dump: string): string {
  const lines = dump.split('\n');
  const data = (line: string | undefined) => line?.replace(/^\S+/, '');
  const isRepeat = lines.map(
    (line, i) => i > 0 && line.length > 20 && data(line) === data(lines[i - 1]) && lines[i + 1] !== '',
  );
  return lines
    .map((line, i) => (isRepeat[i] ? '*' : line))
    .filter((line, i) => line !== '*' || !isRepeat[i - 1])
    .join('\n');
}

/** Whatever the bytes are, these say it, on one line or several. */
export const SPELLINGS: Readonly<Record<string, Spell>> = {
  hex: (bytes) => `${toHex(bytes)}\n`,
  'hex without a line end': (bytes) => toHex(bytes),
  'upper case': (bytes) => `${toHex(bytes).toUpperCase()}\n`,
  '0x in front': (bytes) => `0x${toHex(bytes)}\n`,
  'pairs with blanks': (bytes) => `${pairs(bytes, ' ')}\n`,
  'pairs with colons': (bytes) => `${pairs(bytes, ':')}\n`,
  'pairs with dashes': (bytes) => `${pairs(bytes, '-')}\n`,
  'pairs with commas': (bytes) => `${pairs(bytes, ',')}\n`,
  'pairs with commas and blanks': (bytes) => `${pairs(bytes, ', ')}\n`,
  'quoted hex': (bytes) => `"${toHex(bytes)}"\n`,
  'hex and a comma': (bytes) => `"${toHex(bytes)}",\n`,
  "'…'H": (bytes) => `'${toHex(bytes).toUpperCase()}'H\n`,
  "X'…'": (bytes) => `X'${toHex(bytes)}'\n`,
  'PostgreSQL bytea': (bytes) => `\\x${toHex(bytes)}\n`,
  base64: (bytes) => `${base64(bytes)}\n`,
  base64url: (bytes) => `${base64url(bytes)}\n`,
  '0x list': (bytes) => `${list(bytes, prefixed)}\n`,
  '0x list with blanks': (bytes) => `${list(bytes, prefixed, ' ')}\n`,
  'decimal list': (bytes) => `${list(bytes, String)}\n`,
  'decimal numbers with blanks': (bytes) => `${list(bytes, String, ' ')}\n`,
  'signed list in brackets': (bytes) => `[${list(bytes, signed)}]\n`,
  'list in brackets': (bytes) => `[${list(bytes, String)}]\n`,
  tuple: (bytes) => `(${list(bytes, String)})\n`,
  'C array': (bytes) => `uint8_t msg[] = {${list(bytes, prefixed)}};\n`,
  'C string': (bytes) => `const char *msg = "${list(bytes, escaped, '')}";\n`,
  'Java array': (bytes) => `byte[] msg = new byte[] {${list(bytes, (byte) => `(byte)0x${byte.toString(16)}`)}};\n`,
  'Java array, signed': (bytes) => `byte[] msg = {${list(bytes, signed)}};\n`,
  'Go slice': (bytes) => `msg := []byte{${list(bytes, prefixed)}}\n`,
  'Rust array': (bytes) => `let msg = [${list(bytes, (byte) => `${prefixed(byte)}u8`)}];\n`,
  'Python bytes': (bytes) => `b'${list(bytes, escaped, '')}'\n`,
  'Python hexlify': (bytes) => `b'${toHex(bytes)}'\n`,
  'bytes.fromhex': (bytes) => `msg = bytes.fromhex('${toHex(bytes)}')\n`,
  'bytes([…])': (bytes) => `msg = bytes([${list(bytes, String)}])\n`,
  'octal escapes': (bytes) => `"${list(bytes, (byte) => `\\${octal(byte)}`, '')}"\n`,
  'Node buffer': (bytes) => `<Buffer ${pairs(bytes, ' ')}>\n`,
  'hex of hex': (bytes) => `${toHex(Buffer.from(toHex(bytes)))}\n`,
  'base64 of hex': (bytes) => `${base64(Buffer.from(toHex(bytes)))}\n`,
  'uint16 array': (bytes) =>
    bytes.length % 2 === 0
      ? `uint16_t msg[] = {${rows(bytes, 2)
          .map((two) => `0x${toHex(two)}`)
          .join(', ')}};\n`
      : toHex(bytes),
  'xxd -p': (bytes) => wrapped(toHex(bytes), 60),
  'fold -w 75': (bytes) => wrapped(toHex(bytes), 75),
  'fold -w 200': (bytes) => wrapped(toHex(bytes), 200),
  'base64 -w 76': (bytes) => wrapped(base64(bytes), 76),
  'xxd -p -c 1': (bytes) => wrapped(toHex(bytes), 2),
  'xxd -p, indented': (bytes) => wrapped(toHex(bytes), 60).replace(/^/gm, '    ').trimEnd(),
  'base64, indented': (bytes) => wrapped(base64(bytes), 60).replace(/^/gm, '  ').trimEnd(),
  'xxd -p, blanks at the ends of lines': (bytes) => wrapped(toHex(bytes), 60).replaceAll('\n', ' \t\n'),
  'base64 -w 64': (bytes) => wrapped(base64(bytes), 64),
  'colons in lines of 15': (bytes) =>
    rows(bytes, 15)
      .map((row) => `    ${pairs(row, ':')}`)
      .join(':\n'),
  armour: (bytes) => `-----BEGIN IEEE1609DOT2DATA-----\n${wrapped(base64(bytes), 64)}-----END IEEE1609DOT2DATA-----\n`,
  'armour with headers': (bytes) => `-----BEGIN X-----\nA: b\n\n${wrapped(base64(bytes), 76)}-----END X-----\n`,
  'armour of OpenPGP': (bytes) =>
    `-----BEGIN PGP MESSAGE-----\nVersion: 1\n\n${wrapped(base64(bytes), 64)}=njUN\n-----END PGP MESSAGE-----\n`,
  'hexdump -e': (bytes) =>
    rows(bytes, 8)
      .map((row) => `${list(row, prefixed, ',')},${'0x  ,'.repeat(8 - row.length)}\n`)
      .join(''),
  xxd: (bytes) => xxd(bytes),
  'xxd -g1': (bytes) => xxd(bytes, 16, 1),
  'xxd -c 30': (bytes) => xxd(bytes, 30),
  'hexdump -C': hexdumpC,
  hexdump: (bytes) => od(bytes, 16, (row) => words(row, 2, (value) => value.toString(16).padStart(4, '0'))),
  'hexdump -b': (bytes) => od(bytes, 16, (row) => list(row, octal, ' ')),
  'hexdump -c': (bytes) => od(bytes, 16, (row) => list(row, odCharacter, '').slice(1)),
  'hexdump -d': (bytes) =>
    od(bytes, 16, (row) => words(row, 2, (value) => value.toString().padStart(7, '0').padStart(9))),
  od: (bytes) => od(bytes, 8, (row) => words(row, 2, (value) => value.toString(8).padStart(6, '0'))),
  'od -x': (bytes) => od(bytes, 8, (row) => words(row, 2, (value) => value.toString(16).padStart(4, '0'))),
  'od -c': (bytes) => od(bytes, 8, (row) => list(row, odCharacter, '').slice(1)),
  'od -b': (bytes) => od(bytes, 8, (row) => list(row, octal, ' ')),
  'od -t x1': (bytes) => od(bytes, 8, (row) => pairs(row, ' ')),
  'od -t x1 -t c': (bytes) =>
    od(bytes, 8, (row) => `${pairs(row, '  ')}\n${' '.repeat(7)}${list(row, odCharacter, '')}`),
  'od -t c -t x2': (bytes) =>
    od(bytes, 8, (row) => {
      const numbers = words(row, 2, (value) => value.toString(16).padStart(4, '0'));
      return `${list(row, odCharacter, '').slice(1)}\n${' '.repeat(8)}${numbers}`;
    }),
  'od -A d -t x1': (bytes) => od(bytes, 10, (row) => pairs(row, ' ')),
  'od -A x -t x1': (bytes) => od(bytes, 16, (row) => pairs(row, ' ')),
  'od -t u1': (bytes) => od(bytes, 8, (row) => list(row, (byte) => String(byte).padStart(3), ' ')),
  'od -t d1': (bytes) => od(bytes, 8, (row) => list(row, (byte) => signed(byte).padStart(4), ' ')),
  'od -t u2': (bytes) => od(bytes, 8, (row) => words(row, 2, (value) => value.toString().padStart(5))),
  'od -t x4': (bytes) => od(bytes, 8, (row) => words(row, 4, (value) => value.toString(16).padStart(8, '0'))),
  'od -t x8': (bytes) => od(bytes, 8, (row) => words(row, 8, (value) => value.toString(16).padStart(16, '0'))),
  'od -A n -t x1': (bytes) =>
    rows(bytes)
      .map((row) => ` ${pairs(row, ' ')}\n`)
      .join(''),
  'od -A n -t u1': (bytes) =>
    rows(bytes)
      .map((row) => ` ${list(row, (byte) => String(byte).padStart(3), ' ')}\n`)
      .join(''),
  Wireshark: (bytes) =>
    rows(bytes)
      .map((row, i) => `${(16 * i).toString(16).padStart(4, '0')}   ${pairs(row, ' ').padEnd(47)}   ${shown(row)}\n`)
      .join(''),
  'Wireshark, C arrays': (bytes) =>
    `/* Packet 1 */\nstatic const unsigned char pkt1[${bytes.length}] = {\n${rows(bytes, 8)
      .map((row) => `${list(row, prefixed)}, /* ${shown(row).replaceAll('*', '.')} */\n`)
      .join('')}};\n`,
  'tcpdump -X': (bytes) =>
    `12:00:00.000000 IP 192.0.2.1.1 > 192.0.2.2.2: UDP, length ${bytes.length}\n${rows(bytes)
      .map((row, i) => {
        const hex = rows(row, 2).map(toHex).join(' ').padEnd(39);
        return `\t0x${(16 * i).toString(16).padStart(4, '0')}:  ${hex}  ${shown(row)}\n`;
      })
      .join('')}`,
  'xxd -i': (bytes) =>
    `unsigned char msg[] = {\n${rows(bytes, 12)
      .map((row) => `  ${list(row, prefixed)}`)
      .join(',\n')}\n};\nunsigned int msg_len = ${bytes.length};\n`,
  'strings in lines': (bytes) =>
    `msg = (\n${rows(bytes)
      .map((row) => `  b"${list(row, escaped, '')}"\n`)
      .join('')})\n`,
  'C strings in lines': (bytes) =>
    `const char msg[] =\n${rows(bytes)
      .map((row) => `  "${list(row, escaped, '')}"\n`)
      .join('')};\n`,
  'bytes.fromhex in lines': (bytes) => `bytes.fromhex("""\n${wrapped(toHex(bytes), 64)}""")\n`,
  'immediate forward': (bytes) =>
    `Version=0.7\nType=SPAT\nPSID=0x8002\nPriority=7\nTxMode=CONT\nTxChannel=172\nTxInterval=0\nDeliveryStart=\nDeliveryStop=\nSignature=True\nEncryption=False\nPayload=${toHex(bytes)}\n`,
};

/** Bytes among other text in a line: found if they decode. */
export const EMBEDDED: Readonly<Record<string, Spell>> = {
  syslog: (bytes) => `2024-01-02T00:00:00Z RX: ${toHex(bytes)}\n`,
  'syslog with a priority': (bytes) => `<134>1 2024-01-02T00:00:00Z host rx - - - data ${toHex(bytes)}\n`,
  dmesg: (bytes) => `[   12.345678] rx: ${toHex(bytes)}\n`,
  'time in brackets': (bytes) => `[2024-01-02 00:00:00,123] RX 0x${toHex(bytes)}\n`,
  label: (bytes) => `Payload: ${toHex(bytes)}\n`,
  'key=value': (bytes) => `ts=1704153600 len=${bytes.length} data=${toHex(bytes)} rssi=-80\n`,
  'pairs behind words': (bytes) => `RX[${bytes.length}]: ${pairs(bytes, ' ')} from 192.0.2.7\n`,
  'base64 behind words': (bytes) => `2024-01-02 INFO msg=${base64(bytes)} ok\n`,
  'data URL': (bytes) => `data:application/octet-stream;base64,${base64(bytes)}\n`,
  'Java list behind words': (bytes) =>
    `RX ${JSON.stringify(Array.from(bytes, (byte) => (byte > 127 ? byte - 256 : byte)))} done\n`,
  'immediate forward in a line': (bytes) =>
    `Version=0.7 Type=SPAT PSID=0x8002 Signature=True Payload=${toHex(bytes)}\n`,
  'SQL statement': (bytes) => `INSERT INTO m VALUES (20240102, X'${toHex(bytes)}');\n`,
  CSV: (bytes) => `time,psid,payload\n2024-01-02T00:00:00Z,131,${toHex(bytes)}\n`,
  'CSV with semicolons and quotes': (bytes) => `"time";"payload"\n20240102000000;"${base64(bytes)}"\n`,
  'CSV with a document': (bytes) => `time,doc\n20240102,"{""metadata"":{""asn1"":""${toHex(bytes)}""}}"\n`,
  'tshark fields': (bytes) => `frame.time_epoch\twsmp.data\n1704153600.1\t${pairs(bytes, ':')}\n`,
  'tshark field': (bytes) => `wsmp.data\n${pairs(bytes, ':')}\n`,
  'Kafka key': (bytes) => `null\t${JSON.stringify({ metadata: { asn1: toHex(bytes) } })}\n`,
  'document in a log': (bytes) => `INFO got ${JSON.stringify({ hex: toHex(bytes) })} at 12:00\n`,
  'JSON string of a document': (bytes) => `${JSON.stringify(JSON.stringify({ hex: toHex(bytes) }))}\n`,
};

/** JSON around one message. */
export const DOCUMENTS: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  hex: (bytes) => ({ hex: toHex(bytes) }),
  b64: (bytes) => ({ n: 1, b64: base64(bytes) }),
  'metadata.asn1': (bytes) => ({
    payload: { data: { bytes: '00' } },
    metadata: { recordType: 'bsmTx', asn1: toHex(bytes).toUpperCase() },
  }),
  'payload.data.bytes': (bytes) => ({
    metadata: { asn1: '' },
    payload: { dataType: 'x', data: { bytes: toHex(bytes) } },
  }),
  asn1: (bytes) => ({ schemaVersion: 2, originIp: '192.0.2.7', asn1: toHex(bytes), validationMessages: [], n: 1 }),
  'properties.asn1': (bytes) => ({
    type: 'Feature',
    geometry: { coordinates: [-104.8, 41.1] },
    properties: { asn1: toHex(bytes) },
  }),
  BsmMessageContent: (bytes) => ({
    BsmMessageContent: [{ metadata: { utctimestamp: '2024' }, payload: toHex(bytes) }],
  }),
  'message-signed': (bytes) => ({ 'message-signed': base64(bytes), 'message-expiry': 1704168000 }),
  'result.message-signed': (bytes) => ({ result: { 'message-signed': base64(bytes) } }),
  'message-signed in hex': (bytes) => ({ 'message-signed': toHex(bytes) }),
  payload: (bytes) => ({ payload: toHex(bytes) }),
  '0x': (bytes) => ({ metadata: { asn1: `0x${toHex(bytes)}` } }),
  'Kafka REST': (bytes) => ({ topic: 't', key: null, value: { metadata: { asn1: toHex(bytes) } }, partition: 0 }),
  'Kafka REST, binary': (bytes) => ({ topic: 't', key: null, value: base64(bytes), partition: 0 }),
  'JSON in a string': (bytes) => ({ value: JSON.stringify({ metadata: { asn1: toHex(bytes) }, payload: {} }) }),
  'JSON in strings': (bytes) => ({ value: JSON.stringify({ value: JSON.stringify({ hex: toHex(bytes) }) }) }),
  'an unknown name': (bytes) => ({ id: 'a0c7a8a2-1111-4222-8333-944445555666', data: { rawHex: toHex(bytes) } }),
  'a buffer of Node': (bytes) => ({ payload: { type: 'Buffer', data: [...bytes] } }),
  'list of signed numbers': (bytes) => ({ msg: Array.from(bytes, (byte) => (byte > 127 ? byte - 256 : byte)) }),
  'list of bytes as strings': (bytes) => ({ msg: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')) }),
  'tshark -T json -x': (bytes) => ({
    _index: 'packets-2024-01-02',
    _source: {
      layers: {
        frame: { 'frame.time_epoch': '1704153600.1', 'frame.len': '280' },
        'udp.payload_raw': [toHex(bytes), 42, bytes.length, 0, 30],
        'udp.payload': pairs(bytes, ':'),
        data: { 'data.data_raw': [toHex(bytes), 42, bytes.length, 0, 30], 'data.data': pairs(bytes, ':') },
      },
    },
  }),
  'tshark -T ek': (bytes) => ({ timestamp: '1704153600100', layers: { udp_udp_payload: pairs(bytes, ':') } }),
};
