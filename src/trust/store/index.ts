/** Trust on disk: a state that survives being killed, and the journal that it can be derived from again. */
export { TrustStoreError } from './files.ts';
export { type JournalArtefact, type JournalEntry, type JournalRecord, TrustStoreDamaged } from './journal.ts';
export { type AppliedToStore, type ApplyOptions, type Snapshot, StoredTrust } from './stored-trust.ts';
