/** The parts of `--help` that every command shares. */

export const INPUT_FORMATS = [
  'coer',
  'hex',
  'base64',
  'ndjson',
  'json',
  'obulog',
  'pcap',
  'pcapng',
  'zip',
  'tar',
] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

export const INPUT_HELP = `
Input (told apart by content, never by name; --input-format forces one):
  coer     COER, one structure or many back to back, local chain files too
  hex      hex, one structure a line          base64   base64, one structure a line
  ndjson   {"hex":…} or {"b64":…} a line, and the JSON of the JPO ODE
  json     a JSON list of such objects        obulog   device logs with their record headers
  pcap, pcapng   captures: Ethernet, 802.11 (radiotap, PPI), Linux cooked, raw IP, user link types
  zip, tar       archives of such files
  A directory stands for the files in it, - for standard input; gzip (and zstd, from Node 22.15) is
  unpacked. Layers around a message (ethernet, ipv4, udp, wsmp3, geonetworking, zeroPadding, …) are
  taken off and named in the field "unwrap". What cannot be read is an item that says what it looks
  like (unreadableRecord), and reading goes on behind it. Frames that carry something else, and
  private key files (I_J.s), are counted in the summary and left alone.`;

export const EXIT_HELP = `
Exit status (the highest that applies):
  0  every item is valid                  3  some input could not be read (the other verdicts count)
  1  some item is not                     4  trust material or CRLs cannot be used
  2  the command line is wrong            5  internal failure
  130 after Ctrl-C, 143 after SIGTERM, with the results so far; a second signal ends the run at once
  141 if the reader of standard output goes away; output that cannot be written is 5, with the reason`;

export const VALUES_HELP = `
Options that take FILE… take every value up to the next option, and may be repeated. Put the input first,
or write -- in front of it:
  scms-verify certs --root a.oer b.oer -- input.oer
  scms-verify certs input.oer --root a.oer b.oer`;
