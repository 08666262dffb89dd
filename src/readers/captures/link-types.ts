/** Link types of captures (tcpdump.org/linktypes.html), and how the headers of their frames are taken off. */
import type { Frame } from '../layers/frame.ts';
import { takeIp } from '../layers/internet.ts';
import { takeEthernet, takeSll, takeSll2 } from '../layers/link.ts';
import { take80211, takePpi, takeRadiotap } from '../layers/radio.ts';
import { takeFcs } from '../layers/trailer.ts';

/** Takes the headers off a frame; a link type of its own use has none. */
export type TakeHeaders = (frame: Frame) => void;

const FIRST_USER = 147;
const LAST_USER = 162;

const LINK_TYPES: ReadonlyMap<number, TakeHeaders> = new Map<number, TakeHeaders>([
  [1, takeEthernet],
  [101, (frame) => takeIp(frame, frame.byte(0) >> 4)],
  [105, take80211],
  [113, takeSll],
  [127, takeRadiotap],
  [192, takePpi],
  [228, (frame) => takeIp(frame, 4)],
  [229, (frame) => takeIp(frame, 6)],
  [276, takeSll2],
]);

/** `'user'` for link types 147 to 162: their frames are what is captured, without headers known here. */
export function headersOf(linkType: number): TakeHeaders | 'user' | undefined {
  if (linkType >= FIRST_USER && linkType <= LAST_USER) return 'user';
  return LINK_TYPES.get(linkType);
}

/** For a capture that says how long the frame check sequence behind its frames is. */
export function withFcs(take: TakeHeaders): TakeHeaders {
  return (frame) => {
    takeFcs(frame);
    take(frame);
  };
}

export function linkTypeProblem(linkType: number): string {
  return (
    `frames of link type ${linkType}, which is not read (Ethernet, raw IP, 802.11, radiotap, PPI, Linux cooked and user link ` +
    'types are); capture on another interface or convert them'
  );
}
