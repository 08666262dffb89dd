import { CHAIN_BYTES } from '../kernel/linkage-kernel.ts';
import type { ChainColumns, CrlIndex, HashTable, LinkageTable, RevocationData } from './index-data.ts';
import { HASHED_ID_OCTETS } from './index-hashes.ts';
import { offsetsLength, recordLength, shapeOf } from './linkage-table.ts';
import { CRL_KINDS } from './types.ts';

/**
 * What is wrong with data that came out of a file; undefined where nothing is. The hashes said that it is what was written; this says
 * that it can be searched without reading where nothing is.
 */
export function faultOf(data: RevocationData): string | undefined {
  try {
    must(typeof data.inclusiveJMax === 'boolean', 'inclusiveJMax');
    must(data.periods.every(isPeriod) && ascends(data.periods), 'periods');
    for (const [index, crl] of data.crls.entries()) inside(`CRL ${index}`, () => checkCrl(crl));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function checkCrl({ about, hashes, chains, groups, tables }: CrlIndex): void {
  const { id, source, scope, craca, kind, issueDate, nextCrl, serial, iRev, lenient } = about;
  const texts = [id, source, craca, scope.root, scope.cracaId, ...lenient];
  must(
    texts.every((text) => typeof text === 'string'),
    'names',
  );
  must(
    [scope.crlSeries, issueDate, nextCrl, serial, iRev ?? 0].every((number) => Number.isSafeInteger(number)),
    'numbers',
  );
  must(CRL_KINDS.includes(kind), 'kind');
  if (hashes) inside('hashes', () => checkHashes(hashes));
  for (const [index, columns] of chains.entries()) {
    inside(`chains ${index}`, () => checkChains(columns));
    must(columns.jMax?.length === columns.count, `chains ${index}: jMax`);
  }
  for (const [index, columns] of groups.entries()) inside(`groups ${index}`, () => checkChains(columns));
  for (const table of tables) inside(`period ${table.period}`, () => checkTable(table));
  must(ascends(tables.map(({ period }) => period)), 'order of tables');
}

function checkHashes({ count, bucketBits, offsets, ids, entries }: HashTable): void {
  must(isCount(count) && ids instanceof Uint8Array && ids.length === count * HASHED_ID_OCTETS, 'ids');
  must(entries instanceof Uint32Array && entries.length === count, 'entries');
  must(isCount(bucketBits) && offsets instanceof Uint32Array && offsets.length === 2 ** bucketBits + 1, 'offsets');
  must(risesTo(offsets, count), 'order of offsets');
}

function checkChains(columns: ChainColumns): void {
  const { count, firstEntry, chainsPerEntry, chains, period, iMax, lastPeriod, values } = columns;
  must([count, firstEntry, values].every(isCount) && isPeriod(period) && isPeriod(lastPeriod), 'numbers');
  must(chainsPerEntry === 1 || chainsPerEntry === 2, 'chains an entry');
  must(chains instanceof Uint8Array && chains.length === count * chainsPerEntry * CHAIN_BYTES, 'chains');
  must(iMax instanceof Uint16Array && iMax.length === count, 'iMax');
}

function checkTable(table: LinkageTable): void {
  const { period, count, bucketBits, partitionBits, offsets, records } = table;
  must(isPeriod(period) && isCount(count), 'numbers');
  const shape = shapeOf(count);
  must(shape.bucketBits === bucketBits && shape.partitionBits === partitionBits, 'shape');
  must(offsets instanceof Uint32Array && offsets.length === offsetsLength(table), 'offsets');
  must(records instanceof Uint16Array && records.length % recordLength(table) === 0, 'records');
  must(risesTo(offsets, records.length / recordLength(table)), 'order of offsets');
}

function risesTo(offsets: Uint32Array, end: number): boolean {
  for (let i = 1; i < offsets.length; i++) if ((offsets[i] as number) < (offsets[i - 1] as number)) return false;
  return (offsets.at(-1) as number) <= end;
}

function ascends(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > (numbers[i - 1] as number));
}

function isPeriod(value: unknown): boolean {
  return isCount(value) && (value as number) <= 0xffff;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function inside(where: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`);
  }
}

function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
