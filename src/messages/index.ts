/** Memory of accepted messages. */
export { REPLAY_PER_SET, ReplayMemory, type SeenMessage } from './replay.ts';
