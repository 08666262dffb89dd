/** IEEE 802.11 data frames, and the headers that captures put in front of them: radiotap and PPI. */
import { type Frame, macAddress } from './frame.ts';
import { takeEthernet, takeLlc } from './link.ts';
import { takeFcs } from './trailer.ts';

const TYPE_DATA = 2;
const TYPES = ['ieee80211 management', 'ieee80211 control', 'ieee80211 data', 'ieee80211 extension'];

/** Bits of the frame control field's second byte. */
const TO_DS = 0x01;
const FROM_DS = 0x02;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const ORDER = 0x80;
/** Bits of a data frame's subtype. */
const NULL_DATA = 0x4;
const QOS = 0x8;
/** Bit of the first byte of QoS control. */
const A_MSDU = 0x80;

export function take80211(frame: Frame): void {
  const [control, flags] = [frame.byte(0), frame.byte(1)];
  if ((control & 0x03) !== 0 || !(frame.length >= 24)) {
    frame.isOther('ieee80211 (damaged)');
    return;
  }
  const type = (control >> 2) & 0x03;
  const subtype = control >> 4;
  if (type !== TYPE_DATA || subtype & NULL_DATA) {
    frame.isOther(TYPES[type] as string);
    return;
  }
  const distribution = flags & (TO_DS | FROM_DS);
  frame.to = macAddress(frame, distribution & TO_DS ? 16 : 4);
  frame.from = macAddress(frame, distribution === FROM_DS ? 16 : distribution === (TO_DS | FROM_DS) ? 24 : 10);
  const isFragment = (flags & MORE_FRAGMENTS) !== 0 || (frame.byte(22) & 0x0f) !== 0;
  const addresses = distribution === (TO_DS | FROM_DS) ? 30 : 24;
  const isQos = (subtype & QOS) !== 0;
  const isAggregate = isQos && (frame.byte(addresses) & A_MSDU) !== 0;
  const length = addresses + (isQos ? 2 : 0) + (isQos && flags & ORDER ? 4 : 0);
  if (flags & PROTECTED) frame.isOther('ieee80211 protected');
  else if (isFragment) frame.isOther('ieee80211 fragment');
  else if (isAggregate) frame.isOther('ieee80211 a-msdu');
  else if (length > frame.length) frame.isOther('ieee80211 (damaged)');
  else {
    const { start } = frame;
    frame.take('ieee80211', length);
    takeLlc(frame, start);
  }
}

const RADIOTAP_TSFT = 0x01;
const RADIOTAP_FLAGS = 0x02;
const RADIOTAP_EXTENDED = 0x8000_0000;
const FLAG_FCS = 0x10;
const FLAG_DATA_PAD = 0x20;

/** Radiotap: version 0, a length, words of presence bits, then the fields that they announce. */
export function takeRadiotap(frame: Frame): void {
  const length = frame.uint16Le(2);
  if (frame.byte(0) !== 0 || length < 8 || !(length <= frame.length)) {
    frame.isOther('radiotap (damaged)');
    return;
  }
  const present = frame.uint32Le(4);
  let at = 8;
  for (let word = present; word >= RADIOTAP_EXTENDED && at + 4 <= length; at += 4) word = frame.uint32Le(at);
  if (present & RADIOTAP_TSFT) at = Math.ceil(at / 8) * 8 + 8;
  const flags = present & RADIOTAP_FLAGS && at < length ? frame.byte(at) : 0;
  frame.take('radiotap', length);
  if (flags & FLAG_FCS) takeFcs(frame);
  if (flags & FLAG_DATA_PAD) frame.isOther('ieee80211 (padded header)');
  else take80211(frame);
}

const PPI_80211_COMMON = 2;
const PPI_FLAG_FCS = 0x0001;
const DLT_ETHERNET = 1;
const DLT_80211 = 105;

/** Per-packet information: version 0, flags, length, link type, then fields of type, length and value. */
export function takePpi(frame: Frame): void {
  const length = frame.uint16Le(2);
  if (frame.byte(0) !== 0 || length < 8 || !(length <= frame.length)) {
    frame.isOther('ppi (damaged)');
    return;
  }
  const linkType = frame.uint32Le(4);
  let hasFcs = false;
  for (let at = 8; at + 4 <= length; at += 4 + frame.uint16Le(at + 2)) {
    if (frame.uint16Le(at) === PPI_80211_COMMON) hasFcs = (frame.uint16Le(at + 12) & PPI_FLAG_FCS) !== 0;
  }
  frame.take('ppi', length);
  if (linkType === DLT_ETHERNET) takeEthernet(frame);
  else if (linkType === DLT_80211) {
    if (hasFcs) takeFcs(frame);
    take80211(frame);
  } else frame.isOther(`ppi link type ${linkType}`);
}
