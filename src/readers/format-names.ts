/** Forms of input; gzip around any of them goes without saying. */
export const FORMATS = ['coer', 'hex', 'base64', 'ndjson', 'json', 'obulog', 'pcap', 'pcapng', 'zip', 'tar'] as const;
/** A format that can be forced by name. */
export type Format = (typeof FORMATS)[number];

/** The format of an input: one that is read, or one that is only named. */
export type SniffedFormat = Format | 'foreign';
