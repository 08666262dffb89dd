/**
 * ShiftRows without shifting. After round r octet p of a vector is octet shift^t(p) of FIPS 197's state, where `shift` says where
 * ShiftRows takes an octet of its result from, and t = (2 − r) mod 4 is the state's turn. A round then moves nothing but to mix
 * columns; after round 2 the order is the standard's, and so is that of what the last round makes of round 9's octets.
 */

/** Rounds after which a state is in the standard's order again. */
const TURNS: usize = 4;

/** For each turn, 16 octets: where an octet's neighbour of the same column stands, one row down and one row up. */
const BELOW: usize = memory.data(64, 16);
const ABOVE: usize = memory.data(64, 16);
/** For each turn: which octet of the standard's order comes to stand at a place. */
const TURNED: usize = memory.data(64, 16);

/** Turn of the states after a round. */
@inline
export function turnAfter(round: i32): i32 {
  return (2 - round) & 3;
}

// The indices are loaded: as constants they would be put together anew wherever they are used.
@inline
export function below(turn: i32): v128 {
  return v128.load(BELOW + ((<usize>turn) << 4));
}

@inline
export function above(turn: i32): v128 {
  return v128.load(ABOVE + ((<usize>turn) << 4));
}

@inline
export function turned(turn: i32): v128 {
  return v128.load(TURNED + ((<usize>turn) << 4));
}

/** Octet of the state that ShiftRows moves to place `p`: that of the same row, as many columns on as the row's number. */
function shift(p: usize): usize {
  return (p + 4 * (p & 3)) & 15;
}

/** The octet `rows` further down in the same column. */
function down(p: usize, rows: usize): usize {
  return (p & 12) | ((p + rows) & 3);
}

export function permutationsInit(): void {
  for (let place: usize = 0; place < 16; place++) store<u8>(TURNED + place, place);
  for (let turn: usize = 0; turn < TURNS; turn++) {
    const at = turn << 4;
    for (let place: usize = 0; place < 16; place++) {
      const octet: usize = load<u8>(TURNED + at + place);
      if (turn + 1 < TURNS) store<u8>(TURNED + at + 16 + place, shift(octet));
      for (let other: usize = 0; other < 16; other++) {
        const otherOctet: usize = load<u8>(TURNED + at + other);
        if (otherOctet == down(octet, 1)) store<u8>(BELOW + at + place, other);
        if (otherOctet == down(octet, 3)) store<u8>(ABOVE + at + place, other);
      }
    }
  }
}
