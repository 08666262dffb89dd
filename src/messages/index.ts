/** Rules on signed messages. Pure: no arithmetic kernel, no I/O, time is a parameter. */
export { checkExpiryOrder, checkExternalData, checkHeaderPsid, checkLowerLayerPsid } from './consistency.ts';
export { checkLocation } from './location.ts';
export { checkRelevance, type RelevanceLimits } from './relevance.ts';
export { REPLAY_PER_SET, ReplayMemory, type SeenMessage } from './replay.ts';
export { checkMessageStructure } from './structure.ts';
export { checkMessageTimes } from './times.ts';
