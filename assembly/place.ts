/** From signatures and points that lie in the octets of a round to the items of a call: in the order that ORDER names. */
import {
  COMPRESSED,
  DIGESTS,
  IMPLICIT_INPUT,
  INPUT,
  ISSUER_COMPRESSED,
  ISSUER_INPUT,
  ORDER,
  POINT_AT,
  POINT_ODD,
  R_FORM,
  R_VALUE,
  SIGNATURE_DATA,
  SIGNATURE_FORM,
  SIGNATURE_ISSUER,
  SIGNATURE_POINT,
  SIGNATURE_R,
  SIGNATURE_S,
  SIGNATURE_SIGNER,
  SIGNATURE_TBS,
  SIGNATURE_UPPER_ISSUER,
  SIGNATURE_UPPER_POINT,
  SIGNATURE_UPPER_TBS,
  S_VALUE,
} from './memory';
import { R_FORM_UNCOMPRESSED } from './status';

@inline
function copy32(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
  store<u64>(to, load<u64>(from, 16), 16);
  store<u64>(to, load<u64>(from, 24), 24);
}

/** The 32 octets of the digest whose id (u16) stands at `ids`, for signature `id`. */
@inline
function digest(ids: usize, id: usize): usize {
  return DIGESTS + ((<usize>load<u16>(ids + (id << 1))) << 5);
}

@inline
function ordered(i: usize): usize {
  return load<u16>(ORDER + (i << 1));
}

/** INPUT, R_FORM, R_VALUE and S_VALUE of `count` items. Of an uncompressed R the parity of its y becomes the form. */
export function placeSignatures(count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const id = ordered(i);
    copy32(INPUT + (i << 6), digest(SIGNATURE_DATA, id));
    copy32(INPUT + (i << 6) + 32, digest(SIGNATURE_SIGNER, id));
    const r: usize = load<u32>(SIGNATURE_R + (id << 2));
    copy32(R_VALUE + (i << 5), r);
    copy32(S_VALUE + (i << 5), load<u32>(SIGNATURE_S + (id << 2)));
    let form = load<u8>(SIGNATURE_FORM + id);
    if (form == R_FORM_UNCOMPRESSED) form = 2 | (load<u8>(r, 63) & 1);
    store<u8>(R_FORM + i, form);
  }
}

/** COMPRESSED of `count` items: the points of signatures. */
export function placeKeys(count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) placePoint(i, load<u16>(SIGNATURE_POINT + (ordered(i) << 1)));
}

/** COMPRESSED of `count` items: points themselves. */
export function placePoints(count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) placePoint(i, ordered(i));
}

function placePoint(item: usize, point: usize): void {
  placePointAt(COMPRESSED + 33 * item, point);
}

function placePointAt(to: usize, point: usize): void {
  store<u8>(to, 2 | load<u8>(POINT_ODD + point));
  copy32(to + 1, load<u32>(POINT_AT + (point << 2)));
}

/** `to` := what e of `count` implicit certificates is the hash of, by the ids of both halves. */
function placePairs(to: usize, tbs: usize, issuer: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const id = ordered(i);
    copy32(to + (i << 6), digest(tbs, id));
    copy32(to + (i << 6) + 32, digest(issuer, id));
  }
}

/** IMPLICIT_INPUT of `count` signatures under implicit certificates. */
export function placeImplicit(count: i32): void {
  placePairs(IMPLICIT_INPUT, SIGNATURE_TBS, SIGNATURE_ISSUER, count);
}

/** ISSUER_INPUT and ISSUER_COMPRESSED of `count` signatures under implicit certificates whose issuers have implicit ones too. */
export function placeUpper(count: i32): void {
  placePairs(ISSUER_INPUT, SIGNATURE_UPPER_TBS, SIGNATURE_UPPER_ISSUER, count);
  for (let i: usize = 0; i < <usize>count; i++) {
    placePointAt(ISSUER_COMPRESSED + 33 * i, load<u16>(SIGNATURE_UPPER_POINT + (ordered(i) << 1)));
  }
}
