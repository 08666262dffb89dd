/** Forms of files and records that are not read, by how they begin: what each is, and what to do with it. */
export interface ForeignForm {
  /** As it stands behind "this looks like". */
  readonly name: string;
  readonly advice: string;
  /** The first bytes, as text (Latin 1). */
  readonly begins: readonly string[];
  /** Text: blanks may come first, and case does not matter. */
  readonly isText?: true;
}

const CONVERT_CAPTURE = 'convert it first: editcap -F pcapng IN OUT';
const UNPACK = (command: string): string => `unpack it first: ${command}`;
const EXPORT = 'export the messages from it as hex lines, NDJSON or COER';

export const HTTP_RESPONSE: ForeignForm = {
  name: 'an HTTP response with its headers',
  advice: 'save the body alone (curl without -i or --include)',
  begins: ['http/1.', 'http/2 ', 'http/3 '],
  isText: true,
};

/** Markup. Text that begins with any other element is it as well. */
export const XML: ForeignForm = {
  name: 'XML',
  advice:
    'give the COER bytes it was made from; of an ODE document the hex in <bytes>: xmllint --xpath "//bytes/text()" IN',
  begins: ['<?xml', '<ode', '<ieee1609dot2', '<messageframe', '<certificate', '<securedcrl', '<!doctype', '<soap'],
  isText: true,
};

export const FOREIGN_FORMS: readonly ForeignForm[] = [
  {
    name: 'an HTML page',
    advice: 'probably the error page of a server, saved in place of a file: download again with curl --fail',
    begins: ['<!doctype html', '<html', '<head', '<body'],
    isText: true,
  },
  HTTP_RESPONSE,
  XML,
  { name: 'a PDF document', advice: EXPORT, begins: ['%PDF-'] },
  { name: 'an SQLite database', advice: EXPORT, begins: ['SQLite format 3\0'] },
  { name: 'a Parquet file', advice: EXPORT, begins: ['PAR1'] },
  { name: 'an Avro container', advice: EXPORT, begins: ['Obj\x01'] },
  { name: 'an HDF5 file', advice: EXPORT, begins: ['\x89HDF\r\n\x1a\n'] },
  { name: 'a NumPy array', advice: EXPORT, begins: ['\x93NUMPY'] },
  { name: 'an MCAP recording', advice: EXPORT, begins: ['\x89MCAP0\r\n'] },
  { name: 'a ROS bag', advice: EXPORT, begins: ['#ROSBAG V'] },
  { name: 'a Vector BLF log', advice: EXPORT, begins: ['LOGG'] },
  { name: 'an ASAM MDF recording', advice: EXPORT, begins: ['MDF     '] },
  { name: 'a program (ELF)', advice: 'name the data instead', begins: ['\x7fELF'] },
  {
    name: 'a picture',
    advice: 'name the data instead',
    begins: ['\x89PNG\r\n', '\xff\xd8\xff\xe0', '\xff\xd8\xff\xe1', 'GIF8'],
  },
  { name: 'serialized Java objects', advice: EXPORT, begins: ['\xac\xed\0\x05'] },
  { name: 'an XZ file', advice: UNPACK('xz -dk IN'), begins: ['\xfd7zXZ\0'] },
  {
    name: 'a bzip2 file',
    advice: UNPACK('bzip2 -dk IN'),
    begins: ['BZh1', 'BZh2', 'BZh3', 'BZh4', 'BZh5', 'BZh6', 'BZh7', 'BZh8', 'BZh9'],
  },
  { name: 'a 7z archive', advice: UNPACK('7z x IN'), begins: ['7z\xbc\xaf\x27\x1c'] },
  { name: 'a RAR archive', advice: UNPACK('unrar x IN'), begins: ['Rar!\x1a\x07'] },
  { name: 'an LZ4 file', advice: UNPACK('lz4 -dk IN'), begins: ['\x04\x22\x4d\x18'] },
  { name: 'a file packed by compress', advice: UNPACK('gzip -dk IN'), begins: ['\x1f\x9d'] },
  { name: 'a gzip file', advice: UNPACK('gzip -dk IN'), begins: ['\x1f\x8b\x08'] },
  { name: 'a Zstandard file', advice: UNPACK('zstd -dk IN'), begins: ['\x28\xb5\x2f\xfd'] },
  {
    name: 'a capture of a modified libpcap',
    advice: CONVERT_CAPTURE,
    begins: ['\xa1\xb2\xcd\x34', '\x34\xcd\xb2\xa1'],
  },
  { name: 'a snoop capture', advice: CONVERT_CAPTURE, begins: ['snoop\0\0\0'] },
  { name: 'a Network Monitor capture', advice: CONVERT_CAPTURE, begins: ['GMBU', 'RTSS'] },
  { name: 'a Sniffer capture', advice: CONVERT_CAPTURE, begins: ['TRSNIFF data', 'XCP\0'] },
  { name: 'an AIX iptrace capture', advice: CONVERT_CAPTURE, begins: ['iptrace 1.0', 'iptrace 2.0'] },
];
