/** Options for relevance checks (IEEE 1609.2 §5.2.4.2.4): does a valid message still matter to this receiver? */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RelevanceOptions } from '../../verifier/types.ts';
import { amountOption, METRES, SECONDS } from './amounts.ts';
import { usageError } from './exit.ts';

/** What commander hands over; `false` is the `--no-` form. */
export interface RelevanceFlags {
  receiver?: boolean;
  maxAge?: number | false;
  maxFuture?: number | false;
  checkExpiry?: boolean;
  checkCertificateExpiry?: boolean;
  replayWindow?: number | false;
  position?: { latitude: number; longitude: number };
  maxDistance?: number;
}

/** What --receiver switches on. */
const RECEIVER = {
  maxAge: 5,
  maxFuture: 1,
  checkExpiry: true,
  checkCertificateExpiry: true,
  replayWindow: 60,
} as const;

const RECEIVER_HELP = [
  `what a receiver checks: --check-certificate-expiry --check-expiry --max-age ${RECEIVER.maxAge}`,
  `--max-future ${RECEIVER.maxFuture} --replay-window ${RECEIVER.replayWindow}, at the clock unless --at is given;`,
  'each has an option of its own, which wins; --no-check-expiry, --no-max-age and so on switch one off',
].join(' ');

export const RELEVANCE_HELP = `
Relevance checks are off: a file is a record of its day, so no message in it is too old, expired, too far away or a
replay. --receiver switches on what a receiver on the road checks, other options one check each. They concern messages;
certs verifies certificates at --at, and with --receiver at the clock.`;

export function addRelevanceOptions(command: Command): Command {
  const seconds = amountOption(SECONDS);
  command
    .optionsGroup('Relevance of messages (off unless asked for):')
    .option('--receiver', RECEIVER_HELP)
    .option('--max-age <S>', 'refuse messages generated more than S seconds before --at', seconds)
    .option('--max-future <S>', 'refuse messages generated more than S seconds after --at', seconds)
    .option('--check-expiry', 'refuse messages whose expiryTime lies before --at')
    .option('--check-certificate-expiry', 'refuse messages whose certificate has expired at --at')
    .option('--position <LAT,LON>', 'where this receiver is, in degrees; with --max-distance', positionOption)
    .option('--max-distance <M>', 'refuse messages from more than M metres away; with --position', amountOption(METRES))
    .option('--replay-window <S>', 'refuse messages accepted before within S seconds; 0 refuses none', seconds);
  for (const name of ['max-age', 'max-future', 'check-expiry', 'check-certificate-expiry', 'replay-window']) {
    command.addOption(new Option(`--no-${name}`, `not --${name}`).hideHelp());
  }
  return command;
}

/** The checks that are asked for; undefined if none is. */
export function relevanceOf(flags: RelevanceFlags): RelevanceOptions | undefined {
  const { position, maxDistance } = flags;
  if ((position === undefined) !== (maxDistance === undefined)) {
    throw usageError('--position and --max-distance belong together');
  }
  const asked = { ...(flags.receiver ? RECEIVER : {}), ...flags };
  const { maxAge = false, maxFuture = false, checkExpiry, checkCertificateExpiry, replayWindow } = asked;
  const relevance: RelevanceOptions = {
    ...(maxAge === false ? {} : { maxAgeSeconds: maxAge }),
    ...(maxFuture === false ? {} : { maxFutureSeconds: maxFuture }),
    ...(checkExpiry ? { checkExpiry } : {}),
    ...(checkCertificateExpiry ? { checkCertificateExpiry } : {}),
    ...(position && maxDistance !== undefined ? { position: { ...position, maxDistanceMetres: maxDistance } } : {}),
    ...(replayWindow ? { replayWindowSeconds: replayWindow } : {}),
  };
  return Object.keys(relevance).length > 0 ? relevance : undefined;
}

/** 1609.2 counts in tenths of a microdegree. */
const UNITS_PER_DEGREE = 1e7;

function positionOption(text: string): { latitude: number; longitude: number } {
  const match = /^(-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)$/.exec(text);
  const [latitude, longitude] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    throw new InvalidArgumentError('degrees as LAT,LON such as 42.3314,-83.0458.');
  }
  return { latitude: Math.round(latitude * UNITS_PER_DEGREE), longitude: Math.round(longitude * UNITS_PER_DEGREE) };
}
